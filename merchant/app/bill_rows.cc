// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/bill_rows.h"

#include "ledger/base/check.h"

namespace puhui::merchant {

BillState BillStateAt(TillOutcome outcome, absl::Time expiry, absl::Time now) {
  if (outcome == TillOutcome::kPurchase) return BillState::kPaid;
  if (outcome == TillOutcome::kBillCancelled) return BillState::kCancelled;
  PUHUI_CHECK(outcome == TillOutcome::kBill);
  return expiry <= now ? BillState::kExpired : BillState::kOpen;
}

}  // namespace puhui::merchant
