// SPDX-License-Identifier: Apache-2.0
// The upload of a plan: start, rows in order, complete. The plan there was stands until the upload
// is complete, but whatever was approved is void from its start.
#ifndef PUHUI_ISSUING_APP_PLAN_COMMANDS_H_
#define PUHUI_ISSUING_APP_PLAN_COMMANDS_H_

#include "issuing/app/plan_ahead.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/engine/command.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// Begins an upload; one that is under way is given up. Takes the campaign back to DRAFT and what
// its approval reserved back to the budget.
// Records: PlanStarted, whose version the rows must name; an entry, campaign → budget, if approved.
// Refuses: NOT_FOUND, CAMPAIGN_STATE when ISSUING or later, UNION_CLOSED.
class StartPlanCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId campaign{};
    std::string person{};  // The person behind the identity.
  };
  StartPlanCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// The next rows of an upload. All pieces but the last have kPlanChunkRows rows, so that a piece is
// a stored chunk. Records: PlanRows.
// Refuses: NOT_FOUND, CAMPAIGN_STATE unless DRAFT, PLAN_ROW_OUT_OF_ORDER when these are not the
// next rows of the upload under way, UNION_CLOSED, PLAN_ROWS_LIMIT, MEMBER_OF_OTHER_UNION also when
// there is no such member, DUPLICATE_MEMBER_IN_PLAN; both at field "rows[N].member", N from 0 in
// the plan. AMOUNT_OVERFLOW when the plan comes to more than Points::kMax.
class AddPlanRowsCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignNumber campaign{};
    std::uint32_t version = 0;
    std::uint64_t first_row = 0;
    std::string rows{};                 // Of AppendPlanRow.
    std::vector<PlanReason> reasons{};  // Of those that say why, by their place in `rows`.
    UploadAhead ahead{};                // Of ReadForUpload, if the rows were read ahead.
  };
  // Requires: 1 to kPlanChunkRows rows of 1 to Points::kMax points, and reasons that ascend and are
  // not empty (checked).
  AddPlanRowsCommand(Tables* tables, Wish wish);
  AddPlanRowsCommand(const AddPlanRowsCommand&) = delete;
  AddPlanRowsCommand& operator=(const AddPlanRowsCommand&) = delete;
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  absl::optional<ledger::Refusal> CheckMembers(UnionNumber of) const;
  absl::optional<ledger::Refusal> CheckDuplicates() const;

  Tables& tables_;
  Wish wish_;
  const PlanRowsView rows_;
};

// Ends an upload: it is the plan now. Records: PlanCompleted, with the hash.
// Refuses: NOT_FOUND, CAMPAIGN_STATE unless DRAFT, PLAN_EMPTY, PLAN_ROW_OUT_OF_ORDER when another
// upload began meanwhile, UNION_CLOSED.
class CompletePlanCommand final : public ledger::Command {
 public:
  CompletePlanCommand(Tables* tables, CampaignNumber campaign, std::uint32_t version)
      : tables_(*tables), campaign_(campaign), version_(version) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const CampaignNumber campaign_;
  const std::uint32_t version_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PLAN_COMMANDS_H_
