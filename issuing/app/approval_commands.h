// SPDX-License-Identifier: Apache-2.0
// From a plan to an approved one: submit, approve, reject, and what grows too old.
#ifndef PUHUI_ISSUING_APP_APPROVAL_COMMANDS_H_
#define PUHUI_ISSUING_APP_APPROVAL_COMMANDS_H_

#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/types/optional.h"

#include <string>
#include <utility>

namespace puhui::issuing {

// Freezes the plan and asks for approval, by as many people as the union's policy wants for so many
// points now, under the rule pack that is in force now. Records: CampaignSubmitted; when it had
// been approved under another pack an entry, campaign → budget.
// Refuses: NOT_FOUND, CAMPAIGN_STATE unless DRAFT, or SUBMITTED or APPROVED under a pack that is no
// longer in force, PLAN_EMPTY, PLAN_CHANGED, CAMPAIGN_EXPIRED, UNION_CLOSED.
class SubmitCampaignCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId campaign{};
    ledger::Hash plan_hash{};
    std::string person{};
  };
  SubmitCampaignCommand(Tables* tables, ledger::LedgerViews* views, Wish wish)
      : tables_(*tables), views_(*views), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  ledger::LedgerViews& views_;
  const Wish wish_;
};

// Approves exactly one plan under exactly these terms; the last approval that is needed reserves
// its total. A grant draws on one origin only, so the whole plan has to be covered by its money.
// Records: ApprovalGiven, or an entry, budget → campaign.
// Refuses: SAME_PERSON when the person created, changed, uploaded or submitted, or has approved
// already; NOT_FOUND, CAMPAIGN_STATE unless SUBMITTED, PLAN_CHANGED, CAMPAIGN_EXPIRED,
// APPROVAL_EXPIRED when the first approval is too old, RULE_PACK_CHANGED, ETAG_MISMATCH,
// BUDGET_TOO_SMALL with metadata "available".
class ApproveCampaignCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId campaign{};
    ledger::Hash plan_hash{};
    std::string etag{};  // Empty: whatever it is now.
    std::string person{};
  };
  ApproveCampaignCommand(Tables* tables, ledger::LedgerViews* views, Wish wish)
      : tables_(*tables), views_(*views), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  ledger::LedgerViews& views_;
  const Wish wish_;
};

// Refuses the campaign as it is: a changed one can be submitted again.
// Records: CampaignRejected; an entry, campaign → budget, if approved.
// Refuses: NOT_FOUND, CAMPAIGN_STATE unless SUBMITTED or APPROVED, ETAG_MISMATCH.
class RejectCampaignCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId campaign{};
    std::string etag{};  // Empty: whatever it is now.
    std::string reason{};
    std::string person{};
  };
  RejectCampaignCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// The chore of approvals that have grown too old: the campaign is a draft again.
// Records: ApprovalsVoided; an entry, campaign → budget, if approved.
// Refuses: NOT_FOUND, CAMPAIGN_STATE unless its approvals are too old now.
class ExpireApprovalsCommand final : public ledger::Command {
 public:
  ExpireApprovalsCommand(Tables* tables, CampaignNumber campaign)
      : tables_(*tables), campaign_(campaign) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const CampaignNumber campaign_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_APPROVAL_COMMANDS_H_
