// SPDX-License-Identifier: Apache-2.0
#include "tests/support/wire/deployment.h"

#include "ledger/base/check.h"
#include "ledger/crypto/durable_file.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

namespace puhui {
namespace {

// Only so that something broken fails instead of hanging.
constexpr absl::Duration kPatience = absl::Minutes(2);
constexpr std::chrono::milliseconds kLookEvery{1};

}  // namespace

Deployment::Deployment() {
  Write("ca.pem", authority_.certificate());
  Write("client-ca.pem",
        absl::StrCat(authority_.certificate(), terminals_authority_.certificate()));
  WriteIdentity("server", authority_.IssueServer());
  WriteIdentity("terminals-ca", terminals_authority_.identity());
  Configure({});
}

ServerProcess::Wish Deployment::wish() const {
  return {.program = PUHUI_TEST_PUHUID,
          .config = config_path(),
          .port_file = directory_.Join("data/puhuid.port"),
          .log_file = directory_.Join("log")};
}

void Deployment::Configure(const Settings& settings) const {
  const std::string publishing =
      settings.publish_dir.empty() ? "" : absl::StrCat("\npublish_dir: ", settings.publish_dir);
  const std::string payouts =
      settings.payer_union.empty()
          ? ""
          : absl::StrCat("\npayouts: {payer_union: ", settings.payer_union,
                         ", payer_name: 工会, payer_account: \"42001865508059000001\", "
                         "payer_bank_code: \"105521000011\"}");
  Write("puhuid.yaml",
        absl::StrCat(
            "data_dir: data\nkeys_dir: keys\nlisten: 127.0.0.1:0\ntrust_domain: ", kTrustDomain,
            "\ntls: {cert: server.pem, key: server.key, client_ca: client-ca.pem}\n"
            "ca: {cert: terminals-ca.pem, key: terminals-ca.key}\n"
            "wallet_cache_mib: 8\nblock_cache_mib: 8\ndisk_reserve_mib: ",
            settings.disk_reserve_mib,
            "\nverify_records_per_second: ", settings.verify_records_per_second,
            "\nreflection: ", settings.reflection ? "true" : "false",
            settings.metrics_listen.empty()
                ? ""
                : absl::StrCat("\nmetrics_listen: ", settings.metrics_listen),
            settings.witnesses.empty()
                ? ""
                : absl::StrCat("\nwitnesses: [\"", absl::StrJoin(settings.witnesses, "\", \""),
                               "\"]"),
            publishing, payouts, "\n"));
}

void Deployment::WriteIdentity(absl::string_view name, const TestIdentity& identity) const {
  Write(absl::StrCat(name, ".pem"), identity.certificate);
  Write(absl::StrCat(name, ".key"), identity.key);
}

void Deployment::Write(absl::string_view name, absl::string_view text) const {
  PUHUI_CHECK_OK(ledger::WriteFileDurably(directory_.Join(name), text));
}

absl::Status Deployment::Start() {
  server_ = nullptr;  // Its store's lock goes with it.
  absl::StatusOr<std::unique_ptr<ServerProcess>> started = ServerProcess::Start(wish(), kPatience);
  if (!started.ok()) return absl::Status(started.status().code(), Log());
  server_ = *std::move(started);
  return absl::OkStatus();
}

absl::StatusOr<bool> Deployment::StartAndKill(absl::Duration after) {
  server_ = nullptr;
  const absl::StatusOr<bool> listened = ServerProcess::StartAndKill(wish(), after);
  if (!listened.ok()) return absl::Status(listened.status().code(), Log());
  return listened;
}

absl::StatusOr<ProcessEnd> Deployment::RunAnother() const {
  ServerProcess::Wish another = wish();
  another.log_file = directory_.Join("log-of-another");
  std::ofstream(another.log_file, std::ios::trunc).close();
  return ServerProcess::RunToEnd(another, kPatience);
}

std::string Deployment::Log() const {
  std::ifstream file(wish().log_file);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t Deployment::CountInLog(absl::string_view text) const {
  const std::string log = Log();
  std::size_t count = 0;
  for (std::size_t at = log.find(text.data(), 0, text.size()); at != std::string::npos;
       at = log.find(text.data(), at + text.size(), text.size())) {
    ++count;
  }
  return count;
}

absl::Status Deployment::AwaitLog(absl::string_view text, std::size_t times) const {
  const absl::Time deadline = absl::Now() + kPatience;
  while (CountInLog(text) < times) {
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(absl::StrCat("the log never says ", text));
    }
    std::this_thread::sleep_for(kLookEvery);
  }
  return absl::OkStatus();
}

TestIdentity Deployment::Identity(absl::string_view spiffe_path) const {
  return authority_.IssueClient(absl::StrCat("spiffe://", kTrustDomain, spiffe_path));
}

std::shared_ptr<grpc::Channel> Deployment::Connect(absl::string_view spiffe_path) const {
  return Connect(Identity(spiffe_path));
}

std::shared_ptr<grpc::Channel> Deployment::Connect(const TestIdentity& identity) const {
  return ConnectTo(port(), identity);
}

std::shared_ptr<grpc::Channel> Deployment::ConnectTo(int port, const TestIdentity& identity) const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetSslTargetNameOverride("localhost");
  return grpc::CreateCustomChannel(
      absl::StrCat("127.0.0.1:", port),
      grpc::SslCredentials({authority_.certificate(), identity.key, identity.certificate}),
      arguments);
}

}  // namespace puhui
