// SPDX-License-Identifier: Apache-2.0
// Statements after their cut: agreed, or disputed and resolved by two people.
#include "ledger/base/limits.h"
#include "tests/unit/merchant/app/folded_again.h"
#include "tests/unit/merchant/app/statement_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::AccountKind;
using ledger::Reason;

// The second of January is cut: a purchase of 1,000 and one of 200, with fees of 25 and 5.
class DisputesTest : public StatementTest {
 protected:
  DisputesTest() {
    TurnTo(2, 9);
    first_ = Buy(1'000);
    second_ = Buy(200);
    TurnTo(3, 1);
    PUHUI_CHECK_OK(Cut(2).status());
  }
  absl::StatusOr<ledger::Outcome> Dispute(std::vector<Sequence> lines, int day = 2) {
    DisputeLinesCommand::Wish wish{.statement = Key(day), .person = "merchants/m-1"};
    for (const Sequence line : lines) wish.lines.push_back({line, "charged twice"});
    DisputeLinesCommand command(&tables_, std::move(wish));
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Propose(Sequence line, std::int64_t points,
                                          const std::string& person = "people/qian") {
    const StatementLine of = LineOf(line);
    ProposeResolutionCommand command(&tables_, {.dispute = {kGrocerNumber, Day(day_), line},
                                                .points = points,
                                                .origin = UnionNumber{points == 0 ? 0U : 1U},
                                                .line = of.FiguresOf(UnionNumber{1}),
                                                .purchase = of.purchase,
                                                .reason = "the receipt says so",
                                                .person = person});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Confirm(Sequence line, std::int64_t points,
                                          const std::string& person = "people/sun",
                                          UnionNumber origin = UnionNumber{1}) {
    ConfirmResolutionCommand command(State(), {.dispute = {kGrocerNumber, Day(day_), line},
                                               .points = points,
                                               .origin = points == 0 ? UnionNumber{} : origin,
                                               .purchase = LineOf(line).purchase,
                                               .person = person});
    return ledger_.Run(command);
  }
  StatementLine LineOf(Sequence sequence) {
    for (StatementLine& line : Lines(day_)) {
      if (line.sequence == sequence) return std::move(line);
    }
    return {};
  }
  // By two people; the sequence of the entry.
  Sequence Adjust(Sequence line, std::int64_t points) {
    PUHUI_CHECK_OK(Dispute({line}, day_).status());
    PUHUI_CHECK_OK(Propose(line, points).status());
    const auto confirmed = Confirm(line, points);
    PUHUI_CHECK_OK(confirmed.status());
    return confirmed->first().sequence();
  }
  // What the merchant has of the purchases of the second: payable, and of it as a fee.
  void ExpectHas(std::int64_t payable, std::int64_t fee) {
    EXPECT_EQ(Balance(AccountKind::kPayable, 1), payable);
    EXPECT_EQ(Balance(AccountKind::kFee, 1), fee);
  }
  DisputeRow DisputeOf(Sequence line) {
    return **FindDispute(ledger_.store(), {kGrocerNumber, Day(2), line});
  }

  Sequence first_ = 0;
  Sequence second_ = 0;
  int day_ = 2;  // Whose lines are resolved.
};

TEST_F(DisputesTest, AgreesWithExactlyTheStatementThatWasSeen) {
  ledger::Hash other = Statement(2).lines.digest;
  other[31] ^= 1;
  EXPECT_THAT(AgreeWith(2, other), Refuses(Reason::kStatementDigest, "digest"));
  EXPECT_THAT(AgreeWith(9, other), Refuses(Reason::kNotFound, "name"));
  ASSERT_OK(AgreeWith(2, Statement(2).lines.digest));
  EXPECT_EQ(Statement(2).state, StatementState::kAgreed);
  EXPECT_GT(*Statement(2).agree_time, Statement(2).cut_time);
  EXPECT_THAT(AgreeWith(2, Statement(2).lines.digest), Refuses(Reason::kStatementState));
}

TEST_F(DisputesTest, NothingIsAgreedOrDisputedBeforeTheCut) {
  Buy(50);
  TurnTo(4, 1);
  Buy(50);  // The third is over, and not cut.
  EXPECT_THAT(AgreeWith(3, Statement(3).lines.digest), Refuses(Reason::kStatementState));
  EXPECT_THAT(Dispute({Statement(3).lines.first}, 3), Refuses(Reason::kStatementState));
  EXPECT_THAT(AgreeWith(4, Statement(4).lines.digest), Refuses(Reason::kNotFound, "name"));
}

TEST_F(DisputesTest, ADisputedStatementIsNotAgreedUntilItIsResolved) {
  ASSERT_OK(Dispute({first_, second_}));
  EXPECT_EQ(Statement(2).state, StatementState::kDisputed);
  EXPECT_EQ(Statement(2).open_disputes, 2U);
  EXPECT_THAT(AgreeWith(2, Statement(2).lines.digest), Refuses(Reason::kStatementDisputed));
  ASSERT_OK(Propose(first_, 0));
  ASSERT_OK(Confirm(first_, 0));
  EXPECT_EQ(DisputeOf(first_).state, DisputeState::kDismissed);
  EXPECT_THAT(AgreeWith(2, Statement(2).lines.digest), Refuses(Reason::kStatementDisputed));
  ASSERT_OK(Propose(second_, 0));
  ASSERT_OK(Confirm(second_, 0));
  EXPECT_EQ(Statement(2).state, StatementState::kCut);
  ASSERT_OK(AgreeWith(2, Statement(2).lines.digest));
  EXPECT_THAT(Dispute({first_}), Refuses(Reason::kStatementState));
}

TEST_F(DisputesTest, AnAdjustmentMovesPointsBetweenFeeAndPayableOnTheDayThatIsRunning) {
  const DayLines cut = Statement(2).lines;
  const std::int64_t payable = Balance(AccountKind::kPayable, 1);
  const std::int64_t fee = Balance(AccountKind::kFee, 1);
  ASSERT_OK(Dispute({first_}));
  ASSERT_OK(Propose(first_, 7));
  const auto confirmed = Confirm(first_, 7);
  ASSERT_OK(confirmed);
  EXPECT_EQ(Balance(AccountKind::kPayable, 1), payable + 7);
  EXPECT_EQ(Balance(AccountKind::kFee, 1), fee - 7);
  EXPECT_EQ(DisputeOf(first_).state, DisputeState::kAdjusted);
  EXPECT_EQ(Statement(2).lines, cut);
  EXPECT_EQ(Statement(2).state, StatementState::kCut);
  TurnTo(4);
  ASSERT_OK(Cut(3));
  EXPECT_EQ(Statement(3).lines.figures, (DayFigures{.adjustments = 7}));
  EXPECT_EQ(Statement(3).lines.adjustments, 1U);
  EXPECT_EQ(Lines(3).at(0).original, first_);
  EXPECT_EQ(Lines(3).at(0).sequence, confirmed->first().sequence());
  EXPECT_EQ(Statement(3).lines.PayableAfter(), payable + 7);
}

TEST_F(DisputesTest, TakesTwoPeopleAndWhatWasProposed) {
  ASSERT_OK(Dispute({first_}));
  EXPECT_THAT(Confirm(first_, 0), Refuses(Reason::kDisputeState));
  ASSERT_OK(Propose(first_, -7));
  EXPECT_THAT(Confirm(first_, -7, "people/qian"), Refuses(Reason::kSamePerson));
  EXPECT_THAT(Confirm(first_, 7), Refuses(Reason::kDisputeState, "adjustment_points"));
  EXPECT_THAT(Confirm(first_, -7, "people/sun", UnionNumber{2}),
              Refuses(Reason::kDisputeState, "union"));
  ASSERT_OK(Propose(first_, 5, "people/sun"));  // Instead.
  EXPECT_THAT(Confirm(first_, -7), Refuses(Reason::kSamePerson));
  ASSERT_OK(Confirm(first_, 5, "people/qian"));
  EXPECT_THAT(Confirm(first_, 5, "people/qian"), Refuses(Reason::kDisputeState));
  EXPECT_THAT(Propose(first_, 1), Refuses(Reason::kDisputeState));
  EXPECT_THAT(Propose(second_, 1), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Confirm(second_, 1), Refuses(Reason::kNotFound, "name"));
}

// Else two people could make payable what nobody spent.
TEST_F(DisputesTest, AnAdjustmentMovesNoMoreThanTheLineHas) {
  ASSERT_OK(Dispute({first_, second_}));
  const auto refused = Propose(first_, 26);
  EXPECT_THAT(refused, Refuses(Reason::kAdjustmentAboveLine, "adjustment_points"));
  EXPECT_EQ(ledger::RefusalOf(refused.status())->metadata.at(0).second, "25");
  EXPECT_THAT(Propose(second_, -196), Refuses(Reason::kAdjustmentAboveLine, "adjustment_points"));
  EXPECT_EQ(DisputeOf(first_).state, DisputeState::kOpen);
  ASSERT_OK(Propose(first_, 25));
  ASSERT_OK(Propose(second_, -195));
  ASSERT_OK(Confirm(second_, -195));
  EXPECT_THAT(Propose(second_, 201), Refuses(Reason::kDisputeState));
}

// However often lines are disputed that are adjustments themselves, nothing adds up.
TEST_F(DisputesTest, OfWhatWasGivenBackNothingAndOfAnAdjustmentOnlyItselfIsMoved) {
  struct Row {
    DayFigures line;
    std::int64_t up;
    std::int64_t down;
  };
  const Row rows[] = {
      {{.purchases = 100, .fees = 2, .discounts = 1}, 3, 97},
      {{.purchases = 100}, 0, 100},
      {{.refunds = 100, .fees = -2, .discounts = -1}, 0, 0},
      {{.earlier_refunds = 100, .fees = -2}, 0, 0},
      {{.reversals = 100, .fees = -2}, 0, 0},
      {{.adjustments = 7}, 0, 7},
      {{.adjustments = -7}, 7, 0},
  };
  ASSERT_OK(Dispute({first_}));
  const auto propose = [this](const DayFigures& line, std::int64_t points) {
    ProposeResolutionCommand command(&tables_, {.dispute = {kGrocerNumber, Day(2), first_},
                                                .points = points,
                                                .origin = UnionNumber{1},
                                                .line = line,
                                                .reason = "the receipt says so",
                                                .person = "people/qian"});
    return ledger_.Run(command);
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(&row - rows);
    EXPECT_OK(propose(row.line, row.up));
    EXPECT_OK(propose(row.line, -row.down));
    EXPECT_THAT(propose(row.line, row.up + 1), Refuses(Reason::kAdjustmentAboveLine));
    EXPECT_THAT(propose(row.line, -row.down - 1), Refuses(Reason::kAdjustmentAboveLine));
  }
}

// Of both purchases 1,170 points are payable and 30 are a fee; of the second alone 195 and 5.
TEST_F(DisputesTest, ARefundGivesNoFeeBackThatWasAdjustedAway) {
  Adjust(first_, 25);
  EXPECT_EQ(Row(first_).fee, 0);
  ExpectHas(1'195, 5);
  ASSERT_OK(Refund(NextCall(), first_, 1'000));
  ExpectHas(195, 5);
  EXPECT_TRUE(Row(first_).fee_adjustments.empty());
  ExpectFoldsAlike(ledger_);
}

TEST_F(DisputesTest, RefundsGiveBackWhatIsLeftOfTheFee) {
  Adjust(first_, 7);
  EXPECT_EQ(Row(first_).fee, 18);
  // Of the 15 on the 600 that are kept, 8; of nothing, nothing.
  ASSERT_OK_AND_ASSIGN(const auto some, Refund(NextCall(), first_, 400));
  EXPECT_EQ(some.first().entry().refund().fee(), 10);
  EXPECT_EQ(Row(first_).fee, 8);
  ASSERT_OK_AND_ASSIGN(const auto rest, Refund(NextCall(), first_, 600));
  EXPECT_EQ(rest.first().entry().refund().fee(), 8);
  ExpectHas(195, 5);
}

TEST_F(DisputesTest, AReversalGivesBackWhatIsLeftOfTheFee) {
  Adjust(first_, 7);
  ASSERT_OK_AND_ASSIGN(
      const auto reversed,
      Reverse(NextCall(), {.batch_number = 1, .trace_number = Row(first_).trace_number}));
  ASSERT_TRUE(reversed.first().entry().has_reversal());
  EXPECT_EQ(reversed.first().entry().reversal().fee(), 18);
  ExpectHas(195, 5);
  EXPECT_TRUE(Row(first_).fee_adjustments.empty());
  ExpectFoldsAlike(ledger_);
}

// What is a fee because two people said so goes with the purchase too: nothing of it is kept.
TEST_F(DisputesTest, WhatWasMadeAFeeComesBackWithThePurchase) {
  Adjust(second_, -195);
  ExpectHas(975, 225);
  ASSERT_OK(Refund(NextCall(), second_, 50));
  ExpectHas(975, 175);
  ASSERT_OK(Refund(NextCall(), second_, 150));
  ExpectHas(975, 25);
}

TEST_F(DisputesTest, NoFeeIsAdjustedThatARefundGaveBack) {
  ASSERT_OK(Refund(NextCall(), first_, 600));  // Of the 400 that are kept, 10 are a fee.
  ASSERT_OK(Refund(NextCall(), second_, 200));
  ASSERT_OK(Dispute({first_, second_}));
  EXPECT_THAT(Propose(first_, 11), Refuses(Reason::kAdjustmentAboveLine, "adjustment_points"));
  EXPECT_THAT(Propose(first_, -391), Refuses(Reason::kAdjustmentAboveLine, "adjustment_points"));
  EXPECT_THAT(Propose(second_, 1), Refuses(Reason::kAdjustmentAboveLine, "adjustment_points"));
  EXPECT_THAT(Propose(second_, -1), Refuses(Reason::kAdjustmentAboveLine, "adjustment_points"));
  ASSERT_OK(Propose(first_, 10));
  ASSERT_OK(Confirm(first_, 10));
  ExpectHas(400, 0);
}

TEST_F(DisputesTest, NothingIsConfirmedThatWasGivenBackMeanwhile) {
  ASSERT_OK(Dispute({first_}));
  ASSERT_OK(Propose(first_, 25));
  ASSERT_OK(Refund(NextCall(), first_, 200));  // Of the 800 that are kept, 20 are a fee.
  EXPECT_THAT(Confirm(first_, 25), Refuses(Reason::kAdjustmentAboveLine, "adjustment_points"));
  EXPECT_EQ(DisputeOf(first_).state, DisputeState::kProposed);
  ASSERT_OK(Propose(first_, 20));
  ASSERT_OK(Confirm(first_, 20));
  ExpectHas(995, 5);
}

// Releases that knew this have to confirm what earlier ones proposed.
TEST_F(DisputesTest, AProposalThatNamesNoPurchaseIsHeldToItsLines) {
  const auto propose = [&](Sequence line) {
    ProposeResolutionCommand command(&tables_, {.dispute = {kGrocerNumber, Day(2), line},
                                                .points = 5,
                                                .origin = UnionNumber{1},
                                                .line = LineOf(line).FiguresOf(UnionNumber{1}),
                                                .reason = "the receipt says so",
                                                .person = "people/qian"});
    return ledger_.Run(command);
  };
  ASSERT_OK(Dispute({first_, second_}));
  ASSERT_OK(propose(first_));
  ASSERT_OK(propose(second_));
  ASSERT_OK(Refund(NextCall(), second_, 200));
  EXPECT_THAT(Confirm(second_, 5), Refuses(Reason::kAdjustmentAboveLine, "adjustment_points"));
  ASSERT_OK(Confirm(first_, 5));
  EXPECT_EQ(Row(first_).fee, 20);
  ASSERT_OK(Refund(NextCall(), first_, 1'000));
  ExpectHas(0, 0);
}

// An adjustment is a line that may be disputed itself, and is of the same purchase.
TEST_F(DisputesTest, AnAdjustmentThatIsTakenBackIsAFeeAgain) {
  const Sequence adjusted = Adjust(first_, 25);
  TurnTo(4, 1);
  ASSERT_OK(Cut(3));
  day_ = 3;
  EXPECT_EQ(LineOf(adjusted).purchase, first_);
  Adjust(adjusted, -25);
  EXPECT_TRUE(Row(first_).fee_adjustments.empty());
  ExpectHas(1'170, 30);
  ASSERT_OK(Refund(NextCall(), first_, 1'000));
  ExpectHas(195, 5);
}

TEST_F(DisputesTest, AnAdjustmentOfAPurchaseThatIsGivenBackStands) {
  const Sequence adjusted = Adjust(first_, 25);
  ASSERT_OK(Refund(NextCall(), first_, 1'000));
  TurnTo(4, 1);
  ASSERT_OK(Cut(3));
  day_ = 3;
  ASSERT_OK(Dispute({adjusted}, 3));
  EXPECT_THAT(Propose(adjusted, -1), Refuses(Reason::kAdjustmentAboveLine, "adjustment_points"));
  ExpectHas(195, 5);
}

// 32 unions' money without any fee has 64 postings, and there is no room for one more.
TEST_F(DisputesTest, WhatIsAdjustedStillComesBackInOneEntry) {
  for (int lot = 0; lot < 31; ++lot) AddLot(1, absl::Hours(24 * 200));
  AddLot(2, absl::Hours(24 * 200));
  const Sequence bought = Buy(33);
  TurnTo(4, 1);
  ASSERT_OK(Cut(3));
  day_ = 3;
  ASSERT_OK(Dispute({bought}, 3));
  const auto propose = [&](std::int64_t points) {
    const UnionNumber origin{lots_};
    ProposeResolutionCommand command(&tables_, {.dispute = {kGrocerNumber, Day(3), bought},
                                                .points = points,
                                                .origin = origin,
                                                .line = LineOf(bought).FiguresOf(origin),
                                                .purchase = bought,
                                                .person = "people/qian"});
    return ledger_.Run(command);
  };
  EXPECT_THAT(propose(-1), Refuses(Reason::kAdjustmentAboveLine, "adjustment_points"));
  ASSERT_OK(propose(-2));
  ASSERT_OK(Confirm(bought, -2, "people/sun", UnionNumber{lots_}));
  ASSERT_OK_AND_ASSIGN(const auto refunded, Refund(NextCall(), bought, 33));
  ASSERT_TRUE(refunded.first().has_entry());
  EXPECT_EQ(refunded.first().entry().postings_size(), 64);
}

TEST_F(DisputesTest, ALineIsDisputedOnceAndAllOfACallOrNone) {
  ASSERT_OK(Dispute({first_}));
  EXPECT_THAT(Dispute({second_, first_}), Refuses(Reason::kDisputeState, "lines[1].sequence"));
  EXPECT_EQ(Statement(2).disputes, 1U);
  EXPECT_THAT(Dispute({first_}, 8), Refuses(Reason::kNotFound, "name"));
}

TEST_F(DisputesTest, HasABoundThatIsNamed) {
  std::vector<Sequence> lines;
  for (std::size_t i = 0; i < kDisputesPerStatementMax; ++i) lines.push_back(10'000 + i);
  ASSERT_OK(Dispute(lines));
  EXPECT_THAT(Dispute({first_}), Refuses(Reason::kDisputesLimit, "lines"));
}

}  // namespace
}  // namespace puhui::merchant
