// SPDX-License-Identifier: Apache-2.0
#include "services/market/audience_convert.h"

#include "issuing/app/queries.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "services/merchant/merchant_fields.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include <cstddef>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

absl::Status CheckCount(const Texts& texts, std::size_t most, absl::string_view field) {
  if (static_cast<std::size_t>(texts.size()) <= most) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("want at most ", most, ", got ", texts.size()));
}

absl::Status ReadTexts(const Texts& texts, absl::string_view field,
                       std::vector<std::string>* list) {
  PUHUI_RETURN_IF_ERROR(CheckCount(texts, kAudienceTextsMax, field));
  for (int i = 0; i < texts.size(); ++i) {
    const std::string& text = texts.Get(i);
    if (text.empty() || text.size() > kNameBytesMax) {
      return InvalidField(absl::StrCat(field, "[", i, "]"),
                          absl::StrCat("want 1 to ", kNameBytesMax, " bytes"));
    }
    list->push_back(text);
  }
  return absl::OkStatus();
}

template <class Id, class Parse>
absl::Status ReadNames(const Texts& texts, std::size_t most, const std::string& field, Parse parse,
                       std::vector<Id>* list) {
  PUHUI_RETURN_IF_ERROR(CheckCount(texts, most, field));
  for (int i = 0; i < texts.size(); ++i) {
    PUHUI_ASSIGN_OR_RETURN(Id id, parse(texts.Get(i), absl::StrCat(field, "[", i, "]")));
    list->push_back(std::move(id));
  }
  return absl::OkStatus();
}

// `found` is an optional of something with a number.
template <class Found, class Number>
absl::Status Take(const Found& found, const std::string& field, std::vector<Number>* numbers) {
  if (!found.has_value()) {
    return ledger::ToStatus({.reason = ledger::Reason::kNotFound,
                             .field = field,
                             .message = "there is nothing of that name"});
  }
  numbers->push_back(found->number);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<absl::optional<absl::CivilDay>> ReadOptionalDay(absl::string_view text,
                                                               absl::string_view field) {
  if (text.empty()) return absl::optional<absl::CivilDay>();
  PUHUI_ASSIGN_OR_RETURN(const absl::CivilDay day, ReadDay(text, field));
  return absl::make_optional(day);
}

absl::StatusOr<AudienceDraft> ReadAudience(const v1::Audience& message, absl::string_view field) {
  AudienceDraft draft;
  const auto at = [field](absl::string_view name) { return absl::StrCat(field, ".", name); };
  merchant::Audience& audience = draft.audience;
  PUHUI_RETURN_IF_ERROR(
      ReadNames(message.unions(), kAudienceUnionsMax, at("unions"), ParseUnionName, &draft.unions));
  PUHUI_RETURN_IF_ERROR(ReadTexts(message.employments(), at("employments"), &audience.employments));
  PUHUI_RETURN_IF_ERROR(ReadTexts(message.departments(), at("departments"), &audience.departments));
  PUHUI_ASSIGN_OR_RETURN(audience.joined_from,
                         ReadOptionalDay(message.joined_from(), at("joined_from")));
  PUHUI_ASSIGN_OR_RETURN(audience.joined_to, ReadOptionalDay(message.joined_to(), at("joined_to")));
  if (audience.joined_from.has_value() && audience.joined_to.has_value() &&
      *audience.joined_to < *audience.joined_from) {
    return InvalidField(at("joined_to"), "want a day not before joined_from");
  }
  PUHUI_RETURN_IF_ERROR(ReadNames(message.campaigns(), kAudienceCampaignsMax, at("campaigns"),
                                  ParseCampaignName, &draft.campaigns));
  return draft;
}

absl::StatusOr<merchant::Audience> ResolveAudience(const AudienceDraft& draft,
                                                   absl::string_view field,
                                                   const ledger::Readable& store) {
  merchant::Audience audience = draft.audience;
  for (std::size_t i = 0; i < draft.unions.size(); ++i) {
    PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(store, draft.unions[i].text()));
    PUHUI_RETURN_IF_ERROR(Take(found, absl::StrCat(field, ".unions[", i, "]"), &audience.unions));
  }
  for (std::size_t i = 0; i < draft.campaigns.size(); ++i) {
    PUHUI_ASSIGN_OR_RETURN(const auto found,
                           issuing::FindCampaign(store, draft.campaigns[i].text()));
    PUHUI_RETURN_IF_ERROR(
        Take(found, absl::StrCat(field, ".campaigns[", i, "]"), &audience.campaigns));
  }
  merchant::SortLists(&audience);
  return audience;
}

absl::StatusOr<v1::Audience> AudienceOf(const merchant::Audience& audience, Names& names) {
  v1::Audience message;
  for (const UnionNumber number : audience.unions) {
    PUHUI_ASSIGN_OR_RETURN(*message.add_unions(), names.OfUnion(number));
  }
  for (const std::string& text : audience.employments) message.add_employments(text);
  for (const std::string& text : audience.departments) message.add_departments(text);
  if (audience.joined_from.has_value()) {
    message.set_joined_from(absl::FormatCivilTime(*audience.joined_from));
  }
  if (audience.joined_to.has_value()) {
    message.set_joined_to(absl::FormatCivilTime(*audience.joined_to));
  }
  for (const CampaignNumber number : audience.campaigns) {
    PUHUI_ASSIGN_OR_RETURN(*message.add_campaigns(), names.OfCampaign(number));
  }
  return message;
}

absl::Status CheckLongText(absl::string_view text, absl::string_view field) {
  bool good = text.size() <= kOfferTextBytesMax;
  for (const char c : text) {
    good = good && (c == '\n' || !absl::ascii_iscntrl(static_cast<unsigned char>(c)));
  }
  if (good) return absl::OkStatus();
  return InvalidField(
      field, absl::StrCat("want at most ", kOfferTextBytesMax,
                          " bytes without control characters but line feeds, got ", text.size()));
}

}  // namespace puhui::services
