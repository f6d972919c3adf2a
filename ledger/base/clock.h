// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_BASE_CLOCK_H_
#define PUHUI_LEDGER_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace puhui {

// Where time comes from. Asked once per command, by the sequencer; everything below gets `now` as
// an argument. Threads: safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The machine's clock, truncated to microseconds.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
};

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_CLOCK_H_
