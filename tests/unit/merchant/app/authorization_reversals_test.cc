// SPDX-License-Identifier: Apache-2.0
// What a reversal makes of an authorisation, a capture and a void.
#include "tests/unit/merchant/app/authorization_fixture.h"

#include <gtest/gtest.h>

#include <utility>

namespace puhui::merchant {
namespace {

using ledger::Reason;

TEST_F(AuthorizationTest, ReversedByKeysOrRequestIdIsVoided) {
  AddLot(100, absl::Hours(1));
  const Sequence first = Hold(80);
  const std::uint32_t trace = trace_;
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome reversed,
                       Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
  EXPECT_EQ(reversed.first().entry().reversal().purchase(), first);
  EXPECT_EQ(reversed.first().entry().reversal().points(), 80);
  EXPECT_EQ(HoldRow(first).state, AuthorizationState::kVoided);
  EXPECT_EQ(Available(), 100);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome second, Authorize(NextCall(), 80, absl::Hours(1), 5));
  ASSERT_OK(Reverse(NextCall(), {.request_id = RequestId(5)}));
  EXPECT_EQ(HoldRow(second.first().sequence()).state, AuthorizationState::kVoided);
  EXPECT_EQ(Available(), 100);
  EXPECT_EQ(Open(), 0U);
}

// The till says that its authorisation must not count, so neither may what became of it.
TEST_F(AuthorizationTest, ReversedAfterItsCaptureTakesThePurchaseWithIt) {
  AddLot(100, absl::Hours(1));
  const Sequence held = Hold(80);
  const std::uint32_t trace = trace_;
  ASSERT_OK(Capture(NextCall(), held, 50));
  ASSERT_OK(Refund(NextCall(), held, 20));
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
  EXPECT_EQ(Row(held).state, PurchaseState::kReversed);
  EXPECT_EQ(Available(), 100);
}

TEST_F(AuthorizationTest, AReversedCaptureGivesItsPointsBackAndIsNotHeldAgain) {
  AddLot(100, absl::Hours(1));
  const Sequence by_keys = Hold(80);
  ASSERT_OK(Capture(NextCall(), by_keys, 50));
  const std::uint32_t trace = trace_;
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome reversed,
                       Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
  EXPECT_EQ(reversed.first().entry().reversal().purchase(), by_keys);
  EXPECT_EQ(reversed.first().entry().reversal().points(), 50);
  const Sequence by_request = Hold(80);
  ASSERT_OK(Capture(NextCall(), by_request, 50, 6));
  ASSERT_OK(Reverse(NextCall(), {.request_id = RequestId(6)}));
  for (const Sequence held : {by_keys, by_request}) {
    EXPECT_EQ(Row(held).state, PurchaseState::kReversed);
    EXPECT_EQ(HoldRow(held).state, AuthorizationState::kCaptured);
    EXPECT_THAT(Capture(NextCall(), held, 50), Declines(Reason::kAuthorizationCaptured));
  }
  EXPECT_EQ(Available(), 100);
  EXPECT_EQ(Held(), 0);
}

// A till that was without a line overnight, and whose batch its back end has closed meanwhile.
TEST_F(AuthorizationTest, AReversalThatWaitedOverMidnightIsCarriedOut) {
  AddLot(100, absl::Hours(24 * 30));
  const TillCall purchase = NextCall();
  ASSERT_OK(Purchase(purchase, 40));
  const TillCall capture = NextCall();
  const Sequence held = Hold(40);
  ASSERT_OK(Capture(capture, held, 30));
  tables_.batches.Edit({TerminalNumber{1}, 1}).closed = 1;
  ledger_.clock().Advance(absl::Hours(40));
  for (const TillCall& call : {purchase, capture}) {
    TillCall next = NextCall();
    next.batch_number = 2;
    ASSERT_OK_AND_ASSIGN(
        const ledger::Outcome reversed,
        Reverse(next, {.batch_number = call.batch_number, .trace_number = call.trace_number}));
    EXPECT_TRUE(reversed.first().entry().has_reversal());
  }
  EXPECT_EQ(Available(), 100);
}

TEST_F(AuthorizationTest, AHoldIsGivenUpOnAnyDayUntilItEnds) {
  AddLot(100, absl::Hours(24 * 30));
  const Sequence voided = Hold(30);
  const Sequence reversed = Hold(30);
  const std::uint32_t trace = trace_;
  ledger_.clock().Set(HoldRow(voided).expiry - absl::Seconds(1));
  ASSERT_OK(Void(NextCall("t-2"), voided));
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
  EXPECT_EQ(HoldRow(voided).state, AuthorizationState::kVoided);
  EXPECT_EQ(HoldRow(reversed).state, AuthorizationState::kVoided);
  EXPECT_EQ(Available(), 100);
}

TEST_F(AuthorizationTest, ALateCallMeetsItsTombstoneAndTheHoldStays) {
  AddLot(100, absl::Hours(1));
  const TillCall authorization = NextCall();
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = authorization.trace_number}));
  EXPECT_THAT(Authorize(authorization, 10), Declines(Reason::kReversedBeforeArrival));
  const Sequence held = Hold(40);
  const TillCall capture = NextCall();
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = capture.trace_number}));
  EXPECT_THAT(Capture(capture, held, 40), Declines(Reason::kReversedBeforeArrival));
  ASSERT_OK(Reverse(NextCall(), {.request_id = RequestId(9)}));
  EXPECT_THAT(Void(NextCall(), held, 9), Declines(Reason::kReversedBeforeArrival));
  EXPECT_EQ(Held(), 40);
  ASSERT_OK(Capture(NextCall(), held, 40));
  EXPECT_EQ(Available(), 60);
}

TEST_F(AuthorizationTest, AVoidIsNotReversedWhicheverWayItIsNamed) {
  AddLot(100, absl::Hours(1));
  const Sequence held = Hold(40);
  ASSERT_OK(Void(NextCall(), held, 6));
  const std::uint32_t trace = trace_;
  EXPECT_THAT(Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}),
              Declines(Reason::kNotFound));
  EXPECT_THAT(Reverse(NextCall(), {.request_id = RequestId(6)}), Declines(Reason::kNotFound));
  EXPECT_EQ(Available(), 100);
}

TEST_F(AuthorizationTest, ReversingOneThatHasEndedSucceedsAndGivesNothingBack) {
  AddLot(100, absl::Hours(1));
  const Sequence voided = Hold(40);
  const std::uint32_t voided_trace = trace_;
  ASSERT_OK(Void(NextCall(), voided));
  const Sequence expired = Hold(40, absl::Minutes(1));
  const std::uint32_t expired_trace = trace_;
  ledger_.clock().Advance(absl::Minutes(2));
  ASSERT_EQ(Expire({expired}), 1U);
  for (const auto& [trace, held] :
       {std::pair(voided_trace, voided), std::pair(expired_trace, expired)}) {
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome again,
                         Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
    EXPECT_EQ(again.first().tombstone().purchase(), held);
  }
  EXPECT_EQ(Available(), 100);
  EXPECT_EQ(HoldRow(expired).state, AuthorizationState::kExpired);
}

TEST_F(AuthorizationTest, ReversedAfterItsTimeGivesBackWhatTheTimerHasNotYet) {
  AddLot(100, absl::Hours(1));
  const Sequence held = Hold(40, absl::Minutes(1));
  const std::uint32_t trace = trace_;
  ledger_.clock().Advance(absl::Minutes(2));
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
  EXPECT_EQ(Available(), 100);
  EXPECT_EQ(Expire({held}), 0U);
}

TEST_F(AuthorizationTest, AnotherMerchantsReversalDoesNotFindIt) {
  AddLot(100, absl::Hours(1));
  ASSERT_OK(Authorize(NextCall(), 40, absl::Hours(1), 5));
  TillCall call = NextCall();
  call.merchant_id = "m-2";
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome reversed, Reverse(call, {.request_id = RequestId(5)}));
  EXPECT_EQ(reversed.first().tombstone().purchase(), 0U);
  EXPECT_EQ(Held(), 40);
}

}  // namespace
}  // namespace puhui::merchant
