// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/resource_name.h"

#include "ledger/base/status_macros.h"
#include "services/rpc/error.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include <cstddef>
#include <utility>

namespace puhui::services {
namespace {

// The ids of "collection/{id}" or "collection/{id}/child/{id}", still to be validated.
struct Segments {
  absl::string_view id;
  absl::string_view child_id;
};

// True when `name` is "collection/{id}", with "/child/{id}" behind it when `child` is not empty.
bool Split(absl::string_view name, absl::string_view collection, absl::string_view child,
           Segments* segments) {
  if (!absl::ConsumePrefix(&name, collection) || !absl::ConsumePrefix(&name, "/")) return false;
  const std::size_t slash = name.find('/');
  segments->id = name.substr(0, slash);
  if (child.empty()) return slash == absl::string_view::npos;
  if (slash == absl::string_view::npos) return false;
  name.remove_prefix(slash + 1);
  if (!absl::ConsumePrefix(&name, child) || !absl::ConsumePrefix(&name, "/")) return false;
  segments->child_id = name;
  return true;
}

absl::Status WrongFormat(absl::string_view field, absl::string_view format) {
  return InvalidField(field, absl::StrCat("want ", format));
}

// A bad id is answered with the whole format: that is what the caller has to write.
template <class IdType>
absl::StatusOr<IdType> ParseId(absl::string_view text, absl::string_view field,
                               absl::string_view format) {
  absl::StatusOr<IdType> id = IdType::Parse(text, field);
  if (!id.ok()) return WrongFormat(field, format);
  return id;
}

template <class IdType>
absl::StatusOr<IdType> ParseSingle(absl::string_view name, absl::string_view collection,
                                   absl::string_view field, absl::string_view format) {
  Segments segments;
  if (!Split(name, collection, {}, &segments)) return WrongFormat(field, format);
  return ParseId<IdType>(segments.id, field, format);
}

// One thing has one name, so a number with leading zeros is none.
template <class Number>
bool ReadNumber(absl::string_view text, Number* number) {
  return absl::SimpleAtoi(text, number) && *number != 0 && absl::StrCat(*number) == text;
}

absl::StatusOr<std::uint32_t> ParseNumbered(absl::string_view name, absl::string_view collection,
                                            absl::string_view field, absl::string_view format) {
  Segments segments;
  std::uint32_t number = 0;
  if (!Split(name, collection, {}, &segments) || !ReadNumber(segments.id, &number)) {
    return WrongFormat(field, format);
  }
  return number;
}

}  // namespace

absl::StatusOr<UnionId> ParseUnionName(absl::string_view name, absl::string_view field) {
  return ParseSingle<UnionId>(name, "unions", field, "unions/{union}");
}

std::string FormatUnionName(const UnionId& id) { return absl::StrCat("unions/", id.text()); }

absl::StatusOr<FundingName> ParseFundingName(absl::string_view name, absl::string_view field) {
  constexpr absl::string_view kFormat = "unions/{union}/fundings/{funding}";
  Segments segments;
  if (!Split(name, "unions", "fundings", &segments)) return WrongFormat(field, kFormat);
  FundingName funding;
  PUHUI_ASSIGN_OR_RETURN(funding.union_id, ParseId<UnionId>(segments.id, field, kFormat));
  if (!ReadNumber(segments.child_id, &funding.funding)) return WrongFormat(field, kFormat);
  return funding;
}

std::string FormatFundingName(const FundingName& name) {
  return absl::StrCat("unions/", name.union_id.text(), "/fundings/", name.funding);
}

absl::StatusOr<ApplicationName> ParseApplicationName(absl::string_view name,
                                                     absl::string_view field) {
  constexpr absl::string_view kFormat = "unions/{union}/applications/{application}";
  Segments segments;
  if (!Split(name, "unions", "applications", &segments)) return WrongFormat(field, kFormat);
  ApplicationName application;
  PUHUI_ASSIGN_OR_RETURN(application.union_id, ParseId<UnionId>(segments.id, field, kFormat));
  if (!ReadNumber(segments.child_id, &application.application)) {
    return WrongFormat(field, kFormat);
  }
  return application;
}

absl::StatusOr<RulePackVersionName> ParseRulePackVersionName(absl::string_view name,
                                                             absl::string_view field) {
  constexpr absl::string_view kFormat = "rulePacks/{rule_pack}/versions/{version}";
  Segments segments;
  if (!Split(name, "rulePacks", "versions", &segments)) return WrongFormat(field, kFormat);
  RulePackVersionName pack;
  PUHUI_ASSIGN_OR_RETURN(pack.id, ParseId<RulePackId>(segments.id, field, kFormat));
  if (!ReadNumber(segments.child_id, &pack.version)) return WrongFormat(field, kFormat);
  return pack;
}

std::string FormatRulePackVersionName(absl::string_view id, std::uint32_t version) {
  return absl::StrCat("rulePacks/", id, "/versions/", version);
}

absl::StatusOr<MemberId> ParseMemberName(absl::string_view name, absl::string_view field) {
  return ParseSingle<MemberId>(name, "members", field, "members/{member}");
}

std::string FormatMemberName(const MemberId& id) { return absl::StrCat("members/", id.ToString()); }

absl::StatusOr<MemberId> ParseWalletName(absl::string_view name, absl::string_view field) {
  constexpr absl::string_view kFormat = "members/{member}/wallet";
  if (!absl::ConsumeSuffix(&name, "/wallet")) return WrongFormat(field, kFormat);
  return ParseSingle<MemberId>(name, "members", field, kFormat);
}

std::string FormatWalletName(const MemberId& id) {
  return absl::StrCat("members/", id.ToString(), "/wallet");
}

absl::StatusOr<CampaignId> ParseCampaignName(absl::string_view name, absl::string_view field) {
  return ParseSingle<CampaignId>(name, "campaigns", field, "campaigns/{campaign}");
}

std::string FormatCampaignName(const CampaignId& id) {
  return absl::StrCat("campaigns/", id.text());
}

absl::StatusOr<ClawBackName> ParseClawBackName(absl::string_view name, absl::string_view field) {
  constexpr absl::string_view kFormat = "campaigns/{campaign}/clawBacks/{claw_back}";
  Segments segments;
  if (!Split(name, "campaigns", "clawBacks", &segments)) return WrongFormat(field, kFormat);
  ClawBackName claw_back;
  PUHUI_ASSIGN_OR_RETURN(claw_back.campaign_id, ParseId<CampaignId>(segments.id, field, kFormat));
  if (!ReadNumber(segments.child_id, &claw_back.claw_back)) return WrongFormat(field, kFormat);
  return claw_back;
}

absl::StatusOr<MerchantId> ParseMerchantName(absl::string_view name, absl::string_view field) {
  return ParseSingle<MerchantId>(name, "merchants", field, "merchants/{merchant}");
}

std::string FormatMerchantName(const MerchantId& id) {
  return absl::StrCat("merchants/", id.text());
}

absl::StatusOr<StoreName> ParseStoreName(absl::string_view name, absl::string_view field) {
  constexpr absl::string_view kFormat = "merchants/{merchant}/stores/{store}";
  Segments segments;
  if (!Split(name, "merchants", "stores", &segments)) return WrongFormat(field, kFormat);
  StoreName store;
  PUHUI_ASSIGN_OR_RETURN(store.merchant_id, ParseId<MerchantId>(segments.id, field, kFormat));
  PUHUI_ASSIGN_OR_RETURN(store.store_id, ParseId<StoreId>(segments.child_id, field, kFormat));
  return store;
}

std::string FormatStoreName(const StoreName& name) {
  return absl::StrCat("merchants/", name.merchant_id.text(), "/stores/", name.store_id.text());
}

absl::StatusOr<TerminalName> ParseTerminalName(absl::string_view name, absl::string_view field) {
  constexpr absl::string_view kFormat = "merchants/{merchant}/terminals/{terminal}";
  Segments segments;
  if (!Split(name, "merchants", "terminals", &segments)) return WrongFormat(field, kFormat);
  TerminalName terminal;
  PUHUI_ASSIGN_OR_RETURN(terminal.merchant_id, ParseId<MerchantId>(segments.id, field, kFormat));
  PUHUI_ASSIGN_OR_RETURN(terminal.terminal_id,
                         ParseId<TerminalId>(segments.child_id, field, kFormat));
  return terminal;
}

std::string FormatTerminalName(const TerminalName& name) {
  return absl::StrCat("merchants/", name.merchant_id.text(), "/terminals/",
                      name.terminal_id.text());
}

absl::StatusOr<std::uint32_t> ParseOfferName(absl::string_view name, absl::string_view field) {
  return ParseNumbered(name, "offers", field, "offers/{offer}");
}

std::string FormatOfferName(std::uint32_t offer) { return absl::StrCat("offers/", offer); }

absl::StatusOr<std::uint32_t> ParseNoticeName(absl::string_view name, absl::string_view field) {
  return ParseNumbered(name, "notices", field, "notices/{notice}");
}

std::string FormatNoticeName(std::uint32_t notice) { return absl::StrCat("notices/", notice); }

}  // namespace puhui::services
