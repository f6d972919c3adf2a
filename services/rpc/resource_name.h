// SPDX-License-Identifier: Apache-2.0
// Resource names of the API, read into typed ids and written from them. Parsing refuses with
// kInvalidField and the name of the field; whether the thing exists is another question.
#ifndef PUHUI_SERVICES_RPC_RESOURCE_NAME_H_
#define PUHUI_SERVICES_RPC_RESOURCE_NAME_H_

#include "ledger/base/id.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>

namespace puhui::services {

using RulePackId = Id<struct RulePackIdTag>;

struct FundingName {
  UnionId union_id;
  Sequence funding = 0;  // Of the record that it was proposed with.
};
struct ApplicationName {
  UnionId union_id;
  Sequence application = 0;  // Of the record that it was submitted with.
};
struct ClawBackName {
  CampaignId campaign_id;
  Sequence claw_back = 0;  // Of the record that it was proposed with.
};
struct RulePackVersionName {
  RulePackId id;
  std::uint32_t version = 0;
};
struct StoreName {
  MerchantId merchant_id;
  StoreId store_id;
};
struct TerminalName {
  MerchantId merchant_id;
  TerminalId terminal_id;
};

// unions/{union}
absl::StatusOr<UnionId> ParseUnionName(absl::string_view name, absl::string_view field);
std::string FormatUnionName(const UnionId& id);
// unions/{union}/fundings/{funding}
absl::StatusOr<FundingName> ParseFundingName(absl::string_view name, absl::string_view field);
std::string FormatFundingName(const FundingName& name);
// unions/{union}/applications/{application}
absl::StatusOr<ApplicationName> ParseApplicationName(absl::string_view name,
                                                     absl::string_view field);
// members/{member}
absl::StatusOr<MemberId> ParseMemberName(absl::string_view name, absl::string_view field);
std::string FormatMemberName(const MemberId& id);
// members/{member}/wallet
absl::StatusOr<MemberId> ParseWalletName(absl::string_view name, absl::string_view field);
std::string FormatWalletName(const MemberId& id);
// campaigns/{campaign}
absl::StatusOr<CampaignId> ParseCampaignName(absl::string_view name, absl::string_view field);
std::string FormatCampaignName(const CampaignId& id);
// rulePacks/{rule_pack}/versions/{version}
absl::StatusOr<RulePackVersionName> ParseRulePackVersionName(absl::string_view name,
                                                             absl::string_view field);
std::string FormatRulePackVersionName(absl::string_view id, std::uint32_t version);
// campaigns/{campaign}/clawBacks/{claw_back}
absl::StatusOr<ClawBackName> ParseClawBackName(absl::string_view name, absl::string_view field);
// merchants/{merchant}
absl::StatusOr<MerchantId> ParseMerchantName(absl::string_view name, absl::string_view field);
std::string FormatMerchantName(const MerchantId& id);
// merchants/{merchant}/stores/{store}
absl::StatusOr<StoreName> ParseStoreName(absl::string_view name, absl::string_view field);
std::string FormatStoreName(const StoreName& name);
// merchants/{merchant}/terminals/{terminal}
absl::StatusOr<TerminalName> ParseTerminalName(absl::string_view name, absl::string_view field);
std::string FormatTerminalName(const TerminalName& name);
// offers/{offer} and notices/{notice}, by their numbers
absl::StatusOr<std::uint32_t> ParseOfferName(absl::string_view name, absl::string_view field);
std::string FormatOfferName(std::uint32_t offer);
absl::StatusOr<std::uint32_t> ParseNoticeName(absl::string_view name, absl::string_view field);
std::string FormatNoticeName(std::uint32_t notice);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_RESOURCE_NAME_H_
