// SPDX-License-Identifier: Apache-2.0
#include "tests/model/order_steps.h"

#include "ledger/storage/typed_reads.h"
#include "tests/model/model_names.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

namespace puhui::testing {

using ledger::Reason;
using merchant::FulfilmentKind;
using merchant::OrderState;

OrderSteps::OrderSteps(Desk desk) : desk_(std::move(desk)) {
  for (std::uint32_t number = 1; number <= kMerchants; ++number) {
    desk_.model->terminals[MarketModel::kNoTill + number] = {.merchant = number};
    desk_.model->terminals[MarketModel::kNoTill + kMerchants + number] = {
        .merchant = number, .region = RegionOfSecondStore(number)};
  }
}

void OrderSteps::Step() {
  NoteLapsed();
  switch (desk_.random->Below(16)) {
    case 0:
      return CreateOffer();
    case 1:
      return ChangeOffer();
    case 2:
    case 3:
    case 4:
    case 5:
      return Place();
    case 6:
      return desk_.random->Below(3) == 0 ? PlaceWrongly() : Place();
    case 7:
    case 8:
    case 9:
      return Accept();
    case 10:
      return End();
    case 11:
      return Ship();
    case 12:
      return Fulfil();
    case 13:
      return Return();
    case 14:
      return Redeem();
    default:
      break;
  }
  switch (desk_.random->Below(4)) {
    case 0:
    case 1:
      return Transfer();
    case 2:
      return Redeem();
    default:
      return GuessVouchers();
  }
}

template <class Command, class... Wish>
bool OrderSteps::Run(Sequence number, const merchant::OrderCall& call, const Verdict& expected,
                     const Wish&... wish) {
  const auto outcome =
      desk_.run([=, this] { return std::make_unique<Command>(desk_.state(), call, wish...); });
  const Verdict verdict = IsOwn(number, call) ? expected : Verdict(Reason::kNotFound);
  return desk_.expect(verdict, outcome);
}

void OrderSteps::Accept() {
  const Sequence number = AnyOrder();
  if (number == 0) return;
  Order& order = orders_[number];
  const merchant::OrderCall call = CallAbout(number);
  const std::uint64_t digits = ++drawn_;
  const absl::Time now = desk_.now();
  const bool over = order.voucher.has_value() && order.voucher->expiry <= now;
  const bool can = StateOf(number, order) == OrderState::kPlaced && !over;
  const Verdict expected = can ? Verdict() : Verdict(Reason::kOrderState);
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::AcceptOrderCommand>(desk_.state(), call, FreshOf(digits));
  });
  if (!desk_.expect(IsOwn(number, call) ? expected : Verdict(Reason::kNotFound), outcome)) return;
  MarketModel::TillCall of = NoTill(offers_[order.offer].merchant, number);
  of.now = now;
  desk_.model->AcceptOrder(of, number);
  order.state = OrderState::kAccepted;
  if (order.voucher.has_value()) order.voucher->digits = digits;
  desk_.compare_member(order.member);
}

// Declined, or cancelled by one of the two.
void OrderSteps::End() {
  const Sequence number = AnyOrder();
  if (number == 0) return;
  Order& order = orders_[number];
  const bool declines = desk_.random->Below(2) == 0;
  merchant::OrderCall call = CallAbout(number);
  if (!declines && desk_.random->Below(2) == 0) {
    call = {.order = number, .member = order.member};
  }
  const OrderState state = StateOf(number, order);
  const bool is_open = state == OrderState::kPlaced;
  const bool gives_back = !declines && !call.merchant_id.empty() && merchant::IsUnderWay(state);
  const absl::Time now = desk_.now();
  const auto refunds_until = desk_.model->merchants[offers_[order.offer].merchant].refunds_until;
  Verdict expected = is_open || gives_back ? Verdict() : Verdict(Reason::kOrderState);
  if (!is_open && !declines && refunds_until <= now) expected = Reason::kMerchantNotActive;
  const bool done =
      declines
          ? Run<merchant::DeclineOrderCommand>(number, call, expected, std::string("none left"))
          : Run<merchant::CancelOrderCommand>(number, call, expected, std::string("none left"));
  if (!done) return;
  MarketModel::TillCall of = NoTill(offers_[order.offer].merchant, number);
  of.now = now;
  of.request = *desk_.requests;
  const std::uint32_t rest = order.quantity - order.returned;
  if (is_open) {
    desk_.model->EndOrder(of, number);
  } else {
    const std::int64_t points = desk_.model->purchases.at(number).points / order.quantity * rest;
    desk_.model->ReturnOrder(of, number, points);
    order.returned = order.quantity;
  }
  GiveStockBack(order, rest);
  Close(order, declines ? OrderState::kDeclined : OrderState::kCancelled);
  desk_.compare_member(order.member);
}

void OrderSteps::Ship() {
  const Sequence number = AnyOrder();
  if (number == 0) return;
  Order& order = orders_[number];
  const bool can =
      StateOf(number, order) == OrderState::kAccepted && order.way == FulfilmentKind::kDelivery;
  if (Run<merchant::ShipOrderCommand>(number, CallAbout(number),
                                      can ? Verdict() : Verdict(Reason::kOrderState),
                                      std::string("SF 1"))) {
    order.state = OrderState::kShipped;
  }
}

void OrderSteps::Fulfil() {
  const Sequence number = AnyOrder();
  if (number == 0) return;
  Order& order = orders_[number];
  const bool can = merchant::IsUnderWay(StateOf(number, order)) && !order.voucher.has_value();
  if (Run<merchant::FulfilOrderCommand>(number, CallAbout(number),
                                        can ? Verdict() : Verdict(Reason::kOrderState))) {
    order.state = OrderState::kFulfilled;
  }
}

void OrderSteps::Return() {
  const Sequence number = AnyOrder();
  if (number == 0) return;
  Order& order = orders_[number];
  const auto quantity = static_cast<std::uint32_t>(1 + desk_.random->Below(3));
  const absl::Time now = desk_.now();
  Verdict expected;
  if (desk_.model->merchants[offers_[order.offer].merchant].refunds_until <= now) {
    expected = Reason::kMerchantNotActive;
  } else if (!merchant::IsSold(StateOf(number, order))) {
    expected = Reason::kOrderState;
  } else if (quantity > order.quantity - order.returned) {
    expected = Reason::kOrderReturnAbove;
  }
  if (!Run<merchant::ReturnOrderItemsCommand>(number, CallAbout(number), expected, quantity,
                                              std::string("broken"))) {
    return;
  }
  MarketModel::TillCall of = NoTill(offers_[order.offer].merchant, number);
  of.now = now;
  of.request = *desk_.requests;
  desk_.model->ReturnOrder(of, number,
                           desk_.model->purchases.at(number).points / order.quantity * quantity);
  order.returned += quantity;
  GiveStockBack(order, quantity);
  if (order.returned == order.quantity) Close(order, OrderState::kReturned);
  desk_.compare_member(order.member);
}

void OrderSteps::NoteLapsed() {
  for (auto& [number, order] : orders_) {
    if (order.state != OrderState::kPlaced) continue;
    if (desk_.model->holds.at(number).state != MarketModel::HoldState::kExpired) continue;
    GiveStockBack(order, order.quantity);
    Close(order, OrderState::kLapsed);
  }
}

void OrderSteps::GiveStockBack(const Order& order, std::uint32_t quantity) {
  Offer& offer = offers_[order.offer];
  offer.sold -= quantity;
  offer.uses[order.member] -= quantity;
  if (!offer.external) offer.available += quantity;
}

void OrderSteps::Close(Order& order, OrderState end) {
  order.state = end;
  if (order.voucher.has_value() && !order.voucher->redeemed) order.voucher->is_void = true;
}

OrderState OrderSteps::StateOf(Sequence number, const Order& order) const {
  if (order.state != OrderState::kPlaced) return order.state;
  const bool over = desk_.model->holds.at(number).expiry <= desk_.now();
  return over ? OrderState::kLapsed : order.state;
}

Sequence OrderSteps::AnyOrder() {
  if (orders_.empty()) return 0;
  const auto back = 1 + desk_.random->Below(std::min<std::uint64_t>(orders_.size(), 12));
  return std::prev(orders_.end(), static_cast<std::ptrdiff_t>(back))->first;
}

Sequence OrderSteps::AnyVoucher() {
  const bool used_too = desk_.random->Below(4) == 0;
  std::vector<Sequence> known;
  for (const auto& [number, order] : orders_) {
    if (!order.voucher.has_value() || order.voucher->digits == 0) continue;
    const bool is_used = order.voucher->redeemed || order.voucher->is_void;
    if (used_too || !is_used) known.push_back(number);
  }
  return known.empty() ? AnyOrder() : known[desk_.random->Below(known.size())];
}

std::uint32_t OrderSteps::AnyOffer() {
  if (offers_.empty()) return 0;
  const auto back = 1 + desk_.random->Below(std::min<std::uint64_t>(offers_.size(), 8));
  return std::prev(offers_.end(), static_cast<std::ptrdiff_t>(back))->first;
}

merchant::OrderCall OrderSteps::CallAbout(Sequence number) {
  const std::uint32_t seller = offers_[orders_.at(number).offer].merchant;
  const bool other = desk_.random->Below(20) == 0;
  return {.order = number,
          .merchant_id = MerchantIdOf(other ? seller % kMerchants + 1 : seller).text(),
          .person = "people/zhao"};
}

bool OrderSteps::IsOwn(Sequence number, const merchant::OrderCall& call) const {
  const Order& order = orders_.at(number);
  if (call.merchant_id.empty()) return call.member == order.member;
  return call.merchant_id == MerchantIdOf(offers_.at(order.offer).merchant).text();
}

MarketModel::TillCall OrderSteps::NoTill(std::uint32_t merchant, Sequence sequence,
                                         std::uint32_t store) const {
  const std::uint32_t place = MarketModel::kNoTill + (store == 2 ? kMerchants : 0) + merchant;
  return {.keys = {place, 0, 0}, .sequence = sequence, .now = desk_.now()};
}

}  // namespace puhui::testing
