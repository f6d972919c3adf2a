// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_EXPIRED_POINTS_H_
#define PUHUI_ISSUING_APP_EXPIRED_POINTS_H_

#include "issuing/app/tables.h"
#include "ledger/engine/expired_points.h"
#include "ledger/engine/ledger_views.h"

namespace puhui::issuing {

// By the campaign's terms: back to the budget (see Tables::HomeAccount), or to the expired account
// of the campaign's union. Threads: the writer's alone. Borrows: tables and views.
class CampaignExpiredPoints final : public ledger::ExpiredPoints {
 public:
  CampaignExpiredPoints(Tables* tables, ledger::LedgerViews* views)
      : tables_(*tables), views_(*views) {}
  ledger::AccountKey AccountOf(CampaignNumber campaign, UnionNumber origin) override;

 private:
  Tables& tables_;
  ledger::LedgerViews& views_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_EXPIRED_POINTS_H_
