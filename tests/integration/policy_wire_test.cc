// SPDX-License-Identifier: Apache-2.0
// Who may call what, asked of a real puhuid over mutual TLS: every RPC of the policy table with
// every role, and with certificates that let nobody in.
#include "ledger/core/refusal.h"
#include "puhui/v1/audit_service.pb.h"
#include "services/auth/policy.h"
#include "services/rpc/error.h"
#include "tests/integration/raw_call.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/callers.h"
#include "tests/support/wire/deployment.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/types/optional.h"
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace puhui {
namespace {

using services::Role;

std::string MethodOf(const services::RpcRule& rule) {
  return absl::StrCat("/puhui.v1.", rule.service, "/", rule.name);
}

absl::optional<ledger::Reason> ReasonOf(const grpc::Status& status) {
  const auto refusal = ledger::RefusalOf(services::FromGrpcStatus(status));
  if (!refusal.has_value()) return absl::nullopt;
  return refusal->reason;
}

class PolicyWireTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment_ = new Deployment();
    ASSERT_OK(deployment_->Start());
  }
  static void TearDownTestSuite() { delete deployment_; }

  // An empty request, which every allowed call that needs anything refuses by its shape. A watch
  // needs nothing and never ends, so it is asked about a kind that there is not.
  static grpc::Status Call(const std::shared_ptr<grpc::Channel>& channel,
                           const services::RpcRule& rule) {
    v1::WatchRecordsRequest watch;
    watch.mutable_filter()->add_kinds("-");
    const bool endless = rule.rpc == services::Rpc::kWatchRecords;
    return CallRaw(channel, MethodOf(rule), {endless ? watch.SerializeAsString() : ""});
  }
  static grpc::Status GetStatusWith(const TestIdentity& identity) {
    return Call(deployment_->Connect(identity), services::RuleOf(services::Rpc::kGetStatus));
  }

  static Deployment* deployment_;
};
Deployment* PolicyWireTest::deployment_ = nullptr;

TEST_F(PolicyWireTest, EveryRoleMeetsEveryRowOfTheTable) {
  for (const auto& [role, path] : kCallerOfEachRole) {
    const auto channel = deployment_->Connect(path);
    for (const services::RpcRule& rule : services::RpcRules()) {
      SCOPED_TRACE(absl::StrCat(path, " calls ", MethodOf(rule)));
      const grpc::Status status = Call(channel, rule);
      const auto reason = ReasonOf(status);
      if (!rule.callers.Has(role)) {
        EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
        EXPECT_EQ(reason, ledger::Reason::kPermissionDenied);
      } else if (!status.ok()) {
        // It got as far as the handler: what is wrong now is the request.
        EXPECT_TRUE(reason == ledger::Reason::kInvalidField || reason == ledger::Reason::kNotFound)
            << status.error_code() << " " << status.error_message();
      }
    }
  }
}

TEST_F(PolicyWireTest, ACertificateWithoutAnIdentityOpensNoMethod) {
  CertificateSpec foreign;
  foreign.uris = {"spiffe://elsewhere.test/operator"};
  CertificateSpec two;
  two.uris = {"spiffe://welfare.test/operator", "spiffe://welfare.test/auditor"};
  for (const CertificateSpec& spec : {CertificateSpec(), foreign, two}) {
    const auto channel = deployment_->Connect(deployment_->authority().Issue(spec));
    for (const services::RpcRule& rule : services::RpcRules()) {
      SCOPED_TRACE(MethodOf(rule));
      const grpc::Status status = Call(channel, rule);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
      EXPECT_EQ(ReasonOf(status), ledger::Reason::kUnauthenticated);
    }
  }
}

TEST_F(PolicyWireTest, ACertificateThatIsNotGoodNowAndOursMakesNoConnection) {
  const CertificateSpec good{.uris = {"spiffe://welfare.test/operator"}, .dns_names = {}};
  CertificateSpec expired = good;
  expired.not_after = absl::Now() - absl::Minutes(1);
  CertificateSpec early = good;
  early.not_before = absl::Now() + absl::Minutes(10);
  const TestAuthority& authority = deployment_->authority();
  const TestAuthority stranger("people");  // The name is the same, the key is not.
  for (const TestIdentity& identity :
       {authority.Issue(expired), authority.Issue(early), SelfSigned(good), stranger.Issue(good),
        stranger.identity(), TestIdentity()}) {
    EXPECT_EQ(GetStatusWith(identity).error_code(), grpc::StatusCode::UNAVAILABLE);
  }
  EXPECT_TRUE(GetStatusWith(authority.Issue(good)).ok());
}

TEST_F(PolicyWireTest, AMethodThatIsNotInTheTableDoesNotExist) {
  const auto channel = deployment_->Connect("/operator");
  for (const char* method : {"/puhui.v1.AdminService/StopServer", "/puhui.v2.PosService/Purchase",
                             "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"}) {
    EXPECT_EQ(CallRaw(channel, method, {""}).error_code(), grpc::StatusCode::UNIMPLEMENTED)
        << method;
  }
}

}  // namespace
}  // namespace puhui
