// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_PERIOD_CLOSE_H_
#define PUHUI_LEDGER_ENGINE_PERIOD_CLOSE_H_

#include "ledger/base/audit_limits.h"
#include "ledger/core/period.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/period_figures.h"
#include "ledger/engine/period_views.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

// What a period is closed with, added up from the journal by who asks for it: the writer has no
// time for that.
struct PeriodSums {
  Period period = 0;
  PeriodBounds bounds{};
  Hash root{};  // Of the tree of the first bounds.last records.
  std::uint64_t entries = 0;
  std::vector<PeriodCount> counts{};
  std::vector<PeriodBalance> lines{};
};

// Where the periods of a ledger stand; nothing but zeros before the first.
absl::StatusOr<PeriodStandRow> PeriodStandOf(const Readable& store);

// The record that closed a period. Fails: as ReadRecord; kDataLoss when it is none that does.
absl::StatusOr<journal::v1::Record> ReadClosing(const Readable& store, const ClosedPeriodRow& row);

// The lines of a closed period from the one with index `first` on, in order, `count_max` at most.
// Reads the records that have them. Fails: kDataLoss when those are not what `row` says; as
// ReadRecords.
absl::StatusOr<std::vector<PeriodBalance>> ReadPeriodLines(const Readable& store,
                                                           const ClosedPeriodRow& row,
                                                           std::uint64_t first = 0,
                                                           std::size_t count_max = kPeriodLinesMax);

// Adds up the period that is next, but for the root; a walk over its records. `go_on` is asked now
// and then, and ends the walk with what it fails with.
// Requires: `stand` is of `store` and has a next period (checked).
// Refuses: kPeriodLinesLimit. Fails: as ReadRecords; kDataLoss, naming the first, when records of
// the period are missing; as `go_on`.
absl::StatusOr<PeriodSums> AddUpPeriod(const Readable& store, const PeriodStandRow& stand,
                                       absl::FunctionRef<absl::Status()> go_on);

// Seals a period. What was closed before stays, and there is no record then.
// Refuses: INVALID_FIELD, NOT_FOUND (no record names a period yet), PERIOD_NOT_NEXT,
// PERIOD_NOT_OVER, PERIOD_CHANGED (its records are others than were added up: ask again),
// PERIOD_UNBALANCED, PERIOD_LINES_LIMIT. Records: PeriodLines, as many as it takes, PeriodClosed.
// Lines are checked, hashed and put into records by the constructor, on the thread of who asks;
// Decide only looks at what may have changed.
class ClosePeriodCommand final : public Command {
 public:
  struct Wish {
    PeriodSums sums{};  // Of a period that is not next or not over: the period alone.
    PeriodCalendar calendar{};
    std::string person{};
  };
  ClosePeriodCommand(LedgerViews* views, Wish wish)
      : views_(*views), wish_(std::move(wish)), prepared_(Prepare(wish_)) {}
  absl::optional<Refusal> Decide(const DecideContext& context, Decision& decision) override;

 private:
  // What the sums say by themselves.
  struct Prepared {
    absl::optional<Refusal> wrong{};  // With the lines.
    Hash opening_digest{};
    std::vector<journal::v1::PeriodLines> line_records{};
    journal::v1::PeriodClosed closed{};
  };
  static Prepared Prepare(const Wish& wish);

  absl::optional<Refusal> CheckTurn(absl::Time now) const;
  absl::optional<Refusal> CheckSums() const;

  LedgerViews& views_;
  const Wish wish_;
  const Prepared prepared_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_PERIOD_CLOSE_H_
