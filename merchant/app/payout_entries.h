// SPDX-License-Identifier: Apache-2.0
// Internal to this room.
#ifndef PUHUI_MERCHANT_APP_PAYOUT_ENTRIES_H_
#define PUHUI_MERCHANT_APP_PAYOUT_ENTRIES_H_

#include "ledger/engine/command.h"
#include "merchant/app/tables.h"

namespace puhui::merchant {

// Adds the entries that move what a payment pays, by whose money it is: payable to payout once it
// is kPaid, and back once it is kReturned. Requires: it is one of the two, of a payment that there
// is (checked).
void AddPayoutEntries(Tables& tables, const PaymentKey& key, PaymentState state,
                      ledger::Decision& decision);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_PAYOUT_ENTRIES_H_
