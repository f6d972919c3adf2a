// SPDX-License-Identifier: Apache-2.0
// What the ledger has to compare. Threads: safe. Fails: as Readable.
#ifndef PUHUI_MERCHANT_APP_RECONCILIATION_QUERIES_H_
#define PUHUI_MERCHANT_APP_RECONCILIATION_QUERIES_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "merchant/app/reconciliation.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>

namespace puhui::merchant {

// All that a merchant's tills did in [start, end) that changed what it is owed; nothing when that
// is more than `most`. Cost: a search for the first record of that time, and one record each.
// Requires: both are whole seconds.
absl::StatusOr<absl::optional<StoreBooks>> BooksOf(const ledger::Readable& from,
                                                   MerchantNumber merchant, absl::Time start,
                                                   absl::Time end, std::size_t most);

// The first record that is not before `time`; one more than the last when there is none.
// Cost: as many reads as the journal's length has binary digits.
absl::StatusOr<Sequence> FirstRecordAt(const ledger::Readable& from, absl::Time time);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_RECONCILIATION_QUERIES_H_
