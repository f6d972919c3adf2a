// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/plan_queries.h"

#include "issuing/app/grant_judgement.h"
#include "issuing/app/records.h"
#include "issuing/app/rule_packs.h"
#include "issuing/app/tables.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::issuing {

using ledger::Readable;

namespace {

using RefusedRows = std::vector<ledger::Row<RefusedRowKey, RefusedRow>>;

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
                   [&](const RefusedRowKey& key, const RefusedRow& row) -> absl::StatusOr<bool> {
                     if (key.row >= end || rows.size() >= limit) return false;
                     rows.push_back({key, row});
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
  const RowOutcome not_done = campaign.row.state == CampaignState::kCancelled
                                  ? RowOutcome::kCancelled
                                  : RowOutcome::kPending;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const std::uint64_t row = first_row + i;
    const bool done = row < campaign.row.rows_done;
    verdicts.push_back(
        {.row = row, .what = piece[i], .outcome = done ? RowOutcome::kGranted : not_done});
  }
  if (first_row >= campaign.row.rows_done) return verdicts;
  PUHUI_ASSIGN_OR_RETURN(
      const RefusedRows refusals,
      ReadRefusals(from, campaign.number, first_row, first_row + piece.size(), piece.size()));
  for (const auto& refusal : refusals) {
    RowVerdict& verdict = verdicts[static_cast<std::size_t>(refusal.key.row - first_row)];
    verdict.outcome = RowOutcome::kRefused;
    verdict.reason = refusal.value.reason;
    verdict.broken = refusal.value.broken;
  }
  return verdicts;
}

// Adds why the plan has the rows, to those that say so. Rows come in the order of the plan.
absl::Status AddPlanReasons(const Readable& from, const FoundCampaign& campaign,
                            std::vector<RowVerdict>* verdicts) {
  absl::optional<std::uint32_t> read;
  absl::optional<PlanReasons> reasons;
  for (RowVerdict& verdict : *verdicts) {
    const auto chunk = static_cast<std::uint32_t>(verdict.row / kPlanChunkRows);
    if (read != chunk) {
      const PlanChunkKey key{campaign.number, campaign.row.plan.version, chunk};
      PUHUI_ASSIGN_OR_RETURN(reasons, ledger::Find(from, kPlanReasonTable, key));
      read = chunk;
    }
    if (!reasons.has_value()) continue;
    const auto row = static_cast<std::uint32_t>(verdict.row % kPlanChunkRows);
    const auto at = std::ranges::lower_bound(reasons->of, row, {}, &PlanReason::row);
    if (at != reasons->of.end() && at->row == row) verdict.plan_reason = at->text;
  }
  return absl::OkStatus();
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
                        .reason = refusal.value.reason,
                        .broken = refusal.value.broken});
  }
  PUHUI_RETURN_IF_ERROR(AddPlanReasons(from, campaign, &verdicts));
  return verdicts;
}

// What binds the rows: that of the run when it has begun.
struct Binding {
  RulePackRow pack{};  // Without an id: nothing does.
  absl::CivilDay day{};
  RuleFrame rules{};
};

absl::StatusOr<Binding> BindingOf(const Readable& from, const FoundCampaign& campaign,
                                  absl::Time now) {
  const CampaignRow& row = campaign.row;
  const bool begun = row.state == CampaignState::kIssuing;
  PUHUI_ASSIGN_OR_RETURN(const UnionRow of, UnionByNumber(from, row.union_number));
  PUHUI_ASSIGN_OR_RETURN(const UnionSettings settings,
                         SettingsReader(&from).Of(row.union_number, of));
  Binding binding{.day = begun ? row.run_day : DayOf(settings, now), .rules = row.rule_frame};
  RulePackName name = row.rule_pack;
  if (!begun) {
    PUHUI_ASSIGN_OR_RETURN(const auto in_force, PackInForce(from, settings, binding.day));
    name = in_force.value_or(RulePackName());
  }
  if (name.none()) return binding;
  PUHUI_ASSIGN_OR_RETURN(auto pack, FindRulePack(from, name));
  if (!pack.has_value()) return absl::DataLossError("a rule pack that binds is missing");
  binding.pack = *std::move(pack);
  if (!begun) {
    binding.rules = FrameOf(binding.pack.pack, row.occasion, campaign.terms, settings.issuer_kind,
                            binding.day, ZoneOf(settings));
  }
  return binding;
}

template <class V>
const V* AddressOf(const absl::optional<V>& value) {
  return value.has_value() ? &*value : nullptr;
}

// Says of every pending row what the run would do now.
absl::Status Predict(const Readable& from, const FoundCampaign& campaign, absl::Time now,
                     std::vector<RowVerdict>* verdicts) {
  std::vector<MemberId> members;
  for (const RowVerdict& verdict : *verdicts) {
    if (verdict.outcome == RowOutcome::kPending) members.push_back(verdict.what.member);
  }
  if (members.empty()) return absl::OkStatus();
  std::sort(members.begin(), members.end());
  PUHUI_ASSIGN_OR_RETURN(const Binding binding, BindingOf(from, campaign, now));
  const GrantFrame frame{.terms = &campaign.terms,
                         .pack = binding.pack.pack.id.empty() ? nullptr : &binding.pack.pack,
                         .occasion = campaign.row.occasion,
                         .day = binding.day,
                         .rules = binding.rules};
  std::vector<ReceivedKey> keys;
  keys.reserve(members.size());
  for (const MemberId member : members) keys.push_back(ReceivedIn(member, frame.day));
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<absl::optional<ledger::Wallet>> wallets,
      ledger::FindAll(from, ledger::kWalletTable, absl::Span<const MemberId>(members)));
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<absl::optional<ReceivedRow>> received,
      ledger::FindAll(from, kReceivedTable, absl::Span<const ReceivedKey>(keys)));
  for (RowVerdict& verdict : *verdicts) {
    if (verdict.outcome != RowOutcome::kPending) continue;
    const auto found = std::lower_bound(members.begin(), members.end(), verdict.what.member);
    const auto at = static_cast<std::size_t>(found - members.begin());
    const GrantVerdict judged = JudgeGrant(frame,
                                           {.wallet = AddressOf(wallets[at]),
                                            .received = AddressOf(received[at]),
                                            .points = Points::FromStored(verdict.what.points)},
                                           now);
    verdict.reason = judged.reason;
    verdict.broken = judged.rule;
    verdict.outcome = judged.reason.has_value() ? RowOutcome::kRefused : RowOutcome::kGranted;
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
  PUHUI_RETURN_IF_ERROR(AddPlanReasons(from, campaign, &rows));
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
  const CampaignRow& row = campaign.row;
  PUHUI_ASSIGN_OR_RETURN(
      const absl::optional<std::int64_t> points,
      ledger::Find(from, ledger::kAccountTable, BudgetAccount(row.union_number, row.origin)));
  PlanBudget budget{.points = points.value_or(0)};
  budget.covers_plan = HasReserved(row.state) || budget.points >= row.plan.points;
  return budget;
}

}  // namespace puhui::issuing
