// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_WIRE_SERVER_PROCESS_H_
#define PUHUI_TESTS_SUPPORT_WIRE_SERVER_PROCESS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <sys/types.h>

#include <memory>
#include <string>

namespace puhui {

// How a process ended.
struct ProcessEnd {
  int exit_code = -1;  // -1 when a signal ended it.
  std::string said;    // All of its log file.
};

// A puhuid of our own, killed when this is destroyed.
// Threads: Kill from any, the rest from one.
class ServerProcess {
 public:
  struct Wish {
    std::string program;    // The path of puhuid.
    std::string config;     // Its configuration.
    std::string port_file;  // Which it writes when it listens.
    std::string log_file;   // For what it says.
  };
  // Returns when it listens. Fails: kUnavailable when it ends before, kDeadlineExceeded.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(const Wish& wish,
                                                              absl::Duration patience);
  // Starts one and kills it after so long, or as soon as it listens; whether it did.
  // Fails: kUnavailable when it ends before.
  static absl::StatusOr<bool> StartAndKill(const Wish& wish, absl::Duration after);
  // For one that is to give up by itself: returns when it has ended. Touches no port file.
  // Fails: kUnavailable, kDeadlineExceeded.
  static absl::StatusOr<ProcessEnd> RunToEnd(const Wish& wish, absl::Duration patience);
  ~ServerProcess();

  int port() const { return port_; }
  pid_t pid() const { return pid_; }
  // kill -9. The port file of a dead server stays, as after a crash.
  void Kill();
  // SIGTERM, then waits for the end. Fails: kInternal unless it ended with success.
  absl::Status Stop();

 private:
  explicit ServerProcess(pid_t pid) : pid_(pid) {}
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Spawn(const Wish& wish);
  // As Spawn; what an earlier server left in the port file must not be taken for this one's.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> SpawnWithoutPort(const Wish& wish);
  absl::Status AwaitPort(const Wish& wish, absl::Duration patience);
  bool Ended();
  int Reap();

  const pid_t pid_;
  int port_ = 0;
  bool reaped_ = false;
  int wait_status_ = 0;
};

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_WIRE_SERVER_PROCESS_H_
