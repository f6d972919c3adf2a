// SPDX-License-Identifier: Apache-2.0
// still: puhuid, but for the indexes of auditors and of offers, which do not follow the ledger.
// What they cost a load is the difference; puhuid itself has no such switch.
#include "services/server/config.h"
#include "services/server/process_log.h"
#include "services/server/process_memory.h"
#include "services/server/server.h"
#include "services/server/stop_signals.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

namespace puhui::bench {
namespace {

int FailStill(const absl::Status& status) {
  std::cerr << "still: " << status.ToString() << std::endl;
  return EXIT_FAILURE;
}

int StillMain(int argc, char** argv) {
  CLI::App app{"A puhuid whose indexes stand still", "still"};
  std::string config_path;
  app.add_option("--config", config_path, "Its configuration file (YAML)")->required();
  CLI11_PARSE(app, argc, argv);

  services::LogToStandardError();
  if (const absl::Status kept = services::KeepMemoryPrivate(); !kept.ok()) return FailStill(kept);
  const sigset_t signals = services::BlockStopSignals();
  const auto config = services::ReadConfig(config_path);
  if (!config.ok()) return FailStill(config.status());
  const auto server = services::Server::Start(*config, services::Indexes::kStill);
  if (!server.ok()) return FailStill(server.status());
  int signal = 0;
  sigwait(&signals, &signal);
  const absl::Status stopped = (*server)->Stop();
  return stopped.ok() ? EXIT_SUCCESS : FailStill(stopped);
}

}  // namespace
}  // namespace puhui::bench

int main(int argc, char** argv) { return puhui::bench::StillMain(argc, argv); }
