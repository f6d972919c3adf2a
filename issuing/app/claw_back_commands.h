// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_CLAW_BACK_COMMANDS_H_
#define PUHUI_ISSUING_APP_CLAW_BACK_COMMANDS_H_

#include "issuing/app/claw_back_rows.h"
#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/engine/campaign_figures.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// What is to be taken back.
struct ClawBackWish {
  struct Row {
    std::uint64_t row = 0;    // Of the plan.
    std::int64_t points = 0;  // That the plan gives it.
  };
  CampaignId campaign{};
  std::vector<Row> rows{};  // Ascending by row, without repeats; none: all rows.
  // False when the campaign had not been issued as they were looked for: then they say nothing.
  bool rows_known = false;
  std::int64_t points_per_row_max = 0;  // 0: whatever is unspent.
  std::string reason{};
  std::string person{};
};

// What the proposal comes to, or why there is none: the one rule for the command and for looking
// first. Refuses: CAMPAIGN_STATE unless it is ISSUED, or was CANCELLED amid its run,
// CLAW_BACK_STATE while another one runs.
absl::optional<ledger::Refusal> CheckClawBack(const CampaignRow& campaign);
// The most that it can ever take: what is unspent now and what may yet be given back, of each row
// no more than it was given.
std::int64_t ClawBackBound(const ClawBackWish& wish, const CampaignRow& campaign,
                           const ledger::CampaignFigures& figures);
// Whether a second person has to confirm so much: where two approve plans whatever their size, and
// above the threshold for two, with what was taken of the campaign before.
bool NeedsConfirmation(const UnionSettings& settings, const ledger::CampaignFigures& figures,
                       std::int64_t points_max);

// Proposes to take unspent points back; unless a second person has to confirm it, it runs at once.
// Records: ClawBackProposed.
// Refuses: NOT_FOUND, then as CheckClawBack.
class ProposeClawBackCommand final : public ledger::Command {
 public:
  ProposeClawBackCommand(Tables* tables, ledger::LedgerViews* views, ClawBackWish wish)
      : tables_(*tables), views_(*views), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  ledger::LedgerViews& views_;
  const ClawBackWish wish_;
};

// Confirms a proposal, which then runs, or rejects it.
// Records: ClawBackDecided.
// Refuses: SAME_PERSON, NOT_FOUND, CAMPAIGN_STATE when it is to be confirmed and the campaign is
// not ISSUED any more, CLAW_BACK_STATE unless it is PROPOSED and, to be confirmed, no other runs.
class DecideClawBackCommand final : public ledger::Command {
 public:
  struct Wish {
    CampaignId campaign{};
    Sequence claw_back = 0;
    bool confirm = false;
    std::string reason{};  // Why not.
    std::string person{};
  };
  DecideClawBackCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Rows of a claw-back that are next.
struct ClawBackPiece {
  struct Row {
    std::uint64_t row = 0;  // Of the plan.
    MemberId member{};
    bool granted = false;
  };
  Sequence claw_back = 0;
  std::uint64_t first = 0;  // Where the claw-back must stand.
  std::vector<Row> rows{};
};

// One piece of a claw-back. Of each row it takes what is available: never what is held, spent or
// expired; whatever has become of the member. Of a grant with an earmark the free lot comes first.
// Records: an entry wallet → Tables::HomeAccount for each row that something was taken of; then
// ClawBackAdvanced with a verdict on each row.
// Refuses: CLAW_BACK_STATE unless it runs and stands at this row.
class ClawBackChunkCommand final : public ledger::Command {
 public:
  ClawBackChunkCommand(Tables* tables, ledger::LedgerViews* views, ClawBackPiece piece)
      : tables_(*tables), views_(*views), piece_(std::move(piece)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  struct Limits {
    CampaignNumber campaign{};
    UnionNumber of{};
    std::int64_t points = 0;  // Of each row.
  };
  ClawBackOutcome Take(const ClawBackPiece::Row& row, const Limits& limits, absl::Time now,
                       ledger::Decision& decision);

  Tables& tables_;
  ledger::LedgerViews& views_;
  const ClawBackPiece piece_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_CLAW_BACK_COMMANDS_H_
