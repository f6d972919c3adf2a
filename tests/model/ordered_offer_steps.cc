// SPDX-License-Identifier: Apache-2.0
// Orders, the first part: the offers that are ordered, and the orders that are placed.
#include "merchant/app/offer_commands.h"
#include "merchant/app/offers.h"
#include "tests/model/model_names.h"
#include "tests/model/offer_model.h"
#include "tests/model/order_steps.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <iterator>
#include <memory>

namespace puhui::testing {
namespace {

using ledger::Reason;
using merchant::FulfilmentKind;
using merchant::OrderState;

constexpr absl::CivilDay kFarDay(2099, 12, 31);

merchant::OfferDesk OffersOf(const OrderSteps::Desk& desk) {
  return {.tables = &desk.ledger->merchant(), .merchant_zone = absl::UTCTimeZone()};
}

}  // namespace

void OrderSteps::ChangeOffer() {
  switch (desk_.random->Below(4)) {
    case 0:
      return ChangePrice();
    case 1:
      return MoveOffer();
    default:
      return BringCodes();
  }
}

// Most are for everybody, everywhere and for ever, so that there are orders to go on with.
OrderSteps::Offer OrderSteps::DrawOffer() {
  SeededRandom& random = *desk_.random;
  const absl::CivilDay today = absl::ToCivilDay(desk_.now(), absl::UTCTimeZone());
  Offer offer{.merchant = static_cast<std::uint32_t>(1 + random.Below(kMerchants)),
              .price = static_cast<std::int64_t>(1 + random.Below(60)),
              .version = 1,
              .available = static_cast<std::int64_t>(random.Below(6)),
              .limit = static_cast<std::uint32_t>(random.Below(4)),
              .terms = {.last = kFarDay},
              .transferable = random.Below(2) == 0,
              .external = random.Below(4) == 0};
  ModelOffer& terms = offer.terms;
  if (random.Below(3) == 0) terms.last = today + static_cast<int>(random.Below(3));
  if (random.Below(8) == 0) terms.first = today + static_cast<int>(random.Below(2));
  if (terms.first.has_value() && terms.last < *terms.first) terms.last = *terms.first;
  const MarketModel& model = *desk_.model;
  if (random.Below(5) == 0 && !model.unions.empty()) {
    const auto at = static_cast<std::ptrdiff_t>(random.Below(model.unions.size()));
    terms.unions = {std::next(model.unions.begin(), at)->first};
  }
  if (random.Below(6) == 0 && !model.campaigns.empty()) {
    terms.campaigns = {static_cast<std::uint32_t>(1 + random.Below(model.campaigns.size()))};
  }
  if (random.Below(4) == 0) terms.regions = {kProvinceOfHubei};
  for (const auto way :
       {FulfilmentKind::kPickUp, FulfilmentKind::kDelivery, FulfilmentKind::kECoupon}) {
    const bool has_it = offer.external ? way == FulfilmentKind::kECoupon : random.Below(6) != 0;
    if (has_it) offer.ways.insert(way);
  }
  if (offer.ways.empty()) offer.ways.insert(FulfilmentKind::kPickUp);
  if (offer.external) offer.available = 0;
  return offer;
}

merchant::OfferContent OrderSteps::ContentOf(const Offer& offer) const {
  merchant::OfferContent content{
      .title = "粽子",
      .kind = merchant::OfferKind::kItem,
      .price = offer.price,
      .window = {.first_day = offer.terms.first, .last_day = offer.terms.last},
      .per_member_limit = offer.limit,
      .transferable = offer.transferable,
      .voucher_days = static_cast<std::uint32_t>(1 + offer.price % 3),
      .external_codes = offer.external};
  content.fulfilments.assign(offer.ways.begin(), offer.ways.end());
  content.regions.assign(offer.terms.regions.begin(), offer.terms.regions.end());
  for (const std::uint32_t of : offer.terms.unions) {
    content.audience.unions.push_back(desk_.number_of(of));
  }
  for (const std::uint32_t number : offer.terms.campaigns) {
    content.audience.campaigns.push_back(CampaignNumber{number});
  }
  return content;
}

void OrderSteps::CreateOffer() {
  Offer offer = DrawOffer();
  const auto created = desk_.run([=, this] {
    return std::make_unique<merchant::CreateOfferCommand>(
        OffersOf(desk_),
        merchant::CreateOfferCommand::Wish{.merchant = MerchantIdOf(offer.merchant),
                                           .content = ContentOf(offer),
                                           .stock = offer.available});
  });
  if (!created.ok()) return;  // Of a merchant that is closed.
  const std::uint32_t number = created->first().offer_created().offer();
  offers_[number] = offer;
  // Now and then it stays a draft.
  if (desk_.random->Below(12) != 0) MoveTo(number, ModelOffer::State::kPublished);
}

// Whoever has read the offer before hears that it changed.
void OrderSteps::ChangePrice() {
  const std::uint32_t number = AnyOffer();
  if (number == 0) return;
  const auto price = static_cast<std::int64_t>(1 + desk_.random->Below(60));
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::UpdateOfferCommand>(
        OffersOf(desk_), merchant::UpdateOfferCommand::Wish{
                             .offer = merchant::OfferNumber{number},
                             .fields = {.benefit = true},
                             .content = {.kind = merchant::OfferKind::kItem, .price = price}});
  });
  const auto standing = desk_.model->merchants[offers_[number].merchant].standing;
  const bool closed = standing == LedgerModel::MerchantStanding::kClosed;
  if (!desk_.expect(closed ? Verdict(Reason::kMerchantNotActive) : Verdict(), outcome)) return;
  ++offers_[number].version;
  offers_[number].price = price;
}

// Withdrawn, mostly to be published again soon.
void OrderSteps::MoveOffer() {
  const std::uint32_t number = AnyOffer();
  if (number == 0) return;
  const bool is_shown = offers_[number].terms.state == ModelOffer::State::kPublished;
  const bool publish = desk_.random->Below(5) == 0 ? is_shown : !is_shown;
  MoveTo(number, publish ? ModelOffer::State::kPublished : ModelOffer::State::kWithdrawn);
}

void OrderSteps::MoveTo(std::uint32_t number, ModelOffer::State state) {
  Offer& offer = offers_[number];
  const bool publish = state == ModelOffer::State::kPublished;
  const absl::Time now = desk_.now();
  const auto standing = desk_.model->merchants[offer.merchant].standing;
  Verdict expected;
  if (publish && standing != LedgerModel::MerchantStanding::kActive) {
    expected = Reason::kMerchantNotActive;
  } else if (offer.terms.state == state) {
    expected = Reason::kOfferState;
  } else if (publish && !IsBeforeEnd(offer.terms, now)) {
    expected = Reason::kOfferNotOpen;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::MoveOfferCommand>(
        &desk_.ledger->merchant(),
        merchant::MoveOfferCommand::Wish{.offer = merchant::OfferNumber{number},
                                         .state = publish ? merchant::OfferState::kPublished
                                                          : merchant::OfferState::kWithdrawn});
  });
  if (!desk_.expect(expected, outcome)) return;
  offer.terms.state = state;
  ++offer.version;
}

std::string OrderSteps::StoreOf(std::uint32_t store) {
  return store == 0 ? "" : absl::StrCat("s-", store);
}

merchant::PlaceOrderCommand::Wish OrderSteps::WishOf(const Order& order, std::uint32_t version,
                                                     std::uint64_t digits) {
  merchant::PlaceOrderCommand::Wish wish{.member = order.member,
                                         .offer = merchant::OfferNumber{order.offer},
                                         .version = version,
                                         .quantity = order.quantity,
                                         .fulfilment = order.way,
                                         .store = StoreOf(order.store),
                                         .voucher = FreshOf(digits),
                                         .authorization_code = "A1B2C3"};
  if (order.own_money != 0) {
    wish.own_money = {.amount = order.own_money, .currency = "CNY", .tender = "WECHAT"};
  }
  return wish;
}

MarketModel::OfferRules OrderSteps::RulesOf(const Offer& offer, const Order& order,
                                            std::uint32_t version, absl::Time now) const {
  MarketModel::OfferRules rules;
  const std::uint32_t region = order.store == 2 ? RegionOfSecondStore(offer.merchant) : 0;
  const bool is_good_there = order.store == 0 || IsGoodIn(offer.terms, region);
  if (!offer.ways.contains(order.way) || !is_good_there) {
    rules.state = Reason::kOrderNotOffered;
  } else if (offer.terms.state != ModelOffer::State::kPublished) {
    rules.state = Reason::kOfferNotPublished;
  } else if (version != offer.version) {
    rules.state = Reason::kOfferChanged;
  } else if (!IsOpen(offer.terms, now)) {
    rules.state = Reason::kOfferNotOpen;
  }
  const auto uses = offer.uses.find(order.member);
  const std::uint32_t used = uses == offer.uses.end() ? 0 : uses->second;
  if (!IsFor(*desk_.model, offer.terms, order.member)) {
    rules.uses = Reason::kOfferNotForMember;
  } else if (offer.limit != 0 && used + order.quantity > offer.limit) {
    rules.uses = Reason::kOfferLimitReached;
  }
  if (order.quantity > offer.available) rules.stock = Reason::kOutOfStock;
  return rules;
}

absl::optional<MemberId> OrderSteps::AnyBuyer(std::int64_t points) {
  absl::optional<MemberId> member;
  for (int tried = 0; tried < 12; ++tried) {
    member = desk_.any_member();
    if (!member.has_value()) break;
    const bool active = desk_.model->members.at(*member).standing == MarketModel::Standing::kActive;
    if (active && desk_.model->Available(*member, desk_.now()) >= points) break;
  }
  return member;
}

void OrderSteps::Place() {
  SeededRandom& random = *desk_.random;
  const std::uint32_t number = AnyOffer();
  if (number == 0) return;
  Offer& offer = offers_[number];
  Order order{
      .offer = number,
      .way = static_cast<FulfilmentKind>(1 + random.Below(3)),
      .store = static_cast<std::uint32_t>(random.Below(3)),
      .quantity = static_cast<std::uint32_t>(1 + random.Below(3)),
      .own_money = random.Below(4) == 0 ? static_cast<std::int64_t>(1 + random.Below(9'000)) : 0};
  if (random.Below(4) != 0) {
    const auto at = static_cast<std::ptrdiff_t>(random.Below(offer.ways.size()));
    order.way = *std::next(offer.ways.begin(), at);
  }
  const absl::optional<MemberId> member = AnyBuyer(offer.price * order.quantity);
  if (!member.has_value()) return;
  order.member = *member;
  const bool at_once = order.way == FulfilmentKind::kECoupon;
  const std::uint32_t version = random.Below(10) == 0 ? offer.version + 1 : offer.version;
  const std::uint64_t digits = ++drawn_;
  const MarketModel::OfferRules rules = RulesOf(offer, order, version, desk_.now());
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::PlaceOrderCommand>(desk_.state(),
                                                         WishOf(order, version, digits));
  });
  const Sequence placed = outcome.ok() ? outcome->first().sequence() : 0;
  MarketModel::Wished wished{.member = *member, .points = offer.price * order.quantity};
  if (!at_once) {
    wished.expiry =
        outcome.ok()
            ? absl::FromUnixMicros(outcome->first().entry().authorization().expire_time_micros())
            : absl::InfiniteFuture();
  }
  MarketModel::TillCall call = NoTill(offer.merchant, placed, order.store);
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

void OrderSteps::PlaceWrongly() {
  SeededRandom& random = *desk_.random;
  const std::uint32_t number = AnyOffer();
  const absl::optional<MemberId> member = desk_.any_member();
  if (number == 0 || !member.has_value()) return;
  Order order{.offer = number,
              .member = *member,
              .way = FulfilmentKind::kPickUp,
              .store = 1,
              .quantity = 1};
  MarketModel::OfferRules rules;
  Verdict expected;
  std::uint32_t seller = offers_[number].merchant;
  switch (random.Below(4)) {
    case 0:
      order.member = MemberId(9, 9);
      expected = Reason::kNotFound;
      break;
    case 1:
      order.store = 9;
      expected = Reason::kNotFound;
      break;
    case 2:
      order.offer = 4'000'001;
      expected = Reason::kOfferNotFound;
      break;
    default: {
      const auto& written = desk_.model->offers;
      if (written.empty()) return;
      const auto at = static_cast<std::ptrdiff_t>(random.Below(written.size()));
      const auto& [other, terms] = *std::next(written.begin(), at);
      if (!terms.IsDiscount()) return;
      order.offer = other;
      seller = terms.merchant;
      rules.state = Reason::kOrderNotOffered;
    }
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::PlaceOrderCommand>(desk_.state(), WishOf(order, 1, 0));
  });
  if (!expected.has_value()) {
    expected = desk_.model->PlaceOrder(NoTill(seller, 0), {.member = order.member}, rules);
  }
  desk_.expect(expected, outcome);
}

}  // namespace puhui::testing
