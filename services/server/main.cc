// SPDX-License-Identifier: Apache-2.0
// puhuid: the server.
#include "ledger/base/version.h"
#include "services/server/config.h"
#include "services/server/process_log.h"
#include "services/server/process_memory.h"
#include "services/server/server.h"
#include "services/server/stop_signals.h"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdlib>
#include <string>

namespace puhui::services {
namespace {

int Fail(const absl::Status& status) {
  spdlog::error("{}", status.ToString());
  return EXIT_FAILURE;
}

int Main(int argc, char** argv) {
  CLI::App app{"puhuid, the ledger and marketplace of union welfare points", "puhuid"};
  std::string config_path = "/etc/puhui/puhuid.yaml";
  app.add_option("--config", config_path, "The configuration file (YAML)")->capture_default_str();
  app.set_version_flag("--version", kVersion);
  CLI11_PARSE(app, argc, argv);

  LogToStandardError();
  if (const absl::Status kept = KeepMemoryPrivate(); !kept.ok()) return Fail(kept);
  const sigset_t signals = BlockStopSignals();
  const absl::StatusOr<config::v1::ServerConfig> config = ReadConfig(config_path);
  if (!config.ok()) return Fail(config.status());
  absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(*config);
  if (!server.ok()) return Fail(server.status());
  spdlog::info("{}", (*server)->recovered());
  const std::string host = config->listen().substr(0, config->listen().rfind(':'));
  spdlog::info("ready on {}:{}", host, (*server)->port());
  int signal = 0;
  sigwait(&signals, &signal);
  spdlog::info("stopping on signal {}", signal);
  const absl::Status stopped = (*server)->Stop();
  if (!stopped.ok()) return Fail(stopped);
  spdlog::info("stopped, everything is durable");
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace puhui::services

int main(int argc, char** argv) { return puhui::services::Main(argc, argv); }
