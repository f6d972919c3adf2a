// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_CHORE_FAILURE_LOG_H_
#define PUHUI_SERVICES_SERVER_CHORE_FAILURE_LOG_H_

#include "ledger/base/clock.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace puhui::services {

// What the work that is due by itself fails with, for the log: each kind of work with each status
// once in a while, however often it is tried again, and so many different ones at most.
// Threads: the timers'. Borrows: the clock.
class ChoreFailureLog {
 public:
  static constexpr absl::Duration kSaidAgainAfter = absl::Hours(1);
  static constexpr std::size_t kDifferentMax = 100;  // In that time.

  // `say` gets one line without its end.
  ChoreFailureLog(const Clock* clock, std::function<void(absl::string_view)> say)
      : clock_(*clock), say_(std::move(say)) {}

  // As ledger::Timers::Parts::on_failure is called.
  void Note(absl::optional<std::uint8_t> kind, const absl::Status& status);

 private:
  const Clock& clock_;
  const std::function<void(absl::string_view)> say_;
  std::map<std::string, absl::Time> said_;  // The lines of the last while, and when.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_CHORE_FAILURE_LOG_H_
