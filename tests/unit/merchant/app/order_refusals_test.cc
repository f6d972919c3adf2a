// SPDX-License-Identifier: Apache-2.0
// Every refusal of the calls about orders, one broken rule each, and in order.
#include "ledger/base/limits.h"
#include "merchant/app/limit_commands.h"
#include "tests/unit/merchant/app/order_fixture.h"
#include "tests/unit/merchant/app/ordered_pairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ::testing::Contains;
using ::testing::Pair;

// What can be wrong with an order, in the order in which it is reported.
enum PlaceFault {
  kNoMember,
  kNoStore,
  kNoOffer,
  kSellerSuspended,
  kMemberSuspended,
  kNotInThisWay,
  kWithdrawn,
  kChanged,
  kOver,
  kTooManyUnions,
  kTooManyHeld,
  kForOthers,
  kUsedUp,
  kAboveLimit,
  kTooManyAddresses,
  kSoldOut,
  kTooLittle,
  kPlaceFaults,
};
constexpr std::array<Reason, kPlaceFaults> kPlaceReasons = {Reason::kNotFound,
                                                            Reason::kNotFound,
                                                            Reason::kOfferNotFound,
                                                            Reason::kMerchantNotActive,
                                                            Reason::kMemberNotActive,
                                                            Reason::kOrderNotOffered,
                                                            Reason::kOfferNotPublished,
                                                            Reason::kOfferChanged,
                                                            Reason::kOfferNotOpen,
                                                            Reason::kLotsPerPurchaseLimit,
                                                            Reason::kAuthorizationsPerWalletLimit,
                                                            Reason::kOfferNotForMember,
                                                            Reason::kOfferLimitReached,
                                                            Reason::kMemberLimit,
                                                            Reason::kOrderAddressesLimit,
                                                            Reason::kOutOfStock,
                                                            Reason::kInsufficientPoints};

class PlaceOrderRefusalTest : public OrderTest,
                              public ::testing::WithParamInterface<std::pair<int, int>> {
 protected:
  PlaceOrderRefusalTest() {
    // One union more than an authorisation may have.
    for (int i = 0; i < 17; ++i) AddLot(100, absl::Hours(1'000));
    OfferContent content = Item(10, {FulfilmentKind::kDelivery});
    content.per_member_limit = kOrderQuantityMax;
    offer_ = Offer(content, kOrderQuantityMax);
    wish_ = WishFor(offer_, 1, FulfilmentKind::kDelivery);
  }
  void Break(PlaceFault fault) {
    OfferRow& offer = tables_.offers.Edit(offer_);
    switch (fault) {
      case kNoMember:
        wish_.member = MemberId(9, 9);
        return;
      case kNoStore:
        wish_.store = "s-9";
        return;
      case kNoOffer:
        wish_.offer = OfferNumber{99};
        return;
      case kSellerSuspended:
        tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kSuspended;
        return;
      case kMemberSuspended:
        ledger_.views().wallets.Edit(kBuyer).state = ledger::WalletState::kSuspended;
        return;
      case kNotInThisWay:
        offer.content.fulfilments = {FulfilmentKind::kPickUp};
        return;
      case kWithdrawn:
        offer.state = OfferState::kWithdrawn;
        return;
      case kChanged:
        offer.version = 99;
        return;
      case kOver:
        offer.content.window.end = ledger_.clock().Now();
        return;
      case kTooManyHeld:
        ledger_.views().wallets.Edit(kBuyer).open_authorizations = kAuthorizationsPerWalletMax;
        return;
      case kForOthers:
        offer.content.audience.unions = {UnionNumber{2}};
        return;
      case kUsedUp:
        tables_.offer_uses.Edit({offer_, wish_.member}) = kOrderQuantityMax;
        return;
      case kAboveLimit: {
        SetLimitsCommand command(State(),
                                 {.target = {.subject = LimitSubject::kMember, .member = kBuyer},
                                  .limits = {{.window = LimitWindow::kHour, .count_max = 0}},
                                  .person = "people/wang-1"});
        ASSERT_OK(ledger_.Run(command));
        return;
      }
      case kTooManyAddresses:
        tables_.delivery_addresses.Edit(kBuyer).waiting.resize(kOrderAddressesMax);
        return;
      case kSoldOut:
        tables_.offer_stocks.Edit(offer_).available = 0;
        return;
      case kTooManyUnions:
        wish_.quantity = 165;
        return;
      case kTooLittle:
        wish_.quantity = 171;
        return;
      case kPlaceFaults:
        return;
    }
  }

  OfferNumber offer_{};
  Wish wish_;
};

TEST_P(PlaceOrderRefusalTest, TheEarlierOfTwoBrokenRulesIsReported) {
  const auto [first, second] = GetParam();
  if (second != first) Break(static_cast<PlaceFault>(second));
  Break(static_cast<PlaceFault>(first));
  const Sequence last = ledger_.last_sequence();
  EXPECT_THAT(Place(wish_), Refuses(kPlaceReasons.at(static_cast<std::size_t>(first))));
  EXPECT_EQ(ledger_.last_sequence(), last);
  EXPECT_EQ(Held(), 0);
}

INSTANTIATE_TEST_SUITE_P(Pairs, PlaceOrderRefusalTest,
                         ::testing::ValuesIn(testing::OrderedPairs(kPlaceFaults, [](int first,
                                                                                    int second) {
                           // An amount is not within the wallet and above it; of an offer that
                           // there is not there is no store to miss.
                           return !(first == kTooManyUnions && second == kTooLittle) &&
                                  !(first == kNoStore && second == kNoOffer);
                         })));

TEST_F(PlaceOrderRefusalTest, AnOrderThatBreaksNoRuleIsPlaced) { EXPECT_OK(Place(wish_)); }

TEST_F(PlaceOrderRefusalTest, AnOfferThatChangedIsRefusedWithTheNewOne) {
  UpdateOfferCommand dearer({.tables = &tables_, .merchant_zone = absl::UTCTimeZone()},
                            {.offer = offer_,
                             .fields = {.benefit = true},
                             .content = Item(25, {FulfilmentKind::kDelivery}),
                             .person = "people/li-1"});
  ASSERT_OK(ledger_.Run(dearer));
  const auto refused = Place(wish_);
  ASSERT_THAT(refused, Refuses(Reason::kOfferChanged));
  const auto refusal = ledger::RefusalOf(refused.status());
  EXPECT_THAT(refusal->metadata, Contains(Pair("version", "3")));
  EXPECT_THAT(refusal->metadata, Contains(Pair("points", "25")));
  wish_.version = 3;
  const Sequence order = Ordered(wish_);
  EXPECT_EQ(Order(order).unit_points, 25);
}

TEST_F(PlaceOrderRefusalTest, WhomAnOfferIsNotForDoesNotLearnWhatItSaysNow) {
  Break(kForOthers);
  wish_.version = 9;
  auto refused = Place(wish_);
  ASSERT_THAT(refused, Refuses(Reason::kOfferChanged));
  EXPECT_TRUE(ledger::RefusalOf(refused.status())->metadata.empty());
  EXPECT_EQ(ledger::RefusalOf(refused.status())->message.find('2'), std::string::npos);
  wish_.version = 2;
  Break(kOver);
  refused = Place(wish_);
  ASSERT_THAT(refused, Refuses(Reason::kOfferNotOpen));
  EXPECT_TRUE(ledger::RefusalOf(refused.status())->metadata.empty());
}

TEST_F(OrderTest, SeatsAreOrderedUntilTheDayOfTheirJourneyIsOver) {
  AddLot(1'000, absl::Hours(24 * 1'000));
  const absl::CivilDay today = absl::ToCivilDay(ledger_.clock().Now(), absl::UTCTimeZone());
  OfferContent seats = Item(100, {FulfilmentKind::kPickUp, FulfilmentKind::kECoupon});
  seats.kind = OfferKind::kSeats;
  seats.journey = {.day = today, .from = "北京", .to = "厦门"};
  const OfferNumber train = Offer(seats, 9);
  EXPECT_OK(Place(WishFor(train)));
  ledger_.clock().Set(absl::FromCivil(today + 1, absl::UTCTimeZone()));
  for (const FulfilmentKind way : {FulfilmentKind::kPickUp, FulfilmentKind::kECoupon}) {
    EXPECT_THAT(Place(WishFor(train, 1, way)), Refuses(Reason::kOfferNotOpen, "offer"));
  }
  MoveOfferCommand withdraw(
      &tables_, {.offer = train, .state = OfferState::kWithdrawn, .person = "people/li-1"});
  ASSERT_OK(ledger_.Run(withdraw));
  MoveOfferCommand publish(
      &tables_, {.offer = train, .state = OfferState::kPublished, .person = "people/li-1"});
  EXPECT_THAT(ledger_.Run(publish), Refuses(Reason::kOfferNotOpen));
  // What they are on other days is sold.
  seats.journey.day = today + 1;
  EXPECT_OK(Place(WishFor(Offer(seats, 9))));
}

TEST_F(OrderTest, PriceAndTermsOfAnOrderAreThoseOfItsVersion) {
  AddLot(1'000, absl::Hours(1'000));
  const OfferNumber cake = Offer(100, 5);
  const Sequence order = Ordered(WishFor(cake, 2));
  UpdateOfferCommand dearer({.tables = &tables_, .merchant_zone = absl::UTCTimeZone()},
                            {.offer = cake,
                             .fields = {.benefit = true},
                             .content = Item(900, {FulfilmentKind::kPickUp}),
                             .person = "people/li-1"});
  ASSERT_OK(ledger_.Run(dearer));
  ASSERT_OK(Accept(ByMerchant(order)));
  EXPECT_EQ(Row(order).points, 200);
}

TEST_F(OrderTest, ADiscountIsNotOrdered) {
  OfferContent off = Item(0, {});
  off.kind = OfferKind::kAmountOff;
  off.discount = {.off_points = 10, .minimum_points = 100};
  EXPECT_THAT(Place(WishFor(Offer(off, 0))), Refuses(Reason::kOrderNotOffered, "offer"));
}

TEST_F(OrderTest, OutOfStockSaysHowManyThereAre) {
  AddLot(1'000, absl::Hours(1'000));
  const OfferNumber cake = Offer(100, 2);
  const auto refused = Place(WishFor(cake, 3));
  ASSERT_THAT(refused, Refuses(Reason::kOutOfStock));
  EXPECT_THAT(ledger::RefusalOf(refused.status())->metadata, Contains(Pair("available", "2")));
  EXPECT_OK(Place(WishFor(cake, 2)));
}

TEST_F(OrderTest, NobodyElseSeesAnOrder) {
  AddLot(1'000, absl::Hours(1'000));
  const Sequence order = Ordered(WishFor(Offer(100, 5)));
  EXPECT_THAT(Accept(ByMerchant(order, "m-2")), Refuses(Reason::kNotFound));
  EXPECT_THAT(Accept(ByMerchant(order, "m-9")), Refuses(Reason::kNotFound));
  EXPECT_THAT(Cancel(ByMember(order, kFriend)), Refuses(Reason::kNotFound));
  EXPECT_THAT(Cancel(ByMember(order + 1)), Refuses(Reason::kNotFound));
}

TEST_F(OrderTest, StatesFollowOneAnother) {
  AddLot(1'000, absl::Hours(1'000));
  const OfferNumber cake = Offer(100, 9);
  const Sequence sent = Ordered(WishFor(cake, 1, FulfilmentKind::kDelivery));
  EXPECT_THAT(Ship(ByMerchant(sent)), Refuses(Reason::kOrderState));
  EXPECT_THAT(Fulfil(ByMerchant(sent)), Refuses(Reason::kOrderState));
  EXPECT_THAT(Return(ByMerchant(sent), 1), Refuses(Reason::kOrderState));
  ASSERT_OK(Accept(ByMerchant(sent)));
  EXPECT_THAT(Accept(ByMerchant(sent)), Refuses(Reason::kOrderState));
  EXPECT_THAT(Decline(ByMerchant(sent)), Refuses(Reason::kOrderState));
  ASSERT_OK(Ship(ByMerchant(sent)));
  EXPECT_THAT(Ship(ByMerchant(sent)), Refuses(Reason::kOrderState));
  ASSERT_OK(Fulfil(ByMerchant(sent)));
  EXPECT_THAT(Fulfil(ByMerchant(sent)), Refuses(Reason::kOrderState));
  EXPECT_THAT(Cancel(ByMerchant(sent)), Refuses(Reason::kOrderState));
  EXPECT_THAT(Return(ByMerchant(sent), 2), Refuses(Reason::kOrderReturnAbove, "quantity"));
  // What is picked up is not shipped, and not fulfilled but for its voucher.
  const Sequence fetched = Ordered(WishFor(cake));
  ASSERT_OK(Accept(ByMerchant(fetched)));
  EXPECT_THAT(Ship(ByMerchant(fetched)), Refuses(Reason::kOrderState));
  EXPECT_THAT(Fulfil(ByMerchant(fetched)), Refuses(Reason::kOrderState));
}

TEST_F(OrderTest, NothingIsAcceptedOnceItsVoucherWouldBeOver) {
  AddLot(1'000, absl::Hours(24 * 1'000));
  const OfferNumber cake = Offer(100, 5);
  const absl::Time end = tables_.offers.Find(cake)->content.window.end;
  ledger_.clock().Set(end - absl::Seconds(10));
  const Sequence order = Ordered(WishFor(cake));
  ASSERT_GT(Order(order).lapse_time, end);
  ledger_.clock().Set(end);
  EXPECT_THAT(Accept(ByMerchant(order)), Refuses(Reason::kOrderState));
  ledger_.clock().Set(Order(order).lapse_time);
  Lapse({order});
  EXPECT_EQ(Held(), 0);
  EXPECT_EQ(InStock(cake), 5);
}

TEST_F(OrderTest, NothingComesBackAfterTheWindowOrLongAfterTheMerchantClosed) {
  AddLot(1'000, absl::Hours(24 * 1'000));
  const Sequence order = Ordered(WishFor(Offer(100, 9), 2, FulfilmentKind::kDelivery));
  ASSERT_OK(Accept(ByMerchant(order)));
  ledger_.clock().Advance(kRefundWindow + absl::Hours(1));
  EXPECT_THAT(Return(ByMerchant(order), 9), Refuses(Reason::kRefundWindowClosed));
  EXPECT_THAT(Cancel(ByMerchant(order)), Refuses(Reason::kRefundWindowClosed));
  tables_.merchants.Edit(MerchantNumber{1}).close_time =
      ledger_.clock().Now() - kRefundsAfterClosing;
  EXPECT_THAT(Return(ByMerchant(order), 1), Refuses(Reason::kMerchantNotActive));
  EXPECT_THAT(Cancel(ByMerchant(order)), Refuses(Reason::kMerchantNotActive));
}

}  // namespace
}  // namespace puhui::merchant
