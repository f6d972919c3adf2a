// SPDX-License-Identifier: Apache-2.0
// sync_probe: what the disk alone costs one durable purchase (M5). One line of JSON.
#include "tests/bench/sync_probe.h"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  CLI::App app{"Times small durable appends", "sync_probe"};
  std::string directory;
  std::size_t bytes = 512;
  std::size_t times = 2'000;
  app.add_option("--directory", directory, "On the disk of the ledger")->required();
  app.add_option("--bytes", bytes, "Of one append")->capture_default_str();
  app.add_option("--times", times)->capture_default_str()->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  const auto taken = puhui::bench::ProbeSync(directory, bytes, times);
  if (!taken.ok()) {
    std::cerr << "sync_probe: " << taken.status() << std::endl;
    return EXIT_FAILURE;
  }
  std::cout << R"({"p50_us":)" << (*taken)[taken->size() / 2] << R"(,"p99_us":)"
            << (*taken)[taken->size() * 99 / 100] << "}" << std::endl;
  return EXIT_SUCCESS;
}
