// SPDX-License-Identifier: Apache-2.0
// Bills that a till presents: paid once, by whoever comes first, or cancelled, or neither in time.
#include "merchant/app/bill_commands.h"

#include "tests/unit/merchant/app/bill_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::FieldsAre;

class BillCommandsTest : public BillTest {
 protected:
  BillCommandsTest() { AddGrant(1'000, Open()); }
};

TEST_F(BillCommandsTest, APaidBillIsAPurchaseUnderItsOwnReferenceAndKeys) {
  const TillCall call = NextCall();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome created, Create(call, Wish(400)));
  const ShownBill bill = Read(created.first());
  EXPECT_EQ(Available(), 1'000);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid, Pay(bill));
  const journal::v1::Purchase& purchase = paid.first().entry().purchase();
  EXPECT_EQ(purchase.bill(), bill.bill);
  EXPECT_EQ(purchase.till().SerializeAsString(),
            created.first().bill_created().till().SerializeAsString());
  EXPECT_EQ(purchase.points(), 400);
  EXPECT_EQ(purchase.asked_points(), 0);
  EXPECT_EQ(purchase.card_last_four(), "4242");
  EXPECT_EQ(paid.first().entry().member(), kMember.ToBytes());
  EXPECT_EQ(Available(), 600);
  const PurchaseRow row = Row(bill.bill);
  EXPECT_EQ(row.points, 400);
  EXPECT_EQ(row.fee, 10);
  EXPECT_EQ(row.trace_number, call.trace_number);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome back, Refund(NextCall(), bill.bill, 100));
  EXPECT_TRUE(back.first().entry().has_refund());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome undone, Reverse(NextCall(), KeysOf(bill)));
  EXPECT_EQ(undone.first().entry().reversal().points(), 300);
  EXPECT_EQ(Available(), 1'000);
}

TEST_F(BillCommandsTest, IsPaidOnceAlsoWhenItWasGivenBackSince) {
  GiveSecondMember(1'000);
  const ShownBill bill = Present(400);
  ASSERT_TRUE(Pays(bill));
  EXPECT_THAT(Pay(bill), Declines(Reason::kBillPaid));
  EXPECT_THAT(Pay(bill, kSecondMember), Declines(Reason::kBillPaid));
  ASSERT_OK(Reverse(NextCall(), KeysOf(bill)));
  EXPECT_THAT(Pay(bill), Declines(Reason::kBillPaid));
  EXPECT_EQ(Available(), 1'000);
}

TEST_F(BillCommandsTest, ADeclineIsARecordAndLeavesItOpen) {
  const ShownBill bill = Present(400);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome declined, Pay(bill, kSecondMember));
  const journal::v1::Declined& record = declined.first().declined();
  EXPECT_EQ(ledger::ReasonFromNumber(record.reason()), Reason::kInsufficientPoints);
  EXPECT_EQ(record.bill(), bill.bill);
  EXPECT_EQ(record.member(), kSecondMember.ToBytes());
  EXPECT_EQ(record.points(), 400);
  EXPECT_EQ(record.till().trace_number(), KeysOf(bill).trace_number);
  EXPECT_EQ(OutcomeOf(bill), TillOutcome::kBill);
  // The same member later, or another one.
  GiveSecondMember(400);
  EXPECT_TRUE(Pays(bill, kSecondMember));
}

TEST_F(BillCommandsTest, IsGoodUpToItsLastMoment) {
  const ShownBill first = Present(10, kBillLifetimeMin);
  const ShownBill second = Present(10, kBillLifetimeMin);
  ledger_.clock().Advance(kBillLifetimeMin - absl::Seconds(1));
  EXPECT_TRUE(Pays(first));
  const absl::Time expiry = tables_.bills.Find(second.bill)->expiry;
  ledger_.clock().Advance(expiry - ledger_.clock().Now());
  EXPECT_THAT(Pay(second), Declines(Reason::kBillExpired));
  EXPECT_EQ(Available(), 990);
}

TEST_F(BillCommandsTest, FewerPointsAreTakenOnlyWhereTheTillSaidSo) {
  const ShownBill whole = Present(1'100);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome declined, Pay(whole));
  EXPECT_EQ(declined.first().declined().available(), 1'000);
  CreateBillCommand::Wish wish = Wish(1'100);
  wish.accept_partial = true;
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome created, Create(NextCall(), std::move(wish)));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid, Pay(Read(created.first())));
  EXPECT_EQ(paid.first().entry().purchase().points(), 1'000);
  EXPECT_EQ(paid.first().entry().purchase().asked_points(), 1'100);
}

TEST_F(BillCommandsTest, LinesArePaidAsTheyStand) {
  ledger::Terms books = Open();
  books.categories = {kBookshop};
  AddGrant(100, books);
  CreateBillCommand::Wish wish = Wish(150);
  wish.lines = {{.points = 60}, {.category = kBookshop, .points = 90}};
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome created, Create(NextCall(), std::move(wish)));
  ASSERT_EQ(created.first().bill_created().lines_size(), 2);
  EXPECT_EQ(created.first().bill_created().lines(0).category(), 0U);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid, Pay(Read(created.first())));
  const journal::v1::Purchase& purchase = paid.first().entry().purchase();
  ASSERT_EQ(purchase.lines_size(), 2);
  EXPECT_EQ(purchase.lines(0).category(), kGrocer);
  EXPECT_EQ(purchase.lines(1).parts(0).lot(), 2U);
}

TEST_F(BillCommandsTest, ABatchCountsItWhenItIsPaidAndNotBefore) {
  const ShownBill paid = Present(400);
  const ShownBill open = Present(50);
  const ShownBill cancelled = Present(60);
  ASSERT_OK(Pay(open, kSecondMember));  // Declined.
  ASSERT_OK(Reverse(NextCall(), KeysOf(cancelled)));
  EXPECT_EQ(Batch(1).totals, BatchTotals{});
  ASSERT_TRUE(Pays(paid));
  EXPECT_EQ(Batch(1).totals.purchases, (KindTotal{1, 400}));
  EXPECT_EQ(Batch(1).totals.reversals, KindTotal{});
  const auto calls = ListBatchCalls(ledger_.store(), {{TerminalNumber{1}, 1}, 1, 999'999}, 10);
  ASSERT_OK(calls.status());
  EXPECT_THAT(**calls,
              ElementsAre(FieldsAre(KeysOf(paid).trace_number, BatchKind::kPurchase, 400)));
}

TEST_F(BillCommandsTest, WhatHappensToTheTillInBetweenIsSaidByName) {
  const ShownBill bill = Present(10);
  tables_.terminals.Edit(TerminalNumber{1}).state = TerminalState::kBlocked;
  EXPECT_THAT(Pay(bill), Declines(Reason::kTerminalNotActive));
  tables_.terminals.Edit(TerminalNumber{1}).state = TerminalState::kActive;
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kSuspended;
  EXPECT_THAT(Pay(bill), Declines(Reason::kMerchantNotActive));
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kActive;
  CloseTheBatch(1);
  EXPECT_THAT(Pay(bill), Declines(Reason::kBatchClosed));
  EXPECT_EQ(Available(), 1'000);
  EXPECT_EQ(Batch(1).totals, BatchTotals{});
}

TEST_F(BillCommandsTest, AReversalCancelsAnOpenBill) {
  const ShownBill bill = Present(10);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome undone, Reverse(NextCall(), KeysOf(bill)));
  EXPECT_EQ(undone.first().bill_cancelled().bill(), bill.bill);
  EXPECT_EQ(OutcomeOf(bill), TillOutcome::kBillCancelled);
  EXPECT_THAT(Pay(bill), Declines(Reason::kBillCancelled));
  // Once more there is nothing to undo, but it had arrived.
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Reverse(NextCall(), KeysOf(bill)));
  EXPECT_EQ(again.first().tombstone().purchase(), bill.bill);
  ledger_.clock().Advance(kBillLifetimeMax);
  EXPECT_THAT(Pay(bill), Declines(Reason::kBillCancelled));
}

TEST_F(BillCommandsTest, AReversalByRequestIdOrUnderTheOwnKeysCancelsItToo) {
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome created, Create(NextCall(), Wish(10), 77));
  ASSERT_OK(Reverse(NextCall(), {.request_id = testing::RequestOf(77).request_id}));
  EXPECT_THAT(Pay(Read(created.first())), Declines(Reason::kBillCancelled));
  const TillCall call = NextCall();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome other, Create(call, Wish(10)));
  ASSERT_OK(Reverse(call, {.batch_number = call.batch_number, .trace_number = call.trace_number}));
  EXPECT_THAT(Pay(Read(other.first())), Declines(Reason::kBillCancelled));
}

TEST_F(BillCommandsTest, AReversalOfAnExpiredBillFindsItAndChangesNothing) {
  const ShownBill bill = Present(10);
  ledger_.clock().Advance(kBillLifetimeDefault + absl::Seconds(1));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome late, Reverse(NextCall(), KeysOf(bill)));
  EXPECT_EQ(late.first().tombstone().purchase(), bill.bill);
  EXPECT_THAT(Pay(bill), Declines(Reason::kBillExpired));
}

TEST_F(BillCommandsTest, AReversalThatComesFirstKeepsItOut) {
  const TillCall call = NextCall();
  ASSERT_OK(
      Reverse(NextCall(), {.batch_number = call.batch_number, .trace_number = call.trace_number}));
  EXPECT_THAT(Create(call, Wish(10)), Declines(Reason::kReversedBeforeArrival));
  ASSERT_OK(Reverse(NextCall(), {.request_id = testing::RequestOf(78).request_id}));
  EXPECT_THAT(Create(NextCall(), Wish(10), 78), Declines(Reason::kReversedBeforeArrival));
  EXPECT_EQ(tables_.terminal_bills.Find(TerminalNumber{1}), nullptr);
}

TEST_F(BillCommandsTest, AnotherMerchantCannotCancelIt) {
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome created, Create(NextCall(), Wish(10), 77));
  TillCall foreign = NextCall();
  foreign.merchant_id = "m-2";
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome by_id,
                       Reverse(foreign, {.request_id = testing::RequestOf(77).request_id}));
  EXPECT_EQ(by_id.first().tombstone().purchase(), 0U);
  foreign.trace_number = ++trace_;
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome by_keys,
                       Reverse(foreign, KeysOf(Read(created.first()))));
  EXPECT_EQ(by_keys.first().tombstone().purchase(), 0U);
  EXPECT_TRUE(Pays(Read(created.first())));
}

// Nothing is recorded of what there is no till for, and no guess is told from another.
TEST_F(BillCommandsTest, AGuessIsNoBill) {
  const ShownBill bill = Present(10);
  ShownBill guessed = bill;
  guessed.token = testing::TagOf(1);
  ShownBill unknown = bill;
  unknown.bill += 1;
  ShownBill no_bill = bill;
  no_bill.bill = 1;
  const Sequence last = ledger_.last_sequence();
  for (const ShownBill& shown : {guessed, unknown, no_bill}) {
    const auto outcome = Pay(shown);
    EXPECT_THAT(outcome, Refuses(Reason::kNotFound));
    EXPECT_EQ(outcome.status().message(), "no such bill");
  }
  EXPECT_EQ(ledger_.last_sequence(), last);
  EXPECT_TRUE(Pays(bill));
}

TEST_F(BillCommandsTest, ARepeatedCallIsAnsweredAlikeWhateverBecameOfTheBill) {
  const TillCall call = NextCall();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome created, Create(call, Wish(10), 77));
  const ShownBill bill = Read(created.first());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome declined, Pay(bill, kSecondMember, 78));
  ASSERT_TRUE(declined.first().has_declined());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid, Pay(bill, kMember, 78));
  ASSERT_OK(Reverse(NextCall(), KeysOf(bill)));
  ledger_.clock().Advance(kBillLifetimeMax + kBillsKept);
  GiveSecondMember(100);
  // With another token: the first one stays.
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome created_again, Create(call, Wish(10), 77));
  EXPECT_EQ(created_again.first().SerializeAsString(), created.first().SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome declined_again, Pay(bill, kSecondMember, 78));
  EXPECT_EQ(declined_again.first().SerializeAsString(), declined.first().SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid_again, Pay(bill, kMember, 78));
  EXPECT_EQ(paid_again.first().SerializeAsString(), paid.first().SerializeAsString());
  EXPECT_EQ(Available(), 1'000);
}

}  // namespace
}  // namespace puhui::merchant
