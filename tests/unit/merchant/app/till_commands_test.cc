// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/till_commands.h"

#include "ledger/base/limits.h"
#include "ledger/engine/forgetting.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/folded_again.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

namespace puhui::merchant {
namespace {

using ledger::AccountKind;
using ledger::Reason;

std::string RequestId(std::uint64_t number) { return testing::RequestOf(number).request_id; }

TEST_F(TillTest, APurchaseMovesPointsToTheMerchantAndItsFee) {
  AddLot(1'000, absl::Hours(2));
  AddLot(100, absl::Hours(1));
  const Sequence purchase = Buy(500);
  EXPECT_EQ(Available(), 600);
  // The sooner lot went whole; 2.5 % of 100 is 2, of 500 is 12.
  EXPECT_EQ(Balance(AccountKind::kFee, 2), 2);
  EXPECT_EQ(Balance(AccountKind::kPayable, 2), 98);
  EXPECT_EQ(Balance(AccountKind::kFee, 1), 10);
  EXPECT_EQ(Balance(AccountKind::kPayable, 1), 390);
  const PurchaseRow row = Row(purchase);
  EXPECT_EQ(row.state, PurchaseState::kCaptured);
  EXPECT_EQ(row.points, 500);
  EXPECT_EQ(row.fee, 12);
  EXPECT_EQ(row.card_last_four, "4242");
  EXPECT_EQ(row.authorization_code, "A1B2C3");
  ASSERT_EQ(row.taken.size(), 2U);
  EXPECT_EQ(row.taken[0].lot, LotNumber{2});
}

TEST_F(TillTest, TheSameRequestGivesTheSameBytesAndTakesNothingTwice) {
  AddLot(100, absl::Hours(1));
  const TillCall call = NextCall();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome first, Purchase(call, 30, 5));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Purchase(call, 30, 5));
  EXPECT_EQ(first.first().SerializeAsString(), again.first().SerializeAsString());
  EXPECT_EQ(Available(), 70);
  EXPECT_THAT(Purchase(call, 31, 5, /*body=*/1), Refuses(Reason::kRequestIdReused, "request_id"));
  EXPECT_EQ(Available(), 70);
}

// The till's own keys outlive its request ids.
TEST_F(TillTest, ACallThatIsRepeatedAfterItsIdWasForgottenIsNotCarriedOutAgain) {
  AddLot(100, absl::Hours(24 * 90));
  const TillCall call = NextCall();
  ASSERT_OK(Purchase(call, 30, 5));
  ledger_.clock().Advance(kRequestsKeptFor + absl::Seconds(1));
  ASSERT_OK_AND_ASSIGN(auto old,
                       ledger::ReadOldRequests(ledger_.store(), 1, ledger_.clock().Now()));
  ledger::ForgetRequestsCommand forget(&ledger_.views(), std::move(old));
  ASSERT_OK(ledger_.Run(forget));
  EXPECT_THAT(Purchase(call, 30, 5), Declines(Reason::kTraceNumberUsed));
  EXPECT_EQ(Available(), 70);
}

TEST_F(TillTest, ATraceNumberIsUsedOncePerTerminalAndBatch) {
  AddLot(100, absl::Hours(1));
  TillCall call = NextCall();
  ASSERT_OK(Purchase(call, 1));
  EXPECT_THAT(Purchase(call, 1), Declines(Reason::kTraceNumberUsed));
  call.batch_number = 2;
  EXPECT_THAT(Purchase(call, 1), ::testing::Not(Declines(Reason::kTraceNumberUsed)));
  call.terminal_id = "t-2";
  EXPECT_THAT(Purchase(call, 1), ::testing::Not(Declines(Reason::kTraceNumberUsed)));
  EXPECT_EQ(Available(), 97);
}

// What is open, expired or too late is a matter of our clock; the till's own stands in the record.
TEST_F(TillTest, ATillsClockDecidesNothing) {
  AddLot(100, absl::Hours(2));
  for (const absl::Duration off : {absl::Hours(-1), absl::Hours(1), absl::Hours(24 * 400)}) {
    TillCall call = NextCall();
    call.local_time += off;
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome bought, Purchase(call, 10));
    const journal::v1::Record& record = bought.first();
    ASSERT_TRUE(record.entry().has_purchase());
    EXPECT_EQ(record.entry().purchase().till().local_time_micros(),
              absl::ToUnixMicros(call.local_time));
    EXPECT_EQ(Row(record.sequence()).time, absl::FromUnixMicros(record.time_micros()));
  }
  const Sequence held = Hold(10, absl::Minutes(30));
  ledger_.clock().Advance(absl::Minutes(90));
  TillCall slow = NextCall();  // In time, by its own clock.
  slow.local_time -= absl::Hours(1);
  EXPECT_THAT(Capture(slow, held, 10), Declines(Reason::kAuthorizationExpired));
  ledger_.clock().Advance(absl::Minutes(40));
  slow = NextCall();
  slow.local_time -= absl::Hours(1);
  EXPECT_THAT(Purchase(slow, 10), Declines(Reason::kInsufficientPoints));
}

TEST_F(TillTest, PartialRefundsEndWithNothingLeftToRefund) {
  AddLot(100, absl::Hours(1));
  const Sequence purchase = Buy(99);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome refund, Refund(NextCall(), purchase, 40));
  EXPECT_EQ(refund.first().entry().refund().refunded(), 40);
  EXPECT_EQ(Row(purchase).state, PurchaseState::kPartlyRefunded);
  EXPECT_EQ(Row(purchase).fee, 1);  // 2.5 % of the 59 that are kept.
  EXPECT_THAT(Refund(NextCall(), purchase, 60), Declines(Reason::kRefundAbovePurchase));
  ASSERT_OK(Refund(NextCall(), purchase, 59));
  EXPECT_EQ(Row(purchase).state, PurchaseState::kRefunded);
  EXPECT_EQ(Row(purchase).fee, 0);
  EXPECT_EQ(Balance(AccountKind::kPayable, 1), 0);
  EXPECT_EQ(Balance(AccountKind::kFee, 1), 0);
  EXPECT_EQ(Available(), 100);
  EXPECT_THAT(Refund(NextCall(), purchase, 1), Declines(Reason::kRefundAbovePurchase));
}

TEST_F(TillTest, ARefundIntoAnExpiredLotGetsThirtyDaysOnce) {
  AddLot(100, absl::Hours(1));
  const Sequence purchase = Buy(100);
  ledger_.clock().Advance(absl::Hours(2));
  const absl::Time first_refund = ledger_.clock().Now();
  ASSERT_OK(Refund(NextCall(), purchase, 10));
  EXPECT_EQ(Available(), 10);
  ledger_.clock().Advance(absl::Hours(24 * 29));
  ASSERT_OK(Refund(NextCall(), purchase, 10));
  // The lot still runs, so its grace is not begun anew.
  const ledger::Wallet* wallet = ledger_.views().wallets.Find(kMember);
  ASSERT_EQ(wallet->lots.size(), 1U);
  EXPECT_EQ(wallet->lots[0].expiry, first_refund + absl::Hours(24 * 30));
  ledger_.clock().Advance(absl::Hours(25));
  EXPECT_EQ(Available(), 0);
}

// What was not spent in time is not to be spent after it, whatever comes back beside it.
TEST_F(TillTest, ARefundDoesNotOpenWhatElseTheLotHadLeft) {
  for (const bool is_reversal : {false, true}) {
    AddLot(100, absl::Hours(1));
    const Sequence purchase = Buy(30);
    const std::uint32_t trace = trace_;
    ledger_.clock().Advance(absl::Hours(1));  // The sweep has not come yet.
    EXPECT_EQ(Available(), 0);
    const auto outcome = is_reversal
                             ? Reverse(NextCall(), {.batch_number = 1, .trace_number = trace})
                             : Refund(NextCall(), purchase, 30);
    ASSERT_OK(outcome);
    EXPECT_EQ(Available(), 30);
    ASSERT_EQ(outcome->records().size(), 2U);
    EXPECT_EQ(outcome->records()[1]->entry().expiry().points(), 70);
    EXPECT_EQ(ledger_.views().Balance({ledger::AccountKind::kBudget, lots_, UnionNumber{lots_}}),
              70);
    EXPECT_THAT(Purchase(NextCall(), 31), Declines(Reason::kInsufficientPoints));
    const Sequence again = Buy(30);
    // What is open again has its grace: nothing more of it expires.
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome second, Refund(NextCall(), again, 10));
    EXPECT_EQ(second.records().size(), 1U);
    Buy(10);
  }
}

TEST_F(TillTest, AReversalGivesBackEverythingThatWasNotRefunded) {
  AddLot(100, absl::Hours(1));
  const Sequence purchase = Buy(80);
  const std::uint32_t trace = trace_;
  ASSERT_OK(Refund(NextCall(), purchase, 30));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome reversed,
                       Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
  EXPECT_EQ(reversed.first().entry().reversal().points(), 50);
  EXPECT_EQ(Row(purchase).state, PurchaseState::kReversed);
  EXPECT_EQ(Row(purchase).fee, 0);
  EXPECT_EQ(Available(), 100);
}

TEST_F(TillTest, ReversingAgainSucceedsAndGivesNothingBack) {
  AddLot(100, absl::Hours(1));
  const Sequence purchase = Buy(80);
  const std::uint32_t trace = trace_;
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again,
                       Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
  EXPECT_EQ(again.first().tombstone().purchase(), purchase);
  EXPECT_EQ(Available(), 100);
}

TEST_F(TillTest, AReversalByRequestIdFindsThePurchase) {
  AddLot(100, absl::Hours(1));
  ASSERT_OK(Purchase(NextCall(), 80, 5));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome reversed,
                       Reverse(NextCall(), {.request_id = RequestId(5)}));
  EXPECT_TRUE(reversed.first().entry().has_reversal());
  EXPECT_EQ(Available(), 100);
}

TEST_F(TillTest, AReversalWorksAtABlockedTerminal) {
  AddLot(100, absl::Hours(1));
  Buy(80);
  const std::uint32_t trace = trace_;
  Block("t-1");
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
  EXPECT_EQ(Available(), 100);
}

TEST_F(TillTest, ALateOriginalMeetsItsTombstone) {
  AddLot(100, absl::Hours(1));
  const TillCall by_keys = NextCall();
  ASSERT_OK(Reverse(NextCall(),
                    {.batch_number = by_keys.batch_number, .trace_number = by_keys.trace_number}));
  EXPECT_THAT(Purchase(by_keys, 10), Declines(Reason::kReversedBeforeArrival));
  ASSERT_OK(Reverse(NextCall(), {.request_id = RequestId(9)}));
  EXPECT_THAT(Purchase(NextCall(), 10, 9), Declines(Reason::kReversedBeforeArrival));
  EXPECT_EQ(Available(), 100);
}

TEST_F(TillTest, ATillMayReverseUnderTheTraceNumberOfTheOriginal) {
  AddLot(100, absl::Hours(1));
  const TillCall original = NextCall();
  ASSERT_OK(Reverse(
      original, {.batch_number = original.batch_number, .trace_number = original.trace_number}));
  EXPECT_THAT(Purchase(original, 10), Declines(Reason::kReversedBeforeArrival));
}

TEST_F(TillTest, ARefundIsNotReversedWhicheverWayItIsNamed) {
  AddLot(100, absl::Hours(1));
  const Sequence purchase = Buy(80);
  ASSERT_OK(Refund(NextCall(), purchase, 30, 6));
  const std::uint32_t trace = trace_;
  EXPECT_THAT(Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}),
              Declines(Reason::kNotFound));
  EXPECT_THAT(Reverse(NextCall(), {.request_id = RequestId(6)}), Declines(Reason::kNotFound));
  EXPECT_EQ(Available(), 50);
}

TEST_F(TillTest, ReversingADeclinedPurchaseLeavesNothingToUndo) {
  ASSERT_THAT(Purchase(NextCall(), 10, 3), Declines(Reason::kInsufficientPoints));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome reversed,
                       Reverse(NextCall(), {.request_id = RequestId(3)}));
  EXPECT_EQ(reversed.first().tombstone().purchase(), 0U);
}

TEST_F(TillTest, APurchaseOnTopOfAnUndurableOneSeesWhatItTook) {
  AddLot(100, absl::Hours(1));
  ledger_.Hold();
  Buy(60);
  EXPECT_THAT(Purchase(NextCall(), 60), Declines(Reason::kInsufficientPoints));
  ledger_.Release();
  EXPECT_EQ(Available(), 40);
}

TEST_F(TillTest, AnySequenceOfRefundsRestoresEveryLotAndOrigin) {
  SeededRandom random(9);
  for (int round = 0; round < 60; ++round) {
    for (std::uint64_t i = 0, lots = 1 + random.Below(4); i < lots; ++i) {
      AddLot(static_cast<std::int64_t>(1 + random.Below(300)),
             absl::Hours(static_cast<std::int64_t>(1 + random.Below(48))));
    }
    const ledger::Wallet before = *ledger_.views().wallets.Find(kMember);
    const std::int64_t points =
        1 + static_cast<std::int64_t>(random.Below(static_cast<std::uint64_t>(Available())));
    const auto bought = Purchase(NextCall(), points);
    ASSERT_OK(bought);
    if (bought->first().has_declined()) continue;  // From too many unions.
    const Sequence purchase = bought->first().sequence();
    for (std::int64_t left = points; left > 0;) {
      const auto part =
          1 + static_cast<std::int64_t>(random.Below(static_cast<std::uint64_t>(left)));
      ASSERT_OK_AND_ASSIGN(const ledger::Outcome refund, Refund(NextCall(), purchase, part));
      ASSERT_TRUE(refund.first().entry().has_refund());
      left -= part;
    }
    EXPECT_EQ(Row(purchase).fee, 0);
    const ledger::Wallet& after = *ledger_.views().wallets.Find(kMember);
    ASSERT_EQ(after.lots.size(), before.lots.size());
    for (std::size_t i = 0; i < before.lots.size(); ++i) {
      EXPECT_EQ(after.lots[i].number, before.lots[i].number);
      EXPECT_EQ(after.lots[i].remaining, before.lots[i].remaining);
      EXPECT_EQ(after.lots[i].expiry, before.lots[i].expiry);
      const auto origin = static_cast<std::uint32_t>(before.lots[i].origin);
      EXPECT_EQ(Balance(AccountKind::kPayable, origin), 0);
      EXPECT_EQ(Balance(AccountKind::kFee, origin), 0);
    }
  }
}

// The fee of 99.99 % leaves a point payable for the first union only: two postings each, and so as
// many unions as an entry has room for.
TEST_F(TillTest, APurchaseThatFillsItsEntryIsRefundedAndReversed) {
  tables_.merchants.Edit(MerchantNumber{1}).fee_rate = BasisPoints::FromStored(9'999);
  constexpr auto kUnions = static_cast<std::int64_t>(kPostingsPerEntryMax / 2);
  for (std::int64_t i = 0; i < kUnions; ++i) AddLot(1, absl::Hours(1));
  const Sequence refunded = Buy(kUnions);
  for (std::int64_t i = 0; i < kUnions; ++i) ASSERT_OK(Refund(NextCall(), refunded, 1));
  EXPECT_EQ(Row(refunded).state, PurchaseState::kRefunded);

  const TillCall call = NextCall();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome bought, Purchase(call, kUnions));
  ASSERT_EQ(bought.first().entry().postings_size(), static_cast<int>(kPostingsPerEntryMax));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome reversed,
                       Reverse(NextCall(), {.batch_number = 1, .trace_number = call.trace_number}));
  EXPECT_EQ(reversed.first().entry().postings_size(), static_cast<int>(kPostingsPerEntryMax));
  EXPECT_EQ(Available(), kUnions);
}

// Two points each: the union that a refund cuts in half.
TEST_F(TillTest, ARefundThatCutsALotInHalfFitsIntoAnEntry) {
  tables_.merchants.Edit(MerchantNumber{1}).fee_rate = BasisPoints::FromStored(9'999);
  constexpr std::int64_t kUnions = 31;
  for (std::int64_t i = 0; i < kUnions; ++i) AddLot(2, absl::Hours(1));
  for (std::int64_t part = 1; part < 2 * kUnions; ++part) {
    const Sequence purchase = Buy(2 * kUnions);
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome refund, Refund(NextCall(), purchase, part));
    ASSERT_TRUE(refund.first().entry().has_refund());
    ASSERT_OK(Refund(NextCall(), purchase, 2 * kUnions - part));
  }
  EXPECT_EQ(Available(), 2 * kUnions);
}

TEST_F(TillTest, APurchaseFromMoreUnionsThanAnEntryHoldsIsDeclinedAndTakesNothing) {
  tables_.merchants.Edit(MerchantNumber{1}).fee_rate = BasisPoints::FromStored(9'999);
  constexpr auto kUnions = static_cast<std::int64_t>(kPostingsPerEntryMax / 2 + 1);
  for (std::int64_t i = 0; i < kUnions; ++i) AddLot(1, absl::Hours(1));
  EXPECT_THAT(Purchase(NextCall(), kUnions), Declines(Reason::kLotsPerPurchaseLimit));
  EXPECT_EQ(Available(), kUnions);
}

TEST_F(TillTest, FoldingTheJournalAgainGivesTheSameRows) {
  AddLot(100, absl::Hours(1));
  const Sequence purchase = Buy(80);
  ASSERT_OK(Refund(NextCall(), purchase, 30));
  ASSERT_OK(Reverse(NextCall(), {.request_id = RequestId(9)}));
  ExpectFoldsAlike(ledger_);
}

}  // namespace
}  // namespace puhui::merchant
