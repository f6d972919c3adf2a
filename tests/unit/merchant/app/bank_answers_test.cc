// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/merchant/app/payout_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Two days of m-1 at the bank in run 1, of 98 and 195 points.
class BankAnswersTest : public PayoutTest {
 protected:
  BankAnswersTest() {
    AddLot(1'000, absl::Hours(480));
    bought_ = Buy(100);
    first_ = CutAndAgree();
    Buy(200);
    second_ = CutAndAgree();
    PUHUI_CHECK(RunAtBank({first_, second_}) == 1);
  }
  static BankAnswer AboutAll(std::uint32_t run, const std::string& status) {
    BankAnswer answer{.message_id = MessageId(kPrefix, run)};
    answer.others = GroupAnswer{.verdict = *VerdictOf(status), .status = status};
    return answer;
  }

  Sequence bought_ = 0;  // On the first day.
  absl::CivilDay first_;
  absl::CivilDay second_;
};

TEST_F(BankAnswersTest, AreRefusedInOrder) {
  BankAnswer foreign = About(1, first_, "ACSC");
  foreign.message_id = "BANK-ffffffff-1";
  EXPECT_THAT(Answer(foreign), Refuses(Reason::kPayoutMessageForeign, "pain_002"));
  EXPECT_THAT(Answer(About(2, first_, "ACSC")), Refuses(Reason::kNotFound, "pain_002"));
  BankAnswer unknown = About(1, first_, "ACSC");
  unknown.payments[0].end_to_end_id = "R1-M2-20261126";
  EXPECT_THAT(Answer(unknown), Refuses(Reason::kPaymentUnknown));
  EXPECT_THAT(Answer(About(1, first_, "ACSC", 97)), Refuses(Reason::kPaymentAmountDiffers));
  // One bad payment spoils the file.
  BankAnswer both = About(1, first_, "ACSC", 98);
  both.payments.push_back(About(1, second_, "ACSC", 1'000).payments[0]);
  EXPECT_THAT(Answer(both), Refuses(Reason::kPaymentAmountDiffers));
  EXPECT_EQ(PaidOut(), 0);
  EXPECT_EQ(PaymentOf(1).state, PaymentState::kOpen);
  both.payments[1].amount_fen = 195;
  ASSERT_OK(Answer(both));
  EXPECT_EQ(PaidOut(), 98 + 195);
}

TEST_F(BankAnswersTest, ARunThatTheBankDoesNotHaveIsNotAnswered) {
  Buy(50);
  const absl::CivilDay day = CutAndAgree();
  ASSERT_OK(Create({Wish(day)}));
  EXPECT_THAT(Answer(About(2, day, "ACSC")), Refuses(Reason::kPayoutRunState));
  ASSERT_OK(Approve(2, "people/qian"));
  EXPECT_THAT(Answer(About(2, day, "ACSC")), Refuses(Reason::kPayoutRunState));
  ASSERT_OK(Cancel(2));
  EXPECT_THAT(Answer(About(2, day, "ACSC")), Refuses(Reason::kPayoutRunState));
}

TEST_F(BankAnswersTest, NothingIsPaidOrRejectedTwice) {
  ASSERT_OK(Answer(About(1, first_, "ACSC")));
  EXPECT_THAT(Answer(About(1, first_, "RJCT")), Refuses(Reason::kPaymentDecided));
  EXPECT_THAT(Answer(About(1, first_, "ACSP")), Refuses(Reason::kPaymentDecided));
  ASSERT_OK_AND_ASSIGN(const auto again, Answer(About(1, first_, "ACCC", 98)));
  EXPECT_EQ(again.records().size(), 1U);
  EXPECT_THAT(again.first().bank_answered().answers(), IsEmpty());
  EXPECT_THAT(again.first().bank_answered().known_payments(), ElementsAre(1U));
  EXPECT_EQ(PaymentOf(1).bank_status, "ACSC");
  EXPECT_EQ(PaidOut(), 98);
  // With one that is still open in the same file.
  BankAnswer both = About(1, second_, "ACSC");
  both.payments.push_back(About(1, first_, "RJCT").payments[0]);
  const auto refused = Answer(both);
  EXPECT_THAT(refused, Refuses(Reason::kPaymentDecided));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("row 1"));
  EXPECT_EQ(PaidOut(), 98);
  ASSERT_OK(Answer(About(1, second_, "RJCT")));
  EXPECT_THAT(Answer(About(1, second_, "ACSC")), Refuses(Reason::kPaymentDecided));
  EXPECT_EQ(PaidOut(), 98);
}

// Each file of such a bank has all that it said before, and something more.
TEST_F(BankAnswersTest, OfAFileThatGrowsWhatIsNewIsTaken) {
  BankAnswer file = About(1, first_, "ACSC", 98);
  ASSERT_OK(Answer(file));
  file.payments.push_back(About(1, second_, "RJCT", 195).payments[0]);
  file.payments[0].amount_fen = 97;
  EXPECT_THAT(Answer(file), Refuses(Reason::kPaymentAmountDiffers));
  file.payments[0].amount_fen = 98;
  ASSERT_OK_AND_ASSIGN(const auto grown, Answer(file));
  const journal::v1::BankAnswered& answered = grown.first().bank_answered();
  ASSERT_EQ(answered.answers_size(), 1);
  EXPECT_EQ(answered.answers(0).payment(), 2U);
  EXPECT_THAT(answered.known_payments(), ElementsAre(1U));
  EXPECT_EQ(PaidOut(), 98);
  EXPECT_EQ(RunRow(1).state, PayoutRunState::kFinished);
  const auto finished = RunRow(1).finish_time;
  ASSERT_OK_AND_ASSIGN(const auto same, Answer(file));
  EXPECT_THAT(same.first().bank_answered().known_payments(), ElementsAre(1U, 2U));
  EXPECT_EQ(same.records().size(), 1U);
  EXPECT_EQ(RunRow(1).finish_time, finished);
  EXPECT_EQ(PaidOut(), 98);
  ExpectFoldsAlike(ledger_);
}

TEST_F(BankAnswersTest, WhatIsPendingMayBeSaidAsOftenAsTheBankLikes) {
  ASSERT_OK(Answer(About(1, first_, "RCVD")));
  ASSERT_OK(Answer(About(1, first_, "ACSP")));
  EXPECT_EQ(PaymentOf(1).bank_status, "ACSP");
  EXPECT_EQ(PaymentOf(1).state, PaymentState::kOpen);
  EXPECT_EQ(RunRow(1).open, 2U);
  ASSERT_OK(Answer(About(1, first_, "ACSC")));
  EXPECT_EQ(RunRow(1).open, 1U);
}

TEST_F(BankAnswersTest, AWordForAllIsAWordForEach) {
  BankAnswer all = AboutAll(1, "ACSC");
  all.total_fen = 98 + 194;
  EXPECT_THAT(Answer(all), Refuses(Reason::kPaymentAmountDiffers));
  all.total_fen = 98 + 195;
  all.count = 3;
  EXPECT_THAT(Answer(all), Refuses(Reason::kPaymentAmountDiffers));
  all.count = 2;
  ASSERT_OK(Answer(all));
  EXPECT_EQ(PaidOut(), 98 + 195);
  EXPECT_EQ(RunRow(1).state, PayoutRunState::kFinished);
  ASSERT_OK_AND_ASSIGN(const auto again, Answer(all));
  EXPECT_THAT(again.first().bank_answered().known_payments(), ElementsAre(1U, 2U));
  EXPECT_EQ(PaidOut(), 98 + 195);
  EXPECT_THAT(Answer(AboutAll(1, "RJCT")), Refuses(Reason::kPaymentDecided));
}

TEST_F(BankAnswersTest, AWordForAllRepeatsWhatWasSaidAndContradictsNothing) {
  ASSERT_OK(Answer(About(1, first_, "ACSC")));
  EXPECT_THAT(Answer(AboutAll(1, "RJCT")), Refuses(Reason::kPaymentDecided));
  ASSERT_OK(Answer(AboutAll(1, "ACSC")));
  EXPECT_EQ(PaidOut(), 98 + 195);
}

// Such a run is over when it is made, and the bank never had a file of it.
TEST_F(BankAnswersTest, ARunOfWhichNothingWasDueIsNotAnswered) {
  ASSERT_OK(Answer(AboutAll(1, "ACSC")));
  ASSERT_OK(Refund(NextCall(), bought_, 100));
  const absl::CivilDay day = CutAndAgree();
  ASSERT_OK(Create({Wish(day)}));
  ASSERT_EQ(RunRow(2).state, PayoutRunState::kFinished);
  for (const char* status : {"ACSC", "RJCT", "RCVD"}) {
    EXPECT_THAT(Answer(AboutAll(2, status)), Refuses(Reason::kPayoutRunState));
    EXPECT_THAT(Answer(About(2, day, status)), Refuses(Reason::kPaymentDecided));
  }
}

TEST_F(BankAnswersTest, AListSaysItsRunByName) {
  BankAnswerCommand lost(&tables_, {.run = 9, .answer = About(9, first_, "ACSC")});
  EXPECT_THAT(ledger_.Run(lost), Refuses(Reason::kNotFound, "csv.payout_run"));
  BankAnswer list = About(1, first_, "ACSC", 98);
  list.message_id.clear();
  BankAnswerCommand named(&tables_, {.run = 1, .answer = list, .person = "people/zhao"});
  ASSERT_OK(ledger_.Run(named));
  EXPECT_EQ(PaidOut(), 98);
}

TEST_F(BankAnswersTest, PayoutsAreTheSameWhenTheJournalIsFoldedAgain) {
  ASSERT_OK(Answer(About(1, first_, "ACSC")));
  ASSERT_OK(Answer(About(1, second_, "RJCT")));
  ASSERT_OK(Create({Wish(second_)}));
  ExpectFoldsAlike(ledger_);
}

}  // namespace
}  // namespace puhui::merchant
