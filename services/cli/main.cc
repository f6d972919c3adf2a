// SPDX-License-Identifier: Apache-2.0
// puhui: the command-line client.
#include "ledger/base/status_macros.h"
#include "ledger/crypto/random.h"
#include "services/cli/command_line.h"
#include "services/cli/profile.h"

#include "absl/time/clock.h"
#include <stdlib.h>
#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

namespace {

std::string DefaultProfile() {
  if (const char* const named = getenv("PUHUI_PROFILE"); named != nullptr) return named;
  const char* const home = getenv("HOME");
  return std::string(home == nullptr ? "" : home) + "/.config/puhui/profile.yaml";
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(const std::string& path,
                                                       const std::string& as) {
  PUHUI_ASSIGN_OR_RETURN(const puhui::services::Profile profile,
                         puhui::services::ReadProfile(path));
  return puhui::services::OpenChannel(profile, as);
}

}  // namespace

int main(int argc, char** argv) {
  // A status says what went wrong; the library's own log lines would only come on top.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  puhui::ledger::OpenSslRandom random;
  const puhui::services::Environment environment{.out = &std::cout,
                                                 .err = &std::cerr,
                                                 .err_is_terminal = isatty(STDERR_FILENO) == 1,
                                                 .random = &random,
                                                 .now = absl::Now,
                                                 .sleep = absl::SleepFor,
                                                 .default_profile = DefaultProfile(),
                                                 .connect = Connect};
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return static_cast<int>(puhui::services::RunCommandLine(arguments, environment));
}
