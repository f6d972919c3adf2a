// SPDX-License-Identifier: Apache-2.0
// bulk_issue: M3. One line of JSON for each campaign.
#include "services/server/config.h"
#include "tests/bench/bulk_issue.h"

#include "absl/strings/str_format.h"
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace puhui::bench {
namespace {

void Print(const BulkIssueRound& round) {
  std::cout << absl::StrFormat(R"({"grants":%d,"issue_seconds":%.3f,"grants_per_second":%.1f,)"
                               R"("journal_records":%d,"journal_bytes":%d,"journal_seconds":%.3f,)"
                               R"("journal_records_per_second":%.1f})",
                               round.grants, round.issue_seconds,
                               static_cast<double>(round.grants) / round.issue_seconds,
                               round.journal_records, round.journal_bytes, round.journal_seconds,
                               static_cast<double>(round.journal_records) / round.journal_seconds)
            << std::endl;
}

absl::Status Run(const std::string& config_path, const BulkIssueWish& wish) {
  PUHUI_ASSIGN_OR_RETURN(const auto config, services::ReadConfig(config_path));
  PUHUI_ASSIGN_OR_RETURN(const auto ledger, LedgerOnDisk::Open(config));
  PUHUI_RETURN_IF_ERROR(RunBulkIssue(wish, ledger.get(), Print));
  return ledger->Close();
}

int Main(int argc, char** argv) {
  CLI::App app{"Issues campaigns inside the engine of a server that is not running", "bulk_issue"};
  std::string config;
  BulkIssueWish wish;
  app.add_option("--config", config, "The server's configuration; its ledger is empty")->required();
  app.add_option("--scratch", wish.scratch, "A directory for the peer, on the same disk")
      ->required();
  app.add_option("--members", wish.members)->capture_default_str();
  app.add_option("--campaigns", wish.campaigns, "Each grants to every member")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(config, wish);
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << "bulk_issue: " << status << std::endl;
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace puhui::bench

int main(int argc, char** argv) { return puhui::bench::Main(argc, argv); }
