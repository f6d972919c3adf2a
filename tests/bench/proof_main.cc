// SPDX-License-Identifier: Apache-2.0
// proofs: asks a server of this machine for proofs of inclusion, and says how long that took, as
// one line of JSON.
#include "ledger/base/status_macros.h"
#include "tests/bench/connections.h"
#include "tests/bench/proof_load.h"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <string>

namespace puhui::bench {
namespace {

struct ProofOptions {
  int port = 0;
  std::string certificates;
  std::size_t proofs = 10'000;
};

absl::StatusOr<ProofReport> Run(const ProofOptions& options) {
  PUHUI_ASSIGN_OR_RETURN(const auto channel,
                         Connect(options.port, options.certificates, "operator"));
  return AskForProofs(channel, options.proofs);
}

int Main(int argc, char** argv) {
  CLI::App app{"Asks for proofs of records", "proofs"};
  ProofOptions options;
  app.add_option("--port", options.port, "The server's port on 127.0.0.1")->required();
  app.add_option("--certificates", options.certificates, "Made by deploy/dev_ca.sh")->required();
  app.add_option("--proofs", options.proofs)
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  CLI11_PARSE(app, argc, argv);
  const absl::StatusOr<ProofReport> report = Run(options);
  if (!report.ok()) {
    std::cerr << "proofs: " << report.status() << std::endl;
    return EXIT_FAILURE;
  }
  std::cout << report->ToJson() << std::endl;
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace puhui::bench

int main(int argc, char** argv) { return puhui::bench::Main(argc, argv); }
