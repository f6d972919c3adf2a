// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_BAD_LINE_H_
#define PUHUI_SERVICES_CLI_BAD_LINE_H_

#include "ledger/base/mutex.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace puhui::services {

// A port of this machine that leads to a server, for one connection, and does to it what lines do:
// holds bytes back, loses them, breaks. It sees none of what TLS carries, only how much. Whoever
// connects a second time is turned away, so that what was lost stays lost.
// Threads: safe. Owns: a thread and the connection.
class BadLine {
 public:
  enum class Way { kToServer = 0, kToTill = 1 };

  // Leads to "host:port", looked up now. Fails: kInvalidArgument, kUnavailable (no such host, no
  // port to listen on).
  static absl::StatusOr<std::unique_ptr<BadLine>> To(const std::string& server);
  ~BadLine();
  BadLine(const BadLine&) = delete;
  BadLine& operator=(const BadLine&) = delete;

  // "127.0.0.1:port".
  std::string address() const;

  // What comes that way from now on waits until Release.
  void Hold(Way way) { Set(way, Mode::kHold); }
  void Release(Way way) { Set(way, Mode::kPass); }
  // What comes that way from now on is lost, and nobody is told.
  void Lose(Way way) { Set(way, Mode::kLose); }
  // The connection is reset as soon as so many bytes more have gone that way.
  void ResetAfter(Way way, std::uint64_t bytes);
  void Reset();
  // Whether so many bytes were held or lost that way before the patience was over.
  bool AwaitKept(Way way, std::uint64_t bytes, absl::Duration patience);

 private:
  enum class Mode { kPass, kHold, kLose };
  struct Lane {
    Mode mode = Mode::kPass;
    std::string held{};
    std::uint64_t kept = 0;           // Bytes held or lost.
    std::uint64_t left = UINT64_MAX;  // That may go before the connection is reset.
  };
  struct Target;

  BadLine(std::unique_ptr<Target> target, int listening, int port);
  void Set(Way way, Mode mode);
  void Wake() const;
  void Run();
  void Serve(int till, int server);
  // Each returns false when the connection is to end.
  bool Receive(Way way, int from, int to);
  bool FlushHeld(Way way, int to);
  bool Pass(Way way, int to, std::string bytes);

  const std::unique_ptr<Target> target_;
  const int listening_;
  const int port_;
  int wake_ = -1;  // An eventfd.
  Mutex mutex_;
  CondVar kept_;
  std::array<Lane, 2> lanes_ ABSL_GUARDED_BY(mutex_);
  bool over_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_BAD_LINE_H_
