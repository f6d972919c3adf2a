// SPDX-License-Identifier: Apache-2.0
// What offers take off the bills of purchases.
#include "ledger/base/limits.h"
#include "tests/unit/merchant/app/folded_again.h"
#include "tests/unit/merchant/app/offer_fixture.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::AccountKind;
using ledger::Reason;

using OfferAtTheTillTest = OfferTest;

TEST_F(OfferAtTheTillTest, TheWalletPaysWhatIsLeftAndTheMerchantGivesUpTheRest) {
  AddGrant(2'000, Open());
  const OfferNumber offer = Published(PercentageOff(1'000));
  ASSERT_OK_AND_ASSIGN(const auto outcome, BuyWith(offer, {.points = 1'001}));
  const journal::v1::Purchase& purchase = outcome.first().entry().purchase();
  EXPECT_EQ(purchase.points(), 900);
  EXPECT_EQ(purchase.offer(), 1U);
  EXPECT_EQ(purchase.offer_version(), 2U);  // Created, published.
  EXPECT_EQ(purchase.offer_discount_points(), 101);
  EXPECT_EQ(purchase.asked_points(), 0);
  EXPECT_EQ(Available(), 1'100);
  // The fee is on what was taken.
  EXPECT_EQ(Balance(AccountKind::kFee, 1), 22);
  EXPECT_EQ(Balance(AccountKind::kPayable, 1), 878);
  const PurchaseRow row = Row(outcome.first().sequence());
  EXPECT_EQ(row.offer, offer);
  EXPECT_EQ(row.offer_discount, 101);
  EXPECT_EQ(Uses(offer), 1U);
  ExpectFoldsAlike(ledger_);
}

TEST_F(OfferAtTheTillTest, WithNoOfferNamedNothingGoesOff) {
  AddGrant(2'000, Open());
  Published(PercentageOff(1'000));
  ASSERT_OK_AND_ASSIGN(const auto outcome, BuyWith(OfferNumber{}, {.points = 1'000}));
  EXPECT_EQ(outcome.first().entry().purchase().points(), 1'000);
  EXPECT_EQ(outcome.first().entry().purchase().offer(), 0U);
}

TEST_F(OfferAtTheTillTest, OfABasketEachLineIsLessInProportion) {
  AddGrant(1'000, Open());
  const OfferNumber offer = Published(AmountOff(60, 600));
  ASSERT_OK_AND_ASSIGN(
      const auto outcome,
      BuyWith(offer,
              {.points = 600, .lines = {{.points = 100}, {.category = kBookshop, .points = 500}}}));
  const journal::v1::Purchase& purchase = outcome.first().entry().purchase();
  EXPECT_EQ(purchase.points(), 540);
  ASSERT_EQ(purchase.lines_size(), 2);
  EXPECT_EQ(purchase.lines(0).points(), 100);
  EXPECT_EQ(purchase.lines(0).parts(0).points(), 90);
  EXPECT_EQ(purchase.lines(1).points(), 500);
  EXPECT_EQ(purchase.lines(1).parts(0).points(), 450);
  // What goes back of a line is what it was paid with.
  RefundCommand above(State(), NextCall(), outcome.first().sequence(), Points::FromStored(91),
                      {{.line = 0, .points = 91}});
  EXPECT_THAT(Submit(above), Declines(Reason::kRefundAbovePurchase));
  RefundCommand back(State(), NextCall(), outcome.first().sequence(), Points::FromStored(90),
                     {{.line = 0, .points = 90}});
  ASSERT_OK_AND_ASSIGN(const auto refunded, Submit(back));
  EXPECT_TRUE(refunded.first().has_entry());
  ExpectFoldsAlike(ledger_);
}

// The first of three equal lines is rounded down to nothing.
TEST_F(OfferAtTheTillTest, ALineThatNothingIsLeftOfKeepsItsPlace) {
  AddGrant(1'000, Open());
  const OfferNumber offer = Published(AmountOff(1, 2));
  ASSERT_OK_AND_ASSIGN(
      const auto outcome,
      BuyWith(offer, {.points = 3, .lines = {{.points = 1}, {.points = 1}, {.points = 1}}}));
  const journal::v1::Purchase& purchase = outcome.first().entry().purchase();
  EXPECT_EQ(purchase.points(), 2);
  ASSERT_EQ(purchase.lines_size(), 3);
  EXPECT_EQ(purchase.lines(0).parts_size(), 0);
  EXPECT_EQ(purchase.lines(1).parts_size(), 1);
  EXPECT_EQ(purchase.lines(2).parts_size(), 1);
  ASSERT_OK(Refund(NextCall(), outcome.first().sequence(), 2));
  EXPECT_EQ(Available(), 1'000);
  ExpectFoldsAlike(ledger_);
}

TEST_F(OfferAtTheTillTest, APartialApprovalIsOfWhatIsLeft) {
  AddGrant(500, Open());
  const OfferNumber offer = Published(PercentageOff(1'000));
  ASSERT_OK_AND_ASSIGN(const auto outcome,
                       BuyWith(offer, {.points = 1'000, .accept_partial = true}));
  const journal::v1::Purchase& purchase = outcome.first().entry().purchase();
  EXPECT_EQ(purchase.points(), 500);
  EXPECT_EQ(purchase.asked_points(), 900);
  EXPECT_EQ(purchase.offer_discount_points(), 100);
}

TEST_F(OfferAtTheTillTest, WhatIsGivenBackInFullWasNotUsed) {
  AddGrant(10'000, Open());
  OfferContent once = PercentageOff(1'000);
  once.per_member_limit = 1;
  const OfferNumber offer = Published(once);
  const auto buy = [&] { return BuyWith(offer, {.points = 100}); };
  ASSERT_OK_AND_ASSIGN(const auto first, buy());
  EXPECT_THAT(buy(), Declines(Reason::kOfferLimitReached));
  ASSERT_OK(Refund(NextCall(), first.first().sequence(), 40));
  EXPECT_THAT(buy(), Declines(Reason::kOfferLimitReached));
  ASSERT_OK(Refund(NextCall(), first.first().sequence(), 50));
  EXPECT_EQ(Uses(offer), 0U);
  const TillCall call = NextCall();
  PurchaseCommand again(StateWithProfiles(), call,
                        {.card = kCard,
                         .points = Points::FromStored(100),
                         .authorization_code = "A1B2C3",
                         .offer = offer});
  ASSERT_OK(Submit(again));
  EXPECT_EQ(Uses(offer), 1U);
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = call.trace_number}));
  EXPECT_EQ(Uses(offer), 0U);
  ASSERT_OK_AND_ASSIGN(const auto last, buy());
  EXPECT_TRUE(last.first().has_entry());
  ExpectFoldsAlike(ledger_);
}

// One broken rule each, in the order of precedence; each row breaks all those below it too.
TEST_F(OfferAtTheTillTest, RefusesInTheOrderOfPrecedence) {
  AddGrant(1'000, Open());
  OfferContent strict = AmountOff(50, 500);
  strict.audience.unions = {UnionNumber{8}};
  strict.regions = {420'106};
  strict.per_member_limit = 1;
  strict.window.first_day = Today() + 1;
  ASSERT_OK_AND_ASSIGN(const auto created, Create(strict));
  const OfferNumber offer{created.first().offer_created().offer()};
  const auto refusal_of = [&](OfferNumber of, std::int64_t points) -> Reason {
    const auto outcome = BuyWith(of, {.points = points});
    PUHUI_CHECK_OK(outcome.status());
    PUHUI_CHECK(outcome->first().has_declined());
    return ledger::ReasonFromNumber(outcome->first().declined().reason());
  };
  constexpr std::int64_t kTooMuch = 2'000;
  EXPECT_EQ(refusal_of(OfferNumber{99}, kTooMuch), Reason::kOfferNotFound);
  EXPECT_EQ(refusal_of(offer, kTooMuch), Reason::kOfferNotPublished);
  ASSERT_OK(Move(offer, OfferState::kPublished));
  EXPECT_EQ(refusal_of(offer, kTooMuch), Reason::kOfferNotOpen);
  ledger_.clock().Advance(absl::Hours(24));
  EXPECT_EQ(refusal_of(offer, 100), Reason::kOfferNotForMember);
  ASSERT_OK(Update(offer, {.audience = true}, {}));
  EXPECT_EQ(refusal_of(offer, 100), Reason::kOfferNotForBill);  // The store is in no region,
  ASSERT_OK(Update(offer, {.regions = true}, {}));
  EXPECT_EQ(refusal_of(offer, 499), Reason::kOfferNotForBill);  // the bill is too small,
  EXPECT_EQ(refusal_of(offer, kTooMuch), Reason::kInsufficientPoints);
  ASSERT_OK(BuyWith(offer, {.points = 500}));
  EXPECT_EQ(refusal_of(offer, kTooMuch), Reason::kOfferLimitReached);
  ledger_.clock().Advance(absl::Hours(24 * 11));
  EXPECT_EQ(refusal_of(offer, kTooMuch), Reason::kOfferNotOpen);
}

TEST_F(OfferAtTheTillTest, WhatIsToBeOrderedTakesNothingOff) {
  AddGrant(1'000, Open());
  const OfferNumber item = Published(Item(100), 5);
  const auto outcome = BuyWith(item, {.points = 100});
  EXPECT_THAT(outcome, Declines(Reason::kOfferState));
  EXPECT_EQ(outcome->first().declined().offer(), static_cast<std::uint32_t>(item));
}

TEST_F(OfferAtTheTillTest, AnotherMerchantsOfferIsNone) {
  AddGrant(1'000, Open());
  ASSERT_OK_AND_ASSIGN(const auto created, Create(PercentageOff(1'000), 0, "m-2"));
  const OfferNumber offer{created.first().offer_created().offer()};
  ASSERT_OK(Move(offer, OfferState::kPublished));
  const auto outcome = BuyWith(offer, {.points = 100});
  EXPECT_THAT(outcome, Declines(Reason::kOfferNotFound));
  EXPECT_EQ(outcome->first().declined().offer(), 0U);
}

TEST_F(OfferAtTheTillTest, AnOfferIsGoodInItsRegions) {
  AddGrant(1'000, Open());
  OfferContent there = PercentageOff(1'000);
  there.regions = {420'000};  // The province takes in the district.
  const OfferNumber offer = Published(there);
  EXPECT_THAT(BuyWith(offer, {.points = 100}), Declines(Reason::kOfferNotForBill));
  ASSERT_OK_AND_ASSIGN(const auto bought, BuyWith(offer, {.points = 100, .terminal = "t-3"}));
  EXPECT_EQ(bought.first().entry().purchase().points(), 90);
}

}  // namespace
}  // namespace puhui::merchant
