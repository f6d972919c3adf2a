// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_OFFER_CONVERT_H_
#define PUHUI_SERVICES_MARKET_OFFER_CONVERT_H_

#include "ledger/storage/store.h"
#include "merchant/app/offer_commands.h"
#include "merchant/app/offer_rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/catalog_service.pb.h"
#include "services/ledger/names.h"
#include "services/market/audience_convert.h"
#include "services/merchant/merchant_categories.h"

#include "absl/status/statusor.h"
#include "google/protobuf/field_mask.pb.h"

namespace puhui::services {

// What an offer says, as far as it was asked for, with what its audience names still to be looked
// up.
struct OfferDraft {
  merchant::OfferContent content{};
  AudienceDraft audience{};
};
// Reads the fields of `message` that are in `fields`. Refuses: kInvalidField.
absl::StatusOr<OfferDraft> ReadOffer(const v1::Offer& message, const merchant::OfferFields& fields,
                                     const MerchantCategories& categories);
// Refuses: kNotFound.
absl::StatusOr<merchant::OfferContent> ResolveOffer(const OfferDraft& draft,
                                                    const ledger::Readable& store);
// Those of a new offer.
merchant::OfferFields AllOfferFields();
// Refuses: kInvalidField for a mask that is empty or names anything else.
absl::StatusOr<merchant::OfferFields> ReadOfferMask(const google::protobuf::FieldMask& mask);

// Without its stock.
absl::StatusOr<v1::Offer> OfferOf(merchant::OfferNumber number, const merchant::OfferRow& row,
                                  Names& names);
// As the record left it: it was created, changed, published or withdrawn. Fails: kDataLoss for any
// other.
absl::StatusOr<v1::OfferVersion> OfferAsOf(const journal::v1::Record& record, Names& names);
v1::OfferStock StockOf(const merchant::OfferStockRow& row);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_OFFER_CONVERT_H_
