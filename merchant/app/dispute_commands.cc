// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/dispute_commands.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/engine/record_day.h"
#include "merchant/app/business_days.h"
#include "merchant/app/entries.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

Refusal NoDispute() {
  return {.reason = Reason::kNotFound, .field = "name", .message = "there is no such dispute"};
}

// How much may be moved at most from the fee to what is payable, and back.
struct Movable {
  std::int64_t up = 0;
  std::int64_t down = 0;
};

Movable MovableOf(const DayFigures& line) {
  return {.up = std::max<std::int64_t>(line.Fee(), 0),
          .down = std::max<std::int64_t>(line.Payable(), 0)};
}

// Of what the merchant has of the purchase by now.
Movable MovableOf(const PurchaseRow& purchase, UnionNumber origin) {
  const Share share =
      ShareOf(KeptOf(purchase), purchase.fee_rate, purchase.fee_adjustments, origin);
  return {.up = share.fee, .down = share.points - share.fee};
}

// Giving it back may take more postings afterwards: those of one origin more than were posted for
// it.
bool ComesBackInOneEntry(const PurchaseRow& purchase, const FeeAdjustment& wanted) {
  std::vector<FeeAdjustment> adjustments = purchase.fee_adjustments;
  AddAdjustment(wanted, &adjustments);
  const auto postings = RefundPostings(
      {.member = purchase.member, .merchant = purchase.merchant, .fee_rate = purchase.fee_rate},
      KeptOf(purchase), {}, adjustments);
  return postings.size() <= kPostingsPerEntryMax;
}

absl::optional<Refusal> RefuseAdjustment(std::int64_t points, const Movable& movable) {
  if (points <= movable.up && points >= -movable.down) return absl::nullopt;
  return Refusal{.reason = Reason::kAdjustmentAboveLine,
                 .field = "adjustment_points",
                 .message = absl::StrCat("want ", -movable.down, " to ", movable.up, " points"),
                 .metadata = {{"available", absl::StrCat(points > 0 ? movable.up : movable.down)}}};
}

// By what the merchant has of the purchase. Of a line that does not say which, nothing is known.
absl::optional<Refusal> RefuseAdjustment(const FeeAdjustment& wanted, Sequence purchase,
                                         Tables& tables) {
  if (wanted.points == 0 || purchase == 0) return absl::nullopt;
  const PurchaseRow* row = tables.purchases.Find(purchase);
  PUHUI_CHECK(row != nullptr);
  if (auto refusal = RefuseAdjustment(wanted.points, MovableOf(*row, wanted.origin))) {
    return refusal;
  }
  if (ComesBackInOneEntry(*row, wanted)) return absl::nullopt;
  return Refusal{.reason = Reason::kAdjustmentAboveLine,
                 .field = "adjustment_points",
                 .message = absl::StrCat("the purchase could not be given back in one entry of ",
                                         kPostingsPerEntryMax, " postings afterwards")};
}

bool Resolved(const DisputeRow& dispute) {
  return dispute.state == DisputeState::kAdjusted || dispute.state == DisputeState::kDismissed;
}

void AddPosting(jv1::AccountKind kind, MerchantNumber merchant, UnionNumber origin,
                std::int64_t points, jv1::Entry& entry) {
  jv1::Posting& posting = *entry.add_postings();
  posting.set_kind(kind);
  posting.set_owner(static_cast<std::uint32_t>(merchant));
  posting.set_origin(static_cast<std::uint32_t>(origin));
  posting.set_points(points);
}

}  // namespace

absl::optional<Refusal> DisputeLinesCommand::Decide(const ledger::DecideContext& /*context*/,
                                                    ledger::Decision& decision) {
  const StatementKey& key = wish_.statement;
  const StatementRow* statement = tables_.statements.Find(key);
  if (statement == nullptr) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "name", .message = "there is no such statement"};
  }
  if (statement->state != StatementState::kCut && statement->state != StatementState::kDisputed) {
    return Refusal{.reason = Reason::kStatementState,
                   .message = "the statement is not cut yet, or was agreed"};
  }
  for (std::size_t i = 0; i < wish_.lines.size(); ++i) {
    if (tables_.disputes.Find({key.merchant, key.day, wish_.lines[i].sequence}) == nullptr) {
      continue;
    }
    return Refusal{.reason = Reason::kDisputeState,
                   .field = absl::StrCat("lines[", i, "].sequence"),
                   .message = "the line was disputed before"};
  }
  if (statement->disputes + wish_.lines.size() > kDisputesPerStatementMax) {
    return Refusal{.reason = Reason::kDisputesLimit,
                   .field = "lines",
                   .message = absl::StrCat("want at most ", kDisputesPerStatementMax,
                                           " disputed lines, there are ", statement->disputes)};
  }
  jv1::LinesDisputed& disputed = *decision.Add().mutable_lines_disputed();
  disputed.set_merchant(static_cast<std::uint32_t>(key.merchant));
  disputed.set_day(ledger::DayForRecord(key.day));
  for (const Line& line : wish_.lines) {
    jv1::DisputedLine& added = *disputed.add_lines();
    added.set_line(line.sequence);
    added.set_reason(line.reason);
  }
  disputed.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> ProposeResolutionCommand::Decide(const ledger::DecideContext& /*context*/,
                                                         ledger::Decision& decision) {
  const DisputeRow* dispute = tables_.disputes.Find(wish_.dispute);
  if (dispute == nullptr) return NoDispute();
  if (Resolved(*dispute)) {
    return Refusal{.reason = Reason::kDisputeState, .message = "the dispute is resolved"};
  }
  if (auto refusal = RefuseAdjustment(wish_.points, MovableOf(wish_.line))) return refusal;
  if (auto refusal = RefuseAdjustment({wish_.origin, wish_.points}, wish_.purchase, tables_)) {
    return refusal;
  }
  jv1::ResolutionProposed& proposed = *decision.Add().mutable_resolution_proposed();
  proposed.set_merchant(static_cast<std::uint32_t>(wish_.dispute.merchant));
  proposed.set_day(ledger::DayForRecord(wish_.dispute.day));
  proposed.set_line(wish_.dispute.line);
  proposed.set_points(wish_.points);
  proposed.set_origin(static_cast<std::uint32_t>(wish_.origin));
  proposed.set_reason(wish_.reason);
  proposed.set_person(wish_.person);
  proposed.set_purchase(wish_.purchase);
  return absl::nullopt;
}

absl::optional<Refusal> ConfirmResolutionCommand::Decide(const ledger::DecideContext& context,
                                                         ledger::Decision& decision) {
  const DisputeRow* dispute = state_.tables->disputes.Find(wish_.dispute);
  if (dispute == nullptr) return NoDispute();
  if (dispute->proposer == wish_.person) {
    return Refusal{.reason = Reason::kSamePerson,
                   .message = "a second person has to confirm a resolution"};
  }
  if (dispute->state != DisputeState::kProposed) {
    return Refusal{.reason = Reason::kDisputeState,
                   .message = "nothing was proposed, or the dispute is resolved"};
  }
  if (dispute->points != wish_.points) {
    return Refusal{.reason = Reason::kDisputeState,
                   .field = "adjustment_points",
                   .message = absl::StrCat("want what was proposed, ", dispute->points, " points")};
  }
  if (dispute->origin != wish_.origin) {
    return Refusal{.reason = Reason::kDisputeState,
                   .field = "union",
                   .message = "want the union whose money was proposed"};
  }
  const Sequence purchase = dispute->purchase != 0 ? dispute->purchase : wish_.purchase;
  if (auto refusal =
          RefuseAdjustment({dispute->origin, dispute->points}, purchase, *state_.tables)) {
    return refusal;
  }
  if (dispute->points != 0) {
    Adjust(*dispute, purchase, context.now, *decision.Add().mutable_entry());
    return absl::nullopt;
  }
  jv1::DisputeDismissed& dismissed = *decision.Add().mutable_dispute_dismissed();
  dismissed.set_merchant(static_cast<std::uint32_t>(wish_.dispute.merchant));
  dismissed.set_day(ledger::DayForRecord(wish_.dispute.day));
  dismissed.set_line(wish_.dispute.line);
  dismissed.set_person(wish_.person);
  return absl::nullopt;
}

void ConfirmResolutionCommand::Adjust(const DisputeRow& dispute, Sequence purchase, absl::Time now,
                                      jv1::Entry& entry) {
  const MerchantNumber merchant = wish_.dispute.merchant;
  AddPosting(jv1::ACCOUNT_KIND_PAYABLE, merchant, dispute.origin, dispute.points, entry);
  AddPosting(jv1::ACCOUNT_KIND_FEE, merchant, dispute.origin, -dispute.points, entry);
  jv1::Adjustment& adjustment = *entry.mutable_adjustment();
  adjustment.set_merchant(static_cast<std::uint32_t>(merchant));
  adjustment.set_day(ledger::DayForRecord(wish_.dispute.day));
  adjustment.set_line(wish_.dispute.line);
  adjustment.set_points(dispute.points);
  adjustment.set_person(wish_.person);
  adjustment.set_purchase(purchase);
  AssignBusinessDay(*state_.tables, merchant, state_.merchant_zone, now, entry);
}

}  // namespace puhui::merchant
