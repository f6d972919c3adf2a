// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/issue_look.h"

#include "issuing/app/plan_foresight.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "services/rpc/error.h"

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include <utility>

namespace puhui::services {

absl::StatusOr<issuing::StartIssueCommand::Look> IssueLook::Run(const CallContext& call,
                                                                const ledger::Readable& store,
                                                                issuing::FoundCampaign campaign) {
  issuing::StartIssueCommand::Look look;
  if (campaign.row.state != issuing::CampaignState::kApproved) return look;
  const int others = under_way_++;
  const absl::Cleanup leave = [this] { --under_way_; };
  if (others >= kAtOnceMax) return Overloaded();
  look.changed = campaign.row.changed;
  issuing::PlanForesight foresight(std::move(campaign));
  const absl::Time began = engine_.Now();
  for (bool more = true; more;) {
    if (call.Cancelled()) return absl::CancelledError();
    if (engine_.Now() >= call.deadline()) {
      return ledger::ToStatus({.reason = ledger::Reason::kDeadlineExceeded});
    }
    PUHUI_ASSIGN_OR_RETURN(more, foresight.Look(store, began));
  }
  look.refused = foresight.refused();
  return look;
}

}  // namespace puhui::services
