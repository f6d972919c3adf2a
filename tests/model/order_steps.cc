// SPDX-License-Identifier: Apache-2.0
#include "tests/model/order_steps.h"

#include "ledger/storage/typed_reads.h"
#include "merchant/app/offer_commands.h"
#include "merchant/app/place_order_command.h"
#include "tests/model/model_names.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace puhui::testing {

using ledger::Reason;
using merchant::FulfilmentKind;
using merchant::OrderState;

namespace {}  // namespace

OrderSteps::OrderSteps(Desk desk) : desk_(std::move(desk)) {
  for (std::uint32_t number = 1; number <= kMerchants; ++number) {
    desk_.model->terminals[MarketModel::kNoTill + number] = {.merchant = number};
  }
}

merchant::TillState OrderSteps::State() {
  return {.tables = &desk_.ledger->merchant(),
          .views = &desk_.ledger->views(),
          .profiles = &everybody_};
}

void OrderSteps::Step() {
  NoteLapsed();
  switch (desk_.random->Below(16)) {
    case 0:
      return CreateOffer();
    case 1:
      return desk_.random->Below(3) == 0 ? ChangePrice() : BringCodes();
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
      return Place();
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
      return desk_.random->Below(2) == 0 ? Transfer() : Redeem();
  }
}

void OrderSteps::CreateOffer() {
  SeededRandom& random = *desk_.random;
  Offer offer{.merchant = static_cast<std::uint32_t>(1 + random.Below(kMerchants)),
              .price = static_cast<std::int64_t>(1 + random.Below(60)),
              .version = 2,
              .available = static_cast<std::int64_t>(random.Below(6)),
              .limit = static_cast<std::uint32_t>(random.Below(4)),
              .transferable = random.Below(2) == 0,
              .external = random.Below(4) == 0};
  if (offer.external) offer.available = 0;
  merchant::OfferContent content{
      .title = "粽子",
      .kind = merchant::OfferKind::kItem,
      .price = offer.price,
      .window = {.last_day = absl::CivilDay(2099, 12, 31)},
      .per_member_limit = offer.limit,
      .fulfilments = {FulfilmentKind::kPickUp, FulfilmentKind::kDelivery, FulfilmentKind::kECoupon},
      .transferable = offer.transferable,
      .voucher_days = static_cast<std::uint32_t>(1 + random.Below(3)),
      .external_codes = offer.external};
  if (offer.external) content.fulfilments = {FulfilmentKind::kECoupon};
  const auto created = desk_.run([=, this] {
    return std::make_unique<merchant::CreateOfferCommand>(
        merchant::OfferDesk{.tables = &desk_.ledger->merchant(),
                            .merchant_zone = absl::UTCTimeZone()},
        merchant::CreateOfferCommand::Wish{.merchant = MerchantIdOf(offer.merchant),
                                           .content = content,
                                           .stock = offer.available});
  });
  if (!created.ok()) return;  // Of a merchant that is closed.
  const std::uint32_t number = created->first().offer_created().offer();
  const auto published = desk_.run([=, this] {
    return std::make_unique<merchant::MoveOfferCommand>(
        &desk_.ledger->merchant(),
        merchant::MoveOfferCommand::Wish{.offer = merchant::OfferNumber{number},
                                         .state = merchant::OfferState::kPublished});
  });
  if (published.ok()) offers_[number] = offer;
}

// Whoever has read the offer before hears that it changed.
void OrderSteps::ChangePrice() {
  const std::uint32_t number = AnyOffer();
  if (number == 0) return;
  const auto price = static_cast<std::int64_t>(1 + desk_.random->Below(60));
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::UpdateOfferCommand>(
        merchant::OfferDesk{.tables = &desk_.ledger->merchant(),
                            .merchant_zone = absl::UTCTimeZone()},
        merchant::UpdateOfferCommand::Wish{
            .offer = merchant::OfferNumber{number},
            .fields = {.benefit = true},
            .content = {.kind = merchant::OfferKind::kItem, .price = price}});
  });
  if (!outcome.ok()) return;
  ++offers_[number].version;
  offers_[number].price = price;
}

void OrderSteps::Place() {
  SeededRandom& random = *desk_.random;
  const std::uint32_t number = AnyOffer();
  const absl::optional<MemberId> member = desk_.any_member();
  if (number == 0 || !member.has_value()) return;
  Offer& offer = offers_[number];
  Order order{.offer = number,
              .member = *member,
              .way = static_cast<FulfilmentKind>(1 + random.Below(3)),
              .quantity = static_cast<std::uint32_t>(1 + random.Below(3))};
  const bool at_once = order.way == FulfilmentKind::kECoupon;
  const std::uint32_t version = random.Below(10) == 0 ? offer.version + 1 : offer.version;
  const std::uint64_t digits = ++drawn_;
  const auto outcome = desk_.run([=, this] {
    merchant::PlaceOrderCommand::Wish wish{.member = *member,
                                           .offer = merchant::OfferNumber{number},
                                           .version = version,
                                           .quantity = order.quantity,
                                           .fulfilment = order.way,
                                           .voucher = FreshOf(digits),
                                           .authorization_code = "A1B2C3"};
    if (order.way == FulfilmentKind::kPickUp) wish.store = "s-1";
    return std::make_unique<merchant::PlaceOrderCommand>(State(), std::move(wish));
  });
  MarketModel::OfferRules rules;
  if (offer.external && !at_once) {
    rules.state = Reason::kOrderNotOffered;
  } else if (version != offer.version) {
    rules.state = Reason::kOfferChanged;
  }
  const std::uint32_t uses = offer.uses[*member];
  if (offer.limit != 0 && uses + order.quantity > offer.limit) {
    rules.uses = Reason::kOfferLimitReached;
  }
  if (order.quantity > offer.available) rules.stock = Reason::kOutOfStock;
  const Sequence placed = outcome.ok() ? outcome->first().sequence() : 0;
  MarketModel::Wished wished{.member = *member, .points = offer.price * order.quantity};
  if (!at_once) {
    wished.expiry =
        outcome.ok()
            ? absl::FromUnixMicros(outcome->first().entry().authorization().expire_time_micros())
            : absl::InfiniteFuture();
  }
  MarketModel::TillCall call = NoTill(offer.merchant, placed);
  if (outcome.ok()) call.now = absl::FromUnixMicros(outcome->first().time_micros());
  if (!desk_.expect(desk_.model->PlaceOrder(call, wished, rules), outcome)) return;
  offer.available -= order.quantity;
  offer.sold += order.quantity;
  offer.uses[*member] += order.quantity;
  const journal::v1::OrderPlaced& said =
      at_once ? outcome->first().entry().purchase().order_placed()
              : outcome->first().entry().authorization().order_placed();
  order.state = at_once ? OrderState::kAccepted : OrderState::kPlaced;
  if (offer.external) {
    order.state = OrderState::kFulfilled;
    order.first_code = offer.given + 1;
    offer.given += order.quantity;
  } else if (order.way != FulfilmentKind::kDelivery) {
    order.voucher = Voucher{.digits = at_once ? digits : 0,
                            .holder = *member,
                            .expiry = absl::FromUnixMicros(said.voucher().expire_time_micros())};
  }
  orders_[placed] = order;
  desk_.compare_member(*member);
}

template <class Command, class... Wish>
bool OrderSteps::Run(Sequence number, const merchant::OrderCall& call, const Verdict& expected,
                     const Wish&... wish) {
  const auto outcome =
      desk_.run([=, this] { return std::make_unique<Command>(State(), call, wish...); });
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
    return std::make_unique<merchant::AcceptOrderCommand>(State(), call, FreshOf(digits));
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

MarketModel::TillCall OrderSteps::NoTill(std::uint32_t merchant, Sequence sequence) const {
  return {
      .keys = {MarketModel::kNoTill + merchant, 0, 0}, .sequence = sequence, .now = desk_.now()};
}

}  // namespace puhui::testing
