// SPDX-License-Identifier: Apache-2.0
// Orders as their records say them: for the fold, and for answers that have to be the same when a
// call comes again.
#ifndef PUHUI_MERCHANT_APP_ORDER_RECORDS_H_
#define PUHUI_MERCHANT_APP_ORDER_RECORDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/ledger_rows.h"
#include "merchant/app/order_rows.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace puhui::merchant {

// What 16 bytes of a record are the key of. Fails: kDataLoss when they are not so many.
absl::StatusOr<ledger::Tag> TagIn(absl::string_view bytes);

// The number of the order that a record is about; 0: of none.
Sequence OrderOf(const journal::v1::Record& record);

// The order that was placed with `record`. Requires: it was one. Fails: kDataLoss.
absl::StatusOr<OrderRow> PlacedOrder(const journal::v1::Record& record);

// The order as `record`, which changed it, left it. `known` is the order at any time since; when
// it ended is said only where the record ended it. Requires: the record is of that order.
OrderRow OrderAfter(const journal::v1::Record& record, OrderRow known);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_ORDER_RECORDS_H_
