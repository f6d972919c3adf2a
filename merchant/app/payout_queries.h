// SPDX-License-Identifier: Apache-2.0
// Reads of what merchants are paid, for handlers. Threads: safe. Fail: as Readable.
#ifndef PUHUI_MERCHANT_APP_PAYOUT_QUERIES_H_
#define PUHUI_MERCHANT_APP_PAYOUT_QUERIES_H_

#include "ledger/storage/store.h"
#include "merchant/app/statement_rows.h"
#include "merchant/core/payout.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <vector>

namespace puhui::merchant {

// What a business day came to, by whose money, ascending, zeros left out: frozen with its cut, and
// nothing before it. Cost: as ChangesOf. Requires: `row` is the statement of `key`.
absl::StatusOr<absl::optional<std::vector<OriginSum>>> CameTo(const ledger::Readable& from,
                                                              const StatementKey& key,
                                                              const StatementRow& row);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_PAYOUT_QUERIES_H_
