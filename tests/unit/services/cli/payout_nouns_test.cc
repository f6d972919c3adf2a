// SPDX-License-Identifier: Apache-2.0
// `payout` and `reconcile`.
#include "puhui/v1/payout_service.grpc.pb.h"
#include "puhui/v1/reconciliation_service.grpc.pb.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Keeps what it was asked. Threads: as Script. Borrows: the script.
class FakePayouts final : public v1::PayoutService::Service {
 public:
  explicit FakePayouts(Script& script) : script_(script) {}
  grpc::Status ProposeBankAccount(grpc::ServerContext*,
                                  const v1::ProposeBankAccountRequest* request,
                                  v1::ProposeBankAccountResponse* response) override {
    proposal = *request;
    response->mutable_bank_account()->set_last_four("3445");
    return script_.Next();
  }
  grpc::Status ConfirmBankAccount(grpc::ServerContext*,
                                  const v1::ConfirmBankAccountRequest* request,
                                  v1::ConfirmBankAccountResponse*) override {
    confirmation = *request;
    return script_.Next();
  }
  grpc::Status ListDuePayouts(grpc::ServerContext*, const v1::ListDuePayoutsRequest*,
                              v1::ListDuePayoutsResponse* response) override {
    v1::DuePayout& due = *response->add_due_payouts();
    due.set_statement("merchants/m-7/statements/2026-11-25");
    due.set_points(11'277);
    due.set_account_last_four("3445");
    if (payer_configured) due.set_amount_fen(11'277);
    return script_.Next();
  }
  grpc::Status CreatePayoutRun(grpc::ServerContext*, const v1::CreatePayoutRunRequest* request,
                               v1::CreatePayoutRunResponse* response) override {
    creation = *request;
    response->mutable_payout_run()->set_name("payoutRuns/7");
    return script_.Next();
  }
  grpc::Status ApprovePayoutRun(grpc::ServerContext*, const v1::ApprovePayoutRunRequest* request,
                                v1::ApprovePayoutRunResponse*) override {
    approval = *request;
    return script_.Next();
  }
  grpc::Status GetPayoutRun(grpc::ServerContext*, const v1::GetPayoutRunRequest* request,
                            v1::GetPayoutRunResponse* response) override {
    response->mutable_payout_run()->set_name(request->name());
    v1::PayoutPayment& payment = *response->add_payments();
    payment.set_name(request->name() + "/payments/1");
    payment.set_statement("merchants/m-7/statements/2026-11-25");
    payment.set_attempt(2);
    return script_.Next();
  }
  grpc::Status ExportPayoutRun(grpc::ServerContext*, const v1::ExportPayoutRunRequest* request,
                               v1::ExportPayoutRunResponse* response) override {
    exported = *request;
    response->set_file("<Document/>");
    return script_.Next();
  }
  grpc::Status ImportBankAnswer(grpc::ServerContext*, const v1::ImportBankAnswerRequest* request,
                                v1::ImportBankAnswerResponse* response) override {
    answer = *request;
    response->set_newly_paid(3);
    return script_.Next();
  }
  grpc::Status ProposePaymentCorrection(grpc::ServerContext*,
                                        const v1::ProposePaymentCorrectionRequest* request,
                                        v1::ProposePaymentCorrectionResponse* response) override {
    correction = *request;
    response->mutable_correction()->set_state(request->state());
    return script_.Next();
  }
  grpc::Status ConfirmPaymentCorrection(grpc::ServerContext*,
                                        const v1::ConfirmPaymentCorrectionRequest* request,
                                        v1::ConfirmPaymentCorrectionResponse*) override {
    corrected = *request;
    return script_.Next();
  }
  grpc::Status RejectPaymentCorrection(grpc::ServerContext*,
                                       const v1::RejectPaymentCorrectionRequest* request,
                                       v1::RejectPaymentCorrectionResponse*) override {
    uncorrected = *request;
    return script_.Next();
  }

  v1::ProposeBankAccountRequest proposal;
  v1::ConfirmBankAccountRequest confirmation;
  v1::CreatePayoutRunRequest creation;
  v1::ApprovePayoutRunRequest approval;
  bool payer_configured = true;
  v1::ExportPayoutRunRequest exported;
  v1::ImportBankAnswerRequest answer;
  v1::ProposePaymentCorrectionRequest correction;
  v1::ConfirmPaymentCorrectionRequest corrected;
  v1::RejectPaymentCorrectionRequest uncorrected;

 private:
  Script& script_;
};

// Has nothing of any merchant, but one transaction that no books have.
class FakeReconciliation final : public v1::ReconciliationService::Service {
 public:
  explicit FakeReconciliation(Script& script) : script_(script) {}
  grpc::Status ComparePieces(grpc::ServerContext*, const v1::ComparePiecesRequest* request,
                             v1::ComparePiecesResponse* response) override {
    pieces = *request;
    if (differs) {
      auto& difference = *response->add_differences();
      difference.set_store("merchants/m-7/stores/s-1");
      difference.set_piece(12);
      difference.set_transactions(1);
    }
    return script_.Next();
  }
  grpc::Status CompareTransactions(grpc::ServerContext*,
                                   const v1::CompareTransactionsRequest* request,
                                   v1::CompareTransactionsResponse* response) override {
    transactions = *request;
    auto& ours = *response->add_ours();
    ours.set_retrieval_reference("000000000123");
    ours.set_kind(v1::RECONCILED_KIND_REFUND);
    ours.set_terminal("merchants/m-7/terminals/t-1");
    ours.set_points(99);
    *ours.mutable_time() = request->start_time();
    for (int i = 0; i < request->transactions_size(); ++i) response->add_differing(i);
    return script_.Next();
  }

  bool differs = false;
  v1::ComparePiecesRequest pieces;
  v1::CompareTransactionsRequest transactions;

 private:
  Script& script_;
};

class PayoutNounsTest : public CommandsTest {
 protected:
  PayoutNounsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&payouts_);
    builder.RegisterService(&reconciliation_);
    payout_server_ = builder.BuildAndStart();
    channel_ = payout_server_->InProcessChannel(grpc::ChannelArguments());
  }
  ~PayoutNounsTest() override {
    channel_.reset();
    payout_server_->Shutdown();
  }
  static std::string Contents(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  FakePayouts payouts_{script_};
  FakeReconciliation reconciliation_{script_};
  std::unique_ptr<grpc::Server> payout_server_;
};

TEST_F(PayoutNounsTest, ReadsAccountsFromFiles) {
  const std::string file =
      WriteFile("account.yaml",
                "account_number: \"6222020200112233445\"\n"
                "holder_name: 湖北普惠超市有限公司\nbank_code: \"102521000009\"\n");
  EXPECT_EQ(Run({"payout", "account", "propose", "m-7", "--file", file}), 0) << err_;
  EXPECT_EQ(payouts_.proposal.parent(), "merchants/m-7");
  EXPECT_EQ(payouts_.proposal.account_number(), "6222020200112233445");
  EXPECT_NE(payouts_.proposal.request_id(), "");
  EXPECT_THAT(out_, HasSubstr("3445"));
  EXPECT_THAT(out_, Not(HasSubstr("6222020200112233445")));
  // Whose account it is was said on the line.
  const std::string foreign =
      WriteFile("foreign.yaml", "parent: merchants/m-8\naccount_number: \"622202\"\n");
  EXPECT_EQ(Run({"payout", "account", "propose", "m-7", "--file", foreign}), 0) << err_;
  EXPECT_EQ(payouts_.proposal.parent(), "merchants/m-7");
  EXPECT_EQ(payouts_.proposal.account_number(), "622202");
  const std::string number = WriteFile("number.yaml", "account_number: \"6222020200112233445\"\n");
  EXPECT_EQ(Run({"payout", "account", "confirm", "merchants/m-7/bankAccounts/1", "--file", number}),
            0);
  EXPECT_EQ(payouts_.confirmation.account_number(), "6222020200112233445");
  EXPECT_EQ(payouts_.confirmation.name(), "merchants/m-7/bankAccounts/1");
  script_.calls = 0;
  EXPECT_EQ(Run({"payout", "account", "propose", "m-7", "--file", "nowhere.yaml"}), 2);
  EXPECT_EQ(script_.calls, 0);
}

// Nobody reads what cannot be paid yet as nothing.
TEST_F(PayoutNounsTest, ShowsWhatIsDueEvenIfNobodyIsSaidToPay) {
  ASSERT_EQ(Run({"payout", "due"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("¥112.77"));
  payouts_.payer_configured = false;
  out_.clear();
  ASSERT_EQ(Run({"payout", "due"}), 0) << err_;
  EXPECT_THAT(out_,
              AllOf(HasSubstr("11277"), HasSubstr("does not say who pays"), Not(HasSubstr("¥"))));
}

TEST_F(PayoutNounsTest, MakesRunsAndApprovesThem) {
  const std::string first = "merchants/m-7/statements/2026-11-25";
  const std::string second = "merchants/m-7/statements/2026-11-26";
  EXPECT_EQ(Run({"payout", "create", first, "--accept-changed-account", second}), 0) << err_;
  ASSERT_EQ(payouts_.creation.statements_size(), 2);
  EXPECT_EQ(payouts_.creation.statements(0).statement(), first);
  EXPECT_FALSE(payouts_.creation.statements(0).account_change_accepted());
  EXPECT_TRUE(payouts_.creation.statements(1).account_change_accepted());
  EXPECT_EQ(Run({"payout", "approve", "7", "--accept-changed-accounts"}), 0);
  EXPECT_EQ(payouts_.approval.name(), "payoutRuns/7");
  EXPECT_TRUE(payouts_.approval.account_changes_accepted());
}

TEST_F(PayoutNounsTest, WritesTheFileForTheBankAndReadsItsAnswer) {
  const std::string path = folder_.Join("run.xml");
  EXPECT_EQ(Run({"payout", "export", "7", path, "--execution-day", "2026-11-27"}), 0) << err_;
  EXPECT_EQ(Contents(path), "<Document/>");
  EXPECT_EQ(payouts_.exported.execution_day(), "2026-11-27");
  const std::string answer = WriteFile("answer.xml", "<Answer/>");
  EXPECT_EQ(Run({"payout", "import", "--pain-002", answer}), 0) << err_;
  EXPECT_EQ(payouts_.answer.pain_002(), "<Answer/>");
  const std::string list = WriteFile("answer.csv", "end_to_end_id,status,amount\n");
  EXPECT_EQ(Run({"payout", "import", "--csv", list, "--run", "7"}), 0) << err_;
  EXPECT_EQ(payouts_.answer.csv().payout_run(), "payoutRuns/7");
  script_.calls = 0;
  EXPECT_EQ(Run({"payout", "import"}), 2);
  EXPECT_EQ(Run({"payout", "import", "--csv", list}), 2);
  EXPECT_EQ(Run({"payout", "import", "--csv", list, "--pain-002", answer}), 2);
  EXPECT_EQ(script_.calls, 0);
}

// What a correction wants is the payment's name, and which attempt a statement is at.
TEST_F(PayoutNounsTest, ShowsEachPaymentByItsNameAndAttempt) {
  ASSERT_EQ(Run({"payout", "get", "12"}), 0) << err_;
  EXPECT_THAT(out_, ::testing::ContainsRegex("PAYMENT +STATEMENT +ATTEMPT"));
  EXPECT_THAT(out_, ::testing::ContainsRegex(
                        "payoutRuns/12/payments/1 +merchants/m-7/statements/2026-11-25 +2 "));
}

TEST_F(PayoutNounsTest, CorrectsPayments) {
  const std::string payment = "payoutRuns/7/payments/2";
  EXPECT_EQ(Run({"payout", "correction", "propose", payment, "--state", "returned",
                 "--bank-reference", "TR-1", "--reason", "account closed"}),
            0)
      << err_;
  EXPECT_EQ(payouts_.correction.name(), payment);
  EXPECT_EQ(payouts_.correction.state(), v1::PAYOUT_PAYMENT_STATE_RETURNED);
  EXPECT_EQ(payouts_.correction.bank_reference(), "TR-1");
  EXPECT_EQ(payouts_.correction.reason(), "account closed");
  EXPECT_THAT(out_, HasSubstr("RETURNED"));
  EXPECT_EQ(Run({"payout", "correction", "confirm", payment, "--bank-reference", "TR-1"}), 0);
  EXPECT_EQ(payouts_.corrected.name(), payment);
  EXPECT_EQ(payouts_.corrected.bank_reference(), "TR-1");
  EXPECT_EQ(Run({"payout", "correction", "reject", payment, "--reason", "another one"}), 0);
  EXPECT_EQ(payouts_.uncorrected.reason(), "another one");
  script_.calls = 0;
  EXPECT_EQ(Run({"payout", "correction", "propose", payment, "--state", "lost", "--bank-reference",
                 "TR-1", "--reason", "x"}),
            2);
  EXPECT_EQ(Run({"payout", "correction", "confirm", payment}), 2);
  EXPECT_EQ(script_.calls, 0);
}

TEST_F(PayoutNounsTest, ReconcilesAndSaysSoInTheExitCode) {
  const std::string books = WriteFile("books.csv",
                                      "reference,kind,store,terminal,batch,trace,points,time\n"
                                      "123,REFUND,s-1,t-1,1,42,100,2026-11-26T04:00:00Z\n");
  const std::vector<std::string> command = {"reconcile",  books,    "--merchant",   "m-7", "--day",
                                            "2026-11-26", "--zone", "Asia/Shanghai"};
  EXPECT_EQ(Run(command), 0) << err_;
  EXPECT_EQ(reconciliation_.pieces.merchant(), "merchants/m-7");
  EXPECT_EQ(reconciliation_.pieces.pieces(), 24);
  ASSERT_EQ(reconciliation_.pieces.stores_size(), 1);
  EXPECT_EQ(reconciliation_.pieces.stores(0).hashes(12).size(), 16U);
  EXPECT_EQ(reconciliation_.pieces.stores(0).hashes(11), "");
  EXPECT_THAT(out_, HasSubstr("nothing differs"));
  reconciliation_.differs = true;
  EXPECT_EQ(Run(command), 8);
  ASSERT_EQ(reconciliation_.transactions.transactions_size(), 1);
  EXPECT_EQ(reconciliation_.transactions.transactions(0).retrieval_reference(), "000000000123");
  EXPECT_THAT(out_, HasSubstr("000000000123"));
  EXPECT_THAT(out_, HasSubstr("s-1 t-1 1/42 "));
  EXPECT_THAT(out_, HasSubstr("1 differ"));
  EXPECT_EQ(Run(With({"--json"}, command)), 8);
  EXPECT_THAT(out_, HasSubstr("\"points\":\"99\""));
  EXPECT_THAT(out_, HasSubstr("\"points\":\"100\""));
}

TEST_F(PayoutNounsTest, WhatIsWrongWithTheBooksIsSaidBeforeAnythingIsSent) {
  const std::string books = WriteFile("books.csv", "reference,kind\n");
  EXPECT_EQ(Run({"reconcile", books, "--merchant", "m-7", "--day", "2026-11-26"}), 3);
  EXPECT_THAT(err_, HasSubstr("books.csv: line 1: want a column store"));
  EXPECT_EQ(Run({"reconcile", "nowhere.csv", "--merchant", "m-7", "--day", "2026-11-26"}), 3);
  EXPECT_EQ(Run({"reconcile", books, "--merchant", "m-7", "--day", "today"}), 2);
  EXPECT_EQ(script_.calls, 0);
}

}  // namespace
}  // namespace puhui::services
