// SPDX-License-Identifier: Apache-2.0
// The peer of bulk issue: the same records, written to a journal and nowhere else.
#ifndef PUHUI_TESTS_BENCH_JOURNAL_ALONE_H_
#define PUHUI_TESTS_BENCH_JOURNAL_ALONE_H_

#include "ledger/base/id.h"
#include "ledger/journal/commit_log.h"
#include "ledger/journal/segment.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::bench {

// The segments of one append each: at most as many bytes as a group of the engine's may have.
struct Appends {
  std::vector<std::vector<ledger::SealedSegment>> groups;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
};

// Frames the records first…last of `log` as a journal that begins with them.
// Fails: as CommitLog::Read.
absl::StatusOr<Appends> CopyRecords(const ledger::CommitLog& log, Sequence first, Sequence last);

// Appends all of it, durably, to a new store in `path`; says how long the appends took.
// Requires: there is nothing in `path`.
absl::StatusOr<absl::Duration> TimeJournalAlone(const Appends& appends, const std::string& path);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_JOURNAL_ALONE_H_
