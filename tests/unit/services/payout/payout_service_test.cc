// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/hash.h"
#include "tests/unit/services/bank/pain_001_defects.h"
#include "tests/unit/services/payout/payout_fixture.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <string>

namespace puhui::services {
namespace {

using ledger::Reason;

using PayoutServiceTest = PayoutServiceFixture;

TEST_F(PayoutServiceTest, AStatementIsPaidFromTheAccountToTheLedger) {
  AddAccount(1);
  const std::string statement = AgreedDay(400);  // 10 points of fee.
  v1::ListDuePayoutsRequest list;
  const auto due = Ask(*payouts_, &Payouts::ListDuePayouts, kFinanceMaker, list);
  ASSERT_OK(due);
  ASSERT_EQ(due->due_payouts_size(), 1);
  EXPECT_EQ(due->due_payouts(0).statement(), statement);
  EXPECT_EQ(due->due_payouts(0).amount_fen(), 390);
  EXPECT_EQ(due->due_payouts(0).account_last_four(), "3445");
  const auto run = Create({statement});
  ASSERT_OK(run);
  EXPECT_EQ(run->name(), "payoutRuns/1");
  EXPECT_EQ(run->points(), 390);
  EXPECT_THAT(Approve(run->name(), kFinanceMaker), Refuses(Reason::kSamePerson));
  ASSERT_OK(Approve(run->name()));
  const auto exported = Export(ExportWish(run->name()));
  ASSERT_OK(exported);
  pugi::xml_document file;
  ASSERT_TRUE(file.load_string(exported->file().c_str()));
  EXPECT_EQ(DefectsOf(file.document_element(), "Document"), std::vector<std::string>());
  EXPECT_EQ(std::string(file.select_node("//CdtrAcct/Id/Othr/Id").node().text().get()),
            kAccountNumber);
  EXPECT_EQ(std::string(file.select_node("//GrpHdr/CtrlSum").node().text().get()), "3.90");
  const std::string id = file.select_node("//EndToEndId").node().text().get();
  const auto answered = Import(AnswerWish(id, "ACSC", "3.90"));
  ASSERT_OK(answered);
  EXPECT_EQ(answered->newly_paid(), 1);
  EXPECT_EQ(answered->known_payments_size(), 0);
  const auto repeated = Import(AnswerWish(id, "ACCC", "3.90"));
  ASSERT_OK(repeated);
  EXPECT_EQ(repeated->newly_paid(), 0);
  ASSERT_EQ(repeated->known_payments_size(), 1);
  EXPECT_EQ(repeated->known_payments(0), "payoutRuns/1/payments/1");
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYOUT, "merchants/m-1"), 390);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"), 0);
  const auto read = GetRun(run->name());
  ASSERT_OK(read);
  EXPECT_EQ(read->payout_run().state(), v1::PAYOUT_RUN_STATE_FINISHED);
  EXPECT_EQ(read->payments(0).origins(0).origin(), "unions/fh-1");
  // What the merchant sees of it.
  v1::GetPayoutRequest ask;
  ask.set_statement(statement);
  const auto payout = Ask(*payouts_, &Payouts::GetPayout, kGrocerPath, ask);
  ASSERT_OK(payout);
  EXPECT_EQ(payout->payment().state(), v1::PAYOUT_PAYMENT_STATE_PAID);
  EXPECT_EQ(payout->amount_fen(), 390);
}

TEST_F(PayoutServiceTest, TheSameCallIsAnsweredTheSame) {
  AddAccount(1);
  const std::string statement = AgreedDay(400);
  const auto run = Create({statement});
  ASSERT_OK(run);
  ASSERT_OK(Approve(run->name()));
  EXPECT_THAT(Export(ExportWish(run->name(), "2020-01-01")),
              Refuses(Reason::kInvalidField, "execution_day"));
  EXPECT_THAT(Export(ExportWish(run->name(), "tomorrow")),
              Refuses(Reason::kInvalidField, "execution_day"));
  const v1::ExportPayoutRunRequest export_wish = ExportWish(run->name());
  const auto exported = Export(export_wish);
  ASSERT_OK(exported);
  Advance(absl::Hours(48));  // Today is another day, and the file the same.
  const auto again = Export(export_wish);
  ASSERT_OK(again);
  EXPECT_EQ(again->SerializeAsString(), exported->SerializeAsString());
  const auto anew = Export(ExportWish(run->name()));
  ASSERT_OK(anew);
  EXPECT_EQ(anew->file(), exported->file());
  EXPECT_EQ(ledger::ToHex(exported->payout_run().file_sha256()),
            ledger::ToHex(ledger::Sha256().Digest(exported->file())));
  for (const char* day : {"2020-01-01", "2030-01-01"}) {
    EXPECT_THAT(Export(ExportWish(run->name(), day)), Refuses(Reason::kPayoutFileChanged));
  }
  const auto answer = AnswerWish(GetRun(run->name())->payments(0).end_to_end_id(), "ACSC", "3.90");
  const auto answered = Import(answer);
  ASSERT_OK(answered);
  EXPECT_EQ(Import(answer)->SerializeAsString(), answered->SerializeAsString());
  EXPECT_EQ(Export(export_wish)->SerializeAsString(), exported->SerializeAsString());
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYOUT, "merchants/m-1"), 390);
}

TEST_F(PayoutServiceTest, AnotherPayerIsAnotherFile) {
  AddAccount(1);
  const std::string statement = AgreedDay(400);
  const auto run = Create({statement});
  ASSERT_OK(run);
  ASSERT_OK(Approve(run->name()));
  const v1::ExportPayoutRunRequest wish = ExportWish(run->name());
  ASSERT_OK(Export(wish));
  StopServing();
  Serve("湖北省总工会");
  EXPECT_THAT(Export(wish), Refuses(Reason::kPayoutFileChanged));
  EXPECT_THAT(Export(ExportWish(run->name())), Refuses(Reason::kPayoutFileChanged));
  StopServing();
  Serve("");
  EXPECT_THAT(Export(ExportWish(run->name())), Refuses(Reason::kPayerNotConfigured));
  EXPECT_THAT(Create({AgreedDay(40)}), Refuses(Reason::kPayerNotConfigured));
}

TEST_F(PayoutServiceTest, BadAnswersAreRefusedByNameAndChangeNothing) {
  AddAccount(1);
  const auto run = Create({AgreedDay(400)});
  ASSERT_OK(run);
  const std::string id = GetRun(run->name())->payments(0).end_to_end_id();
  EXPECT_THAT(Import(AnswerWish(id, "ACSC", "3.90")), Refuses(Reason::kPayoutRunState));
  ASSERT_OK(Approve(run->name()));
  ASSERT_OK(Export(ExportWish(run->name())));
  EXPECT_THAT(Import(AnswerWish(id, "ACSC", "3.90", "PUHUI-ffffffff-1")),
              Refuses(Reason::kPayoutMessageForeign));
  EXPECT_THAT(Import(AnswerWish(id, "ACSC", "3.90", "PUHUI-1a2b3c4d-2")),
              Refuses(Reason::kNotFound, "pain_002"));
  EXPECT_THAT(Import(AnswerWish("R1-M2-20250101", "ACSC", "3.90")),
              Refuses(Reason::kPaymentUnknown));
  EXPECT_THAT(Import(AnswerWish(id, "ACSC", "3.91")), Refuses(Reason::kPaymentAmountDiffers));
  EXPECT_THAT(Import(AnswerWish(id, "ACWC", "3.90")), Refuses(Reason::kInvalidField, "pain_002"));
  v1::ImportBankAnswerRequest none;
  none.set_request_id(NextRequestId());
  EXPECT_THAT(Import(none), Refuses(Reason::kInvalidField, "answer"));
  v1::ImportBankAnswerRequest list;
  list.set_request_id(NextRequestId());
  list.mutable_csv()->set_payout_run(run->name());
  list.mutable_csv()->set_file("status\nPAID\n");
  EXPECT_THAT(Import(list), Refuses(Reason::kInvalidField, "csv.file"));
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYOUT, "merchants/m-1"), 0);
  list.mutable_csv()->set_file(
      absl::StrCat("end_to_end_id,status,amount,reason\n", id, ",REJECTED,3.90,AC04\n"));
  const auto rejected = Import(list);
  ASSERT_OK(rejected);
  EXPECT_EQ(rejected->newly_rejected(), 1);
  EXPECT_THAT(Import(AnswerWish(id, "ACSC", "3.90")), Refuses(Reason::kPaymentDecided));
}

TEST_F(PayoutServiceTest, AccountsShowTheirLastDigitsAlone) {
  const v1::ProposeBankAccountRequest wish = ProposeWish();
  const auto proposed = Ask(*payouts_, &Payouts::ProposeBankAccount, kGrocerPath, wish);
  ASSERT_OK(proposed);
  EXPECT_EQ(proposed->bank_account().last_four(), "3445");
  EXPECT_EQ(proposed->bank_account().commitment().size(), 32U);
  // What is sealed anew for a repeated call is not what the first one put away.
  const auto again = Ask(*payouts_, &Payouts::ProposeBankAccount, kGrocerPath, wish);
  ASSERT_OK(again);
  EXPECT_EQ(again->SerializeAsString(), proposed->SerializeAsString());
  EXPECT_THAT(Confirm(1, kGrocerPath), Refuses(Reason::kSamePerson));
  EXPECT_THAT(Confirm(1, kOperatorPath, "6222020200112233446"),
              Refuses(Reason::kBankAccountDiffers, "account_number"));
  EXPECT_THAT(Confirm(2, kOperatorPath), Refuses(Reason::kNotFound));
  const auto confirmed = Confirm(1, kOperatorPath);
  ASSERT_OK(confirmed);
  EXPECT_EQ(confirmed->bank_account().state(), v1::BANK_ACCOUNT_STATE_CONFIRMED);
  clock_.Advance(absl::Seconds(1));  // Records are microseconds later than a clock that stands.
  v1::ListBankAccountsRequest list;
  list.set_parent("merchants/m-1");
  const auto listed = Ask(*payouts_, &Payouts::ListBankAccounts, kFinanceMaker, list);
  ASSERT_OK(listed);
  ASSERT_EQ(listed->bank_accounts_size(), 1);
  EXPECT_TRUE(listed->bank_accounts(0).in_use());
  EXPECT_FALSE(absl::StrContains(listed->SerializeAsString(), kAccountNumber));
}

TEST_F(PayoutServiceTest, BadAccountsAreNamedByTheirFields) {
  const auto refused = [&](auto change) {
    v1::ProposeBankAccountRequest wish = ProposeWish();
    change(wish);
    return Ask(*payouts_, &Payouts::ProposeBankAccount, kGrocerPath, wish).status();
  };
  EXPECT_THAT(refused([](auto& w) { w.set_parent("m-1"); }),
              Refuses(Reason::kInvalidField, "parent"));
  for (const char* number : {"", "12345", "6222-0202", "62220202001122334451234567890123456"}) {
    EXPECT_THAT(refused([&](auto& w) { w.set_account_number(number); }),
                Refuses(Reason::kInvalidField, "account_number"));
  }
  for (const std::string& name :
       {std::string(), std::string("a\nb"), std::string(" a"), std::string(141, 'a'),
        std::string("张\uFFFE三"), std::string("<a>")}) {
    EXPECT_THAT(refused([&](auto& w) { w.set_holder_name(name); }),
                Refuses(Reason::kInvalidField, "holder_name"));
  }
  EXPECT_THAT(refused([](auto& w) { w.set_bank_code("10252100000"); }),
              Refuses(Reason::kInvalidField, "bank_code"));
  EXPECT_THAT(refused([](auto& w) { w.set_parent("merchants/m-9"); }), Refuses(Reason::kNotFound));
}

TEST_F(PayoutServiceTest, BadRunsAreNamedByTheirFields) {
  EXPECT_THAT(Create({}), Refuses(Reason::kInvalidField, "statements"));
  EXPECT_THAT(Create({"merchants/m-1/statements/today"}),
              Refuses(Reason::kInvalidField, "statements[0].statement"));
  const std::string day = "merchants/m-1/statements/2025-01-01";
  EXPECT_THAT(Create({day, day}), Refuses(Reason::kInvalidField, "statements[1].statement"));
  EXPECT_THAT(Create(std::vector<std::string>(129, day)),
              Refuses(Reason::kInvalidField, "statements"));
  EXPECT_THAT(Create({"merchants/m-9/statements/2025-01-01"}), Refuses(Reason::kNotFound));
  EXPECT_THAT(Approve("payoutRuns/01"), Refuses(Reason::kInvalidField, "name"));
  EXPECT_THAT(Approve("payoutRuns/1"), Refuses(Reason::kNotFound));
  EXPECT_THAT(GetRun("payoutRuns/1"), Refuses(Reason::kNotFound));
}

TEST_F(PayoutServiceTest, OnlyThePayersPeopleSeeRuns) {
  AddAccount(1);
  const auto run = Create({AgreedDay(400)});
  ASSERT_OK(run);
  EXPECT_THAT(GetRun(run->name(), kOutsideFinance), Refuses(Reason::kNotFound));
  EXPECT_THAT(Approve(run->name(), kOutsideApprover), Refuses(Reason::kNotFound));
  EXPECT_THAT(GetRun(run->name(), kGrocerPath), Refuses(Reason::kPermissionDenied));
  ASSERT_OK(GetRun(run->name(), kAuditor));
  ASSERT_OK(GetRun(run->name(), kOperatorPath));
  v1::GetPayoutRequest ask;
  ask.set_statement("merchants/m-1/statements/2025-01-01");
  EXPECT_THAT(Ask(*payouts_, &Payouts::GetPayout, kOtherGrocerPath, ask),
              Refuses(Reason::kNotFound));
}

TEST_F(PayoutServiceTest, RunsAreListedPageByPageLatestFirst) {
  AddAccount(1);
  for (int i = 1; i <= 3; ++i) ASSERT_OK(Create({AgreedDay(40)}));
  v1::ListPayoutRunsRequest list;
  list.set_page_size(2);
  const auto first = Ask(*payouts_, &Payouts::ListPayoutRuns, kFinanceMaker, list);
  ASSERT_OK(first);
  ASSERT_EQ(first->payout_runs_size(), 2);
  EXPECT_EQ(first->payout_runs(0).name(), "payoutRuns/3");
  list.set_page_token(first->next_page_token());
  const auto second = Ask(*payouts_, &Payouts::ListPayoutRuns, kFinanceMaker, list);
  ASSERT_OK(second);
  ASSERT_EQ(second->payout_runs_size(), 1);
  EXPECT_EQ(second->payout_runs(0).name(), "payoutRuns/1");
  EXPECT_EQ(second->next_page_token(), "");
}

}  // namespace
}  // namespace puhui::services
