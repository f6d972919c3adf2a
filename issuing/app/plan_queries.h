// SPDX-License-Identifier: Apache-2.0
// Reads of plans: their rows, what became of each, and what would. Threads: safe. Fail: as
// Readable.
#ifndef PUHUI_ISSUING_APP_PLAN_QUERIES_H_
#define PUHUI_ISSUING_APP_PLAN_QUERIES_H_

#include "issuing/app/plan_rows.h"
#include "issuing/app/queries.h"
#include "issuing/app/rows.h"
#include "ledger/core/refusal.h"
#include "ledger/storage/store.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::issuing {

// Packed rows of a plan from `first_row` on: to the end of their chunk, at most `count_max`. Empty
// at the end of the plan.
absl::StatusOr<std::string> ReadPlanPiece(const ledger::Readable& from, CampaignNumber campaign,
                                          const Plan& plan, std::uint64_t first_row,
                                          std::size_t count_max);

// Numbers are those of puhui.v1.RowVerdict.Outcome.
enum class RowOutcome : std::uint8_t { kPending = 1, kGranted = 2, kRefused = 3 };

struct RowVerdict {
  std::uint64_t row = 0;
  PlanRow what{};
  RowOutcome outcome = RowOutcome::kPending;
  absl::optional<ledger::Reason> reason{};  // When refused.
};

struct RowsWish {
  std::uint64_t first_row = 0;
  std::size_t limit = 0;
  bool refused_only = false;
};
// What became of the rows, in the order of the plan. Requires: `campaign` was read from `from`, a
// snapshot.
absl::StatusOr<std::vector<RowVerdict>> ListRows(const ledger::Readable& from,
                                                 const FoundCampaign& campaign,
                                                 const RowsWish& wish);

struct PreviewSummary {
  std::uint64_t rows_granted = 0;
  std::uint64_t rows_refused = 0;
  std::int64_t points_granted = 0;
  std::int64_t budget_points = 0;   // The union's own, which approval draws on.
  bool budget_covers_plan = false;  // Or has already reserved it.
};
// What the issue run would do now with every row, or did with those that are done; `visit` may stop
// it by returning false, and fail it. Memory: one chunk of the plan.
// Requires: `campaign` was read from `from`, a snapshot.
absl::StatusOr<PreviewSummary> PreviewPlan(
    const ledger::Readable& from, const FoundCampaign& campaign, absl::Time now,
    absl::FunctionRef<absl::StatusOr<bool>(const RowVerdict&)> visit);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PLAN_QUERIES_H_
