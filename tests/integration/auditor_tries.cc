// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/auditor_tries.h"

#include "ledger/core/refusal.h"
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/admin_service.pb.h"
#include "puhui/v1/mall_service.pb.h"
#include "puhui/v1/merchant_service.pb.h"
#include "services/auth/policy.h"
#include "services/rpc/error.h"
#include "tests/integration/raw_call.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace puhui {
namespace {

using services::Rpc;
using ::testing::HasSubstr;

// A request of something that no scope is asked about, because a role alone decides.
template <class Request>
ScopeRow NamingMerchant(Rpc rpc, SeededRandom* random) {
  return {rpc, {}, One<Request>(random, [](const World& world, auto& request) {
            if constexpr (requires { request.set_name(""); }) request.set_name(world.merchant);
            if constexpr (requires { request.set_parent(""); }) request.set_parent(world.merchant);
            if constexpr (requires { request.set_merchant(""); }) {
              request.set_merchant(world.merchant);
            }
            if constexpr (requires { request.set_merchant_id(""); }) {
              request.set_merchant_id(std::string(absl::StripPrefix(world.merchant, "merchants/")));
            }
          })};
}

// Of the rest there is nothing to name.
std::vector<ScopeRow> RowsThatNameSomething(SeededRandom* random) {
  std::vector<ScopeRow> rows = ScopeRows(random);
  for (ScopeRow& row : std::vector<ScopeRow>{
           NamingMerchant<v1::RegisterMerchantRequest>(Rpc::kRegisterMerchant, random),
           NamingMerchant<v1::ApplyMerchantRequest>(Rpc::kApplyMerchant, random),
           NamingMerchant<v1::DecideMerchantRequest>(Rpc::kDecideMerchant, random),
           NamingMerchant<v1::SetAgreementRequest>(Rpc::kSetAgreement, random),
           NamingMerchant<v1::SuspendMerchantRequest>(Rpc::kSuspendMerchant, random),
           NamingMerchant<v1::ResumeMerchantRequest>(Rpc::kResumeMerchant, random),
           NamingMerchant<v1::CloseMerchantRequest>(Rpc::kCloseMerchant, random),
           NamingMerchant<v1::EnableMallRequest>(Rpc::kEnableMall, random),
           NamingMerchant<v1::UpdateMallRequest>(Rpc::kUpdateMall, random),
           NamingMerchant<v1::BlockMallRequest>(Rpc::kBlockMall, random),
           NamingMerchant<v1::UnblockMallRequest>(Rpc::kUnblockMall, random),
           NamingMerchant<v1::GetLimitsRequest>(Rpc::kGetLimits, random)}) {
    rows.push_back(std::move(row));
  }
  return rows;
}

// Its messages for the one world and the other; without a row the same empty one for both.
struct Alternatives {
  std::vector<std::string> there = {""};
  std::vector<std::string> nowhere = {""};
};
std::vector<Alternatives> CallsOf(Rpc rpc, const std::vector<ScopeRow>& rows, const World& there,
                                  const World& nowhere) {
  std::vector<Alternatives> calls;
  for (const ScopeRow& row : rows) {
    if (row.rpc == rpc) calls.push_back({row.write(there), row.write(nowhere)});
  }
  if (calls.empty()) calls.emplace_back();
  return calls;
}

}  // namespace

std::vector<std::string> TryWhatIsNotAnAuditors(const Deployment& deployment,
                                                const std::string& auditor, const World& there,
                                                const World& nowhere, SeededRandom* random) {
  const auto channel = deployment.Connect(auditor);
  const std::vector<ScopeRow> rows = RowsThatNameSomething(random);
  std::vector<std::string> tried;
  for (const services::RpcRule& rule : services::RpcRules()) {
    if (rule.callers.Has(services::Role::kAuditor)) continue;
    const std::string rpc = absl::StrCat(rule.service, "/", rule.name);
    SCOPED_TRACE(rpc);
    const auto attempt = [&](const std::vector<std::string>& messages) {
      std::string told;
      const grpc::Status answer = CallRaw(channel, "/puhui.v1." + rpc, messages, &told);
      EXPECT_EQ(told, "");
      EXPECT_EQ(answer.error_code(), grpc::StatusCode::PERMISSION_DENIED);
      const auto refusal = ledger::RefusalOf(services::FromGrpcStatus(answer));
      EXPECT_TRUE(refusal.has_value() && refusal->reason == ledger::Reason::kPermissionDenied);
      tried.push_back(rpc);
      return answer;
    };
    for (const Alternatives& call : CallsOf(rule.rpc, rows, there, nowhere)) {
      const grpc::Status of_there = attempt(call.there);
      const grpc::Status of_nowhere = attempt(call.nowhere);
      EXPECT_EQ(of_there.error_message(), of_nowhere.error_message());
      EXPECT_EQ(of_there.error_details(), of_nowhere.error_details());
    }
  }
  return tried;
}

void ExpectTriesOnRecord(const Deployment& deployment, const std::string& auditor,
                         const std::string& person, const std::vector<std::string>& tried) {
  const auto supervisor = v1::AccessService::NewStub(deployment.Connect("/supervisor"));
  v1::ListAccessesRequest request;
  request.set_person(person);
  request.set_page_size(1'000);
  std::vector<std::string> recorded;
  std::string filters;
  do {
    const auto page = Ask(*supervisor, &v1::AccessService::Stub::ListAccesses, request);
    ASSERT_OK(page);
    for (const v1::Access& access : page->accesses()) {
      SCOPED_TRACE(access.DebugString());
      EXPECT_EQ(access.caller(), auditor);
      EXPECT_EQ(access.person(), person);
      EXPECT_EQ(access.outcome(), "PERMISSION_DENIED");
      EXPECT_EQ(access.rows(), 0U);
      EXPECT_GT(access.time().seconds(), 0);
      recorded.push_back(access.rpc());
      absl::StrAppend(&filters, access.filter(), "\n");
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(recorded, tried) << "each try once, in order, and nothing else";
  // And of what.
  EXPECT_THAT(filters, HasSubstr("unions/nowhere"));
  EXPECT_THAT(filters, HasSubstr("merchants/nowhere"));
}

}  // namespace puhui
