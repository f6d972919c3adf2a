// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/plan_queries.h"

#include "issuing/app/issue_run.h"
#include "issuing/app/records.h"
#include "issuing/app/tables.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::issuing {

using ledger::Readable;
using ledger::Reason;

namespace {

using RefusedRows = std::vector<ledger::Row<RefusedRowKey, Reason>>;

// Refused rows from `first` up to but not including `end`, at most `limit`.
absl::StatusOr<RefusedRows> ReadRefusals(const Readable& from, CampaignNumber campaign,
                                         std::uint64_t first, std::uint64_t end,
                                         std::size_t limit) {
  ledger::Range range;
  range.prefix = ledger::EncodeKeyPrefix(ledger::Table::kRefusedRows, campaign);
  range.from = ledger::EncodeKey(ledger::Table::kRefusedRows, RefusedRowKey{campaign, first});
  RefusedRows rows;
  PUHUI_RETURN_IF_ERROR(
      ledger::Scan(from, kRefusedRowTable, std::move(range),
                   [&](const RefusedRowKey& key, Reason reason) -> absl::StatusOr<bool> {
                     if (key.row >= end || rows.size() >= limit) return false;
                     rows.push_back({key, reason});
                     return true;
                   }));
  return rows;
}

// What became of the rows of a piece, as far as the run has come.
absl::StatusOr<std::vector<RowVerdict>> VerdictsOf(const Readable& from,
                                                   const FoundCampaign& campaign,
                                                   std::uint64_t first_row,
                                                   const PlanRowsView& piece) {
  std::vector<RowVerdict> verdicts;
  verdicts.reserve(piece.size());
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const std::uint64_t row = first_row + i;
    const bool done = row < campaign.row.rows_done;
    verdicts.push_back({.row = row,
                        .what = piece[i],
                        .outcome = done ? RowOutcome::kGranted : RowOutcome::kPending});
  }
  if (first_row >= campaign.row.rows_done) return verdicts;
  PUHUI_ASSIGN_OR_RETURN(
      const RefusedRows refusals,
      ReadRefusals(from, campaign.number, first_row, first_row + piece.size(), piece.size()));
  for (const auto& refusal : refusals) {
    RowVerdict& verdict = verdicts[static_cast<std::size_t>(refusal.key.row - first_row)];
    verdict.outcome = RowOutcome::kRefused;
    verdict.reason = refusal.value;
  }
  return verdicts;
}

absl::StatusOr<std::vector<RowVerdict>> ListRefusedRows(const Readable& from,
                                                        const FoundCampaign& campaign,
                                                        const RowsWish& wish) {
  PUHUI_ASSIGN_OR_RETURN(
      const RefusedRows refusals,
      ReadRefusals(from, campaign.number, wish.first_row, campaign.row.rows_done, wish.limit));
  std::vector<RowVerdict> verdicts;
  std::string piece;
  std::uint64_t piece_first = 0;
  for (const auto& refusal : refusals) {
    const std::uint64_t row = refusal.key.row;
    if (row >= piece_first + piece.size() / kPlanRowBytes) {
      piece_first = row;
      PUHUI_ASSIGN_OR_RETURN(
          piece, ReadPlanPiece(from, campaign.number, campaign.row.plan, row, kPlanChunkRows));
    }
    verdicts.push_back({.row = row,
                        .what = PlanRowsView(piece)[static_cast<std::size_t>(row - piece_first)],
                        .outcome = RowOutcome::kRefused,
                        .reason = refusal.value});
  }
  return verdicts;
}

// Says of every pending row what the run would do now.
absl::Status Predict(const Readable& from, const FoundCampaign& campaign, absl::Time now,
                     std::vector<RowVerdict>* verdicts) {
  std::vector<MemberId> members;
  for (const RowVerdict& verdict : *verdicts) {
    if (verdict.outcome == RowOutcome::kPending) members.push_back(verdict.what.member);
  }
  std::sort(members.begin(), members.end());
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<absl::optional<ledger::Wallet>> wallets,
      ledger::FindAll(from, ledger::kWalletTable, absl::Span<const MemberId>(members)));
  for (RowVerdict& verdict : *verdicts) {
    if (verdict.outcome != RowOutcome::kPending) continue;
    const auto at = std::lower_bound(members.begin(), members.end(), verdict.what.member);
    const auto& wallet = wallets[static_cast<std::size_t>(at - members.begin())];
    verdict.reason = RefuseGrant(wallet.has_value() ? &*wallet : nullptr, campaign.terms, now);
    verdict.outcome = verdict.reason.has_value() ? RowOutcome::kRefused : RowOutcome::kGranted;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadPlanPiece(const Readable& from, CampaignNumber campaign,
                                          const Plan& plan, std::uint64_t first_row,
                                          std::size_t count_max) {
  if (first_row >= plan.rows) return std::string();
  const auto number = static_cast<std::uint32_t>(first_row / kPlanChunkRows);
  PUHUI_ASSIGN_OR_RETURN(
      const absl::optional<std::string> chunk,
      ledger::Find(from, kPlanChunkTable, PlanChunkKey{campaign, plan.version, number}));
  const auto skipped = static_cast<std::size_t>(first_row % kPlanChunkRows);
  const std::uint64_t in_chunk =
      std::min<std::uint64_t>(kPlanChunkRows, plan.rows - (first_row - skipped));
  if (!chunk.has_value() || chunk->size() != in_chunk * kPlanRowBytes) {
    return absl::DataLossError(absl::StrCat("chunk ", number, " of the plan of campaign ",
                                            NumberOf(campaign), " is missing or cut short"));
  }
  return chunk->substr(skipped * kPlanRowBytes, count_max * kPlanRowBytes);
}

absl::StatusOr<std::vector<RowVerdict>> ListRows(const Readable& from,
                                                 const FoundCampaign& campaign,
                                                 const RowsWish& wish) {
  if (wish.refused_only) return ListRefusedRows(from, campaign, wish);
  std::vector<RowVerdict> rows;
  while (rows.size() < wish.limit) {
    const std::uint64_t next = wish.first_row + rows.size();
    PUHUI_ASSIGN_OR_RETURN(
        const std::string piece,
        ReadPlanPiece(from, campaign.number, campaign.row.plan, next, wish.limit - rows.size()));
    if (piece.empty()) break;
    PUHUI_ASSIGN_OR_RETURN(const std::vector<RowVerdict> verdicts,
                           VerdictsOf(from, campaign, next, PlanRowsView(piece)));
    rows.insert(rows.end(), verdicts.begin(), verdicts.end());
  }
  return rows;
}

absl::StatusOr<std::vector<RowVerdict>> PreviewRows(const Readable& from,
                                                    const FoundCampaign& campaign,
                                                    const RowsWish& wish, absl::Time now) {
  PUHUI_ASSIGN_OR_RETURN(std::vector<RowVerdict> rows, ListRows(from, campaign, wish));
  PUHUI_RETURN_IF_ERROR(Predict(from, campaign, now, &rows));
  return rows;
}

absl::StatusOr<PlanBudget> BudgetFor(const Readable& from, const FoundCampaign& campaign) {
  const UnionNumber of = campaign.row.union_number;
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<std::int64_t> points,
                         ledger::Find(from, ledger::kAccountTable, BudgetAccount(of, of)));
  PlanBudget budget{.points = points.value_or(0)};
  budget.covers_plan =
      campaign.row.state >= CampaignState::kApproved || budget.points >= campaign.row.plan.points;
  return budget;
}

}  // namespace puhui::issuing
