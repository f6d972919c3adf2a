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
enum class RowOutcome : std::uint8_t { kPending = 1, kGranted = 2, kRefused = 3, kCancelled = 4 };

struct RowVerdict {
  std::uint64_t row = 0;
  PlanRow what{};
  RowOutcome outcome = RowOutcome::kPending;
  absl::optional<ledger::Reason> reason{};  // When refused.
  std::string plan_reason{};                // Why the plan has the row, if it says so.
  Verdict broken{};                         // With kRulePackBroken.
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

// The same, with what the issue run would do now in place of what is pending: under the rule pack
// of the run when it has begun, under the one in force today when not. The run decides with the
// same JudgeGrant; a member stands in a plan once, so one row's grant does not change another's
// verdict. Requires: as ListRows.
absl::StatusOr<std::vector<RowVerdict>> PreviewRows(const ledger::Readable& from,
                                                    const FoundCampaign& campaign,
                                                    const RowsWish& wish, absl::Time now);

struct PlanBudget {
  std::int64_t points = 0;   // Of the campaign's origin, which approval draws on.
  bool covers_plan = false;  // Or the campaign has reserved it already.
};
absl::StatusOr<PlanBudget> BudgetFor(const ledger::Readable& from, const FoundCampaign& campaign);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PLAN_QUERIES_H_
