// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/offer_queries.h"

#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/offers.h"
#include "merchant/app/order_rows.h"

#include <limits>
#include <utility>

namespace puhui::merchant {
namespace {

constexpr std::uint32_t kLast = std::numeric_limits<std::uint32_t>::max();

}  // namespace

absl::StatusOr<absl::optional<OfferRow>> FindOffer(const ledger::Readable& from,
                                                   OfferNumber number) {
  return ledger::Find(from, kOfferTable, number);
}

absl::StatusOr<absl::optional<OfferStockRow>> FindOfferStock(const ledger::Readable& from,
                                                             OfferNumber number,
                                                             const OfferContent& offer) {
  PUHUI_ASSIGN_OR_RETURN(auto stock, ledger::Find(from, kOfferStockTable, number));
  if (!stock.has_value() || !offer.external_codes) return stock;
  PUHUI_ASSIGN_OR_RETURN(const auto codes, ledger::Find(from, kOfferCodeCountTable, number));
  stock->available = AvailableOf(offer, &*stock, codes.has_value() ? &*codes : nullptr);
  return stock;
}

// One seek for each: the versions of an offer are passed over.
absl::StatusOr<std::vector<OfferNumber>> ListOffers(const ledger::Readable& from,
                                                    MerchantNumber merchant, OfferNumber after,
                                                    std::size_t limit) {
  std::vector<OfferNumber> offers;
  ledger::Range range{.prefix = ledger::EncodeKeyPrefix(kOfferVersionTable.id, merchant),
                      .after_from = true};
  while (offers.size() < limit) {
    range.from = ledger::EncodeKey(kOfferVersionTable.id, OfferVersionKey{merchant, after, kLast});
    PUHUI_ASSIGN_OR_RETURN(const auto rows, ledger::List(from, kOfferVersionTable, range, 1));
    if (rows.empty()) break;
    after = rows.front().key.offer;
    offers.push_back(after);
  }
  return offers;
}

absl::StatusOr<std::vector<OfferVersionRef>> ListOfferVersions(const ledger::Readable& from,
                                                               const OfferVersionKey& before,
                                                               std::size_t limit) {
  ledger::Range range{
      .prefix = ledger::EncodeKeyPrefix(kOfferVersionTable.id, before.merchant, before.offer),
      .backward = true};
  if (before.version != 0) {
    range.from = ledger::EncodeKey(kOfferVersionTable.id, before);
    range.after_from = true;
  }
  PUHUI_ASSIGN_OR_RETURN(const auto rows,
                         ledger::List(from, kOfferVersionTable, std::move(range), limit));
  std::vector<OfferVersionRef> versions;
  for (const auto& row : rows) {
    versions.push_back({.version = row.key.version, .record = row.value});
  }
  return versions;
}

absl::StatusOr<absl::optional<NoticeRow>> FindNotice(const ledger::Readable& from,
                                                     NoticeNumber number) {
  return ledger::Find(from, kNoticeTable, number);
}

absl::StatusOr<std::vector<FoundNotice>> ListNotices(const ledger::Readable& from,
                                                     NoticeNumber before, std::size_t limit) {
  ledger::Range range{.backward = true};
  if (before != NoticeNumber{}) {
    range.from = ledger::EncodeKey(kNoticeTable.id, before);
    range.after_from = true;
  }
  PUHUI_ASSIGN_OR_RETURN(auto rows, ledger::List(from, kNoticeTable, std::move(range), limit));
  std::vector<FoundNotice> notices;
  for (auto& row : rows) notices.push_back({.number = row.key, .row = std::move(row.value)});
  return notices;
}

}  // namespace puhui::merchant
