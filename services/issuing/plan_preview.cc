// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/plan_preview.h"

#include "issuing/app/issue_run.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"
#include "services/issuing/campaign_convert.h"

#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <algorithm>

namespace puhui::services {

absl::StatusOr<Pull> PlanPreview::Next(v1::PreviewCampaignResponse* message) {
  if (summarised_) return Pull::kEnd;
  PUHUI_ASSIGN_OR_RETURN(std::vector<issuing::RowVerdict> verdicts,
                         issuing::ListRows(*store_, campaign_,
                                           {.first_row = next_row_, .limit = kVerdictsPerMessage}));
  if (verdicts.empty()) {
    summarised_ = true;
    PUHUI_RETURN_IF_ERROR(Summarise(message->mutable_summary()));
    return Pull::kMessage;
  }
  PUHUI_RETURN_IF_ERROR(Foresee(&verdicts));
  for (const issuing::RowVerdict& verdict : verdicts) {
    if (verdict.outcome == issuing::RowOutcome::kGranted) {
      summary_.set_rows_granted(summary_.rows_granted() + 1);
      summary_.set_points_granted(summary_.points_granted() + verdict.what.points);
    } else {
      summary_.set_rows_refused(summary_.rows_refused() + 1);
    }
    *message->add_verdicts() = VerdictOf(verdict);
  }
  next_row_ += verdicts.size();
  return Pull::kMessage;
}

// The run decides with the same RefuseGrant; a member stands in a plan once, so one row's grant
// does not change another's verdict.
absl::Status PlanPreview::Foresee(std::vector<issuing::RowVerdict>* verdicts) const {
  std::vector<MemberId> members;
  for (const issuing::RowVerdict& verdict : *verdicts) {
    if (verdict.outcome == issuing::RowOutcome::kPending) members.push_back(verdict.what.member);
  }
  std::sort(members.begin(), members.end());
  PUHUI_ASSIGN_OR_RETURN(const auto wallets, ledger::FindAll(*store_, ledger::kWalletTable,
                                                             absl::Span<const MemberId>(members)));
  for (issuing::RowVerdict& verdict : *verdicts) {
    if (verdict.outcome != issuing::RowOutcome::kPending) continue;
    const auto at = std::lower_bound(members.begin(), members.end(), verdict.what.member);
    const auto& wallet = wallets[static_cast<std::size_t>(at - members.begin())];
    verdict.reason =
        issuing::RefuseGrant(wallet.has_value() ? &*wallet : nullptr, campaign_.terms, now_);
    verdict.outcome =
        verdict.reason.has_value() ? issuing::RowOutcome::kRefused : issuing::RowOutcome::kGranted;
  }
  return absl::OkStatus();
}

absl::Status PlanPreview::Summarise(v1::PreviewCampaignResponse::Summary* summary) {
  // The first row is enough: what the budget holds does not depend on the rows.
  const auto stop = [](const issuing::RowVerdict&) { return absl::StatusOr<bool>(false); };
  PUHUI_ASSIGN_OR_RETURN(const issuing::PreviewSummary budget,
                         issuing::PreviewPlan(*store_, campaign_, now_, stop));
  *summary = std::move(summary_);
  summary->set_budget_points(budget.budget_points);
  summary->set_budget_covers_plan(budget.budget_covers_plan);
  *summary->mutable_plan() = PlanOf(campaign_.row.plan);
  return absl::OkStatus();
}

}  // namespace puhui::services
