// SPDX-License-Identifier: Apache-2.0
// Issue runs as people order them: begin, stop, go on, give up, close.
#ifndef PUHUI_ISSUING_APP_RUN_COMMANDS_H_
#define PUHUI_ISSUING_APP_RUN_COMMANDS_H_

#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <string>
#include <utility>

namespace puhui::issuing {

// Starts the issue run, now or later; the chores of issuing_chores.h carry it out.
// Records: IssueStarted.
// Refuses: NOT_FOUND, CAMPAIGN_STATE unless APPROVED, CAMPAIGN_EXPIRED (also when it is to start
// after the points have expired), APPROVAL_EXPIRED (also when it is to start after that),
// RULE_PACK_CHANGED; with `looked`: ETAG_MISMATCH when the campaign was changed since,
// ROW_WOULD_BE_REFUSED with metadata "row", "reason" and "rows".
class StartIssueCommand final : public ledger::Command {
 public:
  // What a look at every row of the plan has found.
  struct Look {
    Sequence changed = 0;  // Of the campaign as it was then.
    RunStop refused{};
  };
  struct Wish {
    CampaignId campaign{};
    absl::optional<absl::Time> start{};  // Absent: at once, as is what lies in the past.
    std::string person{};
    bool all_or_nothing = false;    // Rows that would be refused stop the run.
    absl::optional<Look> looked{};  // Absent: the run looks for itself when it begins.
  };
  StartIssueCommand(Tables* tables, ledger::LedgerViews* views, Wish wish)
      : tables_(*tables), views_(*views), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  ledger::LedgerViews& views_;
  const Wish wish_;
};

// Stops a run between two chunks. Records: IssuePaused.
// Refuses: NOT_FOUND, CAMPAIGN_STATE unless ISSUING and not paused.
class PauseIssueCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId campaign{};
    std::string person{};
  };
  PauseIssueCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Records: IssueResumed. Refuses: NOT_FOUND, CAMPAIGN_STATE unless paused.
class ResumeIssueCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId campaign{};
    std::string person{};
    bool without_all_or_nothing = false;  // From here on rows that are refused do not stop it.
  };
  ResumeIssueCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Ends a campaign before its time. What was granted stays granted; rows that have no verdict get
// none, and what was reserved for them goes back.
// Records: CampaignCancelled; an entry, campaign → budget, if anything is reserved.
// Refuses: NOT_FOUND, CAMPAIGN_STATE when ISSUED or at an end.
class CancelCampaignCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId campaign{};
    std::string reason{};
    std::string person{};
  };
  CancelCampaignCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Ends a campaign of which nothing is left: all that it granted is spent, expired or taken back.
// Records: CampaignClosed.
// Refuses: NOT_FOUND, CAMPAIGN_STATE unless ISSUED, CAMPAIGN_HAS_POINTS with metadata "points",
// CLAW_BACK_STATE while a claw-back is running.
class CloseCampaignCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId campaign{};
    std::string person{};
  };
  CloseCampaignCommand(Tables* tables, ledger::LedgerViews* views, Wish wish)
      : tables_(*tables), views_(*views), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  ledger::LedgerViews& views_;
  const Wish wish_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_RUN_COMMANDS_H_
