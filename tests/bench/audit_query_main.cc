// SPDX-License-Identifier: Apache-2.0
// audit_query: builds the index of auditors over a made-up journal, or asks one that was built, and
// says how long that took, as one line of JSON.
#include "tests/bench/audit_load.h"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>

namespace puhui::bench {
namespace {

template <class Report>
int Print(const absl::StatusOr<Report>& report) {
  if (!report.ok()) {
    std::cerr << report.status() << std::endl;
    return EXIT_FAILURE;
  }
  std::cout << report->ToJson() << std::endl;
  return EXIT_SUCCESS;
}

int Main(int argc, char** argv) {
  CLI::App app{"What auditors ask, of a ledger of any size", "audit_query"};
  AuditWish wish;
  bool build = false;
  app.add_option("--directory", wish.directory, "Where it is built")->required();
  app.add_flag("--build", build, "Write the journal, if there is none, and build the index anew");
  app.add_option("--records", wish.records)
      ->capture_default_str()
      ->check(CLI::Range(1'000, 100'000'000));
  app.add_option("--members", wish.members)
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000'000));
  app.add_option("--queries", wish.queries)->capture_default_str()->check(CLI::Range(1, 1'000'000));
  CLI11_PARSE(app, argc, argv);
  return build ? Print(BuildAudit(wish)) : Print(AskAudit(wish));
}

}  // namespace
}  // namespace puhui::bench

int main(int argc, char** argv) { return puhui::bench::Main(argc, argv); }
