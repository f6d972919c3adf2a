// SPDX-License-Identifier: Apache-2.0
// The peer of bulk issue: the same records, written to a journal and nowhere else.
#ifndef PUHUI_TESTS_BENCH_JOURNAL_ALONE_H_
#define PUHUI_TESTS_BENCH_JOURNAL_ALONE_H_

#include "ledger/base/id.h"
#include "ledger/journal/commit_log.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::bench {

// The bytes of the records first…last of `log`. Fails: as CommitLog::Read.
absl::StatusOr<std::vector<std::string>> CopyRecords(const ledger::CommitLog& log, Sequence first,
                                                     Sequence last);

struct JournalAlone {
  absl::Duration taken;
  std::uint64_t bytes = 0;
};

// Makes a journal of `records` in `path` and says how long it took: frames them into segments,
// hashes them into the tree, whose root each segment carries, and appends them durably, as many
// bytes at a time as a group of the engine's may have. Nothing is decided, folded or answered.
// Requires: there is nothing in `path`.
absl::StatusOr<JournalAlone> TimeJournalAlone(const std::vector<std::string>& records,
                                              const std::string& path);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_JOURNAL_ALONE_H_
