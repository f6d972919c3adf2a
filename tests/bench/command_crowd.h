// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_COMMAND_CROWD_H_
#define PUHUI_TESTS_BENCH_COMMAND_CROWD_H_

#include "ledger/base/mutex.h"
#include "ledger/engine/engine.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstddef>
#include <functional>
#include <memory>

namespace puhui::bench {

// As many commands inside the engine at once as one group takes, until all have ended.
// Threads: Start and Finish from one. Borrows: the engine.
class CommandCrowd {
 public:
  explicit CommandCrowd(ledger::Engine* engine) : engine_(*engine) {}

  // Waits for room. `done` is told of the first record, on a thread of the engine. Fails: as the
  // first command that failed, kInternal when that was declined; nothing is started then.
  absl::Status Start(std::unique_ptr<ledger::Command> command,
                     std::function<void(const journal::v1::Record&)> done = {});
  // Waits for the last one. Fails: as Start.
  absl::Status Finish();

 private:
  void Ended(absl::Status status);

  ledger::Engine& engine_;
  Mutex mutex_;
  CondVar changed_;
  std::size_t in_flight_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);  // The first failure.
};

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_COMMAND_CROWD_H_
