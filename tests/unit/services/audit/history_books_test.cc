// SPDX-License-Identifier: Apache-2.0
// What merchants are owed and paid, and how that came about.
#include "tests/unit/services/audit/history_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;

class HistoryBooksTest : public HistoryFixture {
 protected:
  // Of a statement, with the fields that all of its records have.
  template <class Body>
  static Body* OfDay(Body* body) {
    body->set_merchant(1);
    body->set_day(kHistoryDay);
    body->set_person("people/li-1");
    return body;
  }
  static jv1::Record Cut() {
    jv1::Record record;
    jv1::DayCut& cut = *record.mutable_day_cut();
    cut.set_merchant(1);
    cut.mutable_day()->set_day(kHistoryDay);
    cut.mutable_day()->set_time_zone("Asia/Shanghai");
    cut.mutable_figures()->set_purchases(680);
    cut.set_digest(std::string(32, 'd'));
    return record;
  }
  static jv1::Record Proposed(std::uint64_t line, std::int64_t points) {
    jv1::Record record;
    jv1::ResolutionProposed& proposed = *OfDay(record.mutable_resolution_proposed());
    proposed.set_line(line);
    proposed.set_points(points);
    proposed.set_origin(2);
    proposed.set_reason("the receipt says so");
    proposed.set_purchase(9);
    return record;
  }
  static jv1::Record PayoutRun() {
    jv1::Record record;
    jv1::PayoutRunCreated& created = *record.mutable_payout_run_created();
    created.set_run(4);
    created.set_message_id("P-4");
    for (const std::int64_t points : {500, 0}) {
      jv1::RunPayment& payment = *created.add_payments();
      payment.set_merchant(points == 0 ? 2 : 1);
      payment.set_day(kHistoryDay);
      payment.set_points(points);
      payment.set_attempt(1);
    }
    return record;
  }
};

TEST_F(HistoryBooksTest, EachBankAccountOfAMerchantIsToldWithoutItsNumber) {
  HistoryFold fold = FoldOf("merchants");
  jv1::Record proposed;
  proposed.mutable_bank_account_proposed()->set_number(2);
  proposed.mutable_bank_account_proposed()->set_last_four("3445");
  proposed.mutable_bank_account_proposed()->set_commitment(std::string(32, 'c'));
  EXPECT_THAT(TextsOf(fold, proposed), ElementsAre("bank_accounts.2.state:  -> PROPOSED"));
  jv1::Record decided;
  decided.mutable_bank_account_decided()->set_number(2);
  decided.mutable_bank_account_decided()->set_confirmed(true);
  decided.mutable_bank_account_decided()->set_use_micros(1'700'000'000'000'000);
  EXPECT_THAT(TextsOf(fold, decided),
              ElementsAre("bank_accounts.2.state: PROPOSED -> CONFIRMED",
                          "bank_accounts.2.use:  -> 2023-11-14T22:13:20+00:00"));
  decided.mutable_bank_account_decided()->set_confirmed(false);
  decided.mutable_bank_account_decided()->clear_use_micros();
  decided.mutable_bank_account_decided()->set_reason("not ours");
  EXPECT_THAT(TextsOf(fold, decided),
              ElementsAre("bank_accounts.2.reason:  -> not ours",
                          "bank_accounts.2.state: CONFIRMED -> REJECTED",
                          "bank_accounts.2.use: 2023-11-14T22:13:20+00:00 -> "));
}

TEST_F(HistoryBooksTest, AStatementIsCutDisputedAgreedAndPaid) {
  HistoryFold fold = FoldOf("statements");
  EXPECT_THAT(TextsOf(fold, Cut()), ElementsAre("figures.purchases:  -> 680", "state:  -> CUT",
                                                "time_zone:  -> Asia/Shanghai"));
  jv1::Record disputed;
  OfDay(disputed.mutable_lines_disputed());
  for (const std::uint64_t line : {7U, 8U}) {
    disputed.mutable_lines_disputed()->add_lines()->set_line(line);
    disputed.mutable_lines_disputed()->mutable_lines()->rbegin()->set_reason("twice");
  }
  EXPECT_THAT(TextsOf(fold, disputed),
              ElementsAre("disputes.7.reason:  -> twice", "disputes.7.state:  -> OPEN",
                          "disputes.8.reason:  -> twice", "disputes.8.state:  -> OPEN",
                          "state: CUT -> DISPUTED"));
  EXPECT_THAT(TextsOf(fold, Proposed(7, 5)),
              ElementsAre("disputes.7.origin:  -> unions/u-2", "disputes.7.points:  -> 5",
                          "disputes.7.resolution_reason:  -> the receipt says so",
                          "disputes.7.state: OPEN -> PROPOSED"));
  jv1::Record adjusted;
  OfDay(adjusted.mutable_entry()->mutable_adjustment())->set_line(7);
  EXPECT_THAT(TextsOf(fold, adjusted), ElementsAre("disputes.7.state: PROPOSED -> ADJUSTED"))
      << "the other is open";
  jv1::Record dismissed;
  OfDay(dismissed.mutable_dispute_dismissed())->set_line(8);
  EXPECT_THAT(TextsOf(fold, dismissed),
              ElementsAre("disputes.8.state: OPEN -> DISMISSED", "state: DISPUTED -> CUT"));
  jv1::Record agreed;
  OfDay(agreed.mutable_statement_agreed())->set_digest("d");
  EXPECT_THAT(TextsOf(fold, agreed), ElementsAre("state: CUT -> AGREED"));
  EXPECT_THAT(TextsOf(fold, PayoutRun()), ElementsAre("payout:  -> payoutRuns/4/payments/1"));
  jv1::Record paid;
  paid.mutable_entry()->mutable_payout_paid()->set_run(4);
  paid.mutable_entry()->mutable_payout_paid()->set_payment(1);
  EXPECT_THAT(TextsOf(fold, paid), ElementsAre("state: AGREED -> PAID"));
  jv1::Record returned;
  returned.mutable_entry()->mutable_payout_returned()->set_run(4);
  EXPECT_THAT(TextsOf(fold, returned), ElementsAre("state: PAID -> AGREED"));
}

TEST_F(HistoryBooksTest, AStatementWithNothingDueIsPaidAsItsRunBegins) {
  HistoryFold fold({.collection = "statements", .merchant = 2, .day = kHistoryDay}, &names_);
  EXPECT_THAT(TextsOf(fold, PayoutRun()),
              ElementsAre("payout:  -> payoutRuns/4/payments/2", "state:  -> PAID"));
}

TEST_F(HistoryBooksTest, ARunStandsAsItsPaymentsDo) {
  HistoryFold fold = FoldOf("payoutRuns");
  EXPECT_THAT(
      TextsOf(fold, PayoutRun()),
      AllOf(Contains("state:  -> CREATED"), Contains("points:  -> 500"),
            Contains("open_payments:  -> 1"),
            Contains("payments.1.statement:  -> merchants/m-1/statements/2026-11-28"),
            Contains("payments.1.state:  -> OPEN"), Contains("payments.2.state:  -> NOTHING_DUE")));
  jv1::Record exported;
  exported.mutable_payout_run_exported()->set_run(4);
  exported.mutable_payout_run_exported()->set_execution_day(kHistoryDay);
  EXPECT_THAT(TextsOf(fold, exported),
              ElementsAre("execution_day:  -> 2026-11-28", "state: CREATED -> EXPORTED"));
  jv1::Record answered;
  jv1::PaymentAnswer& answer = *answered.mutable_bank_answered()->add_answers();
  answer.set_payment(1);
  answer.set_state(3);
  answer.set_status("RJCT");
  EXPECT_THAT(TextsOf(fold, answered),
              ElementsAre("open_payments: 1 -> 0", "payments.1.bank_status:  -> RJCT",
                          "payments.1.state: OPEN -> REJECTED", "rejected_payments: 0 -> 1",
                          "state: EXPORTED -> FINISHED"));
}

TEST_F(HistoryBooksTest, ACorrectionIsProposedAndThenDecided) {
  HistoryFold fold = FoldOf("payoutRuns");
  TextsOf(fold, PayoutRun());
  jv1::Record proposed;
  jv1::PaymentCorrectionProposed& wish = *proposed.mutable_payment_correction_proposed();
  wish.set_run(4);
  wish.set_payment(1);
  wish.set_state(2);
  wish.set_bank_reference("B-9");
  wish.set_reason("it came through");
  EXPECT_THAT(TextsOf(fold, proposed),
              ElementsAre("payments.1.correction.bank_reference:  -> B-9",
                          "payments.1.correction.becomes:  -> PAID",
                          "payments.1.correction.reason:  -> it came through",
                          "payments.1.correction.state:  -> PROPOSED"));
  jv1::Record decided;
  decided.mutable_payment_correction_decided()->set_payment(1);
  decided.mutable_payment_correction_decided()->set_reason("it did not");
  HistoryFold other = fold;
  EXPECT_THAT(TextsOf(other, decided),
              ElementsAre("payments.1.correction.rejection:  -> it did not",
                          "payments.1.correction.state: PROPOSED -> REJECTED"));
  decided.mutable_payment_correction_decided()->clear_reason();
  decided.mutable_payment_correction_decided()->set_confirmed(true);
  EXPECT_THAT(TextsOf(fold, decided),
              ElementsAre("open_payments: 1 -> 0", "paid_payments: 0 -> 1",
                          "payments.1.correction.state: PROPOSED -> CONFIRMED",
                          "payments.1.state: OPEN -> PAID"));
}

}  // namespace
}  // namespace puhui::services
