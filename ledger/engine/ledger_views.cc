// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/ledger_views.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/activity.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::ledger {
namespace {

namespace jv1 = journal::v1;

constexpr std::size_t kMemberIdBytes = 16;
constexpr std::size_t kRequestCacheBytes = std::size_t{16} << 20;
constexpr std::size_t kAccountCacheBytes = std::size_t{16} << 20;
constexpr std::size_t kCardCacheBytes = std::size_t{16} << 20;
constexpr std::size_t kTermsCacheBytes = std::size_t{4} << 20;
constexpr std::size_t kSingleRowBytes = std::size_t{1} << 10;

Lot OpenedByGrant(const jv1::Grant& grant, UnionNumber origin) {
  return {.number = LotNumber{grant.lot()},
          .campaign = CampaignNumber{grant.campaign()},
          .origin = origin,
          .granted = grant.points(),
          .remaining = grant.points(),
          .held = 0,
          .expiry = absl::FromUnixMicros(grant.expiry_micros())};
}

// Adds `change` to its lot, opening it again when it is gone. Invariant 3.
absl::Status ChangeLot(const jv1::LotChange& change, Wallet* wallet) {
  const LotNumber number{change.lot()};
  auto at = std::lower_bound(wallet->lots.begin(), wallet->lots.end(), number,
                             [](const Lot& lot, LotNumber wanted) { return lot.number < wanted; });
  if (at == wallet->lots.end() || at->number != number) {
    if (change.points() <= 0) {
      return absl::DataLossError(absl::StrCat("takes from lot ", change.lot(), ", which is gone"));
    }
    at = wallet->lots.insert(at, Lot{.number = number,
                                     .campaign = CampaignNumber{change.campaign()},
                                     .origin = UnionNumber{change.origin()},
                                     .granted = change.granted()});
  }
  at->remaining += change.points();
  at->held += change.held();
  if (change.expiry_micros() != 0) at->expiry = absl::FromUnixMicros(change.expiry_micros());
  if (at->held < 0 || at->held > at->remaining || at->remaining > at->granted) {
    return absl::DataLossError(absl::StrCat("leaves ", at->remaining, " of ", at->granted,
                                            " points in lot ", change.lot(), ", ", at->held,
                                            " of them held"));
  }
  if (at->remaining == 0) wallet->lots.erase(at);
  return absl::OkStatus();
}

// An entry holds points for one authorisation, or lets go of all that one held.
absl::Status CountAuthorization(std::int64_t held, Wallet* wallet) {
  if (held < 0 && wallet->open_authorizations == 0) {
    return absl::DataLossError("ends an authorisation of a wallet that has none");
  }
  if (held > 0) {
    ++wallet->open_authorizations;
  } else {
    --wallet->open_authorizations;
  }
  const std::int64_t left = wallet->HeldPoints();
  if ((left == 0) == (wallet->open_authorizations == 0)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("leaves ", left, " points held by ",
                                          wallet->open_authorizations, " authorisations"));
}

// What the activity says of the cause; false for entries that are not about a wallet.
bool DescribeCause(const jv1::Entry& entry, Activity* row) {
  switch (entry.cause_case()) {
    case jv1::Entry::kGrant:
      row->kind = ActivityKind::kGrant;
      row->counterparty = entry.grant().campaign();
      return true;
    case jv1::Entry::kPurchase:
      row->kind = ActivityKind::kPurchase;
      row->counterparty = entry.purchase().till().merchant();
      return true;
    case jv1::Entry::kRefund:
      row->kind = ActivityKind::kRefund;
      row->counterparty = entry.refund().till().merchant();
      return true;
    case jv1::Entry::kReversal:
      row->kind = ActivityKind::kReversal;
      row->counterparty = entry.reversal().till().merchant();
      return true;
    case jv1::Entry::kExpiry:
      row->kind = ActivityKind::kExpiry;
      row->counterparty = entry.expiry().campaign();
      return true;
    case jv1::Entry::kAuthorization:
      row->kind = ActivityKind::kAuthorization;
      row->counterparty = entry.authorization().till().merchant();
      return true;
    case jv1::Entry::kCapture:
      row->kind = ActivityKind::kCapture;
      row->counterparty = entry.capture().till().merchant();
      return true;
    case jv1::Entry::kVoided:
      row->kind = ActivityKind::kVoid;
      row->counterparty = entry.voided().till().merchant();
      return true;
    case jv1::Entry::kAuthorizationExpiry:
      row->kind = ActivityKind::kAuthorizationExpiry;
      row->counterparty = entry.authorization_expiry().merchant();
      return true;
    case jv1::Entry::kLotReturned:
      row->kind = ActivityKind::kReturn;
      row->counterparty = entry.lot_returned().campaign();
      return true;
    case jv1::Entry::kFunding:
    case jv1::Entry::kApproval:
    case jv1::Entry::kReturned:
    case jv1::Entry::CAUSE_NOT_SET:
      return false;
  }
  return false;
}

}  // namespace

Tag TagFromBytes(absl::string_view bytes) {
  PUHUI_CHECK(bytes.size() == std::tuple_size_v<Tag>);
  Tag tag{};
  std::copy(bytes.begin(), bytes.end(), tag.begin());
  return tag;
}

Tag RequestKeyOf(absl::string_view caller, absl::string_view request_id, Sha256& sha256) {
  const Hash hash = sha256.Digest(caller, absl::string_view("\0", 1), request_id);
  return TagFromBytes(AsBytes(hash).substr(0, std::tuple_size_v<Tag>));
}

absl::Status ReadPostings(const jv1::Entry& entry, std::vector<Posting>* postings) {
  postings->clear();
  for (const jv1::Posting& stored : entry.postings()) {
    Posting posting{.kind = static_cast<AccountKind>(stored.kind()),
                    .owner = stored.owner(),
                    .origin = UnionNumber{stored.origin()},
                    .points = stored.points()};
    if (stored.kind() < 1 || stored.kind() > kAccountKinds) {
      return absl::DataLossError(absl::StrCat("a posting of kind ", stored.kind()));
    }
    if (IsMemberAccount(posting.kind)) {
      if (stored.member().size() != kMemberIdBytes)
        return absl::DataLossError("a posting without its member");
      posting.member = MemberId::FromBytes(stored.member());
    }
    postings->push_back(posting);
  }
  return absl::OkStatus();
}

LedgerViews::LedgerViews(TableSet* set, std::size_t wallet_cache_bytes)
    : requests(set, kRequestTable, kRequestCacheBytes),
      forgotten(set, kForgottenTable, kSingleRowBytes),
      accounts(set, kAccountTable, kAccountCacheBytes),
      totals(set, kTotalTable, kAccountCacheBytes),
      wallets(set, kWalletTable, wallet_cache_bytes),
      cards(set, kCardTable, kCardCacheBytes),
      terms(set, kTermsTable, kTermsCacheBytes),
      timers(set, kTimerTable),
      history_(set, kHistoryTable),
      activity_(set, kActivityTable) {}

LedgerViews::~LedgerViews() = default;

absl::Status LedgerViews::Apply(const jv1::Record& record) {
  if (record.has_request()) {
    const jv1::Request& request = record.request();
    if (request.digest().size() != std::tuple_size_v<Tag>) {
      return absl::DataLossError("the digest of a request is cut short");
    }
    requests.Put(RequestKey(request.caller(), request.request_id()),
                 RequestRow{.first = record.sequence(),
                            .records = request.records(),
                            .digest = TagFromBytes(request.digest()),
                            .time = absl::FromUnixMicros(record.time_micros()),
                            .cause = static_cast<std::uint8_t>(record.entry().cause_case())});
  }
  if (record.has_entry()) return ApplyEntry(record);
  if (record.has_member_joined()) return OpenWallet(record.member_joined());
  if (record.has_requests_forgotten()) return ForgetRequests(record.requests_forgotten());
  if (record.has_member_changed()) return ApplyToMember(record.member_changed());
  if (record.has_campaign_created()) OpenTerms(record.campaign_created());
  return absl::OkStatus();
}

absl::Status LedgerViews::ApplyEntry(const jv1::Record& record) {
  PUHUI_RETURN_IF_ERROR(ReadPostings(record.entry(), &postings_));
  if (absl::Status balanced = CheckBalanced(postings_); !balanced.ok()) {
    return absl::DataLossError(balanced.message());
  }
  PUHUI_RETURN_IF_ERROR(ApplyPostings(record.entry()));
  return record.entry().member().empty() ? absl::OkStatus() : ApplyToWallet(record);
}

absl::Status LedgerViews::ApplyPostings(const jv1::Entry& entry) {
  for (const Posting& posting : postings_) {
    std::int64_t& total = totals.Edit({posting.kind, posting.origin});
    total += posting.points;
    if (!WithinBound(posting.kind, total)) {
      return absl::DataLossError(
          absl::StrCat("all ", AccountKindName(posting.kind), " accounts come to ", total));
    }
    if (IsMemberAccount(posting.kind)) {
      if (posting.member.ToBytes() != entry.member()) {
        return absl::DataLossError("a posting of another member than the entry's");
      }
      continue;
    }
    const AccountKey key{posting.kind, posting.owner, posting.origin};
    std::int64_t& balance = accounts.Edit(key);
    balance += posting.points;
    if (!WithinBound(posting.kind, balance)) {
      return absl::DataLossError(
          absl::StrCat("a ", AccountKindName(posting.kind), " account comes to ", balance));
    }
    if (touched_.empty() || touched_.back() != key) touched_.push_back(key);
  }
  return absl::OkStatus();
}

absl::Status LedgerViews::ApplyToWallet(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  if (entry.member().size() != kMemberIdBytes) {
    return absl::DataLossError("an entry of a wallet without its member");
  }
  const MemberId member = MemberId::FromBytes(entry.member());
  Wallet& wallet = wallets.Edit(member);
  std::int64_t posted = 0;
  std::int64_t held = 0;
  for (const Posting& posting : postings_) {
    if (IsMemberAccount(posting.kind)) posted += posting.points;
    if (posting.kind == AccountKind::kHeld) held += posting.points;
  }
  const std::int64_t before = wallet.TotalPoints();
  if (entry.has_grant()) {
    const auto wallet_posting =
        std::find_if(postings_.begin(), postings_.end(),
                     [](const Posting& p) { return p.kind == AccountKind::kWallet; });
    if (wallet_posting == postings_.end() || entry.grant().lot() != wallet.lots_ever + 1) {
      return absl::DataLossError("a grant that does not open the wallet's next lot");
    }
    wallet.lots_ever = entry.grant().lot();
    wallet.lots.push_back(OpenedByGrant(entry.grant(), wallet_posting->origin));
  }
  std::int64_t held_in_lots = 0;
  for (const jv1::LotChange& change : entry.lots()) {
    PUHUI_RETURN_IF_ERROR(ChangeLot(change, &wallet));
    held_in_lots += change.held();
  }
  const std::int64_t after = wallet.TotalPoints();
  if (after - before != posted) {
    return absl::DataLossError(
        absl::StrCat("the lots change by ", after - before, " points, the postings by ", posted));
  }
  if (held_in_lots != held) {
    return absl::DataLossError(
        absl::StrCat("the lots hold ", held_in_lots, " points more, the postings ", held));
  }
  if (held != 0) PUHUI_RETURN_IF_ERROR(CountAuthorization(held, &wallet));
  Activity activity{.sequence = record.sequence(),
                    .time = absl::FromUnixMicros(record.time_micros()),
                    .points = posted,
                    .points_after = after,
                    .held = held};
  if (!DescribeCause(entry, &activity)) return absl::OkStatus();
  return NoteActivity(member, activity, &wallet);
}

absl::Status LedgerViews::NoteActivity(MemberId member, const Activity& activity, Wallet* wallet) {
  std::string& recent = wallet->recent_activity;
  if (CountActivity(recent) == kActivityPerRow) {
    PUHUI_ASSIGN_OR_RETURN(const std::vector<Activity> events, UnpackActivity(recent));
    activity_.Put({member, events.back().sequence}, recent);
    recent.clear();
  }
  PackActivity(activity, &recent);
  return absl::OkStatus();
}

absl::Status LedgerViews::OpenWallet(const jv1::MemberJoined& joined) {
  if (joined.member().size() != kMemberIdBytes ||
      joined.card_hash().size() != std::tuple_size_v<Tag>) {
    return absl::DataLossError("a member joined without an id or a card");
  }
  const MemberId member = MemberId::FromBytes(joined.member());
  wallets.Put(member, Wallet{.card_last_four = joined.card_last_four()});
  cards.Put(TagFromBytes(joined.card_hash()), CardRow{.member = member});
  return absl::OkStatus();
}

absl::Status LedgerViews::ForgetRequests(const jv1::RequestsForgotten& gone) {
  constexpr std::size_t kKeyBytes = std::tuple_size_v<Tag>;
  ForgottenRow& row = forgotten.Edit(0);
  if (gone.next_sequence() < row.next || gone.requests().size() % kKeyBytes != 0) {
    return absl::DataLossError("requests that cannot be forgotten");
  }
  row = {.next = gone.next_sequence(), .due = absl::FromUnixMicros(gone.due_micros())};
  for (std::size_t at = 0; at < gone.requests().size(); at += kKeyBytes) {
    requests.Erase(TagFromBytes(absl::string_view(gone.requests()).substr(at, kKeyBytes)));
  }
  return absl::OkStatus();
}

void LedgerViews::OpenTerms(const jv1::CampaignCreated& created) {
  const jv1::Terms& stored = created.terms();
  terms.Put(CampaignNumber{created.number()},
            Terms{.origin = UnionNumber{created.union_number()},
                  .expiry = absl::FromUnixMicros(stored.expiry_micros()),
                  .categories = {stored.categories().begin(), stored.categories().end()},
                  .expire_to_union = stored.expire_to_union()});
}

absl::Status LedgerViews::EndSegment(Sequence last) {
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  for (const AccountKey& key : touched_) history_.Put({key, last}, Balance(key));
  touched_.clear();
  return absl::OkStatus();
}

const Terms& LedgerViews::TermsOf(CampaignNumber campaign) {
  const Terms* found = terms.Find(campaign);
  PUHUI_CHECK(found != nullptr);
  return *found;
}

std::int64_t LedgerViews::Balance(const AccountKey& account) {
  const std::int64_t* balance = accounts.Find(account);
  return balance == nullptr ? 0 : *balance;
}

}  // namespace puhui::ledger
