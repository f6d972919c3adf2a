// SPDX-License-Identifier: Apache-2.0
// A merchant's day, from its statement to the bank's answer, by everybody who has a part in it,
// over mutual TLS.
#include "issuing/app/union_commands.h"
#include "ledger/engine/engine.h"
#include "puhui/v1/payout_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/settlement_service.grpc.pb.h"
#include "services/admin/verification.h"
#include "services/ledger/books.h"
#include "tests/integration/left_ledger.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace puhui::payout_run_wire_test {
namespace {

using ledger::Reason;
using Payouts = v1::PayoutService::Stub;
using Settlement = v1::SettlementService::Stub;

constexpr char kMerchantAccount[] = "6222020200112233445";
constexpr char kGrocer[] = "/merchant/merchants/m-1/people/li";
constexpr char kMaker[] = "/finance/unions/fh-1/people/chen";
constexpr char kChecker[] = "/approver/unions/fh-1/people/zhao";
constexpr char kOtherUnion[] = "/finance/unions/gz-2/people/wu";

// What stands between the first `begin` of the text and the next `end`.
std::string Between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin);
  if (from == std::string::npos) return "";
  const std::size_t first = from + begin.size();
  return text.substr(first, text.find(end, first) - first);
}

std::string Element(const std::string& xml, const std::string& name) {
  return Between(xml, absl::StrCat("<", name, ">"), absl::StrCat("</", name, ">"));
}

// The bank has paid it.
std::string Pain002(const std::string& file) {
  const std::string message = Element(file, "MsgId");
  return absl::StrCat(
      "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>"
      "<OrgnlGrpInfAndSts><OrgnlMsgId>",
      message,
      "</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>"
      "<OrgnlPmtInfAndSts><OrgnlPmtInfId>",
      message, "</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>", Element(file, "EndToEndId"),
      "</OrgnlEndToEndId><TxSts>ACSC</TxSts><OrgnlTxRef><Amt><InstdAmt Ccy=\"CNY\">",
      Element(file, "CtrlSum"),
      "</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt>"
      "</Document>");
}

class PayoutRunWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    deployment_.Configure({.payer_union = "fh-1"});
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
  }

  // A call under a new request id, by a connection of its own.
  template <class Stub, class Request, class Response>
  absl::StatusOr<Response> AskPayouts(const std::string& as,
                                      grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                   const Request&, Response*),
                                      Request request) {
    if constexpr (requires { request.set_request_id(""); }) {
      if (request.request_id().empty()) request.set_request_id(NewRequestId(random_));
    }
    return Ask(*v1::PayoutService::NewStub(deployment_.Connect(as)), method, request);
  }
  void OpenAccount() {
    v1::ProposeBankAccountRequest propose;
    propose.set_parent(scene_.merchant);
    propose.set_account_number(kMerchantAccount);
    propose.set_holder_name("湖北普惠超市有限公司");
    propose.set_bank_code("102521000009");
    ASSERT_OK_AND_ASSIGN(const auto proposed,
                         AskPayouts(kGrocer, &Payouts::ProposeBankAccount, propose));
    v1::ConfirmBankAccountRequest confirm;
    confirm.set_name(proposed.bank_account().name());
    confirm.set_account_number(kMerchantAccount);
    ASSERT_OK(AskPayouts("/operator/people/wang", &Payouts::ConfirmBankAccount, confirm));
  }
  void Buy(std::int64_t points) {
    const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
    ASSERT_OK(Ask(*till, &v1::PosService::Stub::Purchase, scene_.Purchase(1, points, random_)));
  }
  // A record of the day after tomorrow. Time in a ledger never goes back, so that the day is over
  // of whatever was sold before.
  void LetDaysPass() {
    ASSERT_OK(deployment_.Stop());
    LeaveLedger(deployment_,
                absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now())) + absl::Hours(48),
                [](ledger::Engine& engine, services::Books& books) {
                  ASSERT_OK(engine.Run(
                      std::make_unique<issuing::CreateUnionCommand>(
                          &books.issuing,
                          issuing::CreateUnionCommand::Wish{.id = *UnionId::Parse("gz-2", "id"),
                                                            .display_name = "另一个工会",
                                                            .time_zone = "Asia/Shanghai"}),
                      ledger::Priority::kInteractive));
                });
    ASSERT_OK(deployment_.Start());
  }
  // The oldest.
  v1::Statement FirstStatement() {
    const auto settlement = v1::SettlementService::NewStub(deployment_.Connect(kGrocer));
    v1::ListStatementsRequest list;
    list.set_parent(scene_.merchant);
    const auto listed = Ask(*settlement, &Settlement::ListStatements, list);
    EXPECT_OK(listed);
    EXPECT_TRUE(listed.ok() && listed->statements_size() >= 1);
    return listed.ok() && listed->statements_size() >= 1 ? listed->statements(0) : v1::Statement();
  }
  // Cut by finance and agreed upon by the merchant.
  void Settle(const std::string& statement) {
    v1::CutDayRequest cut;
    cut.set_request_id(NewRequestId(random_));
    cut.set_name(statement);
    const auto finance = v1::SettlementService::NewStub(deployment_.Connect(kMaker));
    ASSERT_OK_AND_ASSIGN(const auto made, Ask(*finance, &Settlement::CutDay, cut));
    EXPECT_EQ(made.statement().figures().payable_after_points(), 396);
    v1::AgreeStatementRequest agree;
    agree.set_request_id(NewRequestId(random_));
    agree.set_name(statement);
    agree.set_digest(made.statement().digest());
    const auto grocer = v1::SettlementService::NewStub(deployment_.Connect(kGrocer));
    ASSERT_OK(Ask(*grocer, &Settlement::AgreeStatement, agree));
  }
  // The name of a run of that statement, which somebody else has approved.
  std::string ApprovedRun(const std::string& statement) {
    v1::CreatePayoutRunRequest create;
    create.add_statements()->set_statement(statement);
    EXPECT_THAT(AskPayouts(kOtherUnion, &Payouts::CreatePayoutRun, create),
                Refuses(Reason::kNotFound));
    EXPECT_THAT(AskPayouts(kGrocer, &Payouts::CreatePayoutRun, create),
                Refuses(Reason::kPermissionDenied));
    EXPECT_THAT(AskPayouts(kChecker, &Payouts::CreatePayoutRun, create),
                Refuses(Reason::kPermissionDenied));
    const auto run = AskPayouts(kMaker, &Payouts::CreatePayoutRun, create);
    EXPECT_OK(run);
    if (!run.ok()) return "";
    EXPECT_EQ(run->payout_run().points(), 396);
    v1::ApprovePayoutRunRequest approve;
    approve.set_name(run->payout_run().name());
    EXPECT_THAT(AskPayouts(kMaker, &Payouts::ApprovePayoutRun, approve),
                Refuses(Reason::kSamePerson));
    EXPECT_OK(AskPayouts(kChecker, &Payouts::ApprovePayoutRun, approve));
    return approve.name();
  }

  Deployment deployment_;
  SeededRandom random_{20'261'128};
  Scene scene_;
};

TEST_F(PayoutRunWireTest, AStatementIsPaidByAFileAndTheBanksAnswer) {
  ASSERT_NO_FATAL_FAILURE(OpenAccount());
  ASSERT_NO_FATAL_FAILURE(Buy(400));  // 4 points of fee.
  ASSERT_NO_FATAL_FAILURE(LetDaysPass());
  const std::string statement = FirstStatement().name();
  ASSERT_NO_FATAL_FAILURE(Settle(statement));
  ASSERT_OK_AND_ASSIGN(const auto due,
                       AskPayouts(kMaker, &Payouts::ListDuePayouts, v1::ListDuePayoutsRequest()));
  ASSERT_EQ(due.due_payouts_size(), 1);
  EXPECT_EQ(due.due_payouts(0).statement(), statement);
  EXPECT_EQ(due.due_payouts(0).amount_fen(), 396);

  const std::string run = ApprovedRun(statement);
  v1::ExportPayoutRunRequest wish;
  wish.set_request_id(NewRequestId(random_));
  wish.set_name(run);
  EXPECT_THAT(AskPayouts(kChecker, &Payouts::ExportPayoutRun, wish),
              Refuses(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const auto exported, AskPayouts(kMaker, &Payouts::ExportPayoutRun, wish));
  EXPECT_THAT(exported.file(), ::testing::HasSubstr(kMerchantAccount));
  EXPECT_EQ(Element(exported.file(), "CtrlSum"), "3.96");
  deployment_.KillAndWait();
  ASSERT_OK(deployment_.Start());
  ASSERT_OK_AND_ASSIGN(const auto again, AskPayouts(kMaker, &Payouts::ExportPayoutRun, wish));
  EXPECT_EQ(again.SerializeAsString(), exported.SerializeAsString());

  v1::ImportBankAnswerRequest answer;
  answer.set_request_id(NewRequestId(random_));
  answer.set_pain_002(Pain002(exported.file()));
  EXPECT_THAT(AskPayouts(kGrocer, &Payouts::ImportBankAnswer, answer),
              Refuses(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const auto paid, AskPayouts(kMaker, &Payouts::ImportBankAnswer, answer));
  EXPECT_EQ(paid.newly_paid(), 1);
  EXPECT_EQ(FirstStatement().state(), v1::STATEMENT_STATE_PAID);
  v1::GetPayoutRequest ask;
  ask.set_statement(statement);
  ASSERT_OK_AND_ASSIGN(const auto payout, AskPayouts(kGrocer, &Payouts::GetPayout, ask));
  EXPECT_EQ(payout.payment().state(), v1::PAYOUT_PAYMENT_STATE_PAID);
  EXPECT_EQ(payout.amount_fen(), 396);
  v1::GetPayoutRunRequest read;
  read.set_name(run);
  ASSERT_OK_AND_ASSIGN(const auto over, AskPayouts("/auditor", &Payouts::GetPayoutRun, read));
  EXPECT_EQ(over.payout_run().state(), v1::PAYOUT_RUN_STATE_FINISHED);

  EXPECT_EQ(deployment_.CountInLog(kMerchantAccount), 0U);
  ASSERT_OK(deployment_.Stop());
  ASSERT_OK_AND_ASSIGN(const auto verified,
                       services::VerifyDataDirectory(deployment_.data_directory(), nullptr, {}));
  EXPECT_TRUE(verified.ok()) << verified.findings.front();
}

}  // namespace
}  // namespace puhui::payout_run_wire_test
