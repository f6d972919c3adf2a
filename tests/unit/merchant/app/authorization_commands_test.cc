// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/authorization_commands.h"

#include "ledger/base/limits.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/authorization_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::AccountKind;
using ledger::Lot;
using ledger::Reason;
using ::testing::IsEmpty;

constexpr absl::Duration kGrace = absl::Hours(24 * kRefundGraceDays);

TEST_F(AuthorizationTest, HoldsPointsOfTheLotsThatExpireFirst) {
  AddLot(1'000, absl::Hours(2));
  AddLot(100, absl::Hours(1));
  const Sequence held = Hold(500, absl::Minutes(10));
  EXPECT_EQ(Available(), 600);
  EXPECT_EQ(Held(), 500);
  EXPECT_EQ(Open(), 1U);
  EXPECT_EQ(Balance(AccountKind::kPayable, 1), 0);
  const AuthorizationRow row = HoldRow(held);
  EXPECT_EQ(row.state, AuthorizationState::kHeld);
  EXPECT_EQ(row.points, 500);
  EXPECT_EQ(row.expiry, ExpiryOfAuthorization(row.time, absl::Minutes(10)));
  EXPECT_EQ(row.authorization_code, "A1B2C3");
  EXPECT_EQ(row.card_last_four, "4242");
  ASSERT_EQ(row.taken.size(), 2U);
  EXPECT_EQ(row.taken[0].lot, LotNumber{2});
  EXPECT_EQ(row.taken[1].points, 400);
}

TEST_F(AuthorizationTest, HeldPointsCannotBeSpentAgain) {
  AddLot(100, absl::Hours(1));
  ledger_.Hold();
  Hold(60);
  EXPECT_THAT(Purchase(NextCall(), 41), Declines(Reason::kInsufficientPoints));
  EXPECT_THAT(Authorize(NextCall(), 41), Declines(Reason::kInsufficientPoints));
  Buy(40);
  ledger_.Release();
  EXPECT_EQ(Available(), 0);
}

TEST_F(AuthorizationTest, CapturedWholeIsAPurchaseUnderTheSameReference) {
  AddLot(1'000, absl::Hours(2));
  AddLot(100, absl::Hours(1));
  const Sequence held = Hold(500);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome captured, Capture(NextCall("t-2"), held, 500));
  EXPECT_EQ(captured.first().entry().capture().authorization(), held);
  EXPECT_EQ(Held(), 0);
  EXPECT_EQ(Open(), 0U);
  EXPECT_EQ(Available(), 600);
  // As a purchase of 500: 2.5 % of 100 is 2, of 500 is 12.
  EXPECT_EQ(Balance(AccountKind::kFee, 2), 2);
  EXPECT_EQ(Balance(AccountKind::kPayable, 2), 98);
  EXPECT_EQ(Balance(AccountKind::kFee, 1), 10);
  EXPECT_EQ(Balance(AccountKind::kPayable, 1), 390);
  const PurchaseRow row = Row(held);
  EXPECT_EQ(row.state, PurchaseState::kCaptured);
  EXPECT_EQ(row.points, 500);
  EXPECT_EQ(row.fee, 12);
  EXPECT_EQ(row.trace_number, trace_);
  EXPECT_EQ(row.terminal, TerminalNumber{3});
  EXPECT_EQ(row.authorization_code, "A1B2C3");
  ASSERT_EQ(row.taken.size(), 2U);
  EXPECT_EQ(row.taken[0].lot, LotNumber{2});
  EXPECT_EQ(HoldRow(held).state, AuthorizationState::kCaptured);
  EXPECT_THAT(HoldRow(held).taken, IsEmpty());
}

TEST_F(AuthorizationTest, CapturedInPartGivesTheRestBackToTheSameLots) {
  AddLot(1'000, absl::Hours(2));
  AddLot(100, absl::Hours(1));
  AddLot(50, absl::Hours(3));
  const std::vector<Lot> before = Lots();
  const Sequence held = Hold(1'110);
  ASSERT_OK(Capture(NextCall(), held, 130));
  const std::vector<Lot> after = Lots();
  ASSERT_EQ(after.size(), 2U);  // The lot that expires first is spent.
  EXPECT_EQ(after[0].number, LotNumber{1});
  EXPECT_EQ(after[0].remaining, 970);
  EXPECT_EQ(after[0].held, 0);
  EXPECT_EQ(after[1].remaining, 50);
  EXPECT_EQ(after[1].expiry, before[2].expiry);
  EXPECT_EQ(Row(held).points, 130);
  EXPECT_EQ(Row(held).fee, 3);
  ASSERT_EQ(Row(held).taken.size(), 2U);  // Nothing of the third lot.
  EXPECT_EQ(Row(held).taken[1].points, 30);
}

TEST_F(AuthorizationTest, EndsOnce) {
  AddLot(100, absl::Hours(1));
  const Sequence captured = Hold(30);
  ASSERT_OK(Capture(NextCall(), captured, 10));
  EXPECT_THAT(Capture(NextCall(), captured, 10), Declines(Reason::kAuthorizationCaptured));
  EXPECT_THAT(Void(NextCall(), captured), Declines(Reason::kAuthorizationCaptured));
  const Sequence voided = Hold(30);
  ASSERT_OK(Void(NextCall(), voided));
  EXPECT_THAT(Capture(NextCall(), voided, 10), Declines(Reason::kAuthorizationVoided));
  EXPECT_THAT(Void(NextCall(), voided), Declines(Reason::kAuthorizationVoided));
  const Sequence expired = Hold(30, absl::Minutes(1));
  ledger_.clock().Advance(absl::Minutes(2));
  EXPECT_EQ(Expire({captured, voided, expired}), 1U);
  EXPECT_EQ(Expire({captured, voided, expired}), 0U);
  EXPECT_THAT(Capture(NextCall(), expired, 10), Declines(Reason::kAuthorizationExpired));
  EXPECT_THAT(Void(NextCall(), expired), Declines(Reason::kAuthorizationExpired));
  EXPECT_EQ(HoldRow(expired).state, AuthorizationState::kExpired);
  EXPECT_EQ(Available(), 90);
  EXPECT_EQ(Open(), 0U);
}

TEST_F(AuthorizationTest, IsOverAtItsTimeWhetherOrNotTheTimerHasCome) {
  AddLot(100, absl::Hours(1));
  const Sequence held = Hold(30, absl::Minutes(1));
  const absl::Time expiry = HoldRow(held).expiry;
  ledger_.clock().Set(expiry - absl::Microseconds(1));
  EXPECT_EQ(Expire({held}), 0U);
  ledger_.clock().Set(expiry);
  EXPECT_THAT(Capture(NextCall(), held, 30), Declines(Reason::kAuthorizationExpired));
  EXPECT_THAT(Void(NextCall(), held), Declines(Reason::kAuthorizationExpired));
  EXPECT_EQ(Held(), 30);
  EXPECT_EQ(Expire({held}), 1U);
  EXPECT_EQ(Held(), 0);
  EXPECT_EQ(Available(), 100);
}

TEST_F(AuthorizationTest, ACaptureThatComesFirstLeavesNothingToExpire) {
  AddLot(100, absl::Hours(1));
  const Sequence held = Hold(30, absl::Minutes(1));
  // Both in one group: the timer has read what was durable before.
  ledger_.Hold();
  ledger_.clock().Set(HoldRow(held).expiry - absl::Microseconds(1));
  ASSERT_OK(Capture(NextCall(), held, 30));
  ledger_.clock().Advance(absl::Seconds(1));
  EXPECT_EQ(Expire({held}), 0U);
  ledger_.Release();
  EXPECT_EQ(HoldRow(held).state, AuthorizationState::kCaptured);
  EXPECT_EQ(Available(), 70);
}

TEST_F(AuthorizationTest, HeldPointsOfALotThatExpiredMeanwhileCanBeCaptured) {
  AddLot(100, absl::Hours(1));
  const Sequence held = Hold(40);
  ledger_.clock().Advance(absl::Hours(2));
  EXPECT_EQ(Available(), 0);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome captured, Capture(NextCall(), held, 40));
  ASSERT_TRUE(captured.first().entry().has_capture());
  // Nothing came back, so the rest of the lot has no new time.
  ASSERT_EQ(Lots().size(), 1U);
  EXPECT_EQ(Lots()[0].remaining, 60);
  EXPECT_LT(Lots()[0].expiry, Now());
}

TEST_F(AuthorizationTest, WhatComesBackToALotThatExpiredMeanwhileGetsThirtyDays) {
  enum class How { kVoid, kExpiry, kPartialCapture, kReversal };
  for (const How how : {How::kVoid, How::kExpiry, How::kPartialCapture, How::kReversal}) {
    AddLot(100, absl::Hours(1));
    const Sequence held = Hold(100);
    const std::uint32_t trace = trace_;
    ledger_.clock().Advance(absl::Hours(24 * 6));
    std::int64_t back = 100;
    switch (how) {
      case How::kVoid:
        ASSERT_OK(Void(NextCall(), held));
        break;
      case How::kExpiry:
        ledger_.clock().Advance(absl::Hours(25));
        ASSERT_EQ(Expire({held}), 1U);
        break;
      case How::kPartialCapture:
        ASSERT_OK(Capture(NextCall(), held, 30));
        back = 70;
        break;
      case How::kReversal:
        ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
        break;
    }
    ASSERT_EQ(Lots().size(), 1U);
    EXPECT_EQ(Lots()[0].expiry, Now() + kGrace);
    EXPECT_EQ(Available(), back);
    Buy(back);
  }
}

TEST_F(AuthorizationTest, WhatWasNeverHeldOfAnExpiredLotIsNotOpenedWithWhatComesBack) {
  AddLot(100, absl::Hours(1));
  const Sequence first = Hold(20);
  const Sequence second = Hold(30);
  ledger_.clock().Advance(absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome ended, Void(NextCall(), first));
  EXPECT_EQ(ended.records().size(), 2U);
  EXPECT_EQ(Available(), 20);
  EXPECT_EQ(Held(), 30);
  EXPECT_EQ(ledger_.views().Balance({AccountKind::kBudget, 1, UnionNumber{1}}), 50);
  ASSERT_OK(Capture(NextCall(), second, 10));
  EXPECT_EQ(Available(), 40);
  EXPECT_EQ(ledger_.views().Balance({AccountKind::kBudget, 1, UnionNumber{1}}), 50);
}

TEST_F(AuthorizationTest, AuthorisationsThatLapseTogetherLetTheRestOfTheirLotExpireOnce) {
  AddLot(100, absl::Hours(1));
  const Sequence first = Hold(20);
  const Sequence second = Hold(30);
  ledger_.clock().Advance(absl::Hours(24 * 8));
  EXPECT_EQ(Expire({first, second}), 3U);  // Records: both, and one of the rest.
  EXPECT_EQ(Available(), 50);
  EXPECT_EQ(ledger_.views().Balance({AccountKind::kBudget, 1, UnionNumber{1}}), 50);
}

TEST_F(AuthorizationTest, ARunningLotKeepsItsTimeWhenPointsComeBack) {
  AddLot(100, absl::Hours(1));
  const absl::Time expiry = Lots()[0].expiry;
  ASSERT_OK(Void(NextCall(), Hold(40)));
  ASSERT_OK(Capture(NextCall(), Hold(40), 10));
  EXPECT_EQ(Lots()[0].expiry, expiry);
}

TEST_F(AuthorizationTest, ACaptureIsRefundedUpToWhatWasCaptured) {
  AddLot(100, absl::Hours(1));
  const Sequence held = Hold(99);
  EXPECT_THAT(Refund(NextCall(), held, 1), Declines(Reason::kNotFound));
  ASSERT_OK(Capture(NextCall(), held, 80));
  ASSERT_OK(Refund(NextCall(), held, 40));
  EXPECT_THAT(Refund(NextCall(), held, 41), Declines(Reason::kRefundAbovePurchase));
  ASSERT_OK(Refund(NextCall(), held, 40));
  EXPECT_EQ(Row(held).state, PurchaseState::kRefunded);
  EXPECT_EQ(Row(held).fee, 0);
  EXPECT_EQ(Balance(AccountKind::kPayable, 1), 0);
  EXPECT_EQ(Available(), 100);
}

TEST_F(AuthorizationTest, TheFeeIsThatOfTheMomentOfTheCapture) {
  AddLot(1'000, absl::Hours(1));
  const Sequence held = Hold(1'000);
  tables_.merchants.Edit(MerchantNumber{1}).fee_rate = BasisPoints::FromStored(100);
  ASSERT_OK(Capture(NextCall(), held, 500));
  EXPECT_EQ(Row(held).fee, 5);
}

TEST_F(AuthorizationTest, TheSameRequestGivesTheSameBytesAndHoldsNothingTwice) {
  AddLot(100, absl::Hours(1));
  const TillCall authorize = NextCall();
  ASSERT_OK_AND_ASSIGN(const auto first, Authorize(authorize, 30, absl::Hours(1), 5));
  ASSERT_OK_AND_ASSIGN(const auto again, Authorize(authorize, 30, absl::Hours(1), 5));
  EXPECT_EQ(first.first().SerializeAsString(), again.first().SerializeAsString());
  EXPECT_EQ(Held(), 30);
  const TillCall capture = NextCall();
  ASSERT_OK_AND_ASSIGN(const auto captured, Capture(capture, first.first().sequence(), 20, 6));
  ASSERT_OK_AND_ASSIGN(const auto repeated, Capture(capture, first.first().sequence(), 20, 6));
  EXPECT_EQ(captured.first().SerializeAsString(), repeated.first().SerializeAsString());
  EXPECT_EQ(Available(), 80);
}

TEST_F(AuthorizationTest, AWalletHasAtMostThirtyTwoOpenOnes) {
  AddLot(100, absl::Hours(1));
  std::vector<Sequence> held;
  for (std::size_t i = 0; i < kAuthorizationsPerWalletMax; ++i) held.push_back(Hold(1));
  EXPECT_THAT(Authorize(NextCall(), 1), Declines(Reason::kAuthorizationsPerWalletLimit));
  Buy(1);  // Of purchases there may be any number.
  ASSERT_OK(Void(NextCall(), held[3]));
  Hold(1);
  EXPECT_THAT(Authorize(NextCall(), 1), Declines(Reason::kAuthorizationsPerWalletLimit));
}

// With a fee of half, every union has its four postings when it is captured in part.
TEST_F(AuthorizationTest, OfAsManyUnionsAsItMayHaveIsCapturedWhateverThePart) {
  tables_.merchants.Edit(MerchantNumber{1}).fee_rate = BasisPoints::FromStored(5'000);
  constexpr auto kUnions = static_cast<std::int64_t>(kOriginsPerAuthorizationMax);
  for (std::int64_t i = 0; i < kUnions; ++i) AddLot(4, absl::Hours(1));
  for (std::int64_t part = 1; part <= 4 * kUnions; ++part) {
    const Sequence held = Hold(4 * kUnions);
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome captured, Capture(NextCall(), held, part));
    ASSERT_TRUE(captured.first().entry().has_capture());
    ASSERT_OK(Refund(NextCall(), held, part));
  }
  EXPECT_EQ(Available(), 4 * kUnions);
  AddLot(1, absl::Hours(1));
  EXPECT_THAT(Authorize(NextCall(), 4 * kUnions + 1), Declines(Reason::kLotsPerPurchaseLimit));
}

TEST_F(AuthorizationTest, ThePointsAreTheMerchantsEvenIfTheMemberWasSuspendedMeanwhile) {
  AddLot(100, absl::Hours(1));
  const Sequence held = Hold(40);
  ledger_.views().wallets.Edit(kMember).state = ledger::WalletState::kSuspended;
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome captured, Capture(NextCall(), held, 40));
  EXPECT_TRUE(captured.first().entry().has_capture());
}

TEST_F(AuthorizationTest, ThoseThatExpireInTheSameSecondShareATimerUntilTheLastHasEnded) {
  AddLot(100, absl::Hours(1));
  const Sequence first = Hold(10, absl::Minutes(1));
  const Sequence second = Hold(10, absl::Minutes(1));
  const Sequence third = Hold(10, absl::Minutes(1));
  const Sequence other = Hold(10, absl::Minutes(2));
  const absl::Time expiry = HoldRow(first).expiry;
  ASSERT_EQ(HoldRow(third).expiry, expiry);
  EXPECT_EQ(Timers(), (std::vector<absl::Time>{expiry, HoldRow(other).expiry}));
  EXPECT_EQ(Expiring(), 4U);
  ASSERT_OK(Void(NextCall(), second));
  ASSERT_OK(Capture(NextCall(), first, 5));
  EXPECT_EQ(Timers().size(), 2U);
  ledger_.clock().Advance(absl::Seconds(61));
  EXPECT_EQ(Expire({third}), 1U);
  EXPECT_EQ(Timers(), std::vector<absl::Time>{HoldRow(other).expiry});
  EXPECT_EQ(Expiring(), 1U);
}

// Whatever is held of whichever lots: given up, it leaves the wallet as it was.
TEST_F(AuthorizationTest, AnythingVoidedLeavesEveryLotAsItWas) {
  SeededRandom random(12);
  for (int round = 0; round < 60; ++round) {
    if (round < 16) {
      AddLot(static_cast<std::int64_t>(1 + random.Below(300)),
             absl::Hours(static_cast<std::int64_t>(1 + random.Below(48))));
    }
    const std::vector<Lot> before = Lots();
    std::vector<Sequence> held;
    for (std::uint64_t i = 0, count = 1 + random.Below(5); i < count && Available() > 0; ++i) {
      held.push_back(Hold(
          1 + static_cast<std::int64_t>(random.Below(static_cast<std::uint64_t>(Available())))));
    }
    while (!held.empty()) {
      const auto at = held.begin() + static_cast<std::ptrdiff_t>(random.Below(held.size()));
      ASSERT_OK(Void(NextCall(), *at));
      held.erase(at);
    }
    const std::vector<Lot> after = Lots();
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
      EXPECT_EQ(after[i].remaining, before[i].remaining);
      EXPECT_EQ(after[i].held, 0);
      EXPECT_EQ(after[i].expiry, before[i].expiry);
    }
  }
}

}  // namespace
}  // namespace puhui::merchant
