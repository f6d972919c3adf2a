// SPDX-License-Identifier: Apache-2.0
// Which offers and merchants the records of the journal are about.
#ifndef PUHUI_MERCHANT_SEARCH_INDEX_RECORDS_H_
#define PUHUI_MERCHANT_SEARCH_INDEX_RECORDS_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "merchant/core/offer.h"

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"

#include <cstddef>

namespace puhui::merchant {

struct ChangedOffers {
  absl::flat_hash_set<OfferNumber> offers{};
  bool merchants = false;  // Some merchant, or its stores, too.
  Sequence last = 0;       // The last record that was read; one before the first when none was.
};

// What the records from `from` to `to` changed: of all of them, or of as many as change
// `offers_max` offers. Purchases, which most records are of, are passed by unread.
// Fails: as ReadRecords; kDataLoss for a record that is none.
absl::StatusOr<ChangedOffers> ReadChangedOffers(const ledger::Readable& store, Sequence from,
                                                Sequence to, std::size_t offers_max);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_SEARCH_INDEX_RECORDS_H_
