// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_ORDER_QUERIES_H_
#define PUHUI_MERCHANT_APP_ORDER_QUERIES_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "merchant/app/order_rows.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

namespace puhui::merchant {

absl::StatusOr<absl::optional<OrderRow>> FindOrder(const ledger::Readable& from, Sequence number);

struct FoundOrder {
  Sequence number = 0;
  OrderRow row{};
};
// Returns whether to go on.
using OrderVisit = absl::FunctionRef<absl::StatusOr<bool>(const FoundOrder&)>;

// Orders that are older than `before`, or all where it is 0, newest first. Of a member they are
// also those whose voucher the member was given.
absl::Status VisitOrdersOf(MemberId member, const ledger::Readable& from, Sequence before,
                           OrderVisit visit);
absl::Status VisitOrdersOf(MerchantNumber merchant, const ledger::Readable& from, Sequence before,
                           OrderVisit visit);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_ORDER_QUERIES_H_
