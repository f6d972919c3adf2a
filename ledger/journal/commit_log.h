// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_JOURNAL_COMMIT_LOG_H_
#define PUHUI_LEDGER_JOURNAL_COMMIT_LOG_H_

#include "ledger/base/id.h"
#include "ledger/journal/segment.h"
#include "ledger/storage/store.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <vector>

namespace puhui::ledger {

// What became of an append. A replicated log can end in any of the three; unknown is never reported
// as failed.
enum class AppendOutcome {
  kCommitted,
  kFenced,   // Another epoch owns the log; nothing was written.
  kUnknown,  // An I/O error: the bytes may or may not be there after recovery.
};

// The seam where a replicated log plugs in (docs/architecture.md). One append is in flight at a
// time.
// Threads: Append from one thread; the reads from any.
class CommitLog {
 public:
  virtual ~CommitLog() = default;

  struct AppendResult {
    AppendOutcome outcome = AppendOutcome::kUnknown;
    absl::Status status;  // Why, when not committed. kResourceExhausted: the disk is full.
  };
  // Makes `segments` and `vault` (changes to Family::kVault only) durable in one atomic step.
  // Requires: the first segment begins at next_sequence() and they follow each other without a gap
  // (checked).
  virtual AppendResult Append(std::uint64_t epoch, const std::vector<SealedSegment>& segments,
                              const WriteBatch& vault) = 0;

  // The sequence that the next append must begin with; 1 for an empty log.
  virtual Sequence next_sequence() const = 0;

  // Calls `visit` with the bytes of every segment that holds a record >= `from`, in order, until it
  // returns false or the end.
  // Fails: kDataLoss, naming the sequence, when a segment is missing, damaged, or does not follow
  // its predecessor.
  virtual absl::Status Read(
      Sequence from,
      absl::FunctionRef<absl::StatusOr<bool>(absl::string_view segment)> visit) const = 0;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_COMMIT_LOG_H_
