// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/local_log.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/journal_reader.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

namespace puhui::ledger {

absl::StatusOr<std::unique_ptr<LocalLog>> LocalLog::Open(Store* store) {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<SegmentHeader> last, ReadLastHeader(*store));
  if (!last.has_value()) return std::unique_ptr<LocalLog>(new LocalLog(store, 1, 0));
  return std::unique_ptr<LocalLog>(new LocalLog(store, last->last() + 1, last->epoch));
}

LocalLog::LocalLog(Store* store, Sequence next, std::uint64_t epoch)
    : store_(store), next_(next), epoch_(epoch) {}

CommitLog::AppendResult LocalLog::Append(std::uint64_t epoch,
                                         const std::vector<SealedSegment>& segments,
                                         const WriteBatch& vault) {
  if (!failure_.ok()) return {AppendOutcome::kUnknown, failure_};
  if (epoch < epoch_) {
    return {AppendOutcome::kFenced, absl::FailedPreconditionError(absl::StrCat(
                                        "epoch ", epoch, " was superseded by epoch ", epoch_))};
  }
  WriteBatch batch = vault;
  for (const WriteBatch::Change& change : vault.changes()) {
    PUHUI_CHECK(change.family == Family::kVault);
  }
  Sequence next = next_sequence();
  for (const SealedSegment& segment : segments) {
    PUHUI_CHECK(segment.first == next && segment.last >= segment.first);
    PUHUI_CHECK(EpochOf(segment.bytes) == epoch);
    batch.Put(Family::kJournal, SegmentKey(segment.first), segment.bytes);
    next = segment.last + 1;
  }
  if (batch.empty()) return {AppendOutcome::kCommitted, absl::OkStatus()};
  if (absl::Status status = store_->Commit(batch, Durability::kSynced); !status.ok()) {
    failure_ = absl::Status(status.code(), absl::StrCat("an append has failed and its outcome is "
                                                        "unknown until the store is opened again: ",
                                                        status.message()));
    return {AppendOutcome::kUnknown, failure_};
  }
  if (!segments.empty()) epoch_ = epoch;
  next_.store(next, std::memory_order_release);
  return {AppendOutcome::kCommitted, absl::OkStatus()};
}

absl::Status LocalLog::Read(
    Sequence from, absl::FunctionRef<absl::StatusOr<bool>(absl::string_view segment)> visit) const {
  const Sequence end = next_sequence();
  Sequence reached = from;
  bool stopped = false;
  PUHUI_RETURN_IF_ERROR(
      ReadSegments(*store_, from, [&](absl::string_view segment) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const SegmentView view, SegmentView::Parse(segment));
        reached = view.last() + 1;
        PUHUI_ASSIGN_OR_RETURN(const bool more, visit(segment));
        stopped = !more;
        return more;
      }));
  // A journal that lost its end looks whole to a cursor.
  if (!stopped && reached < end) {
    return absl::DataLossError(absl::StrCat("journal at sequence ", reached, ": missing"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> LocalLog::ReadRecord(Sequence sequence) const {
  return ledger::ReadRecord(*store_, sequence);
}

}  // namespace puhui::ledger
