// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_WIRE_FORWARDER_H_
#define PUHUI_TESTS_SUPPORT_WIRE_FORWARDER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

namespace puhui {

// A port of this machine that leads to another one, for one connection, until it is cut: what is
// left of a client that vanishes. Or a bad line: a connection that is lost at a chosen moment, and
// good ones after it.
// Threads: one. Owns: a thread and the connection.
class Forwarder {
 public:
  // Whether to lose what has just come from either side, and the connection with it; `sent` bytes
  // came from clients so far. Asked on the forwarder's thread until it says yes.
  using Lose = std::function<bool(std::uint64_t sent)>;

  explicit Forwarder(int to_port) : Forwarder(to_port, nullptr) {}
  // For any number of connections, one after the other.
  Forwarder(int to_port, Lose lose);
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  int port() const { return port_; }
  // Closes the connection without a word of HTTP/2, as the end of a process does.
  void Cut();
  // Whether a connection was lost.
  bool lost() const { return lost_; }

 private:
  void Run(int to_port);
  // The next connection; -1 when there is to be none.
  int Await() const;
  void Serve(int client, int to_port);
  // Passes on what has come, and counts it. False at its end.
  bool Pass(int from, int to, std::uint64_t* count);

  const Lose lose_;
  std::atomic<bool> lost_ = false;
  std::uint64_t sent_ = 0;
  int listening_ = -1;
  int stop_[2] = {-1, -1};  // A pipe.
  int port_ = 0;
  std::thread thread_;
};

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_WIRE_FORWARDER_H_
