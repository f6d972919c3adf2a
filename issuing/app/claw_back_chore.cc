// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/claw_back_chore.h"

#include "issuing/app/claw_back_queries.h"
#include "issuing/app/queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/memory/memory.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace puhui::issuing {

ClawBackChore::ClawBackChore(Tables* tables, ledger::LedgerViews* views, Sequence claw_back,
                             ClawBackRow row, const CampaignRow& campaign)
    : tables_(tables),
      views_(views),
      claw_back_(claw_back),
      row_(std::move(row)),
      plan_(campaign.plan),
      rows_done_(campaign.rows_done),
      next_(row_.next_row) {}

absl::StatusOr<std::unique_ptr<ledger::Chore>> ClawBackChore::Begin(Tables* tables,
                                                                    ledger::LedgerViews* views,
                                                                    const ledger::TimerKey& timer,
                                                                    const ledger::Readable& store) {
  PUHUI_ASSIGN_OR_RETURN(absl::optional<ClawBackRow> row, FindClawBack(store, timer.reference));
  if (!row.has_value() || row->state != ClawBackState::kRunning) return nullptr;
  PUHUI_ASSIGN_OR_RETURN(FoundCampaign campaign, CampaignByNumber(store, row->campaign));
  return absl::WrapUnique(
      new ClawBackChore(tables, views, timer.reference, *std::move(row), campaign.row));
}

// What is read of the plan, and of the rows that were not granted, does not change any more.
absl::StatusOr<std::unique_ptr<ledger::Command>> ClawBackChore::Next(
    const ledger::Readable& store) {
  const std::uint64_t end = std::min(next_ + kClawBackChunkRows, row_.RowsIn(plan_.rows));
  if (next_ >= end) return nullptr;
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = next_; i < end; ++i) numbers.push_back(row_.RowAt(i));
  PUHUI_ASSIGN_OR_RETURN(const std::vector<PlanRow> rows,
                         ReadPlanRows(store, row_.campaign, plan_, numbers));
  std::vector<RefusedRowKey> keys;
  for (const std::uint64_t number : numbers) keys.push_back({row_.campaign, number});
  PUHUI_ASSIGN_OR_RETURN(
      const auto refused,
      ledger::FindAll(store, kRefusedRowTable, absl::Span<const RefusedRowKey>(keys)));
  ClawBackPiece piece{.claw_back = claw_back_, .first = next_};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    // A run that was cancelled came so far and no further.
    const bool granted = numbers[i] < rows_done_ && !refused[i].has_value();
    piece.rows.push_back({.row = numbers[i], .member = rows[i].member, .granted = granted});
  }
  next_ = end;
  return std::make_unique<ClawBackChunkCommand>(tables_, views_, std::move(piece));
}

}  // namespace puhui::issuing
