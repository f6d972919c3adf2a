// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_BULK_ISSUE_H_
#define PUHUI_TESTS_BENCH_BULK_ISSUE_H_

#include "tests/bench/filler.h"
#include "tests/bench/ledger_on_disk.h"

#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace puhui::bench {

struct BulkIssueWish {
  std::size_t members = 1'000'000;
  std::size_t campaigns = 5;
  std::int64_t points = 100;  // Of each grant.
  std::string scratch;        // A directory for the peer's stores, on the ledger's disk.
};

// One campaign, and its peer right after it.
struct BulkIssueRound {
  std::uint64_t grants = 0;
  double issue_seconds = 0;
  std::uint64_t journal_records = 0;
  std::uint64_t journal_bytes = 0;
  double journal_seconds = 0;
};

// Fills an empty ledger, then issues each campaign inside the engine and writes the bytes it came
// to to a journal alone, in turn; each round is given to `report` when it has ended.
absl::Status RunBulkIssue(const BulkIssueWish& wish, LedgerOnDisk* ledger,
                          const std::function<void(const BulkIssueRound&)>& report);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_BULK_ISSUE_H_
