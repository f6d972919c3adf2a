// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/plan_foresight.h"

#include "issuing/app/plan_queries.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"

#include <cstddef>
#include <vector>

namespace puhui::issuing {
namespace {

// Half of a stored chunk: what is read for them together does not hold up other work for long.
constexpr std::size_t kRowsAtOnce = kPlanChunkRows / 2;

}  // namespace

absl::StatusOr<bool> PlanForesight::Look(const ledger::Readable& from, absl::Time now) {
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<RowVerdict> rows,
      PreviewRows(from, campaign_, {.first_row = next_row_, .limit = kRowsAtOnce}, now));
  for (const RowVerdict& row : rows) {
    if (row.outcome != RowOutcome::kRefused) continue;
    PUHUI_CHECK(row.reason.has_value());
    if (refused_.rows++ > 0) continue;
    refused_.row = row.row;
    refused_.reason = *row.reason;
  }
  next_row_ += rows.size();
  return !rows.empty();
}

}  // namespace puhui::issuing
