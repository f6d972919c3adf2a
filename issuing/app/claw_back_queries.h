// SPDX-License-Identifier: Apache-2.0
// Reads of points that are taken back, and of the rows that are meant. Threads: safe. Fail: as
// Readable.
#ifndef PUHUI_ISSUING_APP_CLAW_BACK_QUERIES_H_
#define PUHUI_ISSUING_APP_CLAW_BACK_QUERIES_H_

#include "issuing/app/claw_back_rows.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/queries.h"
#include "issuing/app/rows.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::issuing {

absl::StatusOr<absl::optional<ClawBackRow>> FindClawBack(const ledger::Readable& from,
                                                         Sequence claw_back);

// Rows of a plan by their numbers. Requires: ascending, below plan.rows (checked). Cost: a read for
// each chunk that has one of them.
absl::StatusOr<std::vector<PlanRow>> ReadPlanRows(const ledger::Readable& from,
                                                  CampaignNumber campaign, const Plan& plan,
                                                  absl::Span<const std::uint64_t> rows);

// Where members stand in the plan of a campaign, in the order of `members`, which may repeat;
// absent for those who do not.
absl::StatusOr<std::vector<absl::optional<std::uint64_t>>> PlanRowsOf(
    const ledger::Readable& from, const FoundCampaign& campaign,
    absl::Span<const MemberId> members);

// What became of a row.
struct ClawBackVerdict {
  std::uint64_t row = 0;  // Of the plan.
  MemberId member{};
  std::int64_t points = 0;  // That were taken.
  ClawBackOutcome outcome{};
};
// Of the rows that were gone through, in the order of the plan, from `first_row` on.
absl::StatusOr<std::vector<ClawBackVerdict>> ListClawBackRows(const ledger::Readable& from,
                                                              const FoundCampaign& campaign,
                                                              const ClawedRowKey& first,
                                                              std::size_t limit);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_CLAW_BACK_QUERIES_H_
