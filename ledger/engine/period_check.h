// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_PERIOD_CHECK_H_
#define PUHUI_LEDGER_ENGINE_PERIOD_CHECK_H_

#include "ledger/base/id.h"
#include "ledger/core/period.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/period_figures.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstdint>
#include <map>
#include <vector>

namespace puhui::ledger {

// Holds the periods that were closed against what their records come to. That first, last and order
// are right is the applier's to see; everything else about a closing is seen here. Told from record
// 1 on it knows all of it; told from a later record on, what it can: roots and sums always, lines
// as soon as it has seen a whole period or a closing. Memory: the kinds and origins that moved in
// each period that is not closed. Threads: none.
class PeriodCheck {
 public:
  using RootReader = absl::FunctionRef<absl::StatusOr<Hash>(std::uint64_t size)>;

  // The next record of the journal. `root_at` gives roots of the tree up to it.
  // Fails: kDataLoss, saying what a period was closed with that is not so; as the reader.
  absl::Status Take(const journal::v1::Record& record, RootReader root_at);

 private:
  absl::Status TakeLines(const journal::v1::PeriodLines& lines);
  absl::Status Close(const journal::v1::PeriodClosed& closed);
  absl::Status CompareWithRecords(const journal::v1::PeriodClosed& closed,
                                  absl::Span<const PeriodBalance> lines);

  Sequence begun_ = 0;  // The first record that it was told of.
  Sequence taken_ = 0;
  std::map<Period, PeriodFigures> open_;  // 0: of records before there were periods.
  absl::optional<Balances> closings_;     // Of the last period that was closed, when known.
  std::vector<PeriodBalance> lines_;      // Of the records before the one that closes.
  std::uint32_t line_records_ = 0;        // How many those are.
  Period lines_of_ = 0;                   // Which period those close.
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_PERIOD_CHECK_H_
