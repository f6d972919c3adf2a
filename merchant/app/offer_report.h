// SPDX-License-Identifier: Apache-2.0
// Reads of what became of offers, for handlers. Pass a snapshot where two reads must agree.
// Threads: safe. Fail: as Readable.
#ifndef PUHUI_MERCHANT_APP_OFFER_REPORT_H_
#define PUHUI_MERCHANT_APP_OFFER_REPORT_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "merchant/app/offer_figure_rows.h"
#include "merchant/core/offer.h"

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::merchant {

// All zero when nothing happened there.
absl::StatusOr<OfferFigures> OfferFiguresOf(const ledger::Readable& from,
                                            const OfferFigureKey& key);

struct RankedOffer {
  OfferNumber offer{};
  OfferFigures figures{};
};
struct OfferRanking {
  UnionNumber of{};
  absl::optional<MerchantNumber> merchant{};  // Only of this one.
  std::int64_t OfferFigures::*measure = nullptr;
};
// The `limit` offers with the most, the first with the most of all; of two with as much the older
// one first. None with nothing. Of the kOffersRankedMax offers that were created last and with
// which anything happened in the union.
absl::StatusOr<std::vector<RankedOffer>> RankOffers(const ledger::Readable& from,
                                                    const OfferRanking& ranking, std::size_t limit);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_OFFER_REPORT_H_
