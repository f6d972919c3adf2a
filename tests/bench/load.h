// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_LOAD_H_
#define PUHUI_TESTS_BENCH_LOAD_H_

#include "tests/bench/call.h"

#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace puhui::bench {

// A load has an end in calls and in time.
struct LoadOptions {
  std::size_t connections = 8;
  std::size_t in_flight = 64;  // Over all connections.
  std::size_t threads = 2;     // Each drives its share of the connections.
  std::uint64_t calls_max = 10'000'000;
  absl::Duration warmup = absl::ZeroDuration();  // Before anything is measured.
  absl::Duration duration = absl::Seconds(10);   // After the warm-up.
  // 0: a closed loop, the next call starts when one has ended. Otherwise calls start at this rate,
  // and a call's latency counts from when it was due, so that a stall cannot hide what it delays.
  double calls_per_second = 0;
  bool stop_at_failure = false;  // Each thread, after the first call that fails.
  // Called once, from some thread, when that many calls were answered; 0: never.
  std::uint64_t milestone = 0;
  std::function<void()> at_milestone = {};
};

struct LoadReport {
  std::uint64_t answered = 0;  // Calls that ended with OK, measured or not.
  std::uint64_t failed = 0;
  std::string first_failure;
  double seconds = 0;                    // How long was measured.
  std::vector<std::uint32_t> latencies;  // Microseconds of the measured calls, sorted.
  std::size_t request_bytes = 0;         // Of one call.
  std::size_t answer_bytes = 0;

  double calls_per_second() const;
  // The latency that `share` of the measured calls did not exceed; 0 when there are none.
  std::uint32_t Percentile(double share) const;
  // One line of JSON.
  std::string ToJson() const;
};

// Blocks until the load has ended and every call of it.
// Requires: at least one connection and one call in flight for each thread (checked).
LoadReport RunLoad(const LoadOptions& options, CallSource* source);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_LOAD_H_
