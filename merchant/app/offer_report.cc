// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/offer_report.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/offer_rows.h"

#include <algorithm>
#include <utility>

namespace puhui::merchant {
namespace {

// Best first.
bool Before(const OfferRanking& by, const RankedOffer& a, const RankedOffer& b) {
  const std::int64_t of_a = a.figures.*by.measure;
  const std::int64_t of_b = b.figures.*by.measure;
  return of_a != of_b ? of_a > of_b : a.offer < b.offer;
}

absl::StatusOr<bool> IsOf(const ledger::Readable& from, OfferNumber offer,
                          MerchantNumber merchant) {
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(from, kOfferTable, offer));
  return row.has_value() && row->merchant == merchant;
}

}  // namespace

absl::StatusOr<OfferFigures> OfferFiguresOf(const ledger::Readable& from,
                                            const OfferFigureKey& key) {
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(from, kOfferFigureTable, key));
  return row.value_or(OfferFigures());
}

// Keeps no more than twice what is wanted, so that memory does not grow with the number of offers.
// Whose an offer is is looked up of those alone that would be kept.
absl::StatusOr<std::vector<RankedOffer>> RankOffers(const ledger::Readable& from,
                                                    const OfferRanking& ranking,
                                                    std::size_t limit) {
  std::vector<RankedOffer> best;
  absl::optional<RankedOffer> last;  // That is wanted, as far as is known.
  const auto before = [&ranking](const RankedOffer& a, const RankedOffer& b) {
    return Before(ranking, a, b);
  };
  const auto cut = [&best, &last, &before, limit] {
    std::sort(best.begin(), best.end(), before);
    if (best.size() < limit) return;
    best.resize(limit);
    last = best.back();
  };
  std::size_t looked_at = 0;
  const auto visit = [&](const OfferFigureKey& key, OfferFigures& figures) -> absl::StatusOr<bool> {
    const RankedOffer candidate{.offer = OfferNumber{key.number}, .figures = figures};
    const bool more = ++looked_at < kOffersRankedMax;
    if (figures.*ranking.measure <= 0) return more;
    if (last.has_value() && before(*last, candidate)) return more;
    if (ranking.merchant.has_value()) {
      PUHUI_ASSIGN_OR_RETURN(const bool own, IsOf(from, candidate.offer, *ranking.merchant));
      if (!own) return more;
    }
    best.push_back(candidate);
    if (best.size() >= 2 * limit) cut();
    return more;
  };
  PUHUI_RETURN_IF_ERROR(ledger::Scan(
      from, kOfferFigureTable,
      {.prefix = ledger::EncodeKeyPrefix(kOfferFigureTable.id, ranking.of, OfferFigureKind::kOffer),
       .backward = true},
      visit));
  cut();
  return best;
}

}  // namespace puhui::merchant
