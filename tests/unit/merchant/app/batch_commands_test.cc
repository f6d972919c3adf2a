// SPDX-License-Identifier: Apache-2.0
// A till's batches: what they come to, and how they are closed.
#include "merchant/app/batch_commands.h"

#include "ledger/storage/codec.h"
#include "tests/unit/merchant/app/folded_again.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include "absl/strings/escaping.h"
#include "absl/types/optional.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::FieldsAre;

class BatchTest : public TillTest {
 protected:
  BatchTest() { AddLot(1'000, absl::Hours(24 * 365)); }
  TillCall In(std::uint32_t batch, std::uint32_t trace) {
    TillCall call = NextCall();
    call.batch_number = batch;
    call.trace_number = trace;
    return call;
  }
  BatchRow Batch(std::uint32_t number) {
    return *FindBatch(ledger_.store(), {TerminalNumber{1}, number});
  }
  absl::StatusOr<ledger::Outcome> Close(std::uint32_t number, const BatchTotals& told,
                                        bool accept_difference = false,
                                        const std::string& terminal = "t-1") {
    CloseBatchCommand command(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                         .terminal = *TerminalId::Parse(terminal, "id"),
                                         .batch_number = number,
                                         .told = told,
                                         .accept_difference = accept_difference});
    command.request = testing::RequestOf(++requests_, 0);
    return ledger_.Run(command);
  }
  // Under its own certificate.
  absl::StatusOr<ledger::Outcome> CloseOwn(std::uint32_t number, const BatchTotals& told,
                                           std::uint64_t request = 0) {
    CloseBatchCommand command(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                         .terminal = *TerminalId::Parse("t-1", "id"),
                                         .batch_number = number,
                                         .told = told,
                                         .by_terminal = true});
    command.request = testing::RequestOf(request != 0 ? request : ++requests_, 0);
    return ledger_.Run(command);
  }
};

TEST_F(BatchTest, TotalsCountWhatMovedPointsAndNothingElse) {
  const Sequence purchase = Purchase(In(1, 1), 100)->first().sequence();
  ASSERT_OK(Refund(In(1, 2), purchase, 30));
  const Sequence hold = Authorize(In(1, 3), 200)->first().sequence();
  ASSERT_OK(Capture(In(1, 4), hold, 150));
  const Sequence other = Authorize(In(1, 5), 50)->first().sequence();
  ASSERT_OK(Void(In(1, 6), other));
  ASSERT_OK(Purchase(In(1, 7), 5'000));  // Declined.
  ASSERT_OK(Reverse(In(1, 8), {.batch_number = 1, .trace_number = 1}));
  ASSERT_OK(Reverse(In(1, 9), {.batch_number = 1, .trace_number = 77}));  // Never arrived.
  ASSERT_OK(Purchase(In(2, 1), 10));
  const BatchTotals totals = Batch(1).totals;
  EXPECT_EQ(totals.purchases, (KindTotal{1, 100}));
  EXPECT_EQ(totals.refunds, (KindTotal{1, 30}));
  EXPECT_EQ(totals.authorizations, (KindTotal{2, 250}));
  EXPECT_EQ(totals.captures, (KindTotal{1, 150}));
  EXPECT_EQ(totals.voids, (KindTotal{1, 50}));
  EXPECT_EQ(totals.reversals, (KindTotal{1, 70}));
  EXPECT_EQ(Batch(2).totals.purchases, (KindTotal{1, 10}));
  EXPECT_EQ(Batch(3).totals, BatchTotals{});
}

TEST_F(BatchTest, CallsAreListedByTraceNumberWithinTheBound) {
  ASSERT_OK(Purchase(In(1, 5), 50));
  ASSERT_OK(Purchase(In(1, 9), 5'000));
  ASSERT_OK(Reverse(In(1, 5), {.batch_number = 1, .trace_number = 5}));  // Under its own keys.
  ASSERT_OK(Purchase(In(1, 999'999), 7));
  ASSERT_OK(Purchase(In(2, 1), 3));
  const BatchKey batch{TerminalNumber{1}, 1};
  const auto calls = ListBatchCalls(ledger_.store(), {batch, 1, 999'999}, 10);
  ASSERT_OK(calls.status());
  EXPECT_THAT(**calls, ElementsAre(FieldsAre(5U, BatchKind::kPurchase, 50),
                                   FieldsAre(5U, BatchKind::kReversal, 50),
                                   FieldsAre(999'999U, BatchKind::kPurchase, 7)));
  const auto part = ListBatchCalls(ledger_.store(), {batch, 6, 999'998}, 10);
  EXPECT_TRUE((*part)->empty());
  EXPECT_FALSE(ListBatchCalls(ledger_.store(), {batch, 1, 999'999}, 2)->has_value());
  EXPECT_TRUE(ListBatchCalls(ledger_.store(), {batch, 1, 999'999}, 3)->has_value());
}

// Whatever it came to. Above the highest there is none, and nothing is read to know that.
TEST_F(BatchTest, ACallIsFoundUnderItsKeysAndNothingIsReadAboveThem) {
  const TerminalNumber till{1};
  const auto outcome = [&](std::uint32_t batch, std::uint32_t trace) {
    const TillRow* call = tables_.FindCall({till, batch, trace});
    return call == nullptr ? absl::optional<TillOutcome>() : call->outcome;
  };
  ASSERT_OK(Purchase(In(1, 5), 100));
  ASSERT_OK(Purchase(In(1, 9), 5'000));                                    // Declined.
  ASSERT_OK(Reverse(In(1, 12), {.batch_number = 1, .trace_number = 20}));  // Never arrived.
  ASSERT_OK(Reverse(In(3, 2), {.batch_number = 2, .trace_number = 7}));    // Nor did this.
  EXPECT_EQ(outcome(1, 5), TillOutcome::kPurchase);
  EXPECT_EQ(outcome(1, 9), TillOutcome::kDeclined);
  EXPECT_EQ(outcome(1, 12), TillOutcome::kReversal);
  EXPECT_EQ(outcome(1, 20), TillOutcome::kTombstone);
  EXPECT_EQ(outcome(2, 7), TillOutcome::kTombstone);
  EXPECT_EQ(outcome(3, 2), TillOutcome::kReversal);
  EXPECT_FALSE(outcome(1, 6).has_value());
  EXPECT_EQ(Batch(1).trace_max, 20U);
  EXPECT_EQ(Batch(2).trace_max, 7U);
  EXPECT_EQ(Batch(3).trace_max, 2U);
  const std::size_t rows = tables_.till_calls.cached_rows();
  EXPECT_FALSE(outcome(1, 21).has_value());
  EXPECT_FALSE(outcome(4, 1).has_value());
  EXPECT_EQ(tables_.till_calls.cached_rows(), rows);
  // Trace numbers may come in any order, each once.
  ASSERT_OK(Purchase(In(1, 3), 1));
  EXPECT_EQ(outcome(1, 3), TillOutcome::kPurchase);
  EXPECT_EQ(Batch(1).trace_max, 20U);
  EXPECT_THAT(Purchase(In(1, 3), 1), Declines(Reason::kTraceNumberUsed));
  EXPECT_THAT(Purchase(In(1, 5), 1), Declines(Reason::kTraceNumberUsed));
  EXPECT_THAT(Purchase(In(1, 20), 1), Declines(Reason::kReversedBeforeArrival));
  ExpectFoldsAlike(ledger_);
}

TEST_F(BatchTest, AClosedBatchTakesNoCallButAReversal) {
  const Sequence purchase = Purchase(In(1, 1), 100)->first().sequence();
  const Sequence hold = Authorize(In(1, 2), 10)->first().sequence();
  const BatchTotals totals = Batch(1).totals;
  ASSERT_OK(Close(1, totals));
  EXPECT_THAT(Purchase(In(1, 3), 1), Declines(Reason::kBatchClosed));
  EXPECT_THAT(Authorize(In(1, 4), 1), Declines(Reason::kBatchClosed));
  EXPECT_THAT(Refund(In(1, 5), purchase, 1), Declines(Reason::kBatchClosed));
  EXPECT_THAT(Capture(In(1, 6), hold, 1), Declines(Reason::kBatchClosed));
  EXPECT_THAT(Void(In(1, 7), hold), Declines(Reason::kBatchClosed));
  // What a till asks for twice is told apart before.
  EXPECT_THAT(Purchase(In(1, 1), 1), Declines(Reason::kTraceNumberUsed));
  ASSERT_OK_AND_ASSIGN(const auto undone,
                       Reverse(In(1, 8), {.batch_number = 1, .trace_number = 1}));
  EXPECT_TRUE(undone.first().has_entry());
  EXPECT_EQ(Batch(1).totals, totals);
  // Nor is another terminal's.
  ASSERT_OK(Purchase(NextCall("t-2"), 1));
}

// Whoever holds a blocked terminal closes nothing with it; what it closed before, it still hears.
TEST_F(BatchTest, ABlockedTerminalHearsItsFirstAnswerAndClosesNothing) {
  ASSERT_OK(Purchase(In(1, 1), 100));
  ASSERT_OK(Purchase(In(2, 1), 10));
  const BatchTotals totals = Batch(1).totals;
  ASSERT_OK_AND_ASSIGN(const auto first, CloseOwn(1, totals, 77));
  Block("t-1");
  ASSERT_OK_AND_ASSIGN(const auto again, CloseOwn(1, totals, 77));
  EXPECT_EQ(again.first().SerializeAsString(), first.first().SerializeAsString());
  const Sequence last = ledger_.last_sequence();
  EXPECT_THAT(CloseOwn(1, totals), Refuses(Reason::kTerminalNotActive, "terminal"));
  EXPECT_THAT(CloseOwn(2, Batch(2).totals), Refuses(Reason::kTerminalNotActive, "terminal"));
  EXPECT_THAT(CloseOwn(2, totals), Refuses(Reason::kTerminalNotActive, "terminal"));
  EXPECT_EQ(ledger_.last_sequence(), last);
  // Its back end does, for what the batch holds has happened.
  ASSERT_OK_AND_ASSIGN(const auto told, Close(1, totals));
  EXPECT_EQ(told.first().batch_closed().closed_before(), first.first().sequence());
  EXPECT_OK(Close(2, Batch(2).totals));
}

TEST_F(BatchTest, TraceNumbersWrapWithTheBatch) {
  ASSERT_OK(Purchase(In(1, 999'999), 1));
  ASSERT_OK(Purchase(In(1, 1), 1));
  EXPECT_THAT(Purchase(In(1, 999'999), 1), Declines(Reason::kTraceNumberUsed));
  EXPECT_THAT(Purchase(In(1, 1), 1), Declines(Reason::kTraceNumberUsed));
  ASSERT_OK(Close(1, Batch(1).totals));
  ASSERT_OK_AND_ASSIGN(const auto next, Purchase(In(2, 1), 1));
  EXPECT_TRUE(next.first().has_entry());
}

TEST_F(BatchTest, ClosesOnlyWhenBothSidesCountTheSame) {
  ASSERT_OK(Purchase(In(1, 1), 100));
  BatchTotals told = Batch(1).totals;
  told.purchases.points = 99;
  EXPECT_THAT(Close(1, told), Refuses(Reason::kBatchChanged, "totals"));
  EXPECT_EQ(Batch(1).closed, 0U);
  ASSERT_OK_AND_ASSIGN(const auto closed, Close(1, told, /*accept_difference=*/true));
  const journal::v1::BatchClosed& record = closed.first().batch_closed();
  ASSERT_EQ(record.counted_size(), 1);
  EXPECT_EQ(record.counted(0).points(), 100);
  EXPECT_EQ(record.told(0).points(), 99);
  EXPECT_EQ(record.closed_before(), 0U);
}

TEST_F(BatchTest, ClosingTwiceChangesNothing) {
  ASSERT_OK(Purchase(In(1, 1), 100));
  ASSERT_OK_AND_ASSIGN(const auto first, Close(1, Batch(1).totals));
  const BatchRow row = Batch(1);
  EXPECT_EQ(row.closed, first.first().sequence());
  ASSERT_OK_AND_ASSIGN(const auto second, Close(1, BatchTotals{}));
  EXPECT_EQ(second.first().batch_closed().closed_before(), first.first().sequence());
  EXPECT_EQ(Batch(1).closed, row.closed);
  EXPECT_EQ(Batch(1).close_time, row.close_time);
  EXPECT_EQ(Batch(1).totals, row.totals);
}

TEST_F(BatchTest, ABatchWithoutCallsAndThatOfABlockedTerminalCanBeClosed) {
  Block("t-1");
  ASSERT_OK(Close(4, {}));
  EXPECT_NE(Batch(4).closed, 0U);
  EXPECT_THAT(Close(4, {}, false, "t-9"), Refuses(Reason::kUnknownTerminal, "terminal"));
}

TEST(BatchBytesTest, RowsHaveTheirGoldenBytes) {
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeValue(BatchRow{.closed = 1, .trace_max = 300})),
            "000000000000000000000000"
            "01"
            "00"
            "ac02");
}

}  // namespace
}  // namespace puhui::merchant
