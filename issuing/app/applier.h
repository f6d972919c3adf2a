// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_APPLIER_H_
#define PUHUI_ISSUING_APP_APPLIER_H_

#include "issuing/app/tables.h"
#include "issuing/app/union_applier.h"
#include "ledger/engine/fold.h"
#include "ledger/engine/ledger_views.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstdint>

namespace puhui::issuing {

// Folds records into the issuing side's views: unions, fundings, members, campaigns and their
// plans, issue runs and sweeps. Attach it behind the ledger's own views. Threads: the writer's
// alone. Borrows: the tables and the ledger's views, whose timers it sets.
class IssuingApplier final : public ledger::Applier {
 public:
  IssuingApplier(Tables* tables, ledger::LedgerViews* views)
      : tables_(*tables), views_(*views), unions_(tables) {}
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  void Join(const journal::v1::Record& record);
  absl::Status ChangeMember(const journal::v1::MemberChanged& changed);
  void SubmitApplication(const journal::v1::Record& record);
  absl::Status DecideApplication(const journal::v1::Record& record);
  void StartKeyRotation(const journal::v1::Record& record);
  absl::Status AdvanceKeyRotation(const journal::v1::Record& record);

  void CreateCampaign(const journal::v1::Record& record);
  absl::Status StartPlan(const journal::v1::PlanStarted& started);
  absl::Status AddPlanRows(const journal::v1::PlanRows& rows);
  absl::Status CompletePlan(const journal::v1::PlanCompleted& completed);
  absl::Status Submit(const journal::v1::CampaignSubmitted& submitted);

  absl::Status ApplyEntry(const journal::v1::Record& record);
  absl::Status Approve(const journal::v1::CampaignApproved& approved);

  absl::Status StartIssue(const journal::v1::Record& record);
  absl::Status CountGrant(const journal::v1::Grant& grant);
  absl::Status CountRefusal(const journal::v1::RowRefused& refused);
  absl::Status FinishIssue(const journal::v1::IssueFinished& finished);

  // Keeps the count of the union's active campaigns.
  void SetState(CampaignState state, CampaignRow& campaign);
  absl::Status AdvanceSweep(const journal::v1::ExpiryAdvanced& advanced);
  absl::Status NoteReopened(const journal::v1::Entry& entry);
  void OrderSweep(CampaignNumber number, absl::Time due, CampaignRow& campaign);

  // Fails: kDataLoss when there is none.
  absl::StatusOr<CampaignRow*> EditCampaign(std::uint32_t number);
  void ErasePlanChunks(CampaignNumber campaign, std::uint32_t version, std::uint64_t rows);

  Tables& tables_;
  ledger::LedgerViews& views_;
  UnionApplier unions_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_APPLIER_H_
