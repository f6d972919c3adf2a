// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/payout_correction_commands.h"
#include "tests/unit/merchant/app/payout_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;

// A day of m-1 of two unions' money, 98 and 49 points, at the bank in run 1.
class PayoutCorrectionsTest : public PayoutTest {
 protected:
  PayoutCorrectionsTest() {
    AddLot(100, absl::Hours(480));
    AddLot(1'000, absl::Hours(500));
    Buy(100);
    Buy(50);
    day_ = CutAndAgree();
    PUHUI_CHECK(RunAtBank({day_}) == 1);
  }
  absl::StatusOr<ledger::Outcome> Propose(PaymentKey payment, PaymentState state,
                                          const std::string& reference = "TR-1") {
    ProposeCorrectionCommand command(&tables_, {.payment = payment,
                                                .state = state,
                                                .bank_reference = reference,
                                                .reason = "account closed",
                                                .person = "people/zhao"});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Confirm(PaymentKey payment, const std::string& reference = "TR-1",
                                          const std::string& person = "people/qian") {
    ConfirmCorrectionCommand command(
        &tables_, {.payment = payment, .bank_reference = reference, .person = person});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Reject(PaymentKey payment) {
    RejectCorrectionCommand command(
        &tables_, {.payment = payment, .reason = "another payment", .person = "people/zhao"});
    return ledger_.Run(command);
  }
  void ExpectPaidOut(std::int64_t first, std::int64_t second) {
    EXPECT_EQ(PaidOut(1), first);
    EXPECT_EQ(PaidOut(2), second);
    EXPECT_EQ(Payable(1), 98 - first);
    EXPECT_EQ(Payable(2), 49 - second);
  }

  absl::CivilDay day_;
};

constexpr PaymentKey kFirst{1, 1};

TEST_F(PayoutCorrectionsTest, WhatCameBackIsPayableAgainByWhoseMoneyItWas) {
  ASSERT_OK(Answer(About(1, day_, "ACSC")));
  ExpectPaidOut(98, 49);
  ASSERT_OK(Propose(kFirst, PaymentState::kReturned));
  ExpectPaidOut(98, 49);  // One person moves nothing.
  EXPECT_EQ(StateOf(day_), StatementState::kPaid);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Confirm(kFirst));
  ExpectPaidOut(0, 0);
  ASSERT_EQ(outcome.records().size(), 2U);
  EXPECT_EQ(outcome.records()[1]->entry().payout_returned().points(), 98 + 49);
  EXPECT_EQ(PaymentOf(1).state, PaymentState::kReturned);
  EXPECT_EQ(RunRow(1).paid, 0U);
  EXPECT_EQ(RunRow(1).returned, 1U);
  EXPECT_EQ(RunRow(1).state, PayoutRunState::kFinished);
  EXPECT_EQ(StateOf(day_), StatementState::kAgreed);
  EXPECT_EQ(Unsettled(), std::vector<absl::CivilDay>{day_});
}

// A file that grows goes on saying so.
TEST_F(PayoutCorrectionsTest, TheBankMayRepeatWhatItSaidOfWhatWasCorrected) {
  ASSERT_OK(Answer(About(1, day_, "ACSC")));
  ASSERT_OK(Propose(kFirst, PaymentState::kReturned));
  ASSERT_OK(Confirm(kFirst));
  ASSERT_OK(Answer(About(1, day_, "ACSC")));
  EXPECT_THAT(Answer(About(1, day_, "RJCT")), Refuses(Reason::kPaymentDecided));
  EXPECT_EQ(PaymentOf(1).state, PaymentState::kReturned);
  ExpectPaidOut(0, 0);
  ASSERT_EQ(RunAtBank({day_}), 2U);
  ASSERT_OK(Answer(About(2, day_, "RJCT")));
  ASSERT_OK(Propose({2, 1}, PaymentState::kPaid, "TR-2"));
  ASSERT_OK(Confirm({2, 1}, "TR-2"));
  for (const char* status : {"RJCT", "ACSC"}) ASSERT_OK(Answer(About(2, day_, status)));
  EXPECT_EQ(PaymentOf(2).state, PaymentState::kPaid);
  ExpectPaidOut(98, 49);
}

TEST_F(PayoutCorrectionsTest, WhatCameBackIsPaidByALaterRunAndMayComeBackOfThatToo) {
  ASSERT_OK(Answer(About(1, day_, "ACSC")));
  ASSERT_OK(Propose(kFirst, PaymentState::kReturned));
  ASSERT_OK(Confirm(kFirst));
  ASSERT_EQ(RunAtBank({day_}), 2U);
  EXPECT_EQ(PaymentOf(2).attempt, 2U);
  EXPECT_EQ(PaymentOf(2).points, 98 + 49);
  ASSERT_OK(Answer(About(2, day_, "ACSC")));
  ExpectPaidOut(98, 49);
  EXPECT_THAT(Create({Wish(day_)}), Refuses(Reason::kStatementNotDue));
  // Once for each payment, and once for each movement of the account.
  EXPECT_THAT(Propose(kFirst, PaymentState::kReturned, "TR-2"), Refuses(Reason::kPaymentState));
  EXPECT_THAT(Propose({2, 1}, PaymentState::kReturned, "TR-1"),
              Refuses(Reason::kBankReferenceUsed, "bank_reference"));
  ASSERT_OK(Propose({2, 1}, PaymentState::kReturned, "TR-2"));
  ASSERT_OK(Confirm({2, 1}, "TR-2"));
  ExpectPaidOut(0, 0);
}

TEST_F(PayoutCorrectionsTest, WhatWasRejectedMayHaveBeenPaidAfterAll) {
  ASSERT_OK(Answer(About(1, day_, "RJCT")));
  ASSERT_OK(Create({Wish(day_)}));
  EXPECT_THAT(Propose(kFirst, PaymentState::kPaid), Refuses(Reason::kStatementNotDue));
  ASSERT_OK(Cancel(2));
  ASSERT_OK(Propose(kFirst, PaymentState::kPaid));
  // Nobody has it paid once more before the second person has looked.
  EXPECT_THAT(Create({Wish(day_)}), Refuses(Reason::kStatementNotDue, "statements[0].statement"));
  ASSERT_OK(Confirm(kFirst));
  ExpectPaidOut(98, 49);
  EXPECT_EQ(RunRow(1).paid, 1U);
  EXPECT_EQ(RunRow(1).rejected, 0U);
  EXPECT_EQ(PayoutOf(day_).run, 1U);
  EXPECT_EQ(StateOf(day_), StatementState::kPaid);
  EXPECT_TRUE(Unsettled().empty());
  EXPECT_THAT(Create({Wish(day_)}), Refuses(Reason::kStatementNotDue));
  ASSERT_OK(Propose(kFirst, PaymentState::kReturned, "TR-2"));
  ASSERT_OK(Confirm(kFirst, "TR-2"));
  ExpectPaidOut(0, 0);
}

TEST_F(PayoutCorrectionsTest, WhatALaterRunPaidWasNotPaidByAnEarlierOneToo) {
  ASSERT_OK(Answer(About(1, day_, "RJCT")));
  ASSERT_OK(Answer(About(RunAtBank({day_}), day_, "ACSC")));
  EXPECT_THAT(Propose(kFirst, PaymentState::kPaid), Refuses(Reason::kStatementNotDue));
  ExpectPaidOut(98, 49);
}

TEST_F(PayoutCorrectionsTest, OfTwoAttemptsThatWereRejectedOneWasPaid) {
  ASSERT_OK(Answer(About(1, day_, "RJCT")));
  ASSERT_OK(Answer(About(RunAtBank({day_}), day_, "RJCT")));
  ASSERT_OK(Propose(kFirst, PaymentState::kPaid, "TR-1"));
  ASSERT_OK(Propose({2, 1}, PaymentState::kPaid, "TR-2"));
  ASSERT_OK(Confirm({2, 1}, "TR-2"));
  EXPECT_THAT(Confirm(kFirst, "TR-1"), Refuses(Reason::kStatementNotDue));
  ExpectPaidOut(98, 49);
  // That came back, but the other may have been paid.
  ASSERT_OK(Propose({2, 1}, PaymentState::kReturned, "TR-3"));
  ASSERT_OK(Confirm({2, 1}, "TR-3"));
  EXPECT_THAT(Create({Wish(day_)}), Refuses(Reason::kStatementNotDue));
  ASSERT_OK(Reject(kFirst));
  ASSERT_OK(Create({Wish(day_)}));
  EXPECT_EQ(PaymentOf(3).attempt, 3U);
  ExpectFoldsAlike(ledger_);
}

TEST_F(PayoutCorrectionsTest, AreRefusedInOrder) {
  EXPECT_THAT(Propose({1, 2}, PaymentState::kReturned), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Propose({2, 1}, PaymentState::kReturned), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Confirm({1, 2}), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Reject({1, 2}), Refuses(Reason::kNotFound, "name"));
  for (const PaymentState state : {PaymentState::kReturned, PaymentState::kPaid}) {
    EXPECT_THAT(Propose(kFirst, state), Refuses(Reason::kPaymentState));  // The bank is silent.
  }
  ASSERT_OK(Answer(About(1, day_, "ACSC")));
  EXPECT_THAT(Propose(kFirst, PaymentState::kPaid), Refuses(Reason::kPaymentState));
  EXPECT_THAT(Confirm(kFirst), Refuses(Reason::kPaymentState));
  EXPECT_THAT(Reject(kFirst), Refuses(Reason::kPaymentState));
  ASSERT_OK(Propose(kFirst, PaymentState::kReturned));
  EXPECT_THAT(Propose(kFirst, PaymentState::kReturned, "TR-2"), Refuses(Reason::kPaymentState));
  EXPECT_THAT(Confirm(kFirst, "TR-2", "people/zhao"), Refuses(Reason::kSamePerson));
  EXPECT_THAT(Confirm(kFirst, "TR-2"), Refuses(Reason::kBankReferenceDiffers, "bank_reference"));
  ExpectPaidOut(98, 49);
  ASSERT_OK(Confirm(kFirst));
  EXPECT_THAT(Confirm(kFirst), Refuses(Reason::kPaymentState));
  ExpectPaidOut(0, 0);
}

TEST_F(PayoutCorrectionsTest, WhatIsRejectedLeavesThePaymentAndItsReferenceFree) {
  ASSERT_OK(Answer(About(1, day_, "ACSC")));
  ASSERT_OK(Propose(kFirst, PaymentState::kReturned));
  ASSERT_OK(Reject(kFirst));
  EXPECT_THAT(Confirm(kFirst), Refuses(Reason::kPaymentState));
  EXPECT_EQ(PaymentOf(1).state, PaymentState::kPaid);
  EXPECT_EQ(PaymentOf(1).correction->rejection, "another payment");
  ExpectPaidOut(98, 49);
  ASSERT_OK(Propose(kFirst, PaymentState::kReturned));
  ASSERT_OK(Confirm(kFirst));
  ExpectPaidOut(0, 0);
}

TEST_F(PayoutCorrectionsTest, OneMovementCorrectsOnePaymentThoughItWasProposedOfTwo) {
  Buy(200);
  const absl::CivilDay second = CutAndAgree();
  ASSERT_OK(Answer(About(1, day_, "ACSC")));
  ASSERT_OK(Answer(About(RunAtBank({second}), second, "ACSC")));
  ASSERT_OK(Propose(kFirst, PaymentState::kReturned));
  ASSERT_OK(Propose({2, 1}, PaymentState::kReturned));
  ASSERT_OK(Confirm(kFirst));
  EXPECT_THAT(Confirm({2, 1}), Refuses(Reason::kBankReferenceUsed));
  EXPECT_EQ(PaymentOf(2).state, PaymentState::kPaid);
}

// The next statement begins with what came back.
TEST_F(PayoutCorrectionsTest, WhatCameBackIsInTheDayThatItCameBackOn) {
  ASSERT_OK(Answer(About(1, day_, "ACSC")));
  Buy(100);
  ASSERT_OK(Propose(kFirst, PaymentState::kReturned));
  ASSERT_OK(Confirm(kFirst));
  const absl::CivilDay next = CutAndAgree();
  const auto row = tables_.statements.Find({kGrocerNumber, next});
  EXPECT_EQ(row->lines.figures.paid, -(98 + 49));
  // What that day came to is its purchase alone: what came back is the earlier day's.
  EXPECT_EQ(*Wish(next).came_to, (std::vector<OriginSum>{{UnionNumber{2}, 98}}));
}

TEST_F(PayoutCorrectionsTest, AreTheSameWhenTheJournalIsFoldedAgain) {
  ASSERT_OK(Answer(About(1, day_, "ACSC")));
  ASSERT_OK(Propose(kFirst, PaymentState::kReturned));
  ASSERT_OK(Reject(kFirst));
  ASSERT_OK(Propose(kFirst, PaymentState::kReturned));
  ASSERT_OK(Confirm(kFirst));
  ExpectFoldsAlike(ledger_);
}

}  // namespace
}  // namespace puhui::merchant
