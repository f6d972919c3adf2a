// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_COMMANDS_FIXTURE_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_COMMANDS_FIXTURE_H_

#include "services/cli/command_line.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/services/cli/fake_issuing.h"
#include "tests/unit/services/cli/fake_members.h"
#include "tests/unit/services/cli/fake_merchants.h"
#include "tests/unit/services/cli/fake_services.h"
#include "tests/unit/services/cli/fake_unions.h"
#include "tests/unit/services/cli/fake_wallets.h"

#include "absl/strings/str_cat.h"
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace puhui::services {

inline constexpr char kUuid[] = "6ba7b810-9dad-41d1-80b4-00c04fd430c8";

inline const std::vector<std::string> kCreateUnion = {
    "union", "create", "fh-1", "--display-name", "总工会", "--kind", "enterprise"};

inline std::vector<std::string> With(std::vector<std::string> arguments,
                                     const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

// Whole commands against fake services in the same process.
class CommandsTest : public ::testing::Test {
 protected:
  CommandsTest() {
    grpc::ServerBuilder builder;
    for (grpc::Service* const service :
         {static_cast<grpc::Service*>(&unions_), static_cast<grpc::Service*>(&members_),
          static_cast<grpc::Service*>(&campaigns_), static_cast<grpc::Service*>(&merchants_),
          static_cast<grpc::Service*>(&wallets_), static_cast<grpc::Service*>(&devices_),
          static_cast<grpc::Service*>(&till_), static_cast<grpc::Service*>(&audit_),
          static_cast<grpc::Service*>(&admin_)}) {
      builder.RegisterService(service);
    }
    server_ = builder.BuildAndStart();
    channel_ = server_->InProcessChannel(grpc::ChannelArguments());
  }

  // Runs `puhui arguments…`; what it printed is in out_ and err_.
  int Run(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const Environment environment{
        .out = &out,
        .err = &err,
        .random = &random_,
        .now = [this] { return clock_.Now(); },
        .sleep = [this](absl::Duration pause) { clock_.Advance(pause); },
        .default_profile = "default.yaml",
        .connect = [this](const std::string& path,
                          const std::string& as) -> absl::StatusOr<std::shared_ptr<grpc::Channel>> {
          connected_ = absl::StrCat(path, " as ", as);
          if (!connect_status_.ok()) return connect_status_;
          return channel_;
        }};
    const ExitCode code = RunCommandLine(arguments, environment);
    out_ = out.str();
    err_ = err.str();
    return static_cast<int>(code);
  }

  std::string WriteFile(const std::string& name, const std::string& text) {
    std::ofstream(folder_.Join(name)) << text;
    return folder_.Join(name);
  }

  void FailNext(grpc::StatusCode code, int times = 1) {
    for (int i = 0; i < times; ++i) script_.failures.emplace_back(code, "scripted");
  }

  Script script_;
  FakeUnions unions_{script_};
  FakeMembers members_{script_};
  FakeCampaigns campaigns_{script_};
  FakeMerchants merchants_{script_};
  FakeWallets wallets_{script_};
  FakeDevices devices_{script_};
  FakeTill till_{script_};
  FakeAudit audit_{script_};
  FakeAdmin admin_{script_};
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  FakeClock clock_;
  SeededRandom random_{42};
  TempDir folder_;
  absl::Status connect_status_;
  std::string connected_;
  std::string out_;
  std::string err_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_COMMANDS_FIXTURE_H_
