// SPDX-License-Identifier: Apache-2.0
// The hash of a plan: the RFC 9162 root over its rows. Internal to this room.
#ifndef PUHUI_ISSUING_APP_PLAN_HASH_H_
#define PUHUI_ISSUING_APP_PLAN_HASH_H_

#include "issuing/app/plan_rows.h"
#include "issuing/app/rows.h"
#include "ledger/crypto/hash.h"

namespace puhui::issuing {

// The hash of the rows that have arrived.
ledger::Hash PlanHash(const PlanUpload& upload);
// Counts `rows` in: their number, their points and their hashes. A row's leaf is its bytes, and the
// text of its reason behind them if it has one.
void AppendRows(const PlanRowsView& rows, const std::vector<PlanReason>& reasons,
                PlanUpload* upload);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PLAN_HASH_H_
