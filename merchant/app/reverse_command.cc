// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/reverse_command.h"

#include "ledger/base/check.h"
#include "merchant/app/bill_rows.h"
#include "merchant/app/entries.h"
#include "merchant/app/refund_window.h"
#include "merchant/core/purchase.h"

#include <cstdlib>
#include <vector>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

}  // namespace

Sequence ReverseCommand::FindOriginal(const Till& till, bool* is_final) {
  const bool by_keys = original_.request_id.empty();
  Sequence sequence = by_keys ? FindByKeys(till, is_final) : FindByRequest(is_final);
  const Sequence* captured = state_.tables->captures.Find(sequence);
  if (captured != nullptr) sequence = *captured;
  // Keys are the terminal's own, also those of a bill that is forgotten; a request may be of
  // anything.
  const bool ours = by_keys || IsOf(till.merchant_number, sequence);
  return ours ? sequence : 0;
}

Sequence ReverseCommand::FindByRequest(bool* is_final) {
  const ledger::RequestRow* known =
      state_.views->requests.Find(state_.views->RequestKey(request->caller, original_.request_id));
  if (known == nullptr) return 0;
  *is_final = known->cause == jv1::Entry::kRefund || known->cause == jv1::Entry::kVoided ||
              known->cause == ledger::RequestRow::kRedemption;
  return known->first;
}

Sequence ReverseCommand::FindByKeys(const Till& till, bool* is_final) {
  const TillRow* known = state_.tables->FindCall(
      {till.terminal_number, original_.batch_number, original_.trace_number});
  if (known == nullptr) return 0;
  switch (known->outcome) {
    case TillOutcome::kPurchase:
    case TillOutcome::kAuthorization:
    case TillOutcome::kCapture:
    case TillOutcome::kBill:
    case TillOutcome::kBillCancelled:
      return known->sequence;
    case TillOutcome::kRefund:
    case TillOutcome::kVoid:
    case TillOutcome::kVoucher:
      *is_final = true;
      return 0;
    case TillOutcome::kDeclined:
    case TillOutcome::kReversal:
    case TillOutcome::kTombstone:
      return 0;
  }
  std::abort();
}

bool ReverseCommand::IsOf(MerchantNumber merchant, Sequence sequence) {
  Tables& tables = *state_.tables;
  // What was ordered came from no till, and comes back as an order.
  const auto of_till = [merchant](const auto& row) {
    return row.merchant == merchant && row.terminal != TerminalNumber{};
  };
  const PurchaseRow* purchase = tables.purchases.Find(sequence);
  if (purchase != nullptr) return of_till(*purchase);
  const AuthorizationRow* authorization = tables.authorizations.Find(sequence);
  if (authorization != nullptr) return of_till(*authorization);
  const BillRow* bill = tables.bills.Find(sequence);
  return bill != nullptr && bill->merchant == merchant;
}

absl::optional<Refusal> ReverseCommand::Carry(const Till& till,
                                              const ledger::DecideContext& context,
                                              ledger::Decision& decision) {
  bool is_final = false;
  const Sequence sequence = FindOriginal(till, &is_final);
  if (is_final) {
    return Refusal{
        .reason = Reason::kNotFound,
        .field = "original",
        .message = "the original is a refund, a void or a redemption; those are not reversed"};
  }
  if (till.terminal->state == TerminalState::kRetired) return CheckTerminal(till);
  if (Undo(sequence, till, context.now, decision)) return absl::nullopt;
  jv1::Tombstone& tombstone = *decision.Add().mutable_tombstone();
  *tombstone.mutable_till() = till.record;
  tombstone.set_batch_number(original_.batch_number);
  tombstone.set_trace_number(original_.trace_number);
  tombstone.set_request_id(original_.request_id);
  tombstone.set_purchase(sequence);
  return absl::nullopt;
}

bool ReverseCommand::Undo(Sequence sequence, const Till& till, absl::Time now,
                          ledger::Decision& decision) {
  if (sequence == 0) return false;
  jv1::Reversal reversal;
  *reversal.mutable_till() = till.record;
  reversal.set_purchase(sequence);
  const PurchaseRow* purchase = state_.tables->purchases.Find(sequence);
  if (purchase != nullptr) {
    const std::int64_t left = purchase->points - purchase->refunded;
    if (left == 0 || IsPastRefunds(*purchase, now) || IsPastRefunds(*till.merchant, now))
      return false;
    jv1::Entry& entry = *decision.Add().mutable_entry();
    reversal.set_points(left);
    const FeeBack fee =
        AddGivingBack({.purchase = purchase,
                       .points = left,
                       .lines = purchase->lines.empty() ? std::vector<LineRefund>()
                                                        : LinesToRefund(purchase->lines, left)},
                      *state_.views, now, entry);
    reversal.set_fee(fee.points);
    StoreAdjustments(fee.adjustments_left, reversal.mutable_fee_adjustments());
    *entry.mutable_reversal() = reversal;
    ExpireRests({&entry}, *state_.views, now, decision);
    return true;
  }
  const AuthorizationRow* held = state_.tables->authorizations.Find(sequence);
  if (held == nullptr) return CancelBill(sequence, till, now, decision);
  if (held->state != AuthorizationState::kHeld) return false;
  jv1::Entry& entry = *decision.Add().mutable_entry();
  AddRelease(*held, *state_.views, now, entry);
  reversal.set_points(held->points);
  *entry.mutable_reversal() = reversal;
  ExpireRests({&entry}, *state_.views, now, decision);
  return true;
}

bool ReverseCommand::CancelBill(Sequence bill, const Till& till, absl::Time now,
                                ledger::Decision& decision) {
  const BillRow* row = state_.tables->bills.Find(bill);
  if (row == nullptr) return false;
  const TillRow* call = state_.tables->till_calls.Find(row->key());
  PUHUI_CHECK(call != nullptr);
  if (BillStateAt(call->outcome, row->expiry, now) != BillState::kOpen) return false;
  jv1::BillCancelled& cancelled = *decision.Add().mutable_bill_cancelled();
  *cancelled.mutable_till() = till.record;
  cancelled.set_bill(bill);
  return true;
}

void ReverseCommand::Describe(jv1::Declined& /*declined*/) const {}

}  // namespace puhui::merchant
