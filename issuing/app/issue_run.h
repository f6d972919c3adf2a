// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_ISSUE_RUN_H_
#define PUHUI_ISSUING_APP_ISSUE_RUN_H_

#include "issuing/app/grant_judgement.h"
#include "issuing/app/plan_ahead.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::issuing {

// What a look at all rows that were left has found, for a run of all or nothing.
struct Foreseen {
  RunStop refused{};
  absl::Time run_due{};  // As it was due when they were looked at.
};

// Rows of a campaign's plan, as they are stored, and what has been read for them.
struct PlanPiece {
  CampaignNumber campaign{};
  std::uint32_t version = 0;
  std::uint64_t first_row = 0;
  std::string rows{};  // Packed, see plan_rows.h.
  PieceAhead ahead{};
  Foreseen foreseen{};
};

// So late the first row of a run may still count in the year in which it was to begin.
inline constexpr absl::Duration kRunIntoNextYear = absl::Hours(24);

// One piece of an issue run. A row is granted once: the piece must begin where the run stands.
// Records: one per row, an entry campaign → wallet or RowRefused; after the last row an entry
// campaign → budget when rows were refused, and IssueFinished. When at the first row another rule
// pack is in force than the run was begun under, or binds it otherwise, or it is a day late and in
// another year, or as late as approvals are good for: ApprovalsVoided and an entry campaign →
// budget. When the run is of all or nothing and a row would be refused, of the piece or of those
// that were looked at ahead of it: IssuePaused alone.
// Refuses: CAMPAIGN_STATE unless the campaign is ISSUING this plan and stands at this row; of a run
// of all or nothing, also when it has gone on since its rows were looked at.
class IssueChunkCommand final : public ledger::Command {
 public:
  IssueChunkCommand(Tables* tables, ledger::LedgerViews* views, PlanPiece piece)
      : tables_(*tables), views_(*views), piece_(std::move(piece)), rows_(piece_.rows) {}
  IssueChunkCommand(const IssueChunkCommand&) = delete;
  IssueChunkCommand& operator=(const IssueChunkCommand&) = delete;
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  struct Tally {
    std::uint64_t granted = 0;
    std::uint64_t refused = 0;
    std::int64_t points = 0;
  };
  // The verdict on a row whose member has that wallet, or none.
  GrantVerdict Judge(const PlanRow& row, const ledger::Wallet* wallet, const GrantFrame& frame,
                     absl::Time now);
  Tally JudgeRows(const GrantFrame& frame, const CampaignRow& campaign, absl::Time now,
                  ledger::Decision& decision);
  void Prefetch(absl::CivilDay day);
  bool IsOfEarlierLook(const CampaignRow& campaign) const;
  // What a run of all or nothing has to stop for; no rows: nothing.
  RunStop WhyStop(const GrantFrame& frame, const CampaignRow& campaign, absl::Time now);
  void Stop(const RunStop& stop, ledger::Decision& decision) const;
  absl::optional<VoidReason> WhyVoid(const CampaignRow& campaign, absl::Time now) const;
  void Void(const CampaignRow& campaign, VoidReason reason, ledger::Decision& decision) const;
  void Grant(std::size_t i, const ledger::Wallet& wallet, const ledger::Terms& terms,
             const RulePackName& pack, const GrantVerdict& verdict,
             ledger::Decision& decision) const;
  void Finish(const CampaignRow& campaign, const Tally& tally, ledger::Decision& decision) const;

  Tables& tables_;
  ledger::LedgerViews& views_;
  PlanPiece piece_;
  const PlanRowsView rows_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_ISSUE_RUN_H_
