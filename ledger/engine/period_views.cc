// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/period_views.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/engine/record_time.h"

#include "absl/strings/str_cat.h"

#include <cstddef>
#include <string>
#include <tuple>

namespace puhui::ledger {
namespace {

namespace jv1 = journal::v1;

constexpr std::size_t kPeriodCacheBytes = std::size_t{16} << 10;

}  // namespace

Period NextToClose(const PeriodStandRow& stand) {
  return stand.closed == 0 ? stand.first_period : NextPeriod(stand.closed);
}

PeriodBounds BoundsOf(const PeriodStartRow* start, const ClosedPeriodRow* before, Sequence last) {
  PeriodBounds bounds{.first = before == nullptr ? 1 : before->last + 1};
  if (start == nullptr) {
    bounds.last = bounds.first - 1;
  } else {
    bounds.last = start->last == 0 ? last : start->last;
  }
  return bounds;
}

PeriodViews::PeriodViews(TableSet* set)
    : set_(set),
      stands_(set, kPeriodStandTable, kPeriodCacheBytes),
      starts_(set, kPeriodStartTable, kPeriodCacheBytes),
      closed_(set, kClosedPeriodTable, kPeriodCacheBytes) {}

absl::Status PeriodViews::Apply(const jv1::Record& record) {
  if (record.period() != current()) PUHUI_RETURN_IF_ERROR(Begin(record));
  last_ = record.sequence();
  return record.has_period_closed() ? Close(record) : absl::OkStatus();
}

const PeriodStandRow& PeriodViews::Known() {
  if (!stand_.has_value()) {
    const PeriodStandRow* const row = stands_.Find(0);
    stand_ = row == nullptr ? PeriodStandRow{} : *row;
  }
  return *stand_;
}

// Until a record comes, the views stand where the store says.
Sequence PeriodViews::Last() {
  if (last_ != 0) return last_;
  const std::string key = EncodeKey(kAppliedTable.id, std::uint8_t{0});
  const absl::optional<std::string> bytes = set_->Read(kAppliedTable, key);
  if (!bytes.has_value()) return 0;
  if (absl::Status decoded = DecodeValue(*bytes, &last_); !decoded.ok()) {
    set_->Unreadable(kAppliedTable, key, decoded);
  }
  return last_;
}

PeriodBounds PeriodViews::NextBounds() {
  const Period next = NextToClose(Known());
  PUHUI_CHECK(next != 0);
  const ClosedPeriodRow* before = Known().closed == 0 ? nullptr : closed_.Find(Known().closed);
  return BoundsOf(starts_.Find(next), before, Last());
}

absl::Status PeriodViews::Begin(const jv1::Record& record) {
  PeriodStandRow stand = Known();
  if (!IsPeriod(record.period()) || record.period() < stand.period) {
    return absl::DataLossError(
        absl::StrCat("a record of the period ", record.period(), " after one of ", stand.period));
  }
  if (stand.period == 0) {
    stand.first_period = record.period();
  } else {
    starts_.Edit(stand.period).last = record.sequence() - 1;
  }
  // What was written before there were periods is of the first.
  starts_.Put(record.period(),
              {.first = stand.period == 0 ? 1 : record.sequence(), .time = TimeOf(record)});
  stand.period = record.period();
  stands_.Put(0, stand);
  stand_ = stand;
  return absl::OkStatus();
}

absl::Status PeriodViews::Close(const jv1::Record& record) {
  const jv1::PeriodClosed& closed = record.period_closed();
  PeriodStandRow stand = Known();
  if (closed.period() != NextToClose(stand) || closed.period() >= record.period()) {
    return absl::DataLossError(
        absl::StrCat("the period ", closed.period(), " is closed, which is not over or not next"));
  }
  const PeriodBounds bounds = NextBounds();
  if (closed.first() != bounds.first || closed.last() != bounds.last) {
    return absl::DataLossError(absl::StrCat("the period ", closed.period(), " has the records ",
                                            bounds.first, " to ", bounds.last, ", not ",
                                            closed.first(), " to ", closed.last()));
  }
  constexpr std::size_t kHashBytes = std::tuple_size_v<Hash>;
  if (closed.root().size() != kHashBytes || closed.closing_digest().size() != kHashBytes) {
    return absl::DataLossError("a period is closed without a root or a digest");
  }
  closed_.Put(closed.period(), {.sequence = record.sequence(),
                                .first = closed.first(),
                                .last = closed.last(),
                                .root = HashFromBytes(closed.root()),
                                .end = absl::FromUnixMicros(closed.end_micros()),
                                .line_records = closed.line_records(),
                                .lines = closed.line_count(),
                                .entries = closed.entries(),
                                .closing_digest = HashFromBytes(closed.closing_digest())});
  stand.closed = closed.period();
  stands_.Put(0, stand);
  stand_ = stand;
  return absl::OkStatus();
}

}  // namespace puhui::ledger
