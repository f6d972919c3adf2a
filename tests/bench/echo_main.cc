// SPDX-License-Identifier: Apache-2.0
// echo_server: the empty peer of M1 and M5. Runs until SIGINT or SIGTERM.
#include "tests/bench/echo_server.h"

#include <CLI/CLI.hpp>
#include <pthread.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  CLI::App app{"An empty gRPC server over mutual TLS", "echo_server"};
  std::string certificates;
  std::string port_file;
  app.add_option("--certificates", certificates, "server.pem, server.key, client-ca.pem")
      ->required();
  app.add_option("--port-file", port_file, "Where to write the port")->required();
  CLI11_PARSE(app, argc, argv);

  // Blocked before any thread is made, so that only sigwait sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto echo = puhui::bench::EchoServer::Start({.chain = certificates + "/server.pem",
                                                     .key = certificates + "/server.key",
                                                     .client_ca = certificates + "/client-ca.pem"});
  if (!echo.ok()) {
    std::cerr << echo.status() << std::endl;
    return EXIT_FAILURE;
  }
  std::ofstream(port_file) << (*echo)->port() << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
  return EXIT_SUCCESS;
}
