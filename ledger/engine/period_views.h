// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_PERIOD_VIEWS_H_
#define PUHUI_LEDGER_ENGINE_PERIOD_VIEWS_H_

#include "ledger/base/id.h"
#include "ledger/core/period.h"
#include "ledger/engine/cached_table.h"
#include "ledger/engine/period_rows.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstdint>

namespace puhui::ledger {

// The records of a period.
struct PeriodBounds {
  Sequence first = 0;
  Sequence last = 0;  // One less than first: none.
  friend bool operator==(const PeriodBounds&, const PeriodBounds&) = default;
};

// The period that is to be closed next; 0: there is none yet.
Period NextToClose(const PeriodStandRow& stand);
// What that period has, by its own row, if it has one, by that of the period before it, if that one
// was closed, and by the last record of the journal.
PeriodBounds BoundsOf(const PeriodStartRow* start, const ClosedPeriodRow* before, Sequence last);

// Which records belong to which period, and what periods were closed with. Part of LedgerViews.
// Threads: the writer's alone.
class PeriodViews {
 public:
  explicit PeriodViews(TableSet* set);

  // Fails: kDataLoss when a record goes back to an earlier period, and when a period is closed that
  // is not next, goes on, or has other records than are named.
  absl::Status Apply(const journal::v1::Record& record);

  // That of the last record; 0: no record names one.
  Period current() { return Known().period; }
  const PeriodStandRow& stand() { return Known(); }
  // Null: it is not closed.
  const ClosedPeriodRow* Closed(Period period) { return closed_.Find(period); }
  // Of the period that is to be closed next. Requires: there is one (checked).
  PeriodBounds NextBounds();

 private:
  const PeriodStandRow& Known();
  Sequence Last();
  absl::Status Begin(const journal::v1::Record& record);
  absl::Status Close(const journal::v1::Record& record);

  TableSet* const set_;
  CachedTable<std::uint8_t, PeriodStandRow> stands_;
  CachedTable<Period, PeriodStartRow> starts_;
  CachedTable<Period, ClosedPeriodRow> closed_;
  absl::optional<PeriodStandRow> stand_;  // As in the table, for every record asks for it.
  Sequence last_ = 0;                     // 0: no record came since the start.
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_PERIOD_VIEWS_H_
