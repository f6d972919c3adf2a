// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_SYNC_PROBE_H_
#define PUHUI_TESTS_BENCH_SYNC_PROBE_H_

#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::bench {

// How long the disk takes to make a few bytes durable at the end of a file: appends `bytes` and
// calls fdatasync, as RocksDB does for its log, `times` times. Microseconds, sorted.
// The file is made in `directory` and removed. Fails: kUnavailable.
absl::StatusOr<std::vector<std::uint32_t>> ProbeSync(const std::string& directory,
                                                     std::size_t bytes, std::size_t times);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_SYNC_PROBE_H_
