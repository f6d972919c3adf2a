// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_SETTLEMENT_SETTLEMENT_FIXTURE_H_
#define PUHUI_TESTS_UNIT_SERVICES_SETTLEMENT_SETTLEMENT_FIXTURE_H_

#include "puhui/v1/settlement_service.grpc.pb.h"
#include "services/settlement/settlement_service.h"
#include "tests/unit/services/merchant/pos_fixture.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui::services {

inline constexpr char kGrocerPath[] = "/merchant/merchants/m-1/people/li-1";
inline constexpr char kOtherGrocerPath[] = "/merchant/merchants/m-2/people/li-2";
inline constexpr char kOutsideFinance[] = "/finance/unions/gz-2/people/fin-9";

// The tills of PosTest, and what their merchants are owed. Business days are those of UTC.
class SettlementTest : public PosTest {
 protected:
  using Settlement = v1::SettlementService::Stub;

  SettlementTest()
      : settlement_service_({.ledger = {.engine = ledger_.engine.get(), .request_key = &lookup_},
                             .state = {.tables = &ledger_.books.merchant,
                                       .views = &ledger_.books.views,
                                       .invoice_remark = remark_},
                             .tokens = &tokens_,
                             .tree = &tree_}) {
    grpc::ServerBuilder builder;
    settlement_calls_ = std::make_unique<Calls>(
        &pipeline_, &builder, Calls::Options{.drained = [this] { ledger_.engine->LendThread(); }});
    settlement_service_.Serve(*settlement_calls_);
    settlements_ = builder.BuildAndStart();
    settlement_calls_->Start();
    settlement_ = v1::SettlementService::NewStub(settlements_->InProcessChannel({}));
    today_ = absl::ToCivilDay(clock_.Now(), absl::UTCTimeZone());
  }
  ~SettlementTest() override {
    settlements_->Shutdown();
    settlement_calls_->Stop();
  }

  std::string StatementName() const {
    return absl::StrCat("merchants/m-1/statements/", absl::FormatCivilTime(today_));
  }
  // The reference of a purchase that must succeed, which is its sequence.
  std::uint64_t Buy(std::int64_t points) { return BuyAt(kTill, card_, points); }
  std::uint64_t BuyAt(const std::string& till, const std::string& card, std::int64_t points) {
    auto request = Call<v1::PurchaseRequest>(till);
    request.set_card_number(card);
    request.set_points(points);
    const auto response = Ask(*pos_, &Pos::Purchase, till, request);
    EXPECT_OK(response);
    std::uint64_t sequence = 0;
    EXPECT_TRUE(response.ok() &&
                absl::SimpleAtoi(response->purchase().retrieval_reference(), &sequence));
    return sequence;
  }
  // The sum over all accounts of that kind.
  std::int64_t Total(v1::AccountKind kind) {
    const auto response = Ask(*audit_, &v1::AuditService::Stub::GetTrialBalance, kAuditor,
                              v1::GetTrialBalanceRequest());
    EXPECT_OK(response);
    std::int64_t sum = 0;
    for (const auto& line : response->lines()) sum += line.kind() == kind ? line.points() : 0;
    return sum;
  }
  // To the first moment of the next business day.
  void EndDay() {
    clock_.Set(absl::FromCivil(today_ + 1, absl::UTCTimeZone()));
    ledger_.engine->WakeTimers();
  }
  absl::StatusOr<v1::Statement> Cut(const std::string& path = kFinanceMaker,
                                    const std::string& name = "") {
    v1::CutDayRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name.empty() ? StatementName() : name);
    auto response = Ask(*settlement_, &Settlement::CutDay, path, request);
    if (!response.ok()) return response.status();
    return response->statement();
  }
  // All messages of a statement.
  absl::StatusOr<std::vector<v1::GetStatementResponse>> Read(
      const v1::GetStatementRequest& request, const std::string& path = kGrocerPath) {
    const auto context = As(path);
    const auto reader = settlement_->GetStatement(context.get(), request);
    std::vector<v1::GetStatementResponse> messages;
    for (v1::GetStatementResponse message; reader->Read(&message);) messages.push_back(message);
    const grpc::Status status = reader->Finish();
    if (!status.ok()) return FromGrpcStatus(status);
    return messages;
  }
  absl::StatusOr<std::vector<v1::GetStatementResponse>> Read(
      const std::string& path = kGrocerPath) {
    v1::GetStatementRequest request;
    request.set_name(StatementName());
    return Read(request, path);
  }
  absl::StatusOr<v1::ListStatementsResponse> List(const std::string& path = kGrocerPath) {
    v1::ListStatementsRequest request;
    request.set_parent("merchants/m-1");
    return Ask(*settlement_, &Settlement::ListStatements, path, request);
  }
  absl::StatusOr<v1::AgreeStatementResponse> Agree(const std::string& digest,
                                                   const std::string& path = kGrocerPath) {
    v1::AgreeStatementRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(StatementName());
    request.set_digest(digest);
    return Ask(*settlement_, &Settlement::AgreeStatement, path, request);
  }

  // In place, as after a restart with another configuration.
  void ConfigureAnotherRemark() { remark_.assign(remark_.size(), 'x'); }

  std::string remark_ = LedgerInMemory::kInvoiceRemark;
  SettlementService settlement_service_;
  std::unique_ptr<Calls> settlement_calls_;
  std::unique_ptr<grpc::Server> settlements_;
  std::unique_ptr<Settlement> settlement_;
  absl::CivilDay today_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_SETTLEMENT_SETTLEMENT_FIXTURE_H_
