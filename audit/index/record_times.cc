// SPDX-License-Identifier: Apache-2.0
#include "audit/index/record_times.h"

#include "audit/index/index_moment.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"
#include "ledger/engine/replay.h"

#include <numeric>
#include <vector>

namespace puhui::audit {
namespace {

// What is left to be searched when its records are looked at one after the other: they lie in one
// segment of the journal or two, and each further half would read one again.
constexpr Sequence kReadInARow = 32;

// One of [low, high): near its middle a multiple of the stride, if there is one.
Sequence MiddleOf(Sequence low, Sequence high) {
  const Sequence middle = low + (high - low) / 2;
  const Sequence before = middle - middle % RecordTimes::kStride;
  if (before >= low) return before;
  const Sequence after = before + RecordTimes::kStride;
  return after < high ? after : middle;
}

absl::StatusOr<absl::Time> TimeAt(const IndexMoment& moment, Sequence sequence) {
  const absl::optional<absl::Time> known = moment.times->Find(sequence);
  if (known.has_value()) return *known;
  absl::Time time;
  PUHUI_RETURN_IF_ERROR(ReadRecordsOf(
      moment, {&sequence, 1}, [&](Sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const auto record, ledger::ParseRecord(sequence, bytes));
        time = ledger::TimeOf(record);
        return true;
      }));
  moment.times->Keep(sequence, time);
  return time;
}

}  // namespace

absl::optional<absl::Time> RecordTimes::Find(Sequence sequence) const {
  MutexLock lock(&mutex_);
  const auto found = times_.find(sequence);
  if (found == times_.end()) return absl::nullopt;
  return found->second;
}

void RecordTimes::Keep(Sequence sequence, absl::Time time) {
  if (sequence % kStride != 0) return;
  MutexLock lock(&mutex_);
  times_.emplace(sequence, time);
}

std::size_t RecordTimes::kept() const {
  MutexLock lock(&mutex_);
  return times_.size();
}

absl::StatusOr<Sequence> FirstSince(const IndexMoment& moment, absl::Time time) {
  Sequence low = 1;                 // All before it are earlier.
  Sequence high = moment.last + 1;  // It is not, or there is no such record.
  while (high - low > kReadInARow) {
    const Sequence middle = MiddleOf(low, high);
    PUHUI_ASSIGN_OR_RETURN(const absl::Time then, TimeAt(moment, middle));
    if (then < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  std::vector<Sequence> left(high - low);
  std::iota(left.begin(), left.end(), low);
  PUHUI_RETURN_IF_ERROR(ReadRecordsOf(
      moment, left, [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const auto record, ledger::ParseRecord(sequence, bytes));
        if (ledger::TimeOf(record) < time) return true;
        high = sequence;
        return false;
      }));
  return high;
}

}  // namespace puhui::audit
