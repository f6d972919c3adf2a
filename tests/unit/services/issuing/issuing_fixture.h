// SPDX-License-Identifier: Apache-2.0
// The services of the issuing side over a real engine in memory and an in-process channel: no
// ports, no certificates, no disk but for the checkpoint's directory.
#ifndef PUHUI_TESTS_UNIT_SERVICES_ISSUING_ISSUING_FIXTURE_H_
#define PUHUI_TESTS_UNIT_SERVICES_ISSUING_ISSUING_FIXTURE_H_

#include "issuing/app/vault.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/crypto/signing.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "services/issuing/campaign_service.h"
#include "services/issuing/member_service.h"
#include "services/issuing/union_service.h"
#include "services/ledger/union_tree.h"
#include "services/rpc/calls.h"
#include "services/rpc/error.h"
#include "tests/support/fake_clock.h"
#include "tests/support/ledger_in_memory.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/services/issuing/callers.h"
#include "tests/unit/services/rpc/pipeline_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

// Two unions: fh-1, where things happen, and gz-2, from where nothing of it may be seen.
class IssuingTest : public ::testing::Test {
 protected:
  explicit IssuingTest(absl::Duration silence_max = kSilenceMax);
  ~IssuingTest() override;

  static std::unique_ptr<grpc::ClientContext> As(const std::string& path) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->AddMetadata("uri", "spiffe://d" + path);
    return context;
  }

  // One unary call, as `path`.
  template <class Stub, class Request, class Response>
  static absl::StatusOr<Response> Ask(Stub& stub,
                                      grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                   const Request&, Response*),
                                      const std::string& path, const Request& request) {
    const auto context = As(path);
    Response response;
    const grpc::Status status = (stub.*method)(context.get(), request, &response);
    if (!status.ok()) return FromGrpcStatus(status);
    return response;
  }

  absl::StatusOr<v1::CreateUnionResponse> CreateUnion(const std::string& path,
                                                      const v1::CreateUnionRequest& request) {
    return Ask(*unions_, &v1::UnionService::Stub::CreateUnion, path, request);
  }
  absl::StatusOr<v1::Union> GetUnion(const std::string& path, const std::string& name) {
    v1::GetUnionRequest request;
    request.set_name(name);
    auto response = Ask(*unions_, &v1::UnionService::Stub::GetUnion, path, request);
    if (!response.ok()) return response.status();
    return response->union_();
  }

  v1::CreateUnionRequest UnionWish(const std::string& id, const std::string& parent = "") {
    v1::CreateUnionRequest request;
    request.set_request_id(NextRequestId());
    request.set_union_id(id);
    request.set_display_name(absl::StrCat("工会 ", id));
    request.set_parent(parent);
    request.set_kind(v1::UNION_KIND_ENTERPRISE);
    return request;
  }

  // Puts money into the budget of fh-1, or of a union below it.
  void Fund(std::int64_t points, const std::string& of = "unions/fh-1") {
    v1::FundBudgetRequest fund;
    fund.set_request_id(NextRequestId());
    fund.set_union_(of);
    fund.set_points(points);
    fund.set_bank_reference(absl::StrCat("REF-", request_ids_));
    const auto funded = Ask(*unions_, &v1::UnionService::Stub::FundBudget, kFinanceMaker, fund);
    ASSERT_OK(funded);
    v1::ConfirmFundingRequest confirm;
    confirm.set_request_id(NextRequestId());
    confirm.set_name(funded->funding().name());
    ASSERT_OK(Ask(*unions_, &v1::UnionService::Stub::ConfirmFunding, kFinanceChecker, confirm));
  }

  absl::StatusOr<v1::BatchCreateMembersResponse> BatchCreate(
      const std::string& path, const v1::BatchCreateMembersRequest& request) {
    return Ask(*members_, &v1::MemberService::Stub::BatchCreateMembers, path, request);
  }
  // Persons `first` to `last` of fh-1; the names they got.
  std::vector<std::string> Enrol(int first, int last, const std::string& of = "unions/fh-1",
                                 const std::string& path = kHr) {
    v1::BatchCreateMembersRequest request;
    request.set_request_id(NextRequestId());
    request.set_union_(of);
    for (int n = first; n <= last; ++n) *request.add_members() = Person(n);
    const auto response = BatchCreate(path, request);
    EXPECT_OK(response);
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const auto& result : response->results()) names.push_back(result.member());
    return names;
  }

  std::string NextRequestId() { return RequestIdOf(++request_ids_); }
  Sequence LastRecord() const { return ledger_.engine->durable().sequence; }

  FakeClock clock_;
  SeededRandom random_{20'250'104};
  const TempDir directory_;
  ledger::KeyedHash lookup_{std::string(32, 'k')};
  LedgerInMemory ledger_{&clock_, directory_.path(), ledger::SigningKey::Generate(random_)};
  issuing::Vault vault_{{.key = std::string(32, 'v'), .keyed_hash = &lookup_, .random = &random_}};
  PageTokens tokens_{&lookup_};
  LedgerUnionTree tree_{&ledger_.store};
  MetadataAuthenticator authenticator_;
  CallLog call_log_{[](absl::string_view) {}, absl::Hours(1)};
  CallMetrics metrics_;
  WorkerPool workers_{2, 64};
  Pipeline pipeline_{{.authenticator = &authenticator_,
                      .clock = &clock_,
                      .workers = &workers_,
                      .log = &call_log_,
                      .metrics = &metrics_}};
  std::unique_ptr<UnionService> union_service_;
  std::unique_ptr<MemberService> member_service_;
  std::unique_ptr<CampaignService> campaign_service_;
  std::unique_ptr<Calls> calls_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::UnionService::Stub> unions_;
  std::unique_ptr<v1::MemberService::Stub> members_;
  std::unique_ptr<v1::CampaignService::Stub> campaigns_;
  int request_ids_ = 0;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_ISSUING_ISSUING_FIXTURE_H_
