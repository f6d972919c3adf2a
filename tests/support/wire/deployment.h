// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_WIRE_DEPLOYMENT_H_
#define PUHUI_TESTS_SUPPORT_WIRE_DEPLOYMENT_H_

#include "tests/support/pki/test_pki.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wire/server_process.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <grpcpp/channel.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui {

// A directory with all that a real puhuid needs, and the puhuid that runs on it.
// Threads: Kill, Connect and Identity from any, the rest from one. Owns: the directory and the
// process.
class Deployment {
 public:
  static constexpr absl::string_view kTrustDomain = "welfare.test";

  Deployment();

  const TempDir& directory() const { return directory_; }
  std::string config_path() const { return directory_.Join("puhuid.yaml"); }
  std::string data_directory() const { return directory_.Join("data"); }
  const TestAuthority& authority() const { return authority_; }
  ServerProcess::Wish wish() const;

  // What the next start finds in its configuration.
  struct Settings {
    std::uint32_t disk_reserve_mib = 1;
    bool reflection = false;
    std::string metrics_listen = "";              // Empty: no metrics.
    std::vector<std::string> witnesses{};         // Their verifier keys.
    std::uint32_t verify_records_per_second = 0;  // 0: as without it.
    std::string publish_dir = "";                 // Empty: nowhere.
    std::string payer_union = "";                 // Empty: nobody is paid.
  };
  void Configure(const Settings& settings) const;
  // Leaves `name`.pem and `name`.key in the directory, for programs that read files.
  void WriteIdentity(absl::string_view name, const TestIdentity& identity) const;

  // Starts it, on a port of the system's choice, and waits until it listens. One that ran before
  // is killed first. Fails: as ServerProcess::Start.
  absl::Status Start();
  // Starts it and kills it after so long, or as soon as it listens; whether it did. Fails: as
  // ServerProcess::StartAndKill.
  absl::StatusOr<bool> StartAndKill(absl::Duration after);
  // SIGTERM, and waits for the end. Clients that hold a connection keep it waiting.
  // Fails: as ServerProcess::Stop, and kFailedPrecondition when none was started.
  absl::Status Stop() {
    if (server_ == nullptr) return absl::FailedPreconditionError("no server was started");
    return server_->Stop();
  }
  // kill -9, amid whatever it does.
  void Kill() { server_->Kill(); }
  // The same, and waits for the end.
  void KillAndWait() { server_ = nullptr; }
  // Runs one more puhuid on the same directory, which is to give up by itself.
  absl::StatusOr<ProcessEnd> RunAnother() const;

  int port() const { return server_->port(); }
  pid_t pid() const { return server_->pid(); }
  // What the server has said so far, its log of calls included.
  std::string Log() const;
  std::size_t CountInLog(absl::string_view text) const;
  // Returns when the log holds `text` so many times; the server writes within a moment of a fact.
  // Fails: kDeadlineExceeded.
  absl::Status AwaitLog(absl::string_view text, std::size_t times) const;

  // A certificate for a path such as "/hr/unions/fh-1".
  TestIdentity Identity(absl::string_view spiffe_path) const;
  // A connection of its own, whatever gRPC would like to share, to the server that runs now, or to
  // another port that leads to it.
  std::shared_ptr<grpc::Channel> Connect(absl::string_view spiffe_path) const;
  std::shared_ptr<grpc::Channel> Connect(const TestIdentity& identity) const;
  std::shared_ptr<grpc::Channel> ConnectTo(int port, const TestIdentity& identity) const;

 private:
  void Write(absl::string_view name, absl::string_view text) const;

  const TempDir directory_;
  const TestAuthority authority_{"people"};
  // As in real life, the server has a key of its own to sign terminals with.
  const TestAuthority terminals_authority_{"terminals"};
  std::unique_ptr<ServerProcess> server_;
};

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_WIRE_DEPLOYMENT_H_
