// SPDX-License-Identifier: Apache-2.0
// The other half of offer_convert: what an offer says, read from a request.
#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "services/market/offer_convert.h"
#include "services/merchant/merchant_fields.h"
#include "services/rpc/error.h"
#include "services/rpc/text_field.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

struct MaskField {
  absl::string_view name;
  bool merchant::OfferFields::*field;
};
constexpr std::array<MaskField, 14> kMaskFields = {{
    {"title", &merchant::OfferFields::title},
    {"text", &merchant::OfferFields::text},
    {"benefit", &merchant::OfferFields::benefit},
    {"category", &merchant::OfferFields::category},
    {"regions", &merchant::OfferFields::regions},
    {"audience", &merchant::OfferFields::audience},
    {"first_day", &merchant::OfferFields::first_day},
    {"last_day", &merchant::OfferFields::last_day},
    {"per_member_limit", &merchant::OfferFields::per_member_limit},
    {"pictures", &merchant::OfferFields::pictures},
    {"fulfilments", &merchant::OfferFields::fulfilments},
    {"transferable", &merchant::OfferFields::transferable},
    {"voucher_days", &merchant::OfferFields::voucher_days},
    {"external_codes", &merchant::OfferFields::external_codes},
}};

// Points, or none.
absl::Status ReadPoints(std::int64_t points, absl::string_view field, std::int64_t* read) {
  *read = points;
  return points == 0 ? absl::OkStatus() : Points::FromRequest(points, field).status();
}

absl::Status ReadPercentage(const v1::PercentageOff& off, merchant::OfferContent* content) {
  if (off.basis_points() < 1 || off.basis_points() > 9'999) {
    return InvalidField("offer.percentage_off.basis_points",
                        absl::StrCat("want 1 to 9,999, got ", off.basis_points()));
  }
  content->kind = merchant::OfferKind::kPercentageOff;
  content->discount.off_rate =
      BasisPoints::FromStored(static_cast<std::uint32_t>(off.basis_points()));
  PUHUI_RETURN_IF_ERROR(ReadPoints(off.discount_points_max(),
                                   "offer.percentage_off.discount_points_max",
                                   &content->discount.off_points));
  return ReadPoints(off.minimum_points(), "offer.percentage_off.minimum_points",
                    &content->discount.minimum_points);
}

absl::Status ReadAmount(const v1::AmountOff& off, merchant::OfferContent* content) {
  content->kind = merchant::OfferKind::kAmountOff;
  content->discount = {.off_points = off.points(), .minimum_points = off.minimum_points()};
  PUHUI_RETURN_IF_ERROR(Points::FromRequest(off.points(), "offer.amount_off.points").status());
  return Points::FromRequest(off.minimum_points(), "offer.amount_off.minimum_points").status();
}

absl::Status ReadItem(const v1::OfferItem& item, merchant::OfferContent* content) {
  content->kind = merchant::OfferKind::kItem;
  content->price = item.price_points();
  PUHUI_RETURN_IF_ERROR(
      Points::FromRequest(item.price_points(), "offer.item.price_points").status());
  if (static_cast<std::size_t>(item.components_size()) > kOfferComponentsMax) {
    return InvalidField("offer.item.components", absl::StrCat("want at most ", kOfferComponentsMax,
                                                              ", got ", item.components_size()));
  }
  for (int i = 0; i < item.components_size(); ++i) {
    const v1::OfferComponent& part = item.components(i);
    const std::string field = absl::StrCat("offer.item.components[", i, "]");
    PUHUI_RETURN_IF_ERROR(CheckDisplayName(part.text(), absl::StrCat(field, ".text")));
    if (part.quantity() < 1 || part.quantity() > kOfferComponentQuantityMax) {
      return InvalidField(absl::StrCat(field, ".quantity"),
                          absl::StrCat("want 1 to ", kOfferComponentQuantityMax));
    }
    content->components.push_back({.text = part.text(), .quantity = part.quantity()});
  }
  return absl::OkStatus();
}

absl::Status ReadSeats(const v1::OfferSeats& seats, merchant::OfferContent* content) {
  content->kind = merchant::OfferKind::kSeats;
  content->price = seats.price_points();
  PUHUI_RETURN_IF_ERROR(
      Points::FromRequest(seats.price_points(), "offer.seats.price_points").status());
  PUHUI_ASSIGN_OR_RETURN(content->journey.day,
                         ReadDay(seats.travel_day(), "offer.seats.travel_day"));
  PUHUI_RETURN_IF_ERROR(CheckDisplayName(seats.from(), "offer.seats.from"));
  content->journey.from = seats.from();
  PUHUI_RETURN_IF_ERROR(CheckDisplayName(seats.to(), "offer.seats.to"));
  content->journey.to = seats.to();
  return absl::OkStatus();
}

absl::Status ReadBenefit(const v1::Offer& message, merchant::OfferContent* content) {
  switch (message.benefit_case()) {
    case v1::Offer::kPercentageOff:
      return ReadPercentage(message.percentage_off(), content);
    case v1::Offer::kAmountOff:
      return ReadAmount(message.amount_off(), content);
    case v1::Offer::kItem:
      return ReadItem(message.item(), content);
    case v1::Offer::kSeats:
      return ReadSeats(message.seats(), content);
    case v1::Offer::BENEFIT_NOT_SET:
      break;
  }
  return InvalidField("offer.benefit", "want what is promised");
}

absl::Status ReadRegions(const v1::Offer& message, merchant::OfferContent* content) {
  if (static_cast<std::size_t>(message.regions_size()) > kRegionsPerTermsMax) {
    return InvalidField("offer.regions", absl::StrCat("want at most ", kRegionsPerTermsMax,
                                                      ", got ", message.regions_size()));
  }
  for (int i = 0; i < message.regions_size(); ++i) {
    PUHUI_ASSIGN_OR_RETURN(const std::uint32_t region,
                           ParseRegion(message.regions(i), absl::StrCat("offer.regions[", i, "]")));
    content->regions.push_back(region);
  }
  std::vector<std::uint32_t>& regions = content->regions;
  std::sort(regions.begin(), regions.end());
  regions.erase(std::unique(regions.begin(), regions.end()), regions.end());
  return absl::OkStatus();
}

absl::Status ReadPictures(const v1::Offer& message, merchant::OfferContent* content) {
  if (static_cast<std::size_t>(message.pictures_size()) > kOfferPicturesMax) {
    return InvalidField("offer.pictures", absl::StrCat("want at most ", kOfferPicturesMax, ", got ",
                                                       message.pictures_size()));
  }
  for (int i = 0; i < message.pictures_size(); ++i) {
    const v1::OfferPicture& picture = message.pictures(i);
    const std::string field = absl::StrCat("offer.pictures[", i, "]");
    merchant::OfferPicture& added = content->pictures.emplace_back();
    // Without a look first anything would be read as some bytes.
    if (picture.sha256().size() != 2 * added.hash.size() ||
        picture.sha256().find_first_not_of("0123456789abcdef") != std::string::npos) {
      return InvalidField(absl::StrCat(field, ".sha256"), "want 64 of 0-9 and a-f");
    }
    const std::string hash = absl::HexStringToBytes(picture.sha256());
    std::copy(hash.begin(), hash.end(), added.hash.begin());
    added.media_type = picture.media_type();
    if (added.media_type != "image/jpeg" && added.media_type != "image/png" &&
        added.media_type != "image/webp") {
      return InvalidField(absl::StrCat(field, ".media_type"),
                          "want image/jpeg, image/png or image/webp");
    }
  }
  return absl::OkStatus();
}

absl::Status ReadFulfilments(const v1::Offer& message, merchant::OfferContent* content) {
  std::vector<merchant::FulfilmentKind>& kinds = content->fulfilments;
  for (int i = 0; i < message.fulfilments_size(); ++i) {
    const v1::FulfilmentKind kind = message.fulfilments(i);
    if (!v1::FulfilmentKind_IsValid(kind) || kind == v1::FULFILMENT_KIND_UNSPECIFIED) {
      return InvalidField(absl::StrCat("offer.fulfilments[", i, "]"), "want one of the kinds");
    }
    kinds.push_back(static_cast<merchant::FulfilmentKind>(kind));
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return absl::OkStatus();
}

absl::Status ReadUse(const v1::Offer& message, const merchant::OfferFields& fields,
                     merchant::OfferContent* content) {
  if (fields.per_member_limit && message.per_member_limit() > kOfferUsesMax) {
    return InvalidField("offer.per_member_limit", absl::StrCat("want 0 to ", kOfferUsesMax));
  }
  if (fields.voucher_days && message.voucher_days() > kVoucherDaysMax) {
    return InvalidField("offer.voucher_days", absl::StrCat("want 0 to ", kVoucherDaysMax));
  }
  content->per_member_limit = message.per_member_limit();
  content->voucher_days = message.voucher_days();
  content->transferable = message.transferable();
  content->external_codes = message.external_codes();
  return absl::OkStatus();
}

}  // namespace

merchant::OfferFields AllOfferFields() {
  merchant::OfferFields fields;
  for (const MaskField& named : kMaskFields) fields.*named.field = true;
  return fields;
}

absl::StatusOr<merchant::OfferFields> ReadOfferMask(const google::protobuf::FieldMask& mask) {
  if (mask.paths().empty()) {
    return InvalidField("update_mask", "want the fields that are to change");
  }
  merchant::OfferFields fields;
  for (const std::string& path : mask.paths()) {
    const auto* const named =
        std::find_if(kMaskFields.begin(), kMaskFields.end(),
                     [&path](const MaskField& field) { return field.name == path; });
    if (named == kMaskFields.end()) {
      return InvalidField("update_mask", "want fields of an offer that can be changed only");
    }
    fields.*named->field = true;
  }
  return fields;
}

absl::StatusOr<OfferDraft> ReadOffer(const v1::Offer& message, const merchant::OfferFields& fields,
                                     const MerchantCategories& categories) {
  OfferDraft draft;
  merchant::OfferContent& content = draft.content;
  if (fields.title) {
    PUHUI_RETURN_IF_ERROR(CheckDisplayName(message.title(), "offer.title"));
    content.title = message.title();
  }
  if (fields.text) {
    PUHUI_RETURN_IF_ERROR(CheckLongText(message.text(), "offer.text"));
    content.text = message.text();
  }
  if (fields.benefit) PUHUI_RETURN_IF_ERROR(ReadBenefit(message, &content));
  if (fields.category && !message.category().empty()) {
    PUHUI_ASSIGN_OR_RETURN(content.category, ParseCategory(message.category(), "offer.category"));
    if (!categories.Allows(content.category)) {
      return InvalidField("offer.category", "want a category of the deployment's list");
    }
  }
  if (fields.regions) PUHUI_RETURN_IF_ERROR(ReadRegions(message, &content));
  if (fields.audience) {
    PUHUI_ASSIGN_OR_RETURN(draft.audience, ReadAudience(message.audience(), "offer.audience"));
  }
  if (fields.first_day) {
    PUHUI_ASSIGN_OR_RETURN(content.window.first_day,
                           ReadOptionalDay(message.first_day(), "offer.first_day"));
  }
  if (fields.last_day) {
    PUHUI_ASSIGN_OR_RETURN(content.window.last_day, ReadDay(message.last_day(), "offer.last_day"));
  }
  if (fields.pictures) PUHUI_RETURN_IF_ERROR(ReadPictures(message, &content));
  if (fields.fulfilments) PUHUI_RETURN_IF_ERROR(ReadFulfilments(message, &content));
  PUHUI_RETURN_IF_ERROR(ReadUse(message, fields, &content));
  return draft;
}

absl::StatusOr<merchant::OfferContent> ResolveOffer(const OfferDraft& draft,
                                                    const ledger::Readable& store) {
  merchant::OfferContent content = draft.content;
  PUHUI_ASSIGN_OR_RETURN(content.audience,
                         ResolveAudience(draft.audience, "offer.audience", store));
  return content;
}

}  // namespace puhui::services
