// SPDX-License-Identifier: Apache-2.0
// What a caller meets on the wire: a real server with mutual TLS on a loopback port of the system's
// choice.
#include "ledger/core/refusal.h"
#include "ledger/crypto/durable_file.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "services/auth/certificate_authority.h"
#include "services/rpc/calls.h"
#include "services/rpc/pipeline.h"
#include "services/rpc/server_arguments.h"
#include "services/rpc/server_credentials.h"
#include "tests/support/pki/test_pki.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wire/callers.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

constexpr char kDomain[] = "welfare.example";

std::string Uri(absl::string_view path) { return absl::StrCat("spiffe://", kDomain, path); }

class EchoingAdmin final {
 public:
  using Wire = v1::AdminService::AsyncService;

  void Serve(Calls& calls) {
    calls.Add(&wire_);
    calls.Unary(Rpc::kGetStatus, &wire_, &Wire::RequestGetStatus,
                [this](const CallContext& call,
                       const v1::GetStatusRequest&) -> absl::StatusOr<v1::GetStatusResponse> {
                  if (!answer.ok()) return answer;
                  v1::GetStatusResponse status;
                  status.set_detail(call.principal().caller);
                  return status;
                });
  }
  absl::Status answer;

 private:
  Wire wire_;
};

class MutualTlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteFiles(authority_.IssueServer(), authority_);
    auto loaded = ServerCertificates::Load(files_, &clock_);
    ASSERT_OK(loaded);
    certificates_ = *std::move(loaded);
    grpc::ServerBuilder builder;
    ApplyLimits({}, &builder);
    builder.AddListeningPort("127.0.0.1:0", certificates_->Credentials(), &port_);
    calls_ = std::make_unique<Calls>(&pipeline_, &builder, Calls::Options{.drained = [] {}});
    admin_.Serve(*calls_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    calls_->Start();
    ASSERT_GT(port_, 0);
  }
  void TearDown() override {
    if (server_ == nullptr) return;
    server_->Shutdown();
    calls_->Stop();
  }

  void WriteFiles(const TestIdentity& server, const TestAuthority& clients) {
    EXPECT_OK(ledger::WriteFileDurably(files_.chain, server.certificate));
    EXPECT_OK(ledger::WriteFileDurably(files_.key, server.key));
    EXPECT_OK(ledger::WriteFileDurably(files_.client_ca, clients.certificate()));
  }

  // A connection of its own, whatever gRPC would like to share.
  std::unique_ptr<v1::AdminService::Stub> Connect(const TestIdentity& client,
                                                  const std::string& server_ca) const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetSslTargetNameOverride("localhost");
    return v1::AdminService::NewStub(grpc::CreateCustomChannel(
        absl::StrCat("127.0.0.1:", port_),
        grpc::SslCredentials({server_ca, client.key, client.certificate}), arguments));
  }
  std::unique_ptr<v1::AdminService::Stub> Connect(const TestIdentity& client) const {
    return Connect(client, authority_.certificate());
  }

  static grpc::Status GetStatus(v1::AdminService::Stub* stub,
                                v1::GetStatusResponse* response = nullptr) {
    grpc::ClientContext context;
    // Only so that a broken server fails the test instead of hanging it.
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    v1::GetStatusResponse ignored;
    return stub->GetStatus(&context, {}, response == nullptr ? &ignored : response);
  }
  grpc::StatusCode CodeFor(const TestIdentity& client) const {
    return GetStatus(Connect(client).get()).error_code();
  }

  const TempDir dir_;
  const CertificateFiles files_{.chain = dir_.Join("server.pem"),
                                .key = dir_.Join("server.key"),
                                .client_ca = dir_.Join("clients.pem")};
  const TestAuthority authority_{"welfare"};
  const TestIdentity operator_ = authority_.IssueClient(Uri("/operator"));
  const SystemClock clock_{};
  const SpiffeAuthenticator authenticator_{kDomain};
  CallLog log_{[](absl::string_view) {}};
  CallMetrics metrics_;
  WorkerPool workers_{1, 8};
  Pipeline pipeline_{{.authenticator = &authenticator_,
                      .clock = &clock_,
                      .workers = &workers_,
                      .log = &log_,
                      .metrics = &metrics_}};
  EchoingAdmin admin_;
  std::unique_ptr<Calls> calls_;
  std::unique_ptr<ServerCertificates> certificates_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

TEST_F(MutualTlsTest, TheIdentityInTheCertificateIsTheCaller) {
  const auto stub = Connect(authority_.IssueClient(Uri("/operator/people/wang-1")));
  v1::GetStatusResponse response;
  const grpc::Status status = GetStatus(stub.get(), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.detail(), "/operator/people/wang-1");
}

TEST_F(MutualTlsTest, NobodyGetsInWithoutACertificateOfOurAuthority) {
  CertificateSpec spec;
  spec.uris = {Uri("/operator")};
  EXPECT_EQ(CodeFor({}), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(CodeFor(SelfSigned(spec)), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(CodeFor(TestAuthority("welfare").Issue(spec)), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(metrics_.Count(Rpc::kGetStatus, absl::StatusCode::kOk), 0U);
}

TEST_F(MutualTlsTest, NobodyGetsInBeforeOrAfterTheCertificatesDates) {
  CertificateSpec expired;
  expired.uris = {Uri("/operator")};
  expired.not_after = absl::Now() - absl::Minutes(1);
  EXPECT_EQ(CodeFor(authority_.Issue(expired)), grpc::StatusCode::UNAVAILABLE);
  CertificateSpec early;
  early.uris = {Uri("/operator")};
  early.not_before = absl::Now() + absl::Minutes(10);
  EXPECT_EQ(CodeFor(authority_.Issue(early)), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(CodeFor(operator_), grpc::StatusCode::OK);
}

TEST_F(MutualTlsTest, AVerifiedCertificateWithoutOneIdentityOfOursIsUnauthenticated) {
  CertificateSpec none;
  CertificateSpec two;
  two.uris = {Uri("/operator"), Uri("/auditor")};
  CertificateSpec dns;
  dns.dns_names = {"welfare.example"};
  CertificateSpec foreign;
  foreign.uris = {"spiffe://elsewhere.example/operator"};
  CertificateSpec malformed;
  malformed.uris = {Uri("/operator/unions/fh-1")};
  CertificateSpec web;
  web.uris = {"https://welfare.example/operator"};
  for (const CertificateSpec& spec : {none, two, dns, foreign, malformed, web}) {
    const grpc::Status status = GetStatus(Connect(authority_.Issue(spec)).get());
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
    const auto refusal = ledger::RefusalOf(FromGrpcStatus(status));
    ASSERT_TRUE(refusal.has_value());
    EXPECT_EQ(refusal->reason, ledger::Reason::kUnauthenticated);
  }
}

TEST_F(MutualTlsTest, ADnsNameBesideTheUriDoesNoHarm) {
  CertificateSpec spec;
  spec.uris = {Uri("/operator")};
  spec.dns_names = {"console.welfare.example"};
  EXPECT_EQ(CodeFor(authority_.Issue(spec)), grpc::StatusCode::OK);
}

TEST_F(MutualTlsTest, EveryRoleMeetsThePolicyTable) {
  for (const auto& [role, path] : kCallerOfEachRole) {
    const bool allowed = RuleOf(Rpc::kGetStatus).callers.Has(role);
    EXPECT_EQ(CodeFor(authority_.IssueClient(Uri(path))),
              allowed ? grpc::StatusCode::OK : grpc::StatusCode::PERMISSION_DENIED)
        << path;
  }
}

TEST_F(MutualTlsTest, ATerminalOfOurOwnSigningGetsIn) {
  ASSERT_OK_AND_ASSIGN(const auto signer,
                       CertificateAuthority::Load(authority_.certificate(),
                                                  authority_.identity().key, clock_.Now()));
  SeededRandom random(20'250'103);
  for (const TestKey kind : {TestKey::kP256, TestKey::kP384, TestKey::kRsa2048}) {
    const std::string key = MakeKey(kind);
    ASSERT_OK_AND_ASSIGN(
        const std::string certificate,
        signer->SignTerminal(MakeCsr(key, {}), Uri("/terminal/merchants/m-7/terminals/t-2"),
                             clock_.Now(), absl::Hours(1), random));
    // Known by name, and told that a terminal has no business with the operator's status.
    EXPECT_EQ(CodeFor({.certificate = certificate, .key = key}),
              grpc::StatusCode::PERMISSION_DENIED);
  }
}

TEST_F(MutualTlsTest, PlaintextIsNotAnswered) {
  const auto stub = v1::AdminService::NewStub(
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", port_), grpc::InsecureChannelCredentials()));
  EXPECT_EQ(GetStatus(stub.get()).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(MutualTlsTest, AMessageAboveFourMebibytesIsTurnedAway) {
  v1::GetStatusRequest large;
  large.GetReflection()->MutableUnknownFields(&large)->AddLengthDelimited(
      1'000, std::string((std::size_t{4} << 20) + 1, 'x'));
  const auto stub = Connect(operator_);
  grpc::ClientContext context;
  v1::GetStatusResponse response;
  EXPECT_EQ(stub->GetStatus(&context, large, &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(MutualTlsTest, ACompressedMessageIsTurnedAway) {
  v1::GetStatusRequest request;
  request.GetReflection()->MutableUnknownFields(&request)->AddLengthDelimited(
      1'000, std::string(100'000, 'x'));
  const auto stub = Connect(operator_);
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  v1::GetStatusResponse response;
  EXPECT_EQ(stub->GetStatus(&context, request, &response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(MutualTlsTest, MetadataAboveItsBoundIsTurnedAway) {
  const auto stub = Connect(operator_);
  grpc::ClientContext context;
  context.AddMetadata("x-large", std::string(20'000, 'x'));
  v1::GetStatusResponse response;
  EXPECT_FALSE(stub->GetStatus(&context, {}, &response).ok());
  // It may cost the offender the connection; others do not notice.
  EXPECT_EQ(CodeFor(operator_), grpc::StatusCode::OK);
}

TEST_F(MutualTlsTest, ARefusalArrivesWithReasonAndField) {
  admin_.answer = ledger::ToStatus({.reason = ledger::Reason::kInsufficientPoints,
                                    .message = "120 are available here",
                                    .metadata = {{"available", "120"}}});
  const auto stub = Connect(operator_);
  const auto refusal = ledger::RefusalOf(FromGrpcStatus(GetStatus(stub.get())));
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->reason, ledger::Reason::kInsufficientPoints);
  EXPECT_EQ(refusal->metadata.at(0).second, "120");

  admin_.answer = InvalidField("rows[3].points", "want 1 to 10");
  const auto shape = ledger::RefusalOf(FromGrpcStatus(GetStatus(stub.get())));
  ASSERT_TRUE(shape.has_value());
  EXPECT_EQ(shape->field, "rows[3].points");
}

TEST_F(MutualTlsTest, NewCertificatesServeNewConnectionsAndOldOnesGoOn) {
  const auto before = Connect(operator_);
  EXPECT_TRUE(GetStatus(before.get()).ok());

  const TestAuthority next("next");
  WriteFiles(next.IssueServer(), next);
  ASSERT_OK(certificates_->Reload());

  EXPECT_TRUE(GetStatus(before.get()).ok());
  EXPECT_EQ(GetStatus(Connect(operator_).get()).error_code(), grpc::StatusCode::UNAVAILABLE);
  const auto after = Connect(next.IssueClient(Uri("/operator")), next.certificate());
  EXPECT_TRUE(GetStatus(after.get()).ok());
}

TEST_F(MutualTlsTest, AFileSetThatDoesNotPassLeavesTheOldOneInUse) {
  const TestAuthority other("other");
  WriteFiles({.certificate = authority_.IssueServer().certificate, .key = other.identity().key},
             authority_);
  EXPECT_THAT(certificates_->Reload(), HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(CodeFor(operator_), grpc::StatusCode::OK);

  EXPECT_OK(ledger::WriteFileDurably(files_.key, "garbage"));
  EXPECT_THAT(certificates_->Reload(), HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(CodeFor(operator_), grpc::StatusCode::OK);

  CertificateSpec expired;
  expired.dns_names = {"localhost"};
  expired.not_after = absl::Now() - absl::Minutes(1);
  WriteFiles(authority_.Issue(expired), authority_);
  EXPECT_THAT(certificates_->Reload(), HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(CodeFor(operator_), grpc::StatusCode::OK);

  WriteFiles(authority_.IssueServer(), authority_);
  EXPECT_OK(certificates_->Reload());
  EXPECT_EQ(CodeFor(operator_), grpc::StatusCode::OK);
}

TEST_F(MutualTlsTest, TheWatchPicksUpNewFilesAndReportsBadOnes) {
  std::uint64_t generation = 0;
  certificates_->InUse(&generation);
  const std::uint64_t first = generation;
  std::promise<absl::Status> failed;
  bool reported = false;
  EXPECT_OK(ledger::WriteFileDurably(files_.key, "garbage"));
  certificates_->Watch(absl::Milliseconds(2), [&](const absl::Status& status) {
    if (!std::exchange(reported, true)) failed.set_value(status);
  });
  EXPECT_THAT(failed.get_future().get(), HasCode(absl::StatusCode::kFailedPrecondition));
  WriteFiles(authority_.IssueServer(), authority_);
  while (generation == first) certificates_->InUse(&generation);
  EXPECT_EQ(CodeFor(operator_), grpc::StatusCode::OK);
}

TEST_F(MutualTlsTest, AKeyThatOthersCanReadIsNotLoaded) {
  std::filesystem::permissions(files_.key, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  EXPECT_THAT(ServerCertificates::Load(files_, &clock_),
              HasCode(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace puhui::services
