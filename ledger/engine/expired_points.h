// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_EXPIRED_POINTS_H_
#define PUHUI_LEDGER_ENGINE_EXPIRED_POINTS_H_

#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/command.h"

namespace puhui::ledger {

// Where points go that expire. Threads: the writer's alone.
class ExpiredPoints {
 public:
  virtual ~ExpiredPoints() = default;
  // Requires: the campaign exists (checked).
  virtual AccountKey AccountOf(CampaignNumber campaign, UnionNumber origin) = 0;
};

// Adds the entry that takes all that is left and not held of a lot: wallet → `to`. Requires: it is
// something (checked).
void AddExpiry(MemberId member, const Lot& lot, const AccountKey& to, Decision& decision);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_EXPIRED_POINTS_H_
