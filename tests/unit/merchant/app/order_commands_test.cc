// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/order_records.h"
#include "merchant/app/statement_line.h"
#include "tests/unit/merchant/app/folded_again.h"
#include "tests/unit/merchant/app/order_fixture.h"

#include <gtest/gtest.h>

namespace puhui::merchant {
namespace {

using ledger::AccountKind;
using ledger::Reason;

TEST_F(OrderTest, PlacingHoldsPointsTakesStockAndCountsInOneDecision) {
  AddLot(1'000, absl::Hours(1'000));
  const OfferNumber cake = Offer(100, 5);
  const auto placed = Place(WishFor(cake, 3));
  ASSERT_OK(placed);
  ASSERT_EQ(placed->records().size(), 1U);
  const journal::v1::Authorization& held = placed->first().entry().authorization();
  EXPECT_EQ(held.points(), 300);
  EXPECT_EQ(held.till().merchant(), 1U);
  EXPECT_EQ(held.till().terminal(), 0U);
  EXPECT_EQ(Held(), 300);
  EXPECT_EQ(Available(), 700);
  EXPECT_EQ(InStock(cake), 2);
  EXPECT_EQ(Sold(cake), 3);
  EXPECT_EQ(Uses(cake), 3U);
  const OrderRow order = Order(placed->first().sequence());
  EXPECT_EQ(order.state, OrderState::kPlaced);
  EXPECT_EQ(order.points(), 300);
  EXPECT_EQ(order.store, "s-1");
  EXPECT_GE(order.lapse_time - order.place_time, absl::Hours(48));
  EXPECT_LE(order.lapse_time - order.place_time, absl::Hours(48) + absl::Seconds(1));
  ExpectFoldsAlike(ledger_);
}

TEST_F(OrderTest, AnOfferOfSomeRegionsIsHadAtStoresThereAlone) {
  AddLot(1'000, absl::Hours(1'000));
  OfferContent content = Item(10, {FulfilmentKind::kPickUp, FulfilmentKind::kDelivery});
  content.regions = {350200};
  const OfferNumber offer = Offer(content, 10);
  StoreRow& store = tables_.stores.Edit({MerchantNumber{1}, "s-1"});
  for (const std::uint32_t elsewhere : {0U, 350100U, 350102U}) {
    store.region = elsewhere;
    EXPECT_THAT(Place(WishFor(offer)), Refuses(Reason::kOrderNotOffered, "store")) << elsewhere;
  }
  // What is brought to somebody comes from no store.
  EXPECT_OK(Place(WishFor(offer, 1, FulfilmentKind::kDelivery)));
  store.region = 350203;
  EXPECT_OK(Place(WishFor(offer)));
}

TEST_F(OrderTest, AnAcceptedOrderIsASaleOfThatBusinessDay) {
  AddLot(1'000, absl::Hours(1'000));
  const OfferNumber cake = Offer(100, 5);
  const Sequence order = Ordered(WishFor(cake, 2));
  const auto accepted = Accept(ByMerchant(order));
  ASSERT_OK(accepted);
  EXPECT_EQ(Held(), 0);
  EXPECT_EQ(Balance(AccountKind::kPayable, 1), 195);  // 2.5 % are the fee.
  EXPECT_EQ(Balance(AccountKind::kFee, 1), 5);
  EXPECT_EQ(Order(order).state, OrderState::kAccepted);
  EXPECT_TRUE(accepted->first().entry().has_opened_day());
  const auto line = LineOf(accepted->first());
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->original, order);
  EXPECT_EQ(line->Points(), 200);
  EXPECT_EQ(line->terminal, TerminalNumber{});
  EXPECT_EQ(Row(order).points, 200);
  ExpectFoldsAlike(ledger_);
}

TEST_F(OrderTest, WhatEndsBeforeItIsAcceptedGivesAllBack) {
  AddLot(1'000, absl::Hours(1'000));
  const OfferNumber cake = Offer(100, 5);
  ASSERT_OK(Decline(ByMerchant(Ordered(WishFor(cake, 2)))));
  ASSERT_OK(Cancel(ByMember(Ordered(WishFor(cake, 2)))));
  ASSERT_OK(Cancel(ByMerchant(Ordered(WishFor(cake, 2)))));
  const Sequence late = Ordered(WishFor(cake, 2));
  EXPECT_EQ(Available(), 800);
  EXPECT_EQ(InStock(cake), 3);
  ledger_.clock().Advance(absl::Hours(49));
  // Its time is over when it is, whether or not the timer has come to it.
  EXPECT_THAT(Accept(ByMerchant(late)), Refuses(Reason::kOrderState));
  Lapse({late});
  EXPECT_EQ(Order(late).state, OrderState::kLapsed);
  EXPECT_EQ(Available(), 1'000);
  EXPECT_EQ(Held(), 0);
  EXPECT_EQ(InStock(cake), 5);
  EXPECT_EQ(Sold(cake), 0);
  EXPECT_EQ(Uses(cake), 0U);
  ExpectFoldsAlike(ledger_);
}

TEST_F(OrderTest, PartsComeBackToTheLotsThatPaidAndIntoStock) {
  AddLot(150, absl::Hours(100));
  AddLot(1'000, absl::Hours(1'000));
  const OfferNumber cake = Offer(100, 5);
  const Sequence order = Ordered(WishFor(cake, 3, FulfilmentKind::kDelivery));
  ASSERT_OK(Accept(ByMerchant(order)));
  ASSERT_OK(Ship(ByMerchant(order)));
  ASSERT_OK(Fulfil(ByMerchant(order)));
  const auto returned = Return(ByMerchant(order), 1);
  ASSERT_OK(returned);
  // The last lot that paid is the first that has points again.
  EXPECT_EQ(returned->first().entry().lots(0).lot(), 2U);
  EXPECT_EQ(returned->first().entry().refund().points(), 100);
  EXPECT_EQ(Order(order).state, OrderState::kFulfilled);
  EXPECT_EQ(Order(order).returned, 1U);
  EXPECT_EQ(InStock(cake), 3);
  EXPECT_EQ(Uses(cake), 2U);
  ASSERT_OK(Return(ByMerchant(order), 2));
  EXPECT_EQ(Order(order).state, OrderState::kReturned);
  EXPECT_EQ(Available(), 1'150);
  EXPECT_EQ(InStock(cake), 5);
  EXPECT_EQ(Balance(AccountKind::kFee, 1) + Balance(AccountKind::kFee, 2), 0);
  EXPECT_THAT(Return(ByMerchant(order), 1), Refuses(Reason::kOrderState));
  ExpectFoldsAlike(ledger_);
}

TEST_F(OrderTest, AMerchantCancelsWhatItAcceptedAndTheMemberDoesNot) {
  AddLot(1'000, absl::Hours(1'000));
  const OfferNumber cake = Offer(100, 5);
  const Sequence order = Ordered(WishFor(cake, 3));
  ASSERT_OK(Accept(ByMerchant(order)));
  EXPECT_THAT(Cancel(ByMember(order)), Refuses(Reason::kOrderState));
  ASSERT_OK(Return(ByMerchant(order), 1));
  ASSERT_OK(Cancel(ByMerchant(order)));
  EXPECT_EQ(Order(order).state, OrderState::kCancelled);
  EXPECT_EQ(Order(order).voucher->state, VoucherState::kVoid);
  EXPECT_EQ(Available(), 1'000);
  EXPECT_EQ(InStock(cake), 5);
  EXPECT_EQ(Uses(cake), 0U);
  ExpectFoldsAlike(ledger_);
}

TEST_F(OrderTest, AnECouponIsSoldAtOnce) {
  AddLot(1'000, absl::Hours(1'000));
  const OfferNumber film = Offer(40, 5, {FulfilmentKind::kECoupon});
  const auto placed = Place(WishFor(film, 2, FulfilmentKind::kECoupon));
  ASSERT_OK(placed);
  ASSERT_TRUE(placed->first().entry().has_purchase());
  EXPECT_TRUE(placed->first().entry().has_opened_day());
  const OrderRow order = Order(placed->first().sequence());
  EXPECT_EQ(order.state, OrderState::kAccepted);
  ASSERT_TRUE(order.voucher.has_value());
  EXPECT_TRUE(order.voucher->made());
  EXPECT_EQ(Balance(AccountKind::kPayable, 1), 78);
  EXPECT_EQ(*tables_.vouchers.Find(order.voucher->digits), placed->first().sequence());
  ASSERT_OK(vault_.ReadDigits(ledger_.store(), order.voucher->digits));
  ExpectFoldsAlike(ledger_);
}

TEST_F(OrderTest, AnAddressIsKeptInTheVaultWhileTheOrderIsWaitedFor) {
  AddLot(1'000, absl::Hours(1'000));
  const OfferNumber cake = Offer(100, 9);
  const auto deliver = [&] { return Ordered(WishFor(cake, 1, FulfilmentKind::kDelivery)); };
  const Sequence fulfilled = deliver();
  ASSERT_OK(Accept(ByMerchant(fulfilled)));
  const auto address = vault_.ReadAddress(ledger_.store(), kBuyer, *Order(fulfilled).address);
  ASSERT_OK(address);
  ASSERT_TRUE(address->has_value());
  EXPECT_EQ((*address)->recipient, "张三");
  const Sequence cancelled = deliver();
  const Sequence lapsed = deliver();
  EXPECT_EQ(Addresses(), 3U);
  ASSERT_OK(Fulfil(ByMerchant(fulfilled)));
  ASSERT_OK(Cancel(ByMember(cancelled)));
  EXPECT_EQ(Addresses(), 1U);
  ledger_.clock().Advance(absl::Hours(49));
  Lapse({lapsed});
  EXPECT_EQ(Addresses(), 0U);
  EXPECT_FALSE(Order(fulfilled).address.has_value());
  for (const std::string& record : ledger_.Journal()) {
    EXPECT_EQ(record.find("张三"), std::string::npos);
    EXPECT_EQ(record.find("13800000000"), std::string::npos);
  }
}

TEST_F(OrderTest, MoneyPaidBesideIsRecordedAndMovesNothing) {
  AddLot(1'000, absl::Hours(1'000));
  Wish wish = WishFor(Offer(100, 5));
  wish.own_money = {.amount = 2'590, .currency = "CNY", .tender = "WeChat Pay"};
  const Sequence order = Ordered(wish);
  EXPECT_EQ(Held(), 100);
  EXPECT_EQ(Order(order).own_money.amount, 2'590);
  EXPECT_EQ(Order(order).own_money.currency, "CNY");
  ExpectFoldsAlike(ledger_);
}

TEST_F(OrderTest, TillsLeaveOrdersAlone) {
  AddLot(1'000, absl::Hours(1'000));
  const Sequence order = Ordered(WishFor(Offer(100, 5)));
  EXPECT_THAT(Capture(NextCall(), order, 100), Declines(Reason::kNotFound));
  EXPECT_THAT(Void(NextCall(), order), Declines(Reason::kNotFound));
  AcceptOrderCommand accept(OrderState(), ByMerchant(order), vault_.DrawVoucher());
  accept.request = testing::RequestOf(4711);
  ASSERT_OK(ledger_.Run(accept));
  EXPECT_THAT(Refund(NextCall(), order, 100), Declines(Reason::kNotFound));
  // Nor does a caller who knows the request id undo it at a till.
  const auto reversed = Reverse(NextCall(), {.request_id = testing::RequestOf(4711).request_id});
  ASSERT_OK(reversed);
  EXPECT_TRUE(reversed->first().has_tombstone());
  EXPECT_EQ(Row(order).state, PurchaseState::kCaptured);
  EXPECT_EQ(tables_.batches.Find({TerminalNumber{}, 0}), nullptr);
}

TEST_F(OrderTest, ARepeatedCallIsTheSameOrder) {
  AddLot(1'000, absl::Hours(1'000));
  const OfferNumber cake = Offer(100, 5);
  const auto first = Place(WishFor(cake), 77);
  const auto again = Place(WishFor(cake), 77);
  ASSERT_OK(first);
  ASSERT_OK(again);
  EXPECT_EQ(first->first().sequence(), again->first().sequence());
  EXPECT_EQ(InStock(cake), 4);
}

TEST_F(OrderTest, AnswersAreOfTheRecordWhateverHappenedSince) {
  AddLot(1'000, absl::Hours(1'000));
  const Sequence order = Ordered(WishFor(Offer(100, 5), 3, FulfilmentKind::kDelivery));
  const auto accepted = Accept(ByMerchant(order));
  ASSERT_OK(accepted);
  const OrderRow then = OrderAfter(accepted->first(), Order(order));
  const auto one_back = Return(ByMerchant(order), 1);
  ASSERT_OK(one_back);
  const OrderRow with_two = OrderAfter(one_back->first(), Order(order));
  ASSERT_OK(Ship(ByMerchant(order)));
  ASSERT_OK(Fulfil(ByMerchant(order)));
  ASSERT_OK(Return(ByMerchant(order), 2));
  const auto same = [](const OrderRow& a, const OrderRow& b) {
    return a.state == b.state && a.returned == b.returned && a.tracking == b.tracking &&
           a.end_time == b.end_time && a.reason == b.reason && a.accept_time == b.accept_time;
  };
  EXPECT_EQ(then.state, OrderState::kAccepted);
  EXPECT_TRUE(same(OrderAfter(accepted->first(), Order(order)), then));
  EXPECT_EQ(with_two.returned, 1U);
  EXPECT_TRUE(same(OrderAfter(one_back->first(), Order(order)), with_two));
}

TEST_F(OrderTest, WhoeverListsOrdersSeesTheNewestFirst) {
  AddLot(1'000, absl::Hours(1'000));
  const OfferNumber cake = Offer(100, 5);
  const Sequence first = Ordered(WishFor(cake));
  const Sequence second = Ordered(WishFor(cake));
  std::vector<Sequence> seen;
  const auto note = [&](const FoundOrder& order) -> absl::StatusOr<bool> {
    seen.push_back(order.number);
    return true;
  };
  ASSERT_OK(VisitOrdersOf(kBuyer, ledger_.store(), 0, note));
  EXPECT_EQ(seen, (std::vector<Sequence>{second, first}));
  seen.clear();
  ASSERT_OK(VisitOrdersOf(MerchantNumber{1}, ledger_.store(), second, note));
  EXPECT_EQ(seen, (std::vector<Sequence>{first}));
}

TEST_F(OrderTest, AnOrderIsNotWaitedForBeyondItsVoucher) {
  AddLot(1'000, absl::Hours(1'000));
  OfferContent today = Item(100, {FulfilmentKind::kPickUp});
  today.voucher_days = 1;
  const OrderRow order = Order(Ordered(WishFor(Offer(today, 5))));
  EXPECT_LE(order.voucher->expiry, order.place_time + absl::Hours(24));
  EXPECT_LE(order.lapse_time, order.voucher->expiry + absl::Seconds(1));
}

}  // namespace
}  // namespace puhui::merchant
