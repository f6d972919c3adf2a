// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/claw_back_queries.h"

#include "issuing/app/plan_queries.h"
#include "issuing/app/tables.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include <algorithm>
#include <string>
#include <utility>

namespace puhui::issuing {

using ledger::Readable;

absl::StatusOr<absl::optional<ClawBackRow>> FindClawBack(const Readable& from, Sequence claw_back) {
  return ledger::Find(from, kClawBackTable, claw_back);
}

absl::StatusOr<std::vector<PlanRow>> ReadPlanRows(const Readable& from, CampaignNumber campaign,
                                                  const Plan& plan,
                                                  absl::Span<const std::uint64_t> rows) {
  std::vector<PlanRow> found;
  found.reserve(rows.size());
  std::string piece;
  std::uint64_t piece_first = 0;
  for (const std::uint64_t row : rows) {
    PUHUI_CHECK(row >= piece_first && row < plan.rows);
    if (row >= piece_first + piece.size() / kPlanRowBytes) {
      piece_first = row;
      PUHUI_ASSIGN_OR_RETURN(piece, ReadPlanPiece(from, campaign, plan, row, kPlanChunkRows));
    }
    found.push_back(PlanRowsView(piece)[static_cast<std::size_t>(row - piece_first)]);
  }
  return found;
}

absl::StatusOr<std::vector<absl::optional<std::uint64_t>>> PlanRowsOf(
    const Readable& from, const FoundCampaign& campaign, absl::Span<const MemberId> members) {
  std::vector<MemberId> sorted(members.begin(), members.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::vector<PlanMemberKey> keys;
  keys.reserve(sorted.size());
  for (const MemberId member : sorted) keys.push_back({campaign.number, member});
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<absl::optional<PlanPlace>> places,
      ledger::FindAll(from, kPlanMemberTable, absl::Span<const PlanMemberKey>(keys)));
  std::vector<absl::optional<std::uint64_t>> rows;
  rows.reserve(members.size());
  for (const MemberId member : members) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), member);
    const absl::optional<PlanPlace>& place = places[static_cast<std::size_t>(at - sorted.begin())];
    rows.push_back(place.has_value() ? place->RowIn(campaign.row.plan.version) : absl::nullopt);
  }
  return rows;
}

absl::StatusOr<std::vector<ClawBackVerdict>> ListClawBackRows(const Readable& from,
                                                              const FoundCampaign& campaign,
                                                              const ClawedRowKey& first,
                                                              std::size_t limit) {
  PUHUI_ASSIGN_OR_RETURN(
      const auto found,
      ledger::List(from, kClawedRowTable,
                   {.prefix = ledger::EncodeKeyPrefix(Table::kClawedRows, first.claw_back),
                    .from = ledger::EncodeKey(Table::kClawedRows, first)},
                   limit));
  std::vector<std::uint64_t> rows;
  rows.reserve(found.size());
  for (const auto& [key, value] : found) rows.push_back(key.row);
  PUHUI_ASSIGN_OR_RETURN(const std::vector<PlanRow> plan_rows,
                         ReadPlanRows(from, campaign.number, campaign.row.plan, rows));
  std::vector<ClawBackVerdict> verdicts;
  verdicts.reserve(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    verdicts.push_back({.row = rows[i],
                        .member = plan_rows[i].member,
                        .points = found[i].value.points,
                        .outcome = found[i].value.outcome});
  }
  return verdicts;
}

}  // namespace puhui::issuing
