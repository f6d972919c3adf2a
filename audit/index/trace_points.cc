// SPDX-License-Identifier: Apache-2.0
#include "audit/index/trace_points.h"

#include "audit/core/filter.h"
#include "audit/index/facts_of.h"
#include "audit/index/journal_background.h"
#include "audit/index/trace_reader.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"

#include "absl/container/flat_hash_set.h"

#include <deque>
#include <map>
#include <set>
#include <utility>

namespace puhui::audit {
namespace {

// A record that the points came to, to be followed from there.
struct TracePlace {
  Sequence sequence = 0;
  WantedOrigin origin{};
  std::uint32_t distance = 0;
};

// Follows points from record to record, the nearest first. Threads: none. Borrows: both.
class PointTracer {
 public:
  PointTracer(const IndexMoment* moment, const TraceWish* wish)
      : wish_(*wish),
        reader_(moment, wish->records_max, wish->cancelled),
        links_(&reader_),
        background_(moment->index.get(), moment->journal.get()) {
    filter_.scope = wish->scope;
  }

  absl::StatusOr<PointTrace> Trace() {
    waiting_.push_back({.sequence = wish_.start, .origin = wish_.origin});
    while (!waiting_.empty() && trace_.complete) {
      if (reader_.Cancelled()) break;
      const TracePlace place = waiting_.front();
      waiting_.pop_front();
      PUHUI_RETURN_IF_ERROR(Follow(place));
    }
    // What was cut for that alone is no trace.
    if (reader_.Cancelled()) return absl::CancelledError("nobody waits for it any more");
    return std::move(trace_);
  }

 private:
  struct Seen {
    RecordKind kind{};
    absl::Time time{};
  };

  absl::Status Follow(const TracePlace& place) {
    PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, reader_.Read(place.sequence));
    PUHUI_ASSIGN_OR_RETURN(const PointLinkList links, wish_.direction == Direction::kForward
                                                          ? links_.WentTo(record, place.origin)
                                                          : links_.CameFrom(record, place.origin));
    PUHUI_ASSIGN_OR_RETURN(const auto visible, LookAt(links));
    for (const PointLink& link : links) {
      const auto seen = visible.find(link.sequence);
      if (seen == visible.end()) continue;
      if (trace_.steps.size() == wish_.steps_max) {
        trace_.complete = false;
        return absl::OkStatus();
      }
      trace_.steps.push_back({.of = place.sequence,
                              .link = link,
                              .distance = place.distance + 1,
                              .kind = seen->second.kind,
                              .time = seen->second.time});
      if (!followed_.insert({link.sequence, link.origin}).second) continue;
      waiting_.push_back(
          {.sequence = link.sequence, .origin = link.origin, .distance = place.distance + 1});
    }
    trace_.complete = !reader_.cut();
    return absl::OkStatus();
  }

  // Those of the records that the caller may see.
  absl::StatusOr<std::map<Sequence, Seen>> LookAt(const PointLinkList& links) {
    std::set<Sequence> named;
    for (const PointLink& link : links) {
      // More cannot be told.
      if (trace_.steps.size() + named.size() > wish_.steps_max) break;
      named.insert(link.sequence);
    }
    std::map<Sequence, Seen> visible;
    PUHUI_RETURN_IF_ERROR(reader_.ReadAll(
        std::vector<Sequence>(named.begin(), named.end()),
        [&](const journal::v1::Record& record) -> absl::Status {
          PUHUI_ASSIGN_OR_RETURN(const RecordFacts facts, FactsOf(record, background_));
          if (!Matches(filter_, facts)) return absl::OkStatus();
          visible[record.sequence()] = {.kind = facts.kind, .time = facts.time};
          return absl::OkStatus();
        }));
    return visible;
  }

  const TraceWish& wish_;
  TraceReader reader_;
  PointLinks links_;
  JournalBackground background_;
  Filter filter_;
  std::deque<TracePlace> waiting_;
  absl::flat_hash_set<std::pair<Sequence, UnionNumber>> followed_;
  PointTrace trace_;
};

}  // namespace

absl::StatusOr<PointTrace> TracePoints(const IndexMoment& moment, const TraceWish& wish) {
  return PointTracer(&moment, &wish).Trace();
}

}  // namespace puhui::audit
