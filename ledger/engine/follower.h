// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_FOLLOWER_H_
#define PUHUI_LEDGER_ENGINE_FOLLOWER_H_

#include "ledger/base/mutex.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include <functional>
#include <thread>
#include <utility>

namespace puhui::ledger {

// The thread of a view beside the writer: it follows the journal once an interval, or sooner when
// somebody asks. The writer knows nothing of it. Threads: safe.
class Follower {
 public:
  struct Options {
    absl::Duration interval = absl::Seconds(1);
    // Follows the journal to its end. Called by the one thread; kCancelled is no failure.
    std::function<absl::Status()> follow = {};
    // Once for each new failure, until it works again.
    std::function<void(const absl::Status&)> failed = {};
  };
  explicit Follower(Options options) : options_(std::move(options)) {}
  ~Follower() { Stop(); }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void Start();
  // Waits for what is under way; it has followed once at least. Idempotent.
  void Stop();
  // What `follow` asks between two pieces of work.
  bool Stopping() const;
  // Follows at once, and once more when it is under way; after a failure when the interval is over.
  void Wake();

 private:
  void Run();

  const Options options_;
  mutable Mutex mutex_;
  CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_FOLLOWER_H_
