// SPDX-License-Identifier: Apache-2.0
// What a campaign is, until it is issued.
#ifndef PUHUI_ISSUING_APP_CAMPAIGN_COMMANDS_H_
#define PUHUI_ISSUING_APP_CAMPAIGN_COMMANDS_H_

#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/core/terms.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/types/optional.h"

#include <string>
#include <utility>

namespace puhui::issuing {

// What a campaign's etag is made of: the record that last changed it.
std::string CampaignEtag(CampaignNumber number, Sequence changed);

// Records: CampaignCreated.
// Refuses: INVALID_FIELD (the first contradiction in the terms), NOT_FOUND (the union or the
// origin), ALREADY_EXISTS, UNION_CLOSED.
class CreateCampaignCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId id{};
    UnionId union_id{};
    absl::optional<UnionId> origin{};  // Whose money it issues; absent: the union's own.
    std::string display_name{};
    std::string occasion{};
    ledger::Terms terms{};  // Lists in any order; the origin is the campaign's.
    std::string person{};   // The person behind the identity.
  };
  CreateCampaignCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Changes what is set of the wish. The campaign is a draft afterwards, whatever was approved is
// void and what was reserved goes back. Records: CampaignUpdated; an entry, campaign → budget, if
// approved.
// Refuses: INVALID_FIELD (the first contradiction in the terms), NOT_FOUND, CAMPAIGN_STATE when
// ISSUING or at an end, UNION_CLOSED, ETAG_MISMATCH.
class UpdateCampaignCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId campaign{};
    absl::optional<std::string> display_name{};
    absl::optional<std::string> occasion{};
    absl::optional<ledger::Terms> terms{};  // All of them, as in CreateCampaignCommand.
    std::string etag{};                     // Empty: whatever it is now.
    std::string person{};
  };
  UpdateCampaignCommand(Tables* tables, ledger::LedgerViews* views, Wish wish)
      : tables_(*tables), views_(*views), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  ledger::LedgerViews& views_;
  const Wish wish_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_CAMPAIGN_COMMANDS_H_
