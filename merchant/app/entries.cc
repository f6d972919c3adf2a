// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/entries.h"

#include "ledger/base/check.h"
#include "ledger/engine/record_day.h"
#include "merchant/core/authorization.h"
#include "merchant/core/purchase.h"

#include "absl/status/status.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace puhui::merchant {

namespace jv1 = journal::v1;
using ledger::LotSlice;
using ledger::Posting;

namespace {

// What happens to a lot, and when it expires afterwards.
struct LotEffect {
  std::int64_t points = 0;
  std::int64_t held = 0;
  absl::Time expiry{};
  absl::optional<absl::CivilDay> day{};
};

// The day, for lots whose terms have a cap: nobody else asks.
absl::optional<absl::CivilDay> CountedDay(const LotSlice& slice,
                                          const absl::optional<absl::CivilDay>& day,
                                          ledger::TermsReader& terms) {
  if (!day.has_value() || terms.TermsOf(slice.campaign).day_cap.zero()) return absl::nullopt;
  return day;
}

void AddLotChange(const LotSlice& slice, const LotEffect& effect, jv1::Entry& entry) {
  jv1::LotChange& change = *entry.add_lots();
  change.set_lot(static_cast<std::uint32_t>(slice.lot));
  change.set_points(effect.points);
  change.set_campaign(static_cast<std::uint32_t>(slice.campaign));
  change.set_origin(static_cast<std::uint32_t>(slice.origin));
  change.set_granted(slice.granted);
  change.set_expiry_micros(absl::ToUnixMicros(effect.expiry));
  change.set_held(effect.held);
  if (effect.day.has_value()) change.set_day(ledger::DayForRecord(*effect.day));
}

// What is kept of a purchase once `points` more are given back, of a basket those of `of`.
std::vector<LotSlice> Kept(const PurchaseRow& purchase, std::int64_t points,
                           const std::vector<LineRefund>& of) {
  if (purchase.lines.empty()) return KeptSlices(purchase.taken, purchase.refunded + points);
  std::vector<PaidLine> lines = purchase.lines;
  for (const LineRefund& refund : of) lines[refund.line].refunded += refund.points;
  return KeptOfLines(purchase.taken, lines);
}

}  // namespace

void AddPostings(const std::vector<Posting>& postings, MemberId member, jv1::Entry& entry) {
  for (const Posting& posting : postings) {
    jv1::Posting& stored = *entry.add_postings();
    stored.set_kind(static_cast<jv1::AccountKind>(posting.kind));
    if (ledger::IsMemberAccount(posting.kind)) {
      stored.set_member(member.ToBytes());
    } else {
      stored.set_owner(posting.owner);
    }
    stored.set_origin(static_cast<std::uint32_t>(posting.origin));
    stored.set_points(posting.points);
  }
  entry.set_member(member.ToBytes());
}

void AddTaking(const std::vector<LotSlice>& slices, absl::CivilDay day, ledger::TermsReader& terms,
               jv1::Entry& entry) {
  for (const LotSlice& slice : slices) {
    AddLotChange(
        slice,
        {.points = -slice.points, .expiry = slice.expiry, .day = CountedDay(slice, day, terms)},
        entry);
  }
}

void AddHolding(const std::vector<LotSlice>& slices, absl::CivilDay day, ledger::TermsReader& terms,
                jv1::Entry& entry) {
  for (const LotSlice& slice : slices) {
    AddLotChange(
        slice, {.held = slice.points, .expiry = slice.expiry, .day = CountedDay(slice, day, terms)},
        entry);
  }
}

void AddEnding(const Ending& ending, ledger::LedgerViews& views, absl::Time now,
               jv1::Entry& entry) {
  const AuthorizationRow& authorization = *ending.authorization;
  PUHUI_CHECK(authorization.state == AuthorizationState::kHeld);
  const ledger::Wallet* wallet = views.wallets.Find(authorization.member);
  PUHUI_CHECK(wallet != nullptr);
  std::map<LotNumber, std::int64_t> captured;
  for (const LotSlice& slice : ending.captured) captured[slice.lot] = slice.points;
  for (const LotSlice& slice : authorization.taken) {
    const ledger::Lot* lot = wallet->FindLot(slice.lot);
    PUHUI_CHECK(lot != nullptr);
    const std::int64_t taken = captured[slice.lot];
    captured.erase(slice.lot);
    PUHUI_CHECK(taken >= 0 && taken <= slice.points);
    const bool comes_back = taken < slice.points;
    AddLotChange(slice,
                 {.points = -taken,
                  .held = -slice.points,
                  .expiry = comes_back ? ExpiryAfterRefund(lot->expiry, now) : lot->expiry,
                  .day = CountedDay(slice, authorization.day, views)},
                 entry);
  }
  PUHUI_CHECK(captured.empty());
}

void AddRelease(const AuthorizationRow& authorization, ledger::LedgerViews& views, absl::Time now,
                jv1::Entry& entry) {
  AddPostings(ReleasePostings(authorization.member, authorization.taken), authorization.member,
              entry);
  AddEnding({.authorization = &authorization}, views, now, entry);
}

FeeBack AddGivingBack(const GiveBack& back, ledger::LedgerViews& views, absl::Time now,
                      jv1::Entry& entry) {
  const PurchaseRow& purchase = *back.purchase;
  const ledger::Wallet* wallet = views.wallets.Find(purchase.member);
  const std::vector<LotSlice> before = KeptOf(purchase);
  const std::vector<LotSlice> after = Kept(purchase, back.points, back.lines);
  const std::vector<Posting> postings = RefundPostings(
      {.member = purchase.member, .merchant = purchase.merchant, .fee_rate = purchase.fee_rate},
      before, after, purchase.fee_adjustments);
  AddPostings(postings, purchase.member, entry);
  for (const LotSlice& slice : GivenBack(before, after)) {
    // An earlier refund may have given the lot a grace period already.
    const ledger::Lot* lot = wallet == nullptr ? nullptr : wallet->FindLot(slice.lot);
    const absl::Time expiry = lot == nullptr ? slice.expiry : lot->expiry;
    AddLotChange(slice,
                 {.points = slice.points,
                  .expiry = ExpiryAfterRefund(expiry, now),
                  .day = CountedDay(slice, purchase.day, views)},
                 entry);
  }
  return {.points = -FeeOf(postings),
          .adjustments_left = AdjustmentsLeft(after, purchase.fee_rate, purchase.fee_adjustments)};
}

void ExpireRests(absl::Span<const jv1::Entry* const> entries, ledger::LedgerViews& views,
                 absl::Time now, ledger::Decision& decision) {
  std::set<std::pair<MemberId, std::uint32_t>> seen;
  for (const jv1::Entry* entry : entries) {
    const MemberId member = MemberId::FromBytes(entry->member());
    const ledger::Wallet* wallet = views.wallets.Find(member);
    if (wallet == nullptr) continue;
    for (const jv1::LotChange& change : entry->lots()) {
      if (change.points() <= change.held()) continue;  // Nothing came back to it.
      const ledger::Lot* lot = wallet->FindLot(LotNumber{change.lot()});
      if (lot == nullptr || lot->expiry > now || lot->available() == 0) continue;
      if (!seen.emplace(member, change.lot()).second) continue;
      PUHUI_CHECK(views.expired_points != nullptr);
      AddExpiry(member, *lot, views.expired_points->AccountOf(lot->campaign, lot->origin),
                decision);
    }
  }
}

std::vector<LotSlice> KeptOf(const PurchaseRow& purchase) { return Kept(purchase, 0, {}); }

Sequence PurchaseKeyOf(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  if (entry.has_capture()) return entry.capture().authorization();
  return entry.purchase().bill() != 0 ? entry.purchase().bill() : record.sequence();
}

void StoreAdjustments(const std::vector<FeeAdjustment>& adjustments,
                      google::protobuf::RepeatedPtrField<jv1::FeeAdjustment>* stored) {
  for (const FeeAdjustment& adjustment : adjustments) {
    jv1::FeeAdjustment& added = *stored->Add();
    added.set_origin(static_cast<std::uint32_t>(adjustment.origin));
    added.set_points(adjustment.points);
  }
}

std::vector<FeeAdjustment> AdjustmentsOf(
    const google::protobuf::RepeatedPtrField<jv1::FeeAdjustment>& stored) {
  std::vector<FeeAdjustment> adjustments;
  for (const jv1::FeeAdjustment& adjustment : stored) {
    adjustments.push_back({UnionNumber{adjustment.origin()}, adjustment.points()});
  }
  return adjustments;
}

void StoreLines(const std::vector<PaidLine>& lines,
                google::protobuf::RepeatedPtrField<jv1::BasketLine>* stored) {
  for (const PaidLine& line : lines) {
    jv1::BasketLine& added = *stored->Add();
    added.set_category(line.category);
    added.set_region(line.region);
    added.set_points(line.points);
    for (const ledger::LinePart& part : line.parts) {
      jv1::LinePart& paid = *added.add_parts();
      paid.set_lot(static_cast<std::uint32_t>(part.lot));
      paid.set_points(part.points);
    }
  }
}

std::vector<PaidLine> PaidLinesOf(
    const google::protobuf::RepeatedPtrField<jv1::BasketLine>& stored) {
  std::vector<PaidLine> lines;
  lines.reserve(static_cast<std::size_t>(stored.size()));
  for (const jv1::BasketLine& line : stored) {
    PaidLine& paid = lines.emplace_back(
        PaidLine{.category = line.category(), .region = line.region(), .points = line.points()});
    paid.parts.reserve(static_cast<std::size_t>(line.parts_size()));
    for (const jv1::LinePart& part : line.parts()) {
      paid.parts.push_back({LotNumber{part.lot()}, part.points()});
    }
  }
  return lines;
}

absl::Status CheckLines(const std::vector<PaidLine>& lines, const std::vector<LotSlice>& taken) {
  if (lines.empty()) return absl::OkStatus();
  const std::vector<LotSlice> paid = KeptOfLines(taken, lines);
  bool same = paid.size() == taken.size();
  std::int64_t left = 0;
  for (std::size_t i = 0; same && i < paid.size(); ++i) {
    same = paid[i].points == taken[i].points;
    left += taken[i].points;
  }
  // Of lots that were not taken nothing pays either.
  for (const PaidLine& line : lines) left -= line.Paid();
  if (same && left == 0) return absl::OkStatus();
  return absl::DataLossError("lines are not paid with what was taken");
}

absl::Status CheckRate(std::uint32_t basis_points) {
  if (BasisPoints::FromRequest(basis_points, "fee").ok()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("a fee of ", basis_points, " basis points"));
}

void AddCharge(const Charge& charge, jv1::Purchase& purchase) {
  purchase.set_fee_basis_points(charge.rate.value());
  purchase.set_discount_basis_points(charge.discount.value());
  purchase.set_agreement(charge.agreement);
}

ledger::LotSlice SliceOf(const jv1::LotChange& change, std::int64_t points) {
  return {.lot = LotNumber{change.lot()},
          .campaign = CampaignNumber{change.campaign()},
          .origin = UnionNumber{change.origin()},
          .points = points,
          .granted = change.granted(),
          .expiry = absl::FromUnixMicros(change.expiry_micros())};
}

absl::StatusOr<absl::optional<absl::CivilDay>> CountedDayOf(const jv1::Entry& entry) {
  absl::optional<absl::CivilDay> day;
  for (const jv1::LotChange& change : entry.lots()) {
    if (!change.has_day()) continue;
    const absl::CivilDay counted = ledger::DayFromRecord(change.day());
    if (day.value_or(counted) != counted) return absl::DataLossError("an entry counts on two days");
    day = counted;
  }
  return day;
}

}  // namespace puhui::merchant
