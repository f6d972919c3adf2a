// SPDX-License-Identifier: Apache-2.0
// restart: M8. One line of JSON for each round.
#include "ledger/base/status_macros.h"
#include "services/server/config.h"
#include "tests/bench/accounts.h"
#include "tests/bench/restart.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace puhui::bench {
namespace {

absl::Status Run(RestartWish wish, const std::string& accounts_path, int rounds) {
  PUHUI_ASSIGN_OR_RETURN(const auto config, services::ReadConfig(wish.server.config));
  PUHUI_ASSIGN_OR_RETURN(const Accounts accounts, ReadAccounts(accounts_path));
  wish.server.port_file = absl::StrCat(config.data_dir(), "/puhuid.port");
  wish.batch = static_cast<std::uint32_t>(absl::ToUnixSeconds(absl::Now()));
  for (int round = 0; round < rounds; ++round, wish.batch += 2) {
    PUHUI_ASSIGN_OR_RETURN(const RestartReport report, KillAndRestart(wish, accounts));
    std::cout << absl::StrFormat(
                     R"({"answered":%d,"seconds_to_port":%.3f,"seconds_to_answer":%.3f})",
                     report.answered, report.seconds_to_port, report.seconds_to_answer)
              << std::endl;
  }
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  CLI::App app{"Kills a server amid a load and times its return", "restart"};
  RestartWish wish;
  std::string accounts;
  int rounds = 3;
  app.add_option("--puhuid", wish.server.program, "The server")->required();
  app.add_option("--config", wish.server.config, "Its configuration")->required();
  app.add_option("--log", wish.server.log_file, "What it says is appended here")->required();
  app.add_option("--certificates", wish.certificates, "Made by deploy/dev_ca.sh")->required();
  app.add_option("--accounts", accounts, "Made by fill")->required();
  app.add_option("--purchases", wish.purchases, "Answered before each kill")->capture_default_str();
  app.add_option("--rounds", rounds)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(wish, accounts, rounds);
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << "restart: " << status << std::endl;
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace puhui::bench

int main(int argc, char** argv) { return puhui::bench::Main(argc, argv); }
