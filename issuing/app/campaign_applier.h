// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_CAMPAIGN_APPLIER_H_
#define PUHUI_ISSUING_APP_CAMPAIGN_APPLIER_H_

#include "issuing/app/rule_applier.h"
#include "issuing/app/tables.h"
#include "issuing/app/union_applier.h"
#include "ledger/engine/ledger_views.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstdint>

namespace puhui::issuing {

// Folds what happens to campaigns: their plans, approvals, issue runs (issue_applier.cc) and
// sweeps. Part of IssuingApplier. Threads: the writer's alone. Borrows: everything it is made with.
// Fails: kDataLoss when a record cannot follow those before it.
class CampaignApplier {
 public:
  CampaignApplier(Tables* tables, ledger::LedgerViews* views, UnionApplier* unions,
                  RuleApplier* rules)
      : tables_(*tables), views_(*views), unions_(*unions), rules_(*rules) {}

  void Create(const journal::v1::Record& record);
  absl::Status Update(const journal::v1::Record& record);
  absl::Status StartPlan(const journal::v1::Record& record);
  absl::Status AddPlanRows(const journal::v1::PlanRows& rows);
  absl::Status CompletePlan(const journal::v1::Record& record);

  absl::Status Submit(const journal::v1::Record& record);
  absl::Status NoteApproval(const journal::v1::Record& record);
  // The last approval, an entry.
  absl::Status Approve(const journal::v1::Record& record);
  absl::Status Reject(const journal::v1::Record& record);
  absl::Status VoidApprovals(const journal::v1::Record& record);

  absl::Status StartIssue(const journal::v1::Record& record);
  absl::Status Pause(const journal::v1::IssuePaused& paused);
  absl::Status Resume(const journal::v1::Record& record);
  absl::Status Cancel(const journal::v1::Record& record);
  absl::Status CountGrant(const journal::v1::Entry& entry);
  absl::Status CountRefusal(const journal::v1::RowRefused& refused);
  absl::Status FinishIssue(const journal::v1::IssueFinished& finished);
  absl::Status Close(const journal::v1::Record& record);

  absl::Status AdvanceSweep(const journal::v1::ExpiryAdvanced& advanced);
  // Whatever the cause, of an entry that gives points back to lots.
  absl::Status NoteReopened(const journal::v1::Entry& entry);

 private:
  absl::StatusOr<CampaignRow*> Edit(std::uint32_t number);
  // Keeps the count of the union's active campaigns.
  void SetState(CampaignState state, CampaignRow& campaign);
  // Who must not approve it any more.
  static void AddEditor(const std::string& person, CampaignRow& campaign);
  // Back to DRAFT, and why, when it had been submitted.
  void BackToDraft(CampaignNumber number, VoidReason reason, CampaignRow& campaign);
  void AddApproval(CampaignNumber number, Approval approval, CampaignRow& campaign);
  void EndApprovals(CampaignNumber number, CampaignRow& campaign);
  void OrderRun(CampaignNumber number, absl::Time due, CampaignRow& campaign);
  void StopRun(CampaignNumber number, CampaignRow& campaign);
  void OrderSweep(CampaignNumber number, absl::Time due, CampaignRow& campaign);
  void StopSweep(CampaignNumber number, CampaignRow& campaign);
  void ErasePlanChunks(CampaignNumber campaign, std::uint32_t version, std::uint64_t rows);

  Tables& tables_;
  ledger::LedgerViews& views_;
  UnionApplier& unions_;
  RuleApplier& rules_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_CAMPAIGN_APPLIER_H_
