// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/order_commands.h"

#include "ledger/base/check.h"
#include "merchant/app/business_days.h"
#include "merchant/app/refund_window.h"
#include "merchant/app/sale_entries.h"

#include "absl/strings/str_cat.h"

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

Refusal WrongState(OrderState state, absl::string_view message) {
  return {.reason = Reason::kOrderState,
          .message = std::string(message),
          .metadata = {{"state", std::string(OrderStateName(state))}}};
}

// No till: the merchant alone.
void SetMerchant(const OrderRow& order, jv1::Till& till) {
  till.set_merchant(static_cast<std::uint32_t>(order.merchant));
}

}  // namespace

absl::optional<Refusal> OrderCommand::Decide(const ledger::DecideContext& context,
                                             ledger::Decision& decision) {
  const OrderRow* order = state_.tables->orders.Find(call_.order);
  bool own = order != nullptr && order->member == call_.member;
  if (order != nullptr && by_merchant()) {
    const MerchantNumber* asking = state_.tables->merchant_ids.Find(call_.merchant_id);
    own = asking != nullptr && *asking == order->merchant;
  }
  if (!own) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "name", .message = "there is no such order"};
  }
  const MerchantNumber merchant = order->merchant;
  if (auto refusal = Carry(*order, context, decision)) return refusal;
  for (jv1::Record* record : decision.records()) {
    if (!record->has_entry()) continue;
    AssignBusinessDay(*state_.tables, merchant, state_.merchant_zone, context.now,
                      *record->mutable_entry());
  }
  return absl::nullopt;
}

void OrderCommand::StorePersonalData() {
  if (old_address_.has_value()) ForgetAddress(member_, *old_address_, *state_.tables);
  if (old_digits_.has_value()) state_.tables->voucher_digits.Erase(*old_digits_);
}

void OrderCommand::Forget(const OrderRow& order) {
  member_ = order.member;
  old_address_ = order.address;
  if (order.voucher.has_value() && order.voucher->made()) old_digits_ = order.voucher->digits;
}

void OrderCommand::Void(const OrderRow& order, OrderState end, const std::string& reason,
                        absl::Time now, ledger::Decision& decision) {
  const AuthorizationRow* held = state_.tables->authorizations.Find(call_.order);
  PUHUI_CHECK(held != nullptr);
  jv1::Void& voided = SaleWriter(state_.views, now, &decision).Void({held, call_.order});
  SetMerchant(order, *voided.mutable_till());
  jv1::OrderEnded& ended = *voided.mutable_order_ended();
  ended.set_state(static_cast<std::uint32_t>(end));
  ended.set_reason(reason);
  ended.set_person(call_.person);
  Forget(order);
}

void OrderCommand::GiveBack(const OrderRow& order, const Back& back, absl::Time now,
                            ledger::Decision& decision) {
  const PurchaseRow* purchase = state_.tables->purchases.Find(call_.order);
  PUHUI_CHECK(purchase != nullptr);
  jv1::Refund& refund =
      SaleWriter(state_.views, now, &decision)
          .Refund({.purchase = purchase, .points = order.unit_points * back.quantity}, call_.order);
  SetMerchant(order, *refund.mutable_till());
  jv1::OrderReturned& returned = *refund.mutable_order_returned();
  returned.set_quantity(back.quantity);
  returned.set_returned(order.returned + back.quantity);
  returned.set_reason(back.reason);
  returned.set_person(call_.person);
  const bool is_over = order.returned + back.quantity == order.quantity;
  returned.set_state(static_cast<std::uint32_t>(is_over ? back.end : order.state));
  if (is_over) Forget(order);
}

absl::optional<Refusal> OrderCommand::CheckRefunds(const OrderRow& order, absl::Time now) {
  const MerchantRow* merchant = state_.tables->merchants.Find(order.merchant);
  PUHUI_CHECK(merchant != nullptr);
  if (!IsPastRefunds(*merchant, now)) return absl::nullopt;
  return Refusal{.reason = Reason::kMerchantNotActive,
                 .message = "the merchant was closed too long ago to give anything back"};
}

absl::optional<Refusal> OrderCommand::CheckWindow(absl::Time now) {
  const PurchaseRow* purchase = state_.tables->purchases.Find(call_.order);
  PUHUI_CHECK(purchase != nullptr);
  if (!IsPastRefunds(*purchase, now)) return absl::nullopt;
  return Refusal{.reason = Reason::kRefundWindowClosed,
                 .message = "the order was accepted too long ago"};
}

absl::optional<Refusal> AcceptOrderCommand::Carry(const OrderRow& order,
                                                  const ledger::DecideContext& context,
                                                  ledger::Decision& decision) {
  const OrderState state = order.StateAt(context.now);
  if (state != OrderState::kPlaced) return WrongState(state, "the order does not wait for that");
  gives_voucher_ = order.voucher.has_value();
  // An order is held for a moment at least, and its voucher may be over in less.
  if (gives_voucher_ && order.voucher->expiry <= context.now) {
    return WrongState(state, "its voucher would be over");
  }
  if (gives_voucher_ && state_.tables->vouchers.Find(voucher_.digits) != nullptr) {
    return Refusal{.reason = Reason::kUnavailable, .message = "the digits are taken; try again"};
  }
  const AuthorizationRow* held = state_.tables->authorizations.Find(call_.order);
  const MerchantRow* merchant = state_.tables->merchants.Find(order.merchant);
  PUHUI_CHECK(held != nullptr && merchant != nullptr);
  jv1::Purchase& capture =
      SaleWriter(state_.views, context.now, &decision)
          .Capture({held, call_.order}, {.slices = held->taken}, merchant->ChargeAt(context.now));
  SetMerchant(order, *capture.mutable_till());
  jv1::OrderAccepted& accepted = *capture.mutable_order_accepted();
  if (gives_voucher_) accepted.set_digits_hash(std::string(ledger::TagBytes(voucher_.digits)));
  accepted.set_person(call_.person);
  return absl::nullopt;
}

void AcceptOrderCommand::StorePersonalData() {
  if (gives_voucher_) state_.tables->voucher_digits.Put(voucher_.digits, voucher_.sealed);
}

absl::optional<Refusal> DeclineOrderCommand::Carry(const OrderRow& order,
                                                   const ledger::DecideContext& context,
                                                   ledger::Decision& decision) {
  const OrderState state = order.StateAt(context.now);
  if (state != OrderState::kPlaced) return WrongState(state, "the order does not wait for that");
  Void(order, OrderState::kDeclined, reason_, context.now, decision);
  return absl::nullopt;
}

absl::optional<Refusal> ShipOrderCommand::Carry(const OrderRow& order,
                                                const ledger::DecideContext& context,
                                                ledger::Decision& decision) {
  const OrderState state = order.StateAt(context.now);
  if (state != OrderState::kAccepted || order.fulfilment != FulfilmentKind::kDelivery) {
    return WrongState(state, "want an order that is accepted and delivered");
  }
  jv1::OrderShipped& shipped = *decision.Add().mutable_order_shipped();
  shipped.set_order(call_.order);
  shipped.set_tracking(tracking_);
  shipped.set_person(call_.person);
  shipped.set_returned(order.returned);
  return absl::nullopt;
}

absl::optional<Refusal> FulfilOrderCommand::Carry(const OrderRow& order,
                                                  const ledger::DecideContext& context,
                                                  ledger::Decision& decision) {
  const OrderState state = order.StateAt(context.now);
  if (!IsUnderWay(state)) return WrongState(state, "the order is not under way");
  if (order.voucher.has_value()) {
    return WrongState(state, "the order has a voucher: a till redeems it");
  }
  jv1::OrderFulfilled& fulfilled = *decision.Add().mutable_order_fulfilled();
  fulfilled.set_order(call_.order);
  fulfilled.set_person(call_.person);
  fulfilled.set_returned(order.returned);
  Forget(order);
  return absl::nullopt;
}

absl::optional<Refusal> CancelOrderCommand::Carry(const OrderRow& order,
                                                  const ledger::DecideContext& context,
                                                  ledger::Decision& decision) {
  const OrderState state = order.StateAt(context.now);
  if (state == OrderState::kPlaced) {
    Void(order, OrderState::kCancelled, reason_, context.now, decision);
    return absl::nullopt;
  }
  if (auto refusal = CheckRefunds(order, context.now)) return refusal;
  if (!by_merchant() || !IsUnderWay(state)) {
    return WrongState(state, by_merchant() ? "the order is over"
                                           : "the order was accepted: its merchant cancels it");
  }
  if (auto refusal = CheckWindow(context.now)) return refusal;
  GiveBack(order,
           {.quantity = order.quantity - order.returned,
            .end = OrderState::kCancelled,
            .reason = reason_},
           context.now, decision);
  return absl::nullopt;
}

absl::optional<Refusal> ReturnOrderItemsCommand::Carry(const OrderRow& order,
                                                       const ledger::DecideContext& context,
                                                       ledger::Decision& decision) {
  if (auto refusal = CheckRefunds(order, context.now)) return refusal;
  const OrderState state = order.StateAt(context.now);
  if (!IsSold(state)) return WrongState(state, "nothing of the order can come back");
  if (auto refusal = CheckWindow(context.now)) return refusal;
  const std::uint32_t left = order.quantity - order.returned;
  if (quantity_ > left) {
    return Refusal{.reason = Reason::kOrderReturnAbove,
                   .field = "quantity",
                   .message = absl::StrCat("want ", quantity_, " back, ", left, " are left"),
                   .metadata = {{"left", absl::StrCat(left)}}};
  }
  GiveBack(order, {.quantity = quantity_, .end = OrderState::kReturned, .reason = reason_},
           context.now, decision);
  return absl::nullopt;
}

}  // namespace puhui::merchant
