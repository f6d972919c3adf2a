// SPDX-License-Identifier: Apache-2.0
#include "services/market/offer_convert.h"

#include "ledger/base/status_macros.h"
#include "merchant/app/offer_records.h"
#include "merchant/app/offers.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include <string>

namespace puhui::services {
namespace {

namespace jv1 = journal::v1;

void SetBenefit(const merchant::OfferContent& content, v1::Offer* message) {
  switch (content.kind) {
    case merchant::OfferKind::kPercentageOff: {
      v1::PercentageOff& off = *message->mutable_percentage_off();
      off.set_basis_points(static_cast<std::int32_t>(content.discount.off_rate.value()));
      off.set_minimum_points(content.discount.minimum_points);
      off.set_discount_points_max(content.discount.off_points);
      return;
    }
    case merchant::OfferKind::kAmountOff:
      message->mutable_amount_off()->set_points(content.discount.off_points);
      message->mutable_amount_off()->set_minimum_points(content.discount.minimum_points);
      return;
    case merchant::OfferKind::kItem:
      message->mutable_item()->set_price_points(content.price);
      for (const merchant::OfferComponent& component : content.components) {
        v1::OfferComponent& part = *message->mutable_item()->add_components();
        part.set_text(component.text);
        part.set_quantity(component.quantity);
      }
      return;
    case merchant::OfferKind::kSeats: {
      v1::OfferSeats& seats = *message->mutable_seats();
      seats.set_price_points(content.price);
      seats.set_travel_day(absl::FormatCivilTime(content.journey.day));
      seats.set_from(content.journey.from);
      seats.set_to(content.journey.to);
      return;
    }
  }
}

// What a record says of the row that it left.
template <class Change>
absl::StatusOr<merchant::OfferRow> RowOf(const Change& change, absl::Time now) {
  merchant::OfferRow row{.merchant = MerchantNumber{change.merchant()},
                         .state = static_cast<merchant::OfferState>(change.state()),
                         .version = change.version(),
                         .create_time = absl::FromUnixMicros(change.create_time_micros()),
                         .change_time = now};
  PUHUI_ASSIGN_OR_RETURN(row.content, merchant::ContentOf(change.content()));
  return row;
}

absl::StatusOr<merchant::OfferRow> RowOf(const jv1::OfferCreated& created, absl::Time now) {
  merchant::OfferRow row{.merchant = MerchantNumber{created.merchant()},
                         .version = 1,
                         .create_time = now,
                         .change_time = now};
  PUHUI_ASSIGN_OR_RETURN(row.content, merchant::ContentOf(created.content()));
  return row;
}

template <class Change>
absl::StatusOr<v1::OfferVersion> VersionOf(const jv1::Record& record, const Change& change,
                                           Names& names) {
  v1::OfferVersion version;
  const absl::Time now = absl::FromUnixMicros(record.time_micros());
  PUHUI_ASSIGN_OR_RETURN(const merchant::OfferRow row, RowOf(change, now));
  PUHUI_ASSIGN_OR_RETURN(*version.mutable_offer(),
                         OfferOf(merchant::OfferNumber{change.offer()}, row, names));
  version.set_person(change.person());
  version.set_sequence(record.sequence());
  *version.mutable_time() = ToTimestamp(now);
  return version;
}

}  // namespace

absl::StatusOr<v1::Offer> OfferOf(merchant::OfferNumber number, const merchant::OfferRow& row,
                                  Names& names) {
  v1::Offer message;
  const merchant::OfferContent& content = row.content;
  message.set_name(FormatOfferName(static_cast<std::uint32_t>(number)));
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_merchant(), names.OfMerchant(row.merchant));
  message.set_state(static_cast<v1::OfferState>(row.state));
  message.set_version(row.version);
  message.set_etag(merchant::EtagOf(number, row.version));
  message.set_title(content.title);
  message.set_text(content.text);
  SetBenefit(content, &message);
  message.set_category(FormatCategory(content.category));
  for (const std::uint32_t region : content.regions) message.add_regions(FormatRegion(region));
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_audience(), AudienceOf(content.audience, names));
  SetWindow(content.window, &message);
  message.set_per_member_limit(content.per_member_limit);
  for (const merchant::OfferPicture& picture : content.pictures) {
    v1::OfferPicture& shown = *message.add_pictures();
    shown.set_sha256(absl::BytesToHexString(std::string(picture.hash.begin(), picture.hash.end())));
    shown.set_media_type(picture.media_type);
  }
  for (const merchant::FulfilmentKind kind : content.fulfilments) {
    message.add_fulfilments(static_cast<v1::FulfilmentKind>(kind));
  }
  message.set_transferable(content.transferable);
  message.set_voucher_days(content.voucher_days);
  message.set_external_codes(content.external_codes);
  *message.mutable_create_time() = ToTimestamp(row.create_time);
  *message.mutable_change_time() = ToTimestamp(row.change_time);
  return message;
}

absl::StatusOr<v1::OfferVersion> OfferAsOf(const jv1::Record& record, Names& names) {
  if (record.has_offer_created()) return VersionOf(record, record.offer_created(), names);
  if (record.has_offer_changed()) return VersionOf(record, record.offer_changed(), names);
  if (!record.has_offer_moved()) {
    return absl::DataLossError(absl::StrCat("record ", record.sequence(), " is of no offer"));
  }
  PUHUI_ASSIGN_OR_RETURN(v1::OfferVersion version, VersionOf(record, record.offer_moved(), names));
  version.set_reason(record.offer_moved().reason());
  return version;
}

v1::OfferStock StockOf(const merchant::OfferStockRow& row) {
  v1::OfferStock stock;
  stock.set_available(row.available);
  stock.set_sold(row.sold);
  return stock;
}

}  // namespace puhui::services
