// SPDX-License-Identifier: Apache-2.0
// Reading the journal back from a store or from one moment of it. Every byte handed out has passed
// its checksum.
#ifndef PUHUI_LEDGER_JOURNAL_JOURNAL_READER_H_
#define PUHUI_LEDGER_JOURNAL_JOURNAL_READER_H_

#include "ledger/base/id.h"
#include "ledger/journal/segment.h"
#include "ledger/storage/store.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstddef>
#include <string>

namespace puhui::ledger {

// Calls `visit` with the bytes of every segment that holds a record >= `from`, in order, until it
// returns false or the end. Does not push hot blocks out of the cache.
// Fails: kDataLoss, naming the sequence, when a segment is missing or damaged, or does not follow
// its predecessor in sequence, epoch and partition; what `visit` fails with; as Readable, naming
// the sequence from which on nothing was read.
absl::Status ReadSegments(const Readable& readable, Sequence from,
                          absl::FunctionRef<absl::StatusOr<bool>(absl::string_view segment)> visit);

// Calls `visit` with up to `count_max` records from `from` on, until it returns false or the end.
// Fails: as ReadSegments.
absl::Status ReadRecords(
    const Readable& readable, Sequence from, std::size_t count_max,
    absl::FunctionRef<absl::StatusOr<bool>(Sequence, absl::string_view record)> visit);

// Calls `visit` with the bytes of each of `sequences`, until it returns false. Reads no segment
// that holds none of them, and each of the others once. `starts`: the first record of the segment
// of each, where somebody knows it, which is quicker than to look for it; 0, or none at all: not
// known. One that is wrong changes nothing. Requires: `sequences` ascend, from 1; `starts` is empty
// or as long (checked). Fails: as ReadSegments; kDataLoss beyond the end.
absl::Status ReadRecordsAt(
    const Readable& readable, absl::Span<const Sequence> sequences,
    absl::FunctionRef<absl::StatusOr<bool>(Sequence, absl::string_view record)> visit,
    absl::Span<const Sequence> starts = {});

// The bytes of one record.
// Fails: kNotFound beyond the end of the journal; kDataLoss, naming the sequence, when it is
// missing or damaged; as Readable.
absl::StatusOr<std::string> ReadRecord(const Readable& readable, Sequence sequence);

// The header of the last segment; absl::nullopt for an empty journal.
// Fails: kDataLoss, naming the sequence, when it is damaged; as Readable. Failing may take a walk
// over the whole journal.
absl::StatusOr<absl::optional<SegmentHeader>> ReadLastHeader(const Readable& readable);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_JOURNAL_JOURNAL_READER_H_
