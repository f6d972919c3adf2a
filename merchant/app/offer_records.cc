// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/offer_records.h"

#include "ledger/base/points.h"
#include "ledger/engine/record_day.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace puhui::merchant {

namespace jv1 = journal::v1;

jv1::Audience RecordOf(const Audience& audience) {
  jv1::Audience stored;
  for (const UnionNumber number : audience.unions) {
    stored.add_unions(static_cast<std::uint32_t>(number));
  }
  for (const std::string& text : audience.employments) stored.add_employments(text);
  for (const std::string& text : audience.departments) stored.add_departments(text);
  if (audience.joined_from.has_value()) {
    stored.set_joined_from(ledger::DayForRecord(*audience.joined_from));
  }
  if (audience.joined_to.has_value()) {
    stored.set_joined_to(ledger::DayForRecord(*audience.joined_to));
  }
  for (const CampaignNumber number : audience.campaigns) {
    stored.add_campaigns(static_cast<std::uint32_t>(number));
  }
  return stored;
}

Audience AudienceOf(const jv1::Audience& stored) {
  Audience audience;
  for (const std::uint32_t number : stored.unions()) audience.unions.push_back(UnionNumber{number});
  audience.employments.assign(stored.employments().begin(), stored.employments().end());
  audience.departments.assign(stored.departments().begin(), stored.departments().end());
  if (stored.has_joined_from()) audience.joined_from = ledger::DayFromRecord(stored.joined_from());
  if (stored.has_joined_to()) audience.joined_to = ledger::DayFromRecord(stored.joined_to());
  for (const std::uint32_t number : stored.campaigns()) {
    audience.campaigns.push_back(CampaignNumber{number});
  }
  return audience;
}

jv1::DayWindow RecordOf(const DayWindow& window) {
  jv1::DayWindow stored;
  if (window.first_day.has_value()) stored.set_first_day(ledger::DayForRecord(*window.first_day));
  stored.set_last_day(ledger::DayForRecord(window.last_day));
  stored.set_time_zone(window.time_zone);
  stored.set_start_micros(absl::ToUnixMicros(window.start));
  stored.set_end_micros(absl::ToUnixMicros(window.end));
  return stored;
}

DayWindow WindowOf(const jv1::DayWindow& stored) {
  DayWindow window{.last_day = ledger::DayFromRecord(stored.last_day()),
                   .time_zone = stored.time_zone(),
                   .start = absl::FromUnixMicros(stored.start_micros()),
                   .end = absl::FromUnixMicros(stored.end_micros())};
  if (stored.has_first_day()) window.first_day = ledger::DayFromRecord(stored.first_day());
  return window;
}

jv1::OfferContent RecordOf(const OfferContent& content) {
  jv1::OfferContent stored;
  stored.set_title(content.title);
  stored.set_text(content.text);
  stored.set_kind(static_cast<std::uint32_t>(content.kind));
  stored.set_off_basis_points(content.discount.off_rate.value());
  stored.set_off_points(content.discount.off_points);
  stored.set_minimum_points(content.discount.minimum_points);
  stored.set_price_points(content.price);
  for (const OfferComponent& component : content.components) {
    jv1::OfferComponent& added = *stored.add_components();
    added.set_text(component.text);
    added.set_quantity(component.quantity);
  }
  stored.set_travel_day(ledger::DayForRecord(content.journey.day));
  stored.set_travel_from(content.journey.from);
  stored.set_travel_to(content.journey.to);
  stored.set_category(content.category);
  for (const std::uint32_t region : content.regions) stored.add_regions(region);
  *stored.mutable_audience() = RecordOf(content.audience);
  *stored.mutable_window() = RecordOf(content.window);
  stored.set_per_member_limit(content.per_member_limit);
  for (const OfferPicture& picture : content.pictures) {
    jv1::OfferPicture& added = *stored.add_pictures();
    added.set_hash(std::string(picture.hash.begin(), picture.hash.end()));
    added.set_media_type(picture.media_type);
  }
  for (const FulfilmentKind kind : content.fulfilments) {
    stored.add_fulfilments(static_cast<std::uint32_t>(kind));
  }
  stored.set_transferable(content.transferable);
  stored.set_voucher_days(content.voucher_days);
  stored.set_external_codes(content.external_codes);
  return stored;
}

absl::StatusOr<OfferContent> ContentOf(const jv1::OfferContent& stored) {
  OfferContent content{.title = stored.title(),
                       .text = stored.text(),
                       .kind = static_cast<OfferKind>(stored.kind()),
                       .price = stored.price_points(),
                       .category = stored.category(),
                       .audience = AudienceOf(stored.audience()),
                       .window = WindowOf(stored.window()),
                       .per_member_limit = stored.per_member_limit(),
                       .transferable = stored.transferable(),
                       .voucher_days = stored.voucher_days(),
                       .external_codes = stored.external_codes()};
  if (stored.kind() < 1 || stored.kind() > static_cast<std::uint32_t>(OfferKind::kSeats) ||
      !BasisPoints::FromRequest(stored.off_basis_points(), "off").ok()) {
    return absl::DataLossError(absl::StrCat("an offer of kind ", stored.kind()));
  }
  content.discount = {.off_rate = BasisPoints::FromStored(stored.off_basis_points()),
                      .off_points = stored.off_points(),
                      .minimum_points = stored.minimum_points()};
  for (const jv1::OfferComponent& component : stored.components()) {
    content.components.push_back({.text = component.text(), .quantity = component.quantity()});
  }
  content.journey = {.day = ledger::DayFromRecord(stored.travel_day()),
                     .from = stored.travel_from(),
                     .to = stored.travel_to()};
  content.regions.assign(stored.regions().begin(), stored.regions().end());
  for (const jv1::OfferPicture& picture : stored.pictures()) {
    OfferPicture& added = content.pictures.emplace_back();
    if (picture.hash().size() != added.hash.size()) {
      return absl::DataLossError("a picture of an offer without its hash");
    }
    std::copy(picture.hash().begin(), picture.hash().end(), added.hash.begin());
    added.media_type = picture.media_type();
  }
  for (const std::uint32_t kind : stored.fulfilments()) {
    if (kind < 1 || kind > static_cast<std::uint32_t>(FulfilmentKind::kECoupon)) {
      return absl::DataLossError(absl::StrCat("an offer is fulfilled in way ", kind));
    }
    content.fulfilments.push_back(static_cast<FulfilmentKind>(kind));
  }
  return content;
}

}  // namespace puhui::merchant
