// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_DEVICE_FILLER_H_
#define PUHUI_TESTS_BENCH_DEVICE_FILLER_H_

#include "ledger/base/id.h"
#include "tests/bench/accounts.h"
#include "tests/bench/ledger_on_disk.h"

#include "absl/status/statusor.h"

#include <cstddef>
#include <vector>

namespace puhui::bench {

// Enrols so many devices of each member, by the command that the member's app runs, and shuffles
// them: whoever takes them in turn meets members as if they were drawn.
// Fails: as the command.
absl::StatusOr<std::vector<Device>> EnrolDevices(const std::vector<MemberId>& members,
                                                 std::size_t each, LedgerOnDisk* ledger);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_DEVICE_FILLER_H_
