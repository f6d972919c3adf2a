// SPDX-License-Identifier: Apache-2.0
// roster: fills the real-name base of a server of this machine, reads it, and says how quickly that
// went, as one line of JSON.
#include "tests/bench/connections.h"
#include "tests/bench/roster_load.h"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace puhui::bench {
namespace {

int Fail(const absl::Status& status) {
  std::cerr << "roster: " << status << std::endl;
  return EXIT_FAILURE;
}

int Main(int argc, char** argv) {
  CLI::App app{"Imports people who do not exist into a new union, and finds them", "roster"};
  int port = 0;
  std::string certificates;
  std::size_t people = 1'000'000;
  std::size_t lookups = 20'000;
  app.add_option("--port", port, "The server's port on 127.0.0.1")->required();
  app.add_option("--certificates", certificates, "Made by deploy/dev_ca.sh")->required();
  app.add_option("--people", people)->capture_default_str()->check(CLI::Range(1, 15'000'000));
  app.add_option("--lookups", lookups)->capture_default_str()->check(CLI::Range(1, 10'000'000));
  CLI11_PARSE(app, argc, argv);

  RosterChannels channels;
  auto channel = Connect(port, certificates, "operator");
  if (!channel.ok()) return Fail(channel.status());
  channels.its_operator = *std::move(channel);
  channel = Connect(port, certificates, "hr");
  if (!channel.ok()) return Fail(channel.status());
  channels.hr = *std::move(channel);
  const auto report = RunRoster(channels, MakeRoster(people), lookups);
  if (!report.ok()) return Fail(report.status());
  std::cout << report->ToJson() << std::endl;
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace puhui::bench

int main(int argc, char** argv) { return puhui::bench::Main(argc, argv); }
