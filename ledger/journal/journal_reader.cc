// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/journal_reader.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace puhui::ledger {
namespace {

absl::Status Damaged(Sequence sequence, absl::string_view reason) {
  return absl::DataLossError(absl::StrCat("journal at sequence ", sequence, ": ", reason));
}

absl::Status Missing(Sequence sequence, Sequence found) {
  return Damaged(sequence, absl::StrCat("missing; the next segment begins at ", found));
}

// What the store could not read stands there; it may not know itself what it lost.
absl::Status Unreadable(Sequence sequence, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat("journal at sequence ", sequence,
                                                  " or after: ", status.message()));
}

// The segment that is stored under a key, which must agree with it.
absl::StatusOr<SegmentView> SegmentAt(absl::string_view key, absl::string_view value) {
  if (key.size() != sizeof(Sequence)) {
    return absl::DataLossError("journal: a key is not a sequence");
  }
  const Sequence first = absl::big_endian::Load64(key.data());
  absl::StatusOr<SegmentView> segment = SegmentView::Parse(value);
  if (!segment.ok()) return Damaged(first, segment.status().message());
  if (segment->first() != first) return Damaged(first, "the segment belongs elsewhere");
  return segment;
}

// Onto the segment that holds `sequence`, or the first after it, or the last before it when there
// is none after.
absl::Status SeekSegment(Cursor& cursor, Sequence sequence) {
  cursor.SeekBackward(SegmentKey(sequence));
  if (cursor.Valid()) return absl::OkStatus();
  PUHUI_RETURN_IF_ERROR(Unreadable(sequence, cursor.status()));
  cursor.Seek(SegmentKey(sequence));
  return cursor.Valid() ? absl::OkStatus() : Unreadable(sequence, cursor.status());
}

// Finds segments one after another. Threads: none. Borrows: what it reads from.
class SegmentFinder {
 public:
  explicit SegmentFinder(const Readable& readable) : readable_(readable) {}

  // The segment that holds `wanted`, which begins with `start` unless that is 0 or wrong. It is
  // there until the next is asked for.
  absl::StatusOr<SegmentView> Holding(Sequence wanted, Sequence start) {
    if (start != 0 && start <= wanted) {
      PUHUI_ASSIGN_OR_RETURN(const absl::optional<SegmentView> segment, At(start, wanted));
      if (segment.has_value()) return *segment;
    }
    if (cursor_ == nullptr) {
      cursor_ = readable_.NewCursor(Family::kJournal, CursorUse::kScattered);
    }
    PUHUI_RETURN_IF_ERROR(SeekSegment(*cursor_, wanted));
    if (!cursor_->Valid()) return Damaged(wanted, "beyond the end");
    PUHUI_ASSIGN_OR_RETURN(const SegmentView segment, SegmentAt(cursor_->key(), cursor_->value()));
    if (segment.first() > wanted) return Missing(wanted, segment.first());
    if (segment.last() < wanted) return Damaged(wanted, "missing, or beyond the end");
    return segment;
  }

 private:
  // By its key: where a cursor is put, every file that has later segments is read from, too.
  absl::StatusOr<absl::optional<SegmentView>> At(Sequence start, Sequence wanted) {
    const std::string key = SegmentKey(start);
    absl::StatusOr<absl::optional<std::string>> found = readable_.Get(Family::kJournal, key);
    PUHUI_RETURN_IF_ERROR(Unreadable(start, found.status()));
    if (!found->has_value()) return absl::optional<SegmentView>();
    bytes_ = **std::move(found);
    PUHUI_ASSIGN_OR_RETURN(const SegmentView segment, SegmentAt(key, bytes_));
    if (segment.last() < wanted) return absl::optional<SegmentView>();
    return absl::optional<SegmentView>(segment);
  }

  const Readable& readable_;
  std::string bytes_;
  std::unique_ptr<Cursor> cursor_;
};

absl::Status CheckFollows(const SegmentHeader& previous, const SegmentHeader& next) {
  if (next.first != previous.last() + 1) return Missing(previous.last() + 1, next.first);
  if (next.epoch < previous.epoch) return Damaged(next.first, "its epoch is older");
  if (next.partition != previous.partition) return Damaged(next.first, "of another partition");
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadSegments(
    const Readable& readable, Sequence from,
    absl::FunctionRef<absl::StatusOr<bool>(absl::string_view segment)> visit) {
  from = std::max<Sequence>(from, 1);
  const std::unique_ptr<Cursor> cursor = readable.NewCursor(Family::kJournal, CursorUse::kScan);
  absl::optional<SegmentHeader> previous;
  PUHUI_RETURN_IF_ERROR(SeekSegment(*cursor, from));
  for (; cursor->Valid(); cursor->Next()) {
    PUHUI_ASSIGN_OR_RETURN(const SegmentView segment, SegmentAt(cursor->key(), cursor->value()));
    if (previous.has_value()) {
      PUHUI_RETURN_IF_ERROR(CheckFollows(*previous, segment.header()));
    } else if (segment.first() > from) {
      return Missing(from, segment.first());
    }
    previous = segment.header();
    if (segment.last() < from) continue;
    PUHUI_ASSIGN_OR_RETURN(const bool more, visit(cursor->value()));
    if (!more) return absl::OkStatus();
  }
  return Unreadable(previous.has_value() ? previous->last() + 1 : from, cursor->status());
}

absl::Status ReadRecords(
    const Readable& readable, Sequence from, std::size_t count_max,
    absl::FunctionRef<absl::StatusOr<bool>(Sequence, absl::string_view record)> visit) {
  from = std::max<Sequence>(from, 1);
  if (count_max == 0) return absl::OkStatus();
  std::size_t left = count_max;
  return ReadSegments(readable, from, [&](absl::string_view bytes) -> absl::StatusOr<bool> {
    PUHUI_ASSIGN_OR_RETURN(const SegmentView segment, SegmentView::Parse(bytes));
    Sequence sequence = segment.first();
    for (const absl::string_view record : segment) {
      if (sequence >= from) {
        PUHUI_ASSIGN_OR_RETURN(const bool more, visit(sequence, record));
        if (!more || --left == 0) return false;
      }
      ++sequence;
    }
    return true;
  });
}

absl::Status ReadRecordsAt(
    const Readable& readable, absl::Span<const Sequence> sequences,
    absl::FunctionRef<absl::StatusOr<bool>(Sequence, absl::string_view record)> visit,
    absl::Span<const Sequence> starts) {
  PUHUI_CHECK(starts.empty() || starts.size() == sequences.size());
  SegmentFinder segments(readable);
  for (std::size_t at = 0; at < sequences.size();) {
    const Sequence start = starts.empty() ? 0 : starts[at];
    PUHUI_ASSIGN_OR_RETURN(const SegmentView segment, segments.Holding(sequences[at], start));
    Sequence sequence = segment.first();
    for (const absl::string_view record : segment) {
      if (at == sequences.size()) break;
      if (sequence == sequences[at]) {
        ++at;
        PUHUI_ASSIGN_OR_RETURN(const bool more, visit(sequence, record));
        if (!more) return absl::OkStatus();
      }
      ++sequence;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadRecord(const Readable& readable, Sequence sequence) {
  const absl::Status beyond =
      absl::NotFoundError(absl::StrCat("the journal has no record ", sequence));
  if (sequence == 0) return beyond;
  const std::unique_ptr<Cursor> cursor = readable.NewCursor(Family::kJournal);
  PUHUI_RETURN_IF_ERROR(SeekSegment(*cursor, sequence));
  for (; cursor->Valid();
       cursor->Next()) {  // At most twice: the segment before a gap, and the one after.
    PUHUI_ASSIGN_OR_RETURN(const SegmentView segment, SegmentAt(cursor->key(), cursor->value()));
    if (segment.first() > sequence) return Missing(sequence, segment.first());
    if (segment.last() >= sequence) return std::string(segment.record(sequence));
  }
  PUHUI_RETURN_IF_ERROR(Unreadable(sequence, cursor->status()));
  return beyond;
}

absl::StatusOr<absl::optional<SegmentHeader>> ReadLastHeader(const Readable& readable) {
  const std::unique_ptr<Cursor> cursor =
      readable.NewCursor(Family::kJournal, CursorUse::kScattered);
  cursor->SeekToLast();
  if (!cursor->Valid()) {
    if (cursor->status().ok()) return absl::optional<SegmentHeader>();
    // Which one it is, only the way to it tells.
    PUHUI_RETURN_IF_ERROR(ReadSegments(readable, 1, [](absl::string_view) { return true; }));
    return cursor->status();
  }
  PUHUI_ASSIGN_OR_RETURN(const SegmentView segment, SegmentAt(cursor->key(), cursor->value()));
  return absl::optional<SegmentHeader>(segment.header());
}

}  // namespace puhui::ledger
