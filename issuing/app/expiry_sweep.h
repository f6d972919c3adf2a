// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_EXPIRY_SWEEP_H_
#define PUHUI_ISSUING_APP_EXPIRY_SWEEP_H_

#include "issuing/app/issue_run.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <utility>

namespace puhui::issuing {

// One piece of the sweep of an expired campaign: what is left and not held of its lots goes back to
// the budget (see Tables::HomeAccount), or to the union's expired account, by the terms. A lot that
// points came back to has a later expiry and is left alone: the applier orders another sweep for
// that time, from row 0. What is held stays with its authorisation; what that gives back comes back
// to a lot that has expired.
// Records: one entry per lot closed, wallet → budget or expired; then ExpiryAdvanced.
// Refuses: CAMPAIGN_STATE unless a sweep of this plan is due and stands at this row.
class ExpireChunkCommand final : public ledger::Command {
 public:
  ExpireChunkCommand(Tables* tables, ledger::LedgerViews* views, PlanPiece piece)
      : tables_(*tables), views_(*views), piece_(std::move(piece)), rows_(piece_.rows) {}
  ExpireChunkCommand(const ExpireChunkCommand&) = delete;
  ExpireChunkCommand& operator=(const ExpireChunkCommand&) = delete;
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  ledger::LedgerViews& views_;
  PlanPiece piece_;
  const PlanRowsView rows_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_EXPIRY_SWEEP_H_
