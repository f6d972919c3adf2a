// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/till_commands.h"

#include "ledger/base/check.h"
#include "merchant/app/entries.h"
#include "merchant/app/spending.h"
#include "merchant/core/purchase.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

}  // namespace

absl::optional<Refusal> TillCommand::Decide(const ledger::DecideContext& context,
                                            ledger::Decision& decision) {
  const absl::optional<Till> till = FindTill();
  if (!till.has_value()) {
    return Refusal{.reason = Reason::kUnknownTerminal,
                   .field = "till.terminal",
                   .message = "the terminal is not enrolled with this merchant"};
  }
  const absl::optional<Refusal> refusal = Carry(*till, context, decision);
  if (!refusal.has_value()) return absl::nullopt;
  PUHUI_CHECK(decision.records().empty());
  jv1::Declined& declined = *decision.Add().mutable_declined();
  *declined.mutable_till() = till->record;
  declined.set_reason(static_cast<std::uint32_t>(refusal->reason));
  Describe(declined);
  for (const auto& [key, value] : refusal->metadata) {
    std::int64_t available = 0;
    if (key == "available" && absl::SimpleAtoi(value, &available)) {
      declined.set_available(available);
    }
  }
  return absl::nullopt;
}

absl::optional<TillCommand::Till> TillCommand::FindTill() {
  Tables& tables = *state_.tables;
  const MerchantNumber* merchant = tables.merchant_ids.Find(call_.merchant_id);
  if (merchant == nullptr) return absl::nullopt;
  Till till{.merchant_number = *merchant};
  const TerminalNumber* terminal = tables.terminal_ids.Find({*merchant, call_.terminal_id});
  if (terminal == nullptr) return absl::nullopt;
  till.terminal_number = *terminal;
  till.terminal = tables.terminals.Find(*terminal);
  till.merchant = tables.merchants.Find(*merchant);
  PUHUI_CHECK(till.terminal != nullptr && till.merchant != nullptr);
  till.record.set_merchant(static_cast<std::uint32_t>(till.merchant_number));
  till.record.set_terminal(static_cast<std::uint32_t>(till.terminal_number));
  till.record.set_batch_number(call_.batch_number);
  till.record.set_trace_number(call_.trace_number);
  till.record.set_local_time_micros(absl::ToUnixMicros(call_.local_time));
  return till;
}

absl::optional<Refusal> TillCommand::CheckCallIsNew(const Till& till) {
  const TillRow* known = state_.tables->till_calls.Find(
      {till.terminal_number, call_.batch_number, call_.trace_number});
  const bool buried =
      (known != nullptr && known->outcome == TillOutcome::kTombstone) ||
      (request.has_value() && state_.tables->tombstones.Find(state_.views->RequestKey(
                                  request->caller, request->request_id)) != nullptr);
  if (buried) {
    return Refusal{.reason = Reason::kReversedBeforeArrival,
                   .message = "the till reversed this call before it arrived"};
  }
  if (known != nullptr) {
    return Refusal{.reason = Reason::kTraceNumberUsed,
                   .field = "till.trace_number",
                   .message = "the terminal used this trace number in this batch"};
  }
  return absl::nullopt;
}

absl::optional<Refusal> TillCommand::CheckTerminal(const Till& till) {
  if (till.terminal->state == TerminalState::kActive) return absl::nullopt;
  return Refusal{.reason = Reason::kTerminalNotActive, .message = "the terminal is blocked"};
}

absl::optional<Refusal> TillCommand::CheckMerchant(const Till& till) {
  return RefuseMerchant(till.merchant->state);
}

absl::optional<Refusal> SpendCommand::FindWallet(const Till& till, const ledger::Wallet** wallet) {
  const ledger::CardRow* card = state_.views->cards.Find(wish_.card);
  if (card == nullptr) {
    return Refusal{.reason = Reason::kCardNotFound,
                   .field = "card_number",
                   .message = "there is no card with this number"};
  }
  member_ = card->member;
  if (auto refusal = CheckCallIsNew(till)) return refusal;
  if (auto refusal = CheckTerminal(till)) return refusal;
  if (auto refusal = CheckMerchant(till)) return refusal;
  *wallet = state_.views->wallets.Find(member_);
  PUHUI_CHECK(*wallet != nullptr);
  return RefuseSpender((*wallet)->state, card->state);
}

ledger::Asked SpendCommand::AskedBy(const Till& till, const ledger::Wallet& wallet,
                                    absl::Time now) {
  const StoreRow* store = state_.tables->stores.Find({till.merchant_number, till.terminal->store});
  PUHUI_CHECK(store != nullptr);
  const ledger::Line line = LineAt({.merchant = till.merchant_number,
                                    .category = till.merchant->category,
                                    .region = store->region},
                                   now);
  spent_ = ledger::SpentOn(wallet, line.day);
  return {.line = line, .spent = spent_};
}

void SpendCommand::Describe(jv1::Declined& declined) const {
  declined.set_points(wish_.points.value());
  if (!member_.none()) declined.set_member(member_.ToBytes());
}

absl::optional<Refusal> PurchaseCommand::Carry(const Till& till,
                                               const ledger::DecideContext& context,
                                               ledger::Decision& decision) {
  const ledger::Wallet* wallet = nullptr;
  if (auto refusal = FindWallet(till, &wallet)) return refusal;
  const ledger::Asked asked = AskedBy(till, *wallet, context.now);
  const auto chosen = ChoosePayment(
      *wallet, {.amount = wish_.points, .asked = asked},
      {.member = member(), .merchant = till.merchant_number, .fee_rate = till.merchant->fee_rate},
      *state_.views);
  if (const Refusal* refusal = absl::get_if<Refusal>(&chosen)) return *refusal;
  const auto& [slices, postings] = absl::get<Payment>(chosen);
  jv1::Entry& entry = *decision.Add().mutable_entry();
  AddPostings(postings, member(), entry);
  AddTaking(slices, asked.line.day, *state_.views, entry);
  jv1::Purchase& purchase = *entry.mutable_purchase();
  *purchase.mutable_till() = till.record;
  purchase.set_points(wish_.points.value());
  purchase.set_fee(FeeOf(postings));
  purchase.set_fee_basis_points(till.merchant->fee_rate.value());
  purchase.set_authorization_code(wish_.authorization_code);
  purchase.set_card_last_four(wallet->card_last_four);
  return absl::nullopt;
}

absl::optional<Refusal> RefundCommand::Carry(const Till& till, const ledger::DecideContext& context,
                                             ledger::Decision& decision) {
  const PurchaseRow* purchase = state_.tables->purchases.Find(purchase_);
  if (purchase == nullptr || purchase->merchant != till.merchant_number) {
    return Refusal{.reason = Reason::kNotFound,
                   .field = "purchase_reference",
                   .message = "this merchant made no such purchase"};
  }
  if (auto refusal = CheckCallIsNew(till)) return refusal;
  if (auto refusal = CheckTerminal(till)) return refusal;
  if (purchase->state == PurchaseState::kReversed) {
    return Refusal{.reason = Reason::kPurchaseReversed, .message = "the purchase was reversed"};
  }
  const std::int64_t left = purchase->points - purchase->refunded;
  if (points_.value() > left) {
    return Refusal{.reason = Reason::kRefundAbovePurchase,
                   .field = "points",
                   .message = absl::StrCat("want ", points_.value(), " points, ", left,
                                           " of the purchase can be given back"),
                   .metadata = {{"available", absl::StrCat(left)}}};
  }
  jv1::Entry& entry = *decision.Add().mutable_entry();
  const std::int64_t fee = AddGivingBack({.purchase = purchase, .points = points_.value()},
                                         *state_.views, context.now, entry);
  jv1::Refund& refund = *entry.mutable_refund();
  *refund.mutable_till() = till.record;
  refund.set_purchase(purchase_);
  refund.set_points(points_.value());
  refund.set_refunded(purchase->refunded + points_.value());
  refund.set_fee(fee);
  return absl::nullopt;
}

void RefundCommand::Describe(jv1::Declined& declined) const {
  declined.set_points(points_.value());
}

Sequence ReverseCommand::FindOriginal(const Till& till, bool* is_final) {
  Tables& tables = *state_.tables;
  Sequence sequence = 0;
  if (!original_.request_id.empty()) {
    const ledger::RequestRow* known = state_.views->requests.Find(
        state_.views->RequestKey(request->caller, original_.request_id));
    if (known != nullptr) {
      *is_final = known->cause == jv1::Entry::kRefund || known->cause == jv1::Entry::kVoided;
      sequence = known->first;
    }
  } else {
    const TillRow* known = tables.till_calls.Find(
        {till.terminal_number, original_.batch_number, original_.trace_number});
    if (known != nullptr) {
      *is_final = known->outcome == TillOutcome::kRefund || known->outcome == TillOutcome::kVoid;
      const bool took = known->outcome == TillOutcome::kPurchase ||
                        known->outcome == TillOutcome::kAuthorization ||
                        known->outcome == TillOutcome::kCapture;
      if (took) sequence = known->sequence;
    }
  }
  if (sequence == 0) return 0;
  const Sequence* captured = tables.captures.Find(sequence);
  if (captured != nullptr) sequence = *captured;
  const PurchaseRow* purchase = tables.purchases.Find(sequence);
  const AuthorizationRow* authorization = tables.authorizations.Find(sequence);
  const bool ours = (purchase != nullptr && purchase->merchant == till.merchant_number) ||
                    (authorization != nullptr && authorization->merchant == till.merchant_number);
  return ours ? sequence : 0;
}

absl::optional<Refusal> ReverseCommand::Carry(const Till& till,
                                              const ledger::DecideContext& context,
                                              ledger::Decision& decision) {
  bool is_final = false;
  const Sequence sequence = FindOriginal(till, &is_final);
  if (is_final) {
    return Refusal{.reason = Reason::kNotFound,
                   .field = "original",
                   .message = "the original is a refund or a void; those are not reversed"};
  }
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
    if (left == 0) return false;
    jv1::Entry& entry = *decision.Add().mutable_entry();
    reversal.set_points(left);
    reversal.set_fee(
        AddGivingBack({.purchase = purchase, .points = left}, *state_.views, now, entry));
    *entry.mutable_reversal() = reversal;
    return true;
  }
  const AuthorizationRow* held = state_.tables->authorizations.Find(sequence);
  if (held == nullptr || held->state != AuthorizationState::kHeld) return false;
  jv1::Entry& entry = *decision.Add().mutable_entry();
  AddRelease(*held, *state_.views, now, entry);
  reversal.set_points(held->points);
  *entry.mutable_reversal() = reversal;
  return true;
}

void ReverseCommand::Describe(jv1::Declined& /*declined*/) const {}

}  // namespace puhui::merchant
