// SPDX-License-Identifier: Apache-2.0
// Reads of offers and notices, for handlers. Pass a snapshot where two reads must agree. Threads:
// safe. Fail: as Readable.
#ifndef PUHUI_MERCHANT_APP_OFFER_QUERIES_H_
#define PUHUI_MERCHANT_APP_OFFER_QUERIES_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "merchant/app/offer_rows.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::merchant {

absl::StatusOr<absl::optional<OfferRow>> FindOffer(const ledger::Readable& from,
                                                   OfferNumber number);
// Of an item or seats, with what can be ordered now; nothing of a discount. `offer` is what the
// offer says.
absl::StatusOr<absl::optional<OfferStockRow>> FindOfferStock(const ledger::Readable& from,
                                                             OfferNumber number,
                                                             const OfferContent& offer);
// The offers of a merchant by number, `after` excluded.
absl::StatusOr<std::vector<OfferNumber>> ListOffers(const ledger::Readable& from,
                                                    MerchantNumber merchant, OfferNumber after,
                                                    std::size_t limit);

struct OfferVersionRef {
  std::uint32_t version = 0;
  Sequence record = 0;  // That says what it is.
};
// The newest first, from before `before` down; 0: from the newest.
absl::StatusOr<std::vector<OfferVersionRef>> ListOfferVersions(const ledger::Readable& from,
                                                               const OfferVersionKey& before,
                                                               std::size_t limit);

absl::StatusOr<absl::optional<NoticeRow>> FindNotice(const ledger::Readable& from,
                                                     NoticeNumber number);
struct FoundNotice {
  NoticeNumber number{};
  NoticeRow row{};
};
// The newest first, from before `before` down; none: from the newest.
absl::StatusOr<std::vector<FoundNotice>> ListNotices(const ledger::Readable& from,
                                                     NoticeNumber before, std::size_t limit);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_OFFER_QUERIES_H_
