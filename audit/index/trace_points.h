// SPDX-License-Identifier: Apache-2.0
// The way of points: from the union that paid them in over budgets, a campaign, a lot and a
// purchase to the payout, or back.
#ifndef PUHUI_AUDIT_INDEX_TRACE_POINTS_H_
#define PUHUI_AUDIT_INDEX_TRACE_POINTS_H_

#include "audit/core/record_facts.h"
#include "audit/index/index_moment.h"
#include "audit/index/point_links.h"
#include "audit/index/sequence_list.h"
#include "ledger/base/id.h"
#include "ledger/base/limits.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::audit {

struct TraceWish {
  Sequence start = 0;                          // An entry.
  Direction direction = Direction::kBackward;  // Forward: to where the points went.
  WantedOrigin origin{};
  // Whoever asks may see records of these unions and no others; ascending. Absent: all.
  absl::optional<std::vector<UnionNumber>> scope{};
  std::size_t steps_max = kTraceStepsMax;
  std::size_t records_max = kTraceRecordsMax;  // And seeks: kSeeksPerRecord for each of them.
  CancelCheck cancelled{};
};

// From one record to the next.
struct TraceStep {
  Sequence of = 0;  // The record that it was reached from.
  PointLink link{};
  std::uint32_t distance = 0;  // How many steps from the start.
  RecordKind kind{};           // Of the record that was reached.
  absl::Time time{};
};

struct PointTrace {
  std::vector<TraceStep> steps{};  // The nearest first. Points keep their origin on all the way.
  bool complete = true;            // False: there was more than may be told, or looked at.
};

// The same for the same journal, whenever it is asked. Requires: the start is an entry.
// Fails: as the index and the journal; kCancelled when nobody waits any more.
absl::StatusOr<PointTrace> TracePoints(const IndexMoment& moment, const TraceWish& wish);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_TRACE_POINTS_H_
