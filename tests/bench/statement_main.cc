// SPDX-License-Identifier: Apache-2.0
// statement: ends a business day at a server of this machine, and says how long that took, as one
// line of JSON.
//   cut       waits for the end of the day, cuts it and reads the statement
//   read      reads the statement again and again, a line of JSON each, for --seconds
#include "ledger/base/status_macros.h"
#include "tests/bench/connections.h"
#include "tests/bench/statement_load.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <CLI/CLI.hpp>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

namespace puhui::bench {
namespace {

struct Options {
  std::string what;
  int port = 0;
  std::string certificates;
  std::string statement;
  std::int64_t day_end = 0;  // Unix seconds.
  double seconds = 10;
};

absl::Status Run(const Options& options) {
  PUHUI_ASSIGN_OR_RETURN(const auto channel,
                         Connect(options.port, options.certificates, "operator"));
  if (options.what == "cut") {
    absl::SleepFor(absl::FromUnixSeconds(options.day_end) - absl::Now());
    PUHUI_ASSIGN_OR_RETURN(StatementReport report, CutStatement(channel, options.statement));
    PUHUI_RETURN_IF_ERROR(ReadStatement(channel, options.statement, &report));
    std::cout << report.ToJson() << std::endl;
    return absl::OkStatus();
  }
  const absl::Time end = absl::Now() + absl::Seconds(options.seconds);
  do {
    StatementReport report;
    PUHUI_RETURN_IF_ERROR(ReadStatement(channel, options.statement, &report));
    std::cout << report.ToJson() << std::endl;
  } while (absl::Now() < end);
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  CLI::App app{"Cuts a business day and reads its statement", "statement"};
  Options options;
  app.add_option("what", options.what)->required()->check(CLI::IsMember({"cut", "read"}));
  app.add_option("--port", options.port, "The server's port on 127.0.0.1")->required();
  app.add_option("--certificates", options.certificates, "Made by deploy/dev_ca.sh")->required();
  app.add_option("--statement", options.statement, "As fill says")->required();
  app.add_option("--day-end", options.day_end, "When the day ends, as fill says");
  app.add_option("--seconds", options.seconds, "How long it is read at least")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(options);
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << "statement: " << status << std::endl;
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace puhui::bench

int main(int argc, char** argv) { return puhui::bench::Main(argc, argv); }
