// SPDX-License-Identifier: Apache-2.0
// A campaign from its creation to the start of its issue run.
#ifndef PUHUI_ISSUING_APP_CAMPAIGN_COMMANDS_H_
#define PUHUI_ISSUING_APP_CAMPAIGN_COMMANDS_H_

#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// Records: CampaignCreated.
// Refuses: NOT_FOUND (the union), ALREADY_EXISTS, UNION_CLOSED.
class CreateCampaignCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId id{};
    UnionId union_id{};
    std::string display_name{};
    std::string occasion{};
    absl::Time expiry{};
    std::vector<std::uint32_t> categories{};  // In any order; empty: all.
    bool expire_to_union = false;
    std::string person{};  // The person behind the identity.
  };
  CreateCampaignCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Freezes the plan and asks for approval. Records: CampaignSubmitted.
// Refuses: NOT_FOUND, CAMPAIGN_STATE unless DRAFT, PLAN_EMPTY, PLAN_CHANGED, CAMPAIGN_EXPIRED,
// UNION_CLOSED.
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

// Approves exactly one plan and reserves its total. A grant draws on one origin only, so the whole
// plan has to be covered by the union's own money. Records: an entry, budget → campaign.
// Refuses: SAME_PERSON when the person created, uploaded or submitted; NOT_FOUND, CAMPAIGN_STATE
// unless SUBMITTED, PLAN_CHANGED, CAMPAIGN_EXPIRED, BUDGET_TOO_SMALL with metadata "available".
class ApproveCampaignCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId campaign{};
    ledger::Hash plan_hash{};
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

// Starts the issue run, which the chores of issuing_chores.h carry out. Records: IssueStarted.
// Refuses: NOT_FOUND, CAMPAIGN_STATE unless APPROVED, CAMPAIGN_EXPIRED.
class StartIssueCommand final : public ledger::Command {
 public:
  StartIssueCommand(Tables* tables, ledger::LedgerViews* views, CampaignId campaign)
      : tables_(*tables), views_(*views), campaign_(std::move(campaign)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  ledger::LedgerViews& views_;
  const CampaignId campaign_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_CAMPAIGN_COMMANDS_H_
