// SPDX-License-Identifier: Apache-2.0
// The bytes of what payouts store: once written they are read for ever.
#include "ledger/storage/codec.h"
#include "merchant/app/bank_account_rows.h"
#include "merchant/app/payout_rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "tests/support/golden_bytes.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using testing::KeyHex;
using testing::RecordHex;
using testing::ValueHex;

TEST(PayoutBytesTest, KeysHaveTheirGoldenBytes) {
  const StatementKey statement{MerchantNumber{258}, absl::CivilDay() + 3};
  EXPECT_EQ(KeyHex(kBankAccountTable, BankAccountKey{MerchantNumber{258}, 2}),
            "680000010200000002");
  EXPECT_EQ(KeyHex(kPayeeTable, MerchantNumber{258}), "6900000102");
  EXPECT_EQ(KeyHex(kPayoutRunTable, std::uint32_t{7}), "6b00000007");
  EXPECT_EQ(KeyHex(kPaymentTable, PaymentKey{7, 2}), "6c0000000700000002");
  EXPECT_EQ(KeyHex(kPayoutTable, statement), "6d0000010280000003");
  EXPECT_EQ(KeyHex(kUnsettledDayTable, statement), "6e0000010280000003");
  EXPECT_EQ(KeyHex(kBankMovementTable, std::string("TR-1")), "6f54522d31");
}

TEST(PayoutBytesTest, RowsHaveTheirGoldenBytes) {
  PayeeRow payee{.accounts = 2, .proposed = 1};
  payee.usable = {{1, absl::FromUnixMicros(7)}};
  payee.next_day = absl::CivilDay() + 3;
  payee.carried = {{UnionNumber{5}, -9}};
  EXPECT_EQ(ValueHex(payee),
            "0201"
            "01010e"
            "010600"
            "010511");
  const PayoutRow payout{.attempts = 1, .sums = {{UnionNumber{1}, 7}}, .run = 2, .payment = 3};
  EXPECT_EQ(ValueHex(payout),
            "0001"
            "01010e"
            "00"
            "0203"
            "00");
  PaymentRow payment{.state = PaymentState::kReturned, .attempt = 1, .points = 7};
  payment.correction = PaymentCorrectionRow{
      .proposal = 9, .state = PaymentState::kReturned, .bank_reference = "b", .reason = "r"};
  payment.correction->decide_time = absl::FromUnixMicros(1);
  payment.correction->confirmed = true;
  EXPECT_EQ(ValueHex(payment).substr(ValueHex(payment).find("0109060162")),
            "01"
            "0906"
            "01620172"
            "00"
            "00"
            "00"
            "0102"
            "0100");
}

TEST(PayoutBytesTest, RowsOfBeforeThereWereCorrectionsAreRead) {
  const std::string payment = ledger::EncodeValue(PaymentRow{.attempt = 1, .points = 7});
  PaymentRow read;
  ASSERT_OK(ledger::DecodeValue(absl::string_view(payment).substr(0, payment.size() - 1), &read));
  EXPECT_EQ(read.points, 7);
  EXPECT_FALSE(read.correction.has_value());
}

TEST(PayoutBytesTest, RecordsOfBankAccountsHaveTheirGoldenBytes) {
  jv1::Record record;
  jv1::BankAccountProposed& proposed = *record.mutable_bank_account_proposed();
  proposed.set_merchant(1);
  proposed.set_number(2);
  proposed.set_commitment("c");
  proposed.set_last_four("3445");
  proposed.set_person("p");
  EXPECT_EQ(RecordHex(record), "c20710080110021a01632204333434352a0170");
  jv1::BankAccountDecided& decided = *record.mutable_bank_account_decided();
  decided.set_merchant(1);
  decided.set_number(2);
  decided.set_confirmed(true);
  decided.set_use_micros(3);
  decided.set_person("p");
  EXPECT_EQ(RecordHex(record), "ca070b0801100218012003320170");
}

TEST(PayoutBytesTest, RecordsOfRunsHaveTheirGoldenBytes) {
  jv1::Record record;
  jv1::PayoutRunCreated& created = *record.mutable_payout_run_created();
  created.set_run(1);
  created.set_message_id("m");
  created.set_fen_per_point(2);
  jv1::RunPayment& payment = *created.add_payments();
  payment.set_merchant(1);
  payment.set_day(3);
  payment.set_account(4);
  payment.set_account_changed(true);
  payment.set_attempt(5);
  payment.add_sums()->set_origin(6);
  payment.mutable_sums(0)->set_points(7);
  payment.set_points(7);
  payment.add_carried()->set_origin(8);
  payment.mutable_carried(0)->set_points(-9);
  created.set_person("p");
  EXPECT_EQ(RecordHex(record),
            "d20724080112016d180222180801100618042001280532040806100e38074204080810112a0170");
  record.mutable_payout_run_approved()->set_run(1);
  record.mutable_payout_run_approved()->set_person("p");
  EXPECT_EQ(RecordHex(record), "da07050801120170");
  jv1::PayoutRunCancelled& cancelled = *record.mutable_payout_run_cancelled();
  cancelled.set_run(1);
  cancelled.set_reason("r");
  cancelled.set_person("p");
  EXPECT_EQ(RecordHex(record), "e2070808011201721a0170");
  jv1::PayoutRunExported& exported = *record.mutable_payout_run_exported();
  exported.set_run(1);
  exported.set_file_hash("h");
  exported.set_execution_day(2);
  exported.set_person("p");
  EXPECT_EQ(RecordHex(record), "ea070a08011201681804220170");
}

TEST(PayoutBytesTest, RecordsOfAnswersHaveTheirGoldenBytes) {
  jv1::Record record;
  jv1::BankAnswered& answered = *record.mutable_bank_answered();
  answered.set_run(1);
  answered.set_file_hash("h");
  jv1::PaymentAnswer& answer = *answered.add_answers();
  answer.set_payment(1);
  answer.set_state(2);
  answer.set_status("ACSC");
  answer.set_reason("AC04");
  answered.set_person("p");
  EXPECT_EQ(RecordHex(record), "f2071a08011201681a10080110021a0441435343220441433034220170");
  answered.clear_answers();
  answered.add_known_payments(1);
  answered.add_known_payments(2);
  EXPECT_EQ(RecordHex(record), "f2070c08011201682201702a020102");
  jv1::PayoutPaid& paid = *record.mutable_entry()->mutable_payout_paid();
  paid.set_merchant(1);
  paid.set_day(2);
  paid.set_run(3);
  paid.set_payment(4);
  paid.set_points(5);
  EXPECT_EQ(RecordHex(record), "420dca010a08011004180320042805");
}

TEST(PayoutBytesTest, RecordsOfCorrectionsHaveTheirGoldenBytes) {
  jv1::Record record;
  jv1::PaymentCorrectionProposed& proposed = *record.mutable_payment_correction_proposed();
  proposed.set_run(1);
  proposed.set_payment(2);
  proposed.set_state(6);
  proposed.set_bank_reference("b");
  proposed.set_reason("r");
  proposed.set_person("p");
  EXPECT_EQ(RecordHex(record),
            "fa070f080110021806220162"
            "2a0172320170");
  jv1::PaymentCorrectionDecided& decided = *record.mutable_payment_correction_decided();
  decided.set_run(1);
  decided.set_payment(2);
  decided.set_proposal(3);
  decided.set_confirmed(true);
  decided.set_reason("r");
  decided.set_person("p");
  EXPECT_EQ(RecordHex(record), "82080e08011002180320012a0172320170");
  jv1::PayoutReturned& returned = *record.mutable_entry()->mutable_payout_returned();
  returned.set_merchant(1);
  returned.set_day(2);
  returned.set_run(3);
  returned.set_payment(4);
  returned.set_points(5);
  EXPECT_EQ(RecordHex(record), "420dd2010a08011004180320042805");
}

}  // namespace
}  // namespace puhui::merchant
