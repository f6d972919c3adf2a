// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_INDEX_MOMENT_H_
#define PUHUI_AUDIT_INDEX_INDEX_MOMENT_H_

#include "audit/index/record_times.h"
#include "audit/index/segment_starts.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include <memory>

namespace puhui::audit {

// One moment of the index and of the journal, which is as far or farther.
// Must be destroyed before the ledger's store. The members go in the order they need.
struct IndexMoment {
  std::shared_ptr<const ledger::Store> store{};
  std::unique_ptr<ledger::Readable> index{};
  std::unique_ptr<ledger::Readable> journal{};
  std::shared_ptr<const SegmentStarts> segments{};  // Of the journal: those of the moment, or more.
  std::shared_ptr<RecordTimes> times{};             // What searches by time have found out.
  Sequence last = 0;                                // The last record that the index knows of.
};

// The first record at `time` or later, found by halves as times ascend; one more than the last that
// the index knows when there is none. Fails: as the journal.
absl::StatusOr<Sequence> FirstSince(const IndexMoment& moment, absl::Time time);

// Calls `visit` with the bytes of each of `sequences`, until it returns false: as
// ledger::ReadRecordsAt, of the journal, with what the index knows of its segments.
absl::Status ReadRecordsOf(
    const IndexMoment& moment, absl::Span<const Sequence> sequences,
    absl::FunctionRef<absl::StatusOr<bool>(Sequence, absl::string_view record)> visit);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_INDEX_MOMENT_H_
