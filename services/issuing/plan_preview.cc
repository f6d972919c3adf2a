// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/plan_preview.h"

#include "ledger/base/status_macros.h"
#include "services/issuing/campaign_convert.h"

#include <utility>

namespace puhui::services {

absl::StatusOr<Pull> PlanPreview::Next(v1::PreviewCampaignResponse* message) {
  if (summarised_) return Pull::kEnd;
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<issuing::RowVerdict> verdicts,
      issuing::PreviewRows(*store_, campaign_,
                           {.first_row = next_row_, .limit = kVerdictsPerMessage}, now_));
  if (verdicts.empty()) {
    summarised_ = true;
    PUHUI_RETURN_IF_ERROR(Summarise(message->mutable_summary()));
    return Pull::kMessage;
  }
  for (const issuing::RowVerdict& verdict : verdicts) {
    if (verdict.outcome == issuing::RowOutcome::kGranted) {
      summary_.set_rows_granted(summary_.rows_granted() + 1);
      summary_.set_points_granted(summary_.points_granted() + verdict.what.points);
    } else {
      summary_.set_rows_refused(summary_.rows_refused() + 1);
      if (verdict.reason.has_value()) ++refused_[*verdict.reason];
    }
    *message->add_verdicts() = VerdictOf(verdict, hidden_);
  }
  next_row_ += verdicts.size();
  return Pull::kMessage;
}

absl::Status PlanPreview::Summarise(v1::PreviewCampaignResponse::Summary* summary) {
  PUHUI_ASSIGN_OR_RETURN(const issuing::PlanBudget budget, issuing::BudgetFor(*store_, campaign_));
  *summary = std::move(summary_);
  for (const auto& [reason, rows] : refused_) {
    v1::PreviewCampaignResponse::RefusedCount& count = *summary->add_refused();
    count.set_reason(std::string(ledger::ReasonName(reason)));
    count.set_rows(rows);
  }
  summary->set_budget_points(budget.points);
  summary->set_budget_covers_plan(budget.covers_plan);
  *summary->mutable_plan() = PlanOf(campaign_.row.plan);
  return absl::OkStatus();
}

}  // namespace puhui::services
