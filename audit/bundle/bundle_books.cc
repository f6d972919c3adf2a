// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_books.h"

#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/account.h"
#include "ledger/core/terms.h"

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <map>
#include <utility>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

absl::Status Wrong(absl::string_view what) { return absl::DataLossError(what); }

// Whether the entry spends: what it takes or holds must not have expired.
bool Spends(const jv1::Entry& entry) { return entry.has_purchase() || entry.has_authorization(); }

absl::StatusOr<ledger::Posting> PostingOf(const jv1::Posting& stored) {
  if (stored.kind() < 1 || stored.kind() > ledger::kAccountKinds) {
    return Wrong("a posting of an unknown kind");
  }
  ledger::Posting posting{.kind = static_cast<ledger::AccountKind>(stored.kind()),
                          .owner = stored.owner(),
                          .origin = UnionNumber{stored.origin()},
                          .points = stored.points()};
  if (!ledger::IsMemberAccount(posting.kind)) return posting;
  if (stored.member().size() != MemberId::kBytes) return Wrong("a posting without its member");
  posting.member = MemberId::FromBytes(stored.member());
  return posting;
}

std::vector<LotRow>::iterator PlaceOf(std::vector<LotRow>& lots, std::uint32_t number) {
  return std::lower_bound(lots.begin(), lots.end(), number,
                          [](const LotRow& lot, std::uint32_t wanted) { return lot.lot < wanted; });
}

// Fails when what is payable to a merchant, of all origins, is beyond 64 bits.
absl::Status AddPayable(std::int64_t points, std::int64_t* sum) {
  if (!__builtin_add_overflow(*sum, points, sum)) return absl::OkStatus();
  return Wrong("what is payable to a merchant overflows");
}

bool Holdable(std::int64_t points) { return points <= Points::kMax && points >= -Points::kMax; }

}  // namespace

BundleAccount AccountOf(const ledger::Posting& posting) {
  return {
      .kind = posting.kind,
      .owner = ledger::IsMemberAccount(posting.kind) ? posting.member : MemberId(0, posting.owner),
      .origin = static_cast<std::uint32_t>(posting.origin)};
}

absl::StatusOr<std::vector<ledger::Posting>> PostingsOf(const jv1::Entry& entry) {
  std::vector<ledger::Posting> postings;
  for (const jv1::Posting& stored : entry.postings()) {
    PUHUI_ASSIGN_OR_RETURN(postings.emplace_back(), PostingOf(stored));
  }
  if (const absl::Status balanced = ledger::CheckBalanced(postings); !balanced.ok()) {
    return Wrong(balanced.message());
  }
  for (const ledger::Posting& posting : postings) {
    if (ledger::IsMemberAccount(posting.kind) && posting.member.ToBytes() != entry.member()) {
      return Wrong("a posting of another member");
    }
  }
  return postings;
}

absl::Status AddTo(const ledger::Posting& posting, std::int64_t* balance) {
  *balance += posting.points;
  if (ledger::WithinBound(posting.kind, *balance) && Holdable(*balance)) return absl::OkStatus();
  return Wrong(
      absl::StrCat("a ", ledger::AccountKindName(posting.kind), " account comes to ", *balance));
}

std::vector<std::string> FramesOf(const BundleBalances& balances) {
  std::vector<BalanceRow> rows;
  rows.reserve(balances.size());
  for (const auto& [account, points] : balances) rows.push_back({account, points});
  std::sort(rows.begin(), rows.end(),
            [](const BalanceRow& a, const BalanceRow& b) { return a.account < b.account; });
  std::vector<std::string> frames;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i % kRowsPerFrameMax == 0) frames.emplace_back();
    AppendBalanceRow(rows[i], frames.back());
  }
  return frames;
}

absl::Status BundleBooks::Open(const BalanceRow& row) {
  if (!ledger::WithinBound(row.account.kind, row.points) || !Holdable(row.points)) {
    return Wrong("an opening balance is beyond its bound");
  }
  if (!accounts_.emplace(row.account, row.points).second) return Wrong("a second opening balance");
  if (row.account.kind == ledger::AccountKind::kPayable) {
    return AddPayable(row.points, &payable_[row.account.owner.low()]);
  }
  return absl::OkStatus();
}

absl::Status BundleBooks::Open(const LotRow& row) {
  Lots& lots = lots_[row.member];
  if (!lots.empty() && lots.back().lot >= row.lot) return Wrong("opening lots out of order");
  if (!Holdable(row.granted)) return Wrong("an opening lot is too large");
  lots.push_back(row);
  ++lot_count_;
  return absl::OkStatus();
}

absl::Status BundleBooks::CheckOpening() const {
  // Wider than points: there may be any number of rows, of whatever hand.
  std::map<std::uint32_t, absl::int128> sums;
  absl::flat_hash_map<BundleAccount, absl::int128> in_lots;
  for (const auto& [account, points] : accounts_) {
    sums[account.origin] += points;
    if (ledger::IsMemberAccount(account.kind)) in_lots[account] += points;
  }
  for (const auto& [origin, sum] : sums) {
    if (sum != 0) {
      return Wrong(absl::StrCat("the opening balances of origin ", origin, " are off"));
    }
  }
  for (const auto& [member, lots] : lots_) {
    for (const LotRow& lot : lots) {
      in_lots[{ledger::AccountKind::kHeld, member, lot.origin}] -= lot.held;
      in_lots[{ledger::AccountKind::kWallet, member, lot.origin}] -= lot.remaining - lot.held;
    }
  }
  const bool same =
      std::all_of(in_lots.begin(), in_lots.end(), [](const auto& off) { return off.second == 0; });
  return same ? absl::OkStatus() : Wrong("the opening lots are not what the wallets hold");
}

absl::Status BundleBooks::Apply(const jv1::Entry& entry, std::int64_t time_micros) {
  Sums posted;
  PUHUI_RETURN_IF_ERROR(Post(entry, &posted));
  if (entry.member().empty()) {
    if (entry.lots_size() != 0 || entry.has_grant()) return Wrong("lots of nobody");
    return absl::OkStatus();
  }
  if (entry.member().size() != MemberId::kBytes) return Wrong("an entry without its member");
  Sums changed;
  if (entry.has_grant()) {
    PUHUI_RETURN_IF_ERROR(Grant(entry, MemberId::FromBytes(entry.member()), &changed));
  }
  for (const jv1::LotChange& change : entry.lots()) {
    if (!Holdable(change.points()) || !Holdable(change.held())) return Wrong("a lot is too large");
    PUHUI_RETURN_IF_ERROR(Change(entry, change, time_micros));
    changed.points += change.points();
    changed.held += change.held();
  }
  if (changed.points != posted.points || changed.held != posted.held) {
    return Wrong(absl::StrCat("the lots change by ", changed.points, ", the wallet by ",
                              posted.points, " points"));
  }
  return absl::OkStatus();
}

absl::Status BundleBooks::Post(const jv1::Entry& entry, Sums* posted) {
  PUHUI_ASSIGN_OR_RETURN(const std::vector<ledger::Posting> postings, PostingsOf(entry));
  for (const ledger::Posting& posting : postings) {
    if (ledger::IsMemberAccount(posting.kind)) {
      posted->points += posting.points;
      if (posting.kind == ledger::AccountKind::kHeld) posted->held += posting.points;
    }
    const BundleAccount account = AccountOf(posting);
    std::int64_t& balance = accounts_[account];
    PUHUI_RETURN_IF_ERROR(AddTo(posting, &balance));
    if (balance == 0) accounts_.erase(account);
    if (posting.kind == ledger::AccountKind::kPayable) {
      PUHUI_RETURN_IF_ERROR(AddPayable(posting.points, &payable_[posting.owner]));
    }
    ++postings_;
  }
  return absl::OkStatus();
}

absl::Status BundleBooks::Grant(const jv1::Entry& entry, MemberId member, Sums* changed) {
  const jv1::Grant& grant = entry.grant();
  const auto to = std::find_if(
      entry.postings().begin(), entry.postings().end(),
      [](const jv1::Posting& posting) { return posting.kind() == jv1::ACCOUNT_KIND_WALLET; });
  if (to == entry.postings().end()) return Wrong("a grant that puts nothing into a wallet");
  if (ledger::IsEarmarked(LotNumber{grant.lot()}) || !Holdable(grant.points()) ||
      grant.earmarked_points() < 0 || grant.earmarked_points() > grant.points()) {
    return Wrong("a grant that opens no lot");
  }
  LotRow lot{.member = member,
             .lot = grant.lot(),
             .campaign = grant.campaign(),
             .origin = to->origin(),
             .granted = grant.points() - grant.earmarked_points(),
             .expiry_micros = grant.expiry_micros()};
  PUHUI_RETURN_IF_ERROR(OpenGranted(lot));
  lot.lot |= ledger::kEarmarkedBit;
  lot.granted = grant.earmarked_points();
  PUHUI_RETURN_IF_ERROR(OpenGranted(lot));
  changed->points += grant.points();
  return absl::OkStatus();
}

absl::Status BundleBooks::OpenGranted(const LotRow& lot) {
  if (lot.granted == 0) return absl::OkStatus();
  Lots& lots = lots_[lot.member];
  const auto at = PlaceOf(lots, lot.lot);
  if (at != lots.end() && at->lot == lot.lot) return Wrong("a grant into a lot that is open");
  lots.insert(at, lot)->remaining = lot.granted;
  ++lot_count_;
  return absl::OkStatus();
}

absl::Status BundleBooks::Change(const jv1::Entry& entry, const jv1::LotChange& change,
                                 std::int64_t time_micros) {
  const MemberId member = MemberId::FromBytes(entry.member());
  Lots& lots = lots_[member];
  auto at = PlaceOf(lots, change.lot());
  if (at == lots.end() || at->lot != change.lot()) {
    if (change.points() <= 0 || !Holdable(change.granted())) {
      return Wrong(absl::StrCat("takes from lot ", change.lot(), ", which is gone"));
    }
    at = lots.insert(at, LotRow{.member = member,
                                .lot = change.lot(),
                                .campaign = change.campaign(),
                                .origin = change.origin(),
                                .granted = change.granted()});
    ++lot_count_;
  }
  if (Spends(entry) && change.expiry_micros() != at->expiry_micros) {
    return Wrong(
        absl::StrCat("spends lot ", change.lot(), ", and says it expires at another time"));
  }
  at->remaining += change.points();
  at->held += change.held();
  if (change.expiry_micros() != 0) at->expiry_micros = change.expiry_micros();
  if (at->held < 0 || at->held > at->remaining || at->remaining > at->granted) {
    return Wrong(absl::StrCat("leaves ", at->remaining, " of ", at->granted, " points in lot ",
                              change.lot(), ", ", at->held, " of them held"));
  }
  if (Spends(entry) && time_micros >= at->expiry_micros) {
    return Wrong(absl::StrCat("spends lot ", change.lot(), ", which has expired"));
  }
  if (at->remaining == 0) {
    lots.erase(at);
    --lot_count_;
    if (lots.empty()) lots_.erase(member);
  }
  return absl::OkStatus();
}

std::int64_t BundleBooks::Balance(const BundleAccount& account) const {
  const auto found = accounts_.find(account);
  return found == accounts_.end() ? 0 : found->second;
}

std::int64_t BundleBooks::PayableTo(std::uint64_t merchant) const {
  const auto found = payable_.find(merchant);
  return found == payable_.end() ? 0 : found->second;
}

std::vector<std::string> BundleBooks::LotFrames() const {
  std::vector<std::pair<MemberId, const Lots*>> members;
  members.reserve(lots_.size());
  for (const auto& [member, lots] : lots_) members.emplace_back(member, &lots);
  std::sort(members.begin(), members.end());
  std::vector<std::string> frames;
  std::size_t rows = 0;
  for (const auto& [member, lots] : members) {
    for (const LotRow& lot : *lots) {
      if (rows++ % kRowsPerFrameMax == 0) frames.emplace_back();
      AppendLotRow(lot, frames.back());
    }
  }
  return frames;
}

}  // namespace puhui::audit
