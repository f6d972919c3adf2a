// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_PACE_H_
#define PUHUI_LEDGER_ENGINE_PACE_H_

#include "ledger/base/limits.h"

#include "absl/time/time.h"

#include <cstddef>

namespace puhui::ledger {

// How long what waits would take, judged by the groups before it: a moving average of the time a
// command takes in company. One that came alone paid for a whole sync, which the others would
// share, so it says nothing about a queue. Threads: none.
class Pace {
 public:
  // A group of so many commands took so long, its sync included.
  void Measure(absl::Duration group_time, std::size_t commands) {
    constexpr std::size_t kCompany = 4;
    constexpr int kWeight = 8;
    if (commands < kCompany) return;
    per_command_ += (group_time / static_cast<int>(commands) - per_command_) / kWeight;
  }

  // Whether `waiting` commands are more than kQueuedWorkMax of work.
  bool TooLong(std::size_t waiting) const {
    return waiting >= kQueuedCommandsFloor && per_command_ * waiting > kQueuedWorkMax;
  }

 private:
  // Until something is known: what two processors do under load (docs/performance.md, M1).
  absl::Duration per_command_ = absl::Microseconds(100);
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_PACE_H_
