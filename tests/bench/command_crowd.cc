// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/command_crowd.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"

#include <utility>

namespace puhui::bench {

absl::Status CommandCrowd::Start(std::unique_ptr<ledger::Command> command,
                                 std::function<void(const journal::v1::Record&)> done) {
  {
    MutexLock lock(&mutex_);
    while (in_flight_ >= kGroupCommandsMax) changed_.Wait(&mutex_);
    PUHUI_RETURN_IF_ERROR(status_);
    ++in_flight_;
  }
  const absl::Status submitted = engine_.Submit(
      std::move(command),
      [this, done = std::move(done)](const absl::StatusOr<ledger::Outcome>& outcome) {
        if (!outcome.ok()) return Ended(outcome.status());
        if (outcome->first().has_declined()) {
          return Ended(absl::InternalError("a purchase was declined"));
        }
        if (done) done(outcome->first());
        Ended(absl::OkStatus());
      });
  if (!submitted.ok()) Ended(submitted);
  return submitted;
}

absl::Status CommandCrowd::Finish() {
  MutexLock lock(&mutex_);
  while (in_flight_ > 0) changed_.Wait(&mutex_);
  return status_;
}

void CommandCrowd::Ended(absl::Status status) {
  MutexLock lock(&mutex_);
  --in_flight_;
  if (status_.ok()) status_ = std::move(status);
  changed_.NotifyAll();
}

}  // namespace puhui::bench
