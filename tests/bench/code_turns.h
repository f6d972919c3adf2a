// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_CODE_TURNS_H_
#define PUHUI_TESTS_BENCH_CODE_TURNS_H_

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>

namespace puhui::bench {

// When which device pays with the code that it shows. A code is good once, so every device has one
// turn in each step, at a moment that follows from its place among them all: connections, and loads
// one after another, never use a code twice, though they know nothing of each other.
// Threads: none; each connection has its own.
class CodeTurns {
 public:
  // What one of `connections` has of the turns of so many devices.
  struct Share {
    std::size_t connection = 0;
    std::size_t connections = 1;
    std::size_t devices = 0;
  };
  // Has the turns that begin after `start`. Requires: there are devices, and the connection is one
  // of those (checked).
  CodeTurns(Share share, absl::Time start);

  struct Turn {
    std::size_t device = 0;  // Its place.
    std::int64_t step = 0;   // That the code is of.
  };
  // The oldest turn that has begun and is not taken, if any. Those that began more than a second
  // ago are nobody's any more.
  absl::optional<Turn> Take(absl::Time now);

 private:
  // Turns are numbered through, from 1970. The last that has begun.
  std::int64_t LastAt(absl::Time now) const;
  // The first from this one on that is of this connection.
  std::int64_t OwnFrom(std::int64_t turn) const;

  const Share share_;
  std::int64_t next_ = 0;
};

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_CODE_TURNS_H_
