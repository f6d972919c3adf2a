// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_WIRE_FORWARDER_H_
#define PUHUI_TESTS_SUPPORT_WIRE_FORWARDER_H_

#include <thread>

namespace puhui {

// A port of this machine that leads to another one, for one connection, until it is cut: what is
// left of a client that vanishes.
// Threads: one. Owns: a thread and the connection.
class Forwarder {
 public:
  explicit Forwarder(int to_port);
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  int port() const { return port_; }
  // Closes the connection without a word of HTTP/2, as the end of a process does.
  void Cut();

 private:
  void Run(int to_port);

  int listening_ = -1;
  int stop_[2] = {-1, -1};  // A pipe.
  int port_ = 0;
  std::thread thread_;
};

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_WIRE_FORWARDER_H_
