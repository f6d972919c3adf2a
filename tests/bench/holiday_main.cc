// SPDX-License-Identifier: Apache-2.0
// holiday: issues a holiday over a server of this machine. Says how long it took, as one line of
// JSON.
//   full      people, plan, preview, approval, run and verdicts, in an empty ledger
//   prepare   a campaign for everybody in unions/bench, up to its approval: prints its name
//   begin     starts the run of --campaign and returns when its first rows are granted
//   stand     prints how far --campaign has come: its run, and the expiry of its points
#include "tests/bench/connections.h"
#include "tests/bench/holiday_load.h"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

namespace puhui::bench {
namespace {

struct Options {
  int port = 0;
  std::string certificates;
  std::string campaign;
  std::size_t people = 1'000'000;
  std::int64_t points = 10'000;
  int good_for = 90 * 24 * 60 * 60;  // Seconds.
};

absl::Status Full(const Options& options, HolidayChannels channels) {
  auto its_operator = Connect(options.port, options.certificates, "operator");
  if (!its_operator.ok()) return its_operator.status();
  const auto imported =
      ImportRoster({.its_operator = *its_operator, .hr = channels.hr}, MakeRoster(options.people));
  if (!imported.ok()) return imported.status();
  auto report = RunHoliday(channels, options.people, options.points);
  if (!report.ok()) return report.status();
  report->roster = imported->import_seconds;
  std::cout << report->ToJson() << std::endl;
  return absl::OkStatus();
}

absl::Status Run(const std::string& what, const Options& options) {
  HolidayChannels channels;
  for (const auto& [name, channel] :
       {std::pair("hr", &channels.hr), std::pair("approver", &channels.approver),
        std::pair("finance-maker", &channels.maker),
        std::pair("finance-checker", &channels.checker)}) {
    auto connected = Connect(options.port, options.certificates, name);
    if (!connected.ok()) return connected.status();
    *channel = *std::move(connected);
  }
  if (what == "full") return Full(options, std::move(channels));
  if (what == "begin") return BeginIssue(channels, options.campaign, /*rows_done=*/1);
  if (what == "prepare") {
    const auto campaign = PrepareHoliday(channels, options.points, absl::Seconds(options.good_for));
    if (campaign.ok()) std::cout << *campaign << std::endl;
    return campaign.status();
  }
  const auto stand = StandOf(channels, options.campaign);
  if (stand.ok()) std::cout << stand->ToJson() << std::endl;
  return stand.status();
}

int Main(int argc, char** argv) {
  CLI::App app{"Issues a holiday, as an HR system does", "holiday"};
  Options options;
  std::string what;
  app.add_option("what", what)
      ->required()
      ->check(CLI::IsMember({"full", "prepare", "begin", "stand"}));
  app.add_option("--port", options.port, "The server's port on 127.0.0.1")->required();
  app.add_option("--certificates", options.certificates, "Made by deploy/dev_ca.sh")->required();
  app.add_option("--campaign", options.campaign);
  app.add_option("--people", options.people)
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000'000));
  app.add_option("--points", options.points)->capture_default_str();
  app.add_option("--good-for", options.good_for,
                 "The seconds after which the points of the prepared campaign expire")
      ->capture_default_str()
      ->check(CLI::Range(1, 90 * 24 * 60 * 60));
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(what, options);
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << "holiday: " << status << std::endl;
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace puhui::bench

int main(int argc, char** argv) { return puhui::bench::Main(argc, argv); }
