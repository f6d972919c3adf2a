// SPDX-License-Identifier: Apache-2.0
// Bills, from records to answers.
#ifndef PUHUI_SERVICES_MERCHANT_BILL_CONVERT_H_
#define PUHUI_SERVICES_MERCHANT_BILL_CONVERT_H_

#include "ledger/storage/store.h"
#include "merchant/app/bill_rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/bill.pb.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace puhui::services {

// The bill that `record` presented. Requires: it presented one.
v1::Bill BillOf(const journal::v1::Record& record, merchant::BillState state,
                absl::string_view terminal);

// The same as it stands at `now`: the answer to a till that asks again and again, so it costs two
// reads of rows, and none of the bill's own, which may be forgotten.
absl::StatusOr<v1::Bill> FindBill(const ledger::Readable& store, const journal::v1::Record& record,
                                  absl::Time now);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_BILL_CONVERT_H_
