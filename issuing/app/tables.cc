// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/tables.h"

#include "issuing/app/records.h"
#include "ledger/base/check.h"

#include <cstddef>

namespace puhui::issuing {
namespace {

constexpr std::size_t kSmallCacheBytes = std::size_t{4} << 20;
constexpr std::size_t kLargeCacheBytes = std::size_t{8} << 20;

}  // namespace

Tables::Tables(ledger::TableSet* set)
    : unions(set, kUnionTable, kSmallCacheBytes),
      union_ids(set, kUnionIdTable, kSmallCacheBytes),
      union_children(set, kUnionChildTable),
      budget_lines(set, kBudgetLineTable, kSmallCacheBytes),
      fundings(set, kFundingTable, kSmallCacheBytes),
      union_fundings(set, kUnionFundingTable),
      bank_references(set, kBankReferenceTable, kSmallCacheBytes),
      members(set, kMemberTable, kLargeCacheBytes),
      union_members(set, kUnionMemberTable),
      campaigns(set, kCampaignTable, kSmallCacheBytes),
      campaign_ids(set, kCampaignIdTable, kSmallCacheBytes),
      plan_chunks(set, kPlanChunkTable),
      plan_reasons(set, kPlanReasonTable),
      plan_members(set, kPlanMemberTable, kSmallCacheBytes),
      refused_rows(set, kRefusedRowTable, kSmallCacheBytes),
      counts(set, kIssuingCountTable, kSmallCacheBytes),
      personal_data(set, kPersonalDataTable, kSmallCacheBytes),
      id_numbers(set, kIdNumberTable, kLargeCacheBytes),
      external_ids(set, kExternalIdTable, kLargeCacheBytes),
      search_entries(set, kSearchEntryTable),
      reveal_counts(set, kRevealCountTable, kSmallCacheBytes),
      reveals(set, kRevealTable),
      key_rotations(set, kKeyRotationTable, kSmallCacheBytes),
      applications(set, kApplicationTable, kSmallCacheBytes),
      union_applications(set, kUnionApplicationTable),
      rule_packs(set, kRulePackTable, kSmallCacheBytes),
      rule_pack_versions(set, kRulePackVersionsTable, kSmallCacheBytes),
      received(set, kReceivedTable, kLargeCacheBytes),
      union_figures(set, kUnionFigureTable, kSmallCacheBytes),
      participation(set),
      mandates(set, kMandateTable, kSmallCacheBytes),
      claw_backs(set, kClawBackTable, kSmallCacheBytes),
      clawed_rows(set, kClawedRowTable),
      campaign_claw_backs(set, kCampaignClawBackTable) {}

Tables::~Tables() = default;

absl::optional<UnionNumber> Tables::FindUnion(const UnionId& id) {
  const UnionNumber* number = union_ids.Find(id.text());
  return number == nullptr ? absl::nullopt : absl::make_optional(*number);
}

const UnionRow& Tables::UnionOf(UnionNumber number) {
  const UnionRow* row = unions.Find(number);
  PUHUI_CHECK(row != nullptr);
  return *row;
}

absl::optional<CampaignRef> Tables::FindCampaign(const CampaignId& id) {
  const CampaignNumber* number = campaign_ids.Find(id.text());
  return number == nullptr ? absl::nullopt : FindCampaign(*number);
}

absl::optional<CampaignRef> Tables::FindCampaign(CampaignNumber number) {
  const CampaignRow* row = campaigns.Find(number);
  if (row == nullptr) return absl::nullopt;
  return CampaignRef{number, row};
}

bool Tables::IsWithin(UnionNumber number, UnionNumber ancestor) {
  while (number != ancestor && number != UnionNumber{}) number = UnionOf(number).parent;
  return number == ancestor;
}

std::vector<UnionNumber> Tables::Above(UnionNumber number) {
  std::vector<UnionNumber> above;
  for (UnionNumber at = UnionOf(number).parent; at != UnionNumber{}; at = UnionOf(at).parent) {
    above.push_back(at);
  }
  return above;
}

UnionNumber Tables::RootOf(UnionNumber number) {
  const std::vector<UnionNumber> above = Above(number);
  return above.empty() ? number : above.back();
}

UnionSettings Tables::SettingsOf(UnionNumber number) {
  UnionSettings settings = UnionOf(number).settings;
  for (const UnionNumber above : Above(number)) settings.InheritFrom(UnionOf(above).settings);
  settings.InheritFrom(DefaultSettings());
  return settings;
}

ledger::AccountKey Tables::HomeAccount(UnionNumber of, UnionNumber origin) {
  for (UnionNumber at = of; at != UnionNumber{}; at = UnionOf(at).parent) {
    if (UnionOf(at).open()) return BudgetAccount(at, origin);
  }
  return ExpiredAccount(of, origin);
}

std::uint32_t Tables::VaultKey() {
  const KeyRotationRow* last = key_rotations.Find(kLastKeyRotation);
  return last == nullptr ? 1 : last->key_id;
}

absl::optional<ledger::Refusal> Tables::CheckVaultKey(const PersonalDataRow& data) {
  if (data.key_id == VaultKey()) return absl::nullopt;
  return ledger::Refusal{.reason = ledger::Reason::kUnavailable,
                         .message = "the vault's key was replaced meanwhile: ask again"};
}

void Tables::AddPersonalData(MemberId member, PersonalDataRow data) {
  for (const ledger::Tag& tag : data.search_tags) search_entries.Put({tag, member}, true);
  personal_data.Put(member, std::move(data));
}

void Tables::ReplacePersonalData(MemberId member, PersonalDataRow data) {
  EraseSearchEntries(member);
  AddPersonalData(member, std::move(data));
}

void Tables::ErasePersonalData(MemberId member) {
  EraseSearchEntries(member);
  personal_data.Erase(member);
}

void Tables::EraseSearchEntries(MemberId member) {
  const PersonalDataRow* before = personal_data.Find(member);
  if (before == nullptr) return;
  for (const ledger::Tag& tag : before->search_tags) search_entries.Erase({tag, member});
}

std::uint32_t Tables::NextNumber(std::uint8_t count) {
  const std::uint32_t* given = counts.Find(count);
  return given == nullptr ? 1 : *given + 1;
}

UnionNumber Tables::NextUnion() { return UnionNumber{NextNumber(kUnionCount)}; }
CampaignNumber Tables::NextCampaign() { return CampaignNumber{NextNumber(kCampaignCount)}; }

}  // namespace puhui::issuing
