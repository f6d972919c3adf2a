// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_PAYOUT_PAYOUT_FIXTURE_H_
#define PUHUI_TESTS_UNIT_SERVICES_PAYOUT_PAYOUT_FIXTURE_H_

#include "puhui/v1/payout_service.grpc.pb.h"
#include "puhui/v1/reconciliation_service.grpc.pb.h"
#include "services/payout/payout_service.h"
#include "services/payout/reconciliation_service.h"
#include "tests/unit/services/settlement/settlement_fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace puhui::services {

inline constexpr char kSecondOperator[] = "/operator/people/op-2";
inline constexpr char kOwnApprover[] = "/approver/unions/fh-1/people/boss-2";
inline constexpr char kAccountNumber[] = "6222020200112233445";

// The statements of SettlementTest, which the union fh-1 pays.
class PayoutServiceFixture : public SettlementTest {
 protected:
  using Payouts = v1::PayoutService::Stub;
  using Reconciliation = v1::ReconciliationService::Stub;

  PayoutServiceFixture() { Serve("武汉市总工会"); }
  ~PayoutServiceFixture() override { StopServing(); }

  // With this payer; none when it is empty.
  void Serve(const std::string& payer) {
    PayoutParts parts{.ledger = {.engine = ledger_.engine.get(), .request_key = &lookup_},
                      .tables = &ledger_.books.merchant,
                      .vault = &bank_accounts_,
                      .tokens = &tokens_,
                      .clock = &clock_,
                      .payer_union = "fh-1",
                      .message_prefix = "PUHUI-1a2b3c4d",
                      .cooling = absl::Hours(72),
                      .zone = absl::UTCTimeZone()};
    if (!payer.empty()) {
      parts.payer =
          Payer{.account = {payer, "42001865508059000001", "105521000011"}, .fen_per_point = 1};
    }
    payout_service_ = std::make_unique<PayoutService>(parts);
    reconciliation_service_ = std::make_unique<ReconciliationService>(ledger_.engine.get());
    grpc::ServerBuilder builder;
    payout_calls_ = std::make_unique<Calls>(
        &pipeline_, &builder, Calls::Options{.drained = [this] { ledger_.engine->LendThread(); }});
    payout_service_->Serve(*payout_calls_);
    reconciliation_service_->Serve(*payout_calls_);
    payout_server_ = builder.BuildAndStart();
    payout_calls_->Start();
    payouts_ = v1::PayoutService::NewStub(payout_server_->InProcessChannel({}));
    reconciliation_ = v1::ReconciliationService::NewStub(payout_server_->InProcessChannel({}));
  }
  void StopServing() {
    payout_server_->Shutdown();
    payout_calls_->Stop();
  }

  v1::ProposeBankAccountRequest ProposeWish() {
    v1::ProposeBankAccountRequest request;
    request.set_request_id(NextRequestId());
    request.set_parent("merchants/m-1");
    request.set_account_number(kAccountNumber);
    request.set_holder_name("湖北普惠超市有限公司");
    request.set_bank_code("102521000009");
    return request;
  }
  absl::StatusOr<v1::ConfirmBankAccountResponse> Confirm(int number, const std::string& path,
                                                         const std::string& said = kAccountNumber) {
    v1::ConfirmBankAccountRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(absl::StrCat("merchants/m-1/bankAccounts/", number));
    request.set_account_number(said);
    return Ask(*payouts_, &Payouts::ConfirmBankAccount, path, request);
  }
  void AddAccount(int number) {
    ASSERT_OK(Ask(*payouts_, &Payouts::ProposeBankAccount, kGrocerPath, ProposeWish()));
    ASSERT_OK(Confirm(number, kOperatorPath));
  }
  // Sells so much today, ends the day, and agrees with its statement; the statement's name.
  std::string AgreedDay(std::int64_t points) {
    Buy(points);
    const std::string name = StatementName();
    EndDay();
    const auto cut = Cut(kOperatorPath);
    EXPECT_OK(cut);
    if (cut.ok()) {
      EXPECT_OK(Agree(cut->digest()));
    }
    today_ = absl::ToCivilDay(clock_.Now(), absl::UTCTimeZone());
    return name;
  }

  absl::StatusOr<v1::PayoutRun> Create(const std::vector<std::string>& statements,
                                       const std::string& path = kFinanceMaker,
                                       bool accepted = false) {
    v1::CreatePayoutRunRequest request;
    request.set_request_id(NextRequestId());
    for (const std::string& statement : statements) {
      request.add_statements()->set_statement(statement);
      request.mutable_statements()->rbegin()->set_account_change_accepted(accepted);
    }
    auto response = Ask(*payouts_, &Payouts::CreatePayoutRun, path, request);
    if (!response.ok()) return response.status();
    return response->payout_run();
  }
  absl::StatusOr<v1::ApprovePayoutRunResponse> Approve(const std::string& run,
                                                       const std::string& path = kOwnApprover) {
    v1::ApprovePayoutRunRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(run);
    return Ask(*payouts_, &Payouts::ApprovePayoutRun, path, request);
  }
  v1::ExportPayoutRunRequest ExportWish(const std::string& run, const std::string& day = "") {
    v1::ExportPayoutRunRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(run);
    request.set_execution_day(day);
    return request;
  }
  absl::StatusOr<v1::ExportPayoutRunResponse> Export(const v1::ExportPayoutRunRequest& request,
                                                     const std::string& path = kFinanceMaker) {
    return Ask(*payouts_, &Payouts::ExportPayoutRun, path, request);
  }
  v1::ImportBankAnswerRequest AnswerWish(const std::string& end_to_end_id,
                                         const std::string& status, const std::string& yuan,
                                         const std::string& message = "PUHUI-1a2b3c4d-1") {
    v1::ImportBankAnswerRequest request;
    request.set_request_id(NextRequestId());
    request.set_pain_002(absl::StrCat(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>"
        "<OrgnlGrpInfAndSts><OrgnlMsgId>",
        message,
        "</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>"
        "<OrgnlPmtInfAndSts><OrgnlPmtInfId>",
        message, "</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>", end_to_end_id,
        "</OrgnlEndToEndId><TxSts>", status, "</TxSts><OrgnlTxRef><Amt><InstdAmt Ccy=\"CNY\">",
        yuan, "</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts></OrgnlPmtInfAndSts>",
        "</CstmrPmtStsRpt></Document>"));
    return request;
  }
  absl::StatusOr<v1::ImportBankAnswerResponse> Import(const v1::ImportBankAnswerRequest& request,
                                                      const std::string& path = kFinanceMaker) {
    return Ask(*payouts_, &Payouts::ImportBankAnswer, path, request);
  }
  absl::StatusOr<v1::GetPayoutRunResponse> GetRun(const std::string& name,
                                                  const std::string& path = kFinanceMaker) {
    v1::GetPayoutRunRequest request;
    request.set_name(name);
    return Ask(*payouts_, &Payouts::GetPayoutRun, path, request);
  }

  merchant::BankAccountVault bank_accounts_{&lookup_, &random_};
  std::unique_ptr<PayoutService> payout_service_;
  std::unique_ptr<ReconciliationService> reconciliation_service_;
  std::unique_ptr<Calls> payout_calls_;
  std::unique_ptr<grpc::Server> payout_server_;
  std::unique_ptr<Payouts> payouts_;
  std::unique_ptr<Reconciliation> reconciliation_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_PAYOUT_PAYOUT_FIXTURE_H_
