// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_JOURNAL_LOCAL_LOG_H_
#define PUHUI_LEDGER_JOURNAL_LOCAL_LOG_H_

#include "ledger/journal/commit_log.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::ledger {

// The log of a process that has its disk to itself: segments live in the store, beside the views
// that are folded from them, and an append is one synced commit.
// Threads: as CommitLog. Borrows: the store, which must outlive it.
class LocalLog final : public CommitLog {
 public:
  // Finds the end of the journal.
  // Fails: kDataLoss when the last segment is damaged; as Readable.
  static absl::StatusOr<std::unique_ptr<LocalLog>> Open(Store* store);

  // As CommitLog. Also requires that each segment was sealed with `epoch` (checked). An epoch older
  // than that of the last segment is fenced. After one unknown outcome every append is unknown
  // until the store and the log have been opened again.
  AppendResult Append(std::uint64_t epoch, const std::vector<SealedSegment>& segments,
                      const WriteBatch& vault) override;
  Sequence next_sequence() const override { return next_.load(std::memory_order_acquire); }
  // As CommitLog; what was appended before the call must be there, to its last record.
  absl::Status Read(
      Sequence from,
      absl::FunctionRef<absl::StatusOr<bool>(absl::string_view segment)> visit) const override;

  // The bytes of one record; fails as ReadRecord of journal_reader.h.
  absl::StatusOr<std::string> ReadRecord(Sequence sequence) const;

  // The epoch of the last segment; 0 for an empty log.
  std::uint64_t epoch() const { return epoch_; }

 private:
  LocalLog(Store* store, Sequence next, std::uint64_t epoch);

  Store* const store_;
  std::atomic<Sequence> next_;
  std::uint64_t epoch_;   // The appending thread's.
  absl::Status failure_;  // The appending thread's: why nothing can be appended any more.
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_LOCAL_LOG_H_
