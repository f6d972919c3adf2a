// SPDX-License-Identifier: Apache-2.0
// The rows of periods, and the tables they stand in. Readers use these with typed_reads.h.
#ifndef PUHUI_LEDGER_ENGINE_PERIOD_ROWS_H_
#define PUHUI_LEDGER_ENGINE_PERIOD_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/core/period.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/tables.h"

#include "absl/time/time.h"

#include <cstdint>

namespace puhui::ledger {

struct PeriodStandRow {
  Period first_period = 0;  // The first that a record names; 0: none does yet.
  Period period = 0;        // That of the last record.
  Period closed = 0;        // The last that is closed; 0: none is.

  template <class F>
  void Fields(F& f) {
    f(first_period, period, closed);
  }
  friend bool operator==(const PeriodStandRow&, const PeriodStandRow&) = default;
};

// Of a period that has records.
struct PeriodStartRow {
  Sequence first = 0;  // Of the first period: 1, whatever that record says.
  absl::Time time{};   // Of the first record that names the period.
  Sequence last = 0;   // 0: it goes on.

  template <class F>
  void Fields(F& f) {
    f(first, time, last);
  }
  friend bool operator==(const PeriodStartRow&, const PeriodStartRow&) = default;
};

// What a period was closed with. Its lines are in that record, and in line_records before it.
struct ClosedPeriodRow {
  Sequence sequence = 0;  // Of the record that closed it.
  Sequence first = 0;
  Sequence last = 0;  // One less than first: the period has no record.
  Hash root{};        // Of the tree of the first `last` records.
  absl::Time end{};   // Of the month.
  std::uint32_t line_records = 0;
  std::uint64_t lines = 0;
  std::uint64_t entries = 0;
  Hash closing_digest{};

  template <class F>
  void Fields(F& f) {
    f(sequence, first, last, root, end, line_records, lines, entries, closing_digest);
  }
  friend bool operator==(const ClosedPeriodRow&, const ClosedPeriodRow&) = default;
};

// One row, of key 0.
inline constexpr TypedTable<std::uint8_t, PeriodStandRow> kPeriodStandTable{
    Table::kPeriodStand, Family::kState, "period stand"};
inline constexpr TypedTable<Period, PeriodStartRow> kPeriodStartTable{
    Table::kPeriodStarts, Family::kState, "period starts"};
inline constexpr TypedTable<Period, ClosedPeriodRow> kClosedPeriodTable{
    Table::kClosedPeriods, Family::kState, "closed periods"};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_PERIOD_ROWS_H_
