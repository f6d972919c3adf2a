// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_TABLES_H_
#define PUHUI_ISSUING_APP_TABLES_H_

#include "issuing/app/application_rows.h"
#include "issuing/app/claw_back_rows.h"
#include "issuing/app/funding_rows.h"
#include "issuing/app/mandate_rows.h"
#include "issuing/app/member_rows.h"
#include "issuing/app/participation_rows.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/rows.h"
#include "issuing/app/rule_rows.h"
#include "issuing/app/union_rows.h"
#include "ledger/core/account.h"
#include "ledger/engine/cached_table.h"
#include "ledger/engine/campaign_figures.h"
#include "ledger/engine/index_table.h"
#include "ledger/engine/table_set.h"
#include "ledger/storage/tables.h"

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

using ledger::Family;
using ledger::Table;
using ledger::TypedTable;

inline constexpr TypedTable<UnionNumber, UnionRow> kUnionTable{Table::kUnions, Family::kState,
                                                               "unions"};
inline constexpr TypedTable<std::string, UnionNumber> kUnionIdTable{Table::kUnionIds,
                                                                    Family::kState, "union ids"};
// The children of none are the roots.
inline constexpr TypedTable<UnionChildKey, bool> kUnionChildTable{Table::kUnionChildren,
                                                                  Family::kIndex, "union children"};
inline constexpr TypedTable<BudgetLineKey, BudgetLine> kBudgetLineTable{
    Table::kBudgetLines, Family::kState, "budget lines"};
inline constexpr TypedTable<MemberId, MemberRow> kMemberTable{Table::kMembers, Family::kState,
                                                              "members"};
inline constexpr TypedTable<UnionMemberKey, bool> kUnionMemberTable{
    Table::kUnionMembers, Family::kIndex, "union members"};
inline constexpr TypedTable<CampaignNumber, CampaignRow> kCampaignTable{
    Table::kCampaigns, Family::kState, "campaigns"};
inline constexpr TypedTable<std::string, CampaignNumber> kCampaignIdTable{
    Table::kCampaignIds, Family::kState, "campaign ids"};
inline constexpr TypedTable<PlanChunkKey, std::string> kPlanChunkTable{
    Table::kPlanChunks, Family::kIndex, "plan chunks"};
inline constexpr TypedTable<PlanChunkKey, PlanReasons> kPlanReasonTable{
    Table::kPlanReasons, Family::kIndex, "plan reasons"};
// That a member stands in a plan once is checked against this as rows arrive: memory stays bounded
// and the answer is the same after any restart. An upload overwrites what an earlier one left.
inline constexpr TypedTable<PlanMemberKey, PlanPlace> kPlanMemberTable{
    Table::kPlanMembers, Family::kState, "plan members"};
inline constexpr TypedTable<RefusedRowKey, RefusedRow> kRefusedRowTable{
    Table::kRefusedRows, Family::kIndex, "refused rows"};
inline constexpr TypedTable<std::uint8_t, std::uint32_t> kIssuingCountTable{
    Table::kIssuingCounts, Family::kState, "issuing counts"};
inline constexpr TypedTable<MemberId, PersonalDataRow> kPersonalDataTable{
    Table::kPersonalData, Family::kVault, "personal data"};
inline constexpr TypedTable<ledger::Tag, MemberId> kIdNumberTable{Table::kIdNumbers, Family::kVault,
                                                                  "id numbers"};
inline constexpr TypedTable<ledger::Tag, MemberId> kExternalIdTable{Table::kExternalIds,
                                                                    Family::kVault, "external ids"};

inline constexpr TypedTable<SearchKey, bool> kSearchEntryTable{Table::kSearchEntries,
                                                               Family::kVault, "search entries"};
inline constexpr TypedTable<RevealCountKey, std::uint32_t> kRevealCountTable{
    Table::kRevealCounts, Family::kState, "reveal counts"};
inline constexpr TypedTable<UnionRevealKey, bool> kRevealTable{Table::kReveals, Family::kIndex,
                                                               "reveals"};
inline constexpr TypedTable<std::uint8_t, KeyRotationRow> kKeyRotationTable{
    Table::kKeyRotations, Family::kState, "key rotations"};
inline constexpr TypedTable<Sequence, ApplicationRow> kApplicationTable{
    Table::kApplications, Family::kState, "applications"};
inline constexpr TypedTable<UnionApplicationKey, bool> kUnionApplicationTable{
    Table::kUnionApplications, Family::kIndex, "union applications"};

inline constexpr TypedTable<RulePackName, RulePackRow> kRulePackTable{Table::kRulePacks,
                                                                      Family::kState, "rule packs"};
inline constexpr TypedTable<std::string, RulePackVersions> kRulePackVersionsTable{
    Table::kRulePackVersions, Family::kState, "rule pack versions"};
inline constexpr TypedTable<ReceivedKey, ReceivedRow> kReceivedTable{Table::kReceived,
                                                                     Family::kState, "received"};
// Sums over the campaigns of a union and all below it.
inline constexpr TypedTable<UnionNumber, ledger::CampaignFigures> kUnionFigureTable{
    Table::kUnionFigures, Family::kState, "union figures"};

inline constexpr TypedTable<std::string, MandateRow> kMandateTable{Table::kMandates, Family::kState,
                                                                   "mandates"};

inline constexpr TypedTable<Sequence, ClawBackRow> kClawBackTable{Table::kClawBacks, Family::kState,
                                                                  "claw-backs"};
inline constexpr TypedTable<ClawedRowKey, ClawedRow> kClawedRowTable{Table::kClawedRows,
                                                                     Family::kIndex, "clawed rows"};
inline constexpr TypedTable<CampaignClawBackKey, bool> kCampaignClawBackTable{
    Table::kCampaignClawBacks, Family::kIndex, "campaign claw-backs"};

// The key of kKeyRotationTable.
inline constexpr std::uint8_t kLastKeyRotation = 0;

// Keys of kIssuingCountTable.
inline constexpr std::uint8_t kUnionCount = 0;
inline constexpr std::uint8_t kCampaignCount = 1;
inline constexpr std::uint8_t kIssuerSetCount = 2;

// A campaign as a decider looks at it. The row is good until the next call on the campaigns table.
struct CampaignRef {
  CampaignNumber number{};
  const CampaignRow* row = nullptr;
};

// The issuing side's tables, as the writer sees them. Deciders read; the applier writes, but for
// the vault's, which commands write with StorePersonalData. Threads: the writer's alone.
struct Tables {
  explicit Tables(ledger::TableSet* set);
  ~Tables();

  ledger::CachedTable<UnionNumber, UnionRow> unions;
  ledger::CachedTable<std::string, UnionNumber> union_ids;
  ledger::IndexTable<UnionChildKey, bool> union_children;
  ledger::CachedTable<BudgetLineKey, BudgetLine> budget_lines;
  ledger::CachedTable<Sequence, FundingRow> fundings;
  ledger::IndexTable<UnionFundingKey, bool> union_fundings;
  ledger::CachedTable<std::string, Sequence> bank_references;
  ledger::CachedTable<MemberId, MemberRow> members;
  ledger::IndexTable<UnionMemberKey, bool> union_members;
  ledger::CachedTable<CampaignNumber, CampaignRow> campaigns;
  ledger::CachedTable<std::string, CampaignNumber> campaign_ids;
  ledger::IndexTable<PlanChunkKey, std::string> plan_chunks;
  ledger::IndexTable<PlanChunkKey, PlanReasons> plan_reasons;
  ledger::CachedTable<PlanMemberKey, PlanPlace> plan_members;
  ledger::CachedTable<RefusedRowKey, RefusedRow> refused_rows;
  ledger::CachedTable<std::uint8_t, std::uint32_t> counts;
  ledger::CachedTable<MemberId, PersonalDataRow> personal_data;
  ledger::CachedTable<ledger::Tag, MemberId> id_numbers;
  ledger::CachedTable<ledger::Tag, MemberId> external_ids;
  ledger::IndexTable<SearchKey, bool> search_entries;
  ledger::CachedTable<RevealCountKey, std::uint32_t> reveal_counts;
  ledger::IndexTable<UnionRevealKey, bool> reveals;
  ledger::CachedTable<std::uint8_t, KeyRotationRow> key_rotations;
  ledger::CachedTable<Sequence, ApplicationRow> applications;
  ledger::IndexTable<UnionApplicationKey, bool> union_applications;
  ledger::CachedTable<RulePackName, RulePackRow> rule_packs;
  ledger::CachedTable<std::string, RulePackVersions> rule_pack_versions;
  ledger::CachedTable<ReceivedKey, ReceivedRow> received;
  ledger::CachedTable<UnionNumber, ledger::CampaignFigures> union_figures;
  ParticipationTables participation;
  ledger::CachedTable<std::string, MandateRow> mandates;
  ledger::CachedTable<Sequence, ClawBackRow> claw_backs;
  ledger::IndexTable<ClawedRowKey, ClawedRow> clawed_rows;
  ledger::IndexTable<CampaignClawBackKey, bool> campaign_claw_backs;

  absl::optional<UnionNumber> FindUnion(const UnionId& id);
  // Requires: the number is one that was given out (checked).
  const UnionRow& UnionOf(UnionNumber number);
  absl::optional<CampaignRef> FindCampaign(const CampaignId& id);
  absl::optional<CampaignRef> FindCampaign(CampaignNumber number);

  // Whether a union is `ancestor` or stands below it. Requires: it exists (checked).
  bool IsWithin(UnionNumber number, UnionNumber ancestor);
  // Its parent, the parent of that, and so on up to the root. Requires: it exists (checked).
  std::vector<UnionNumber> Above(UnionNumber number);
  // The last of those, or the union itself. Requires: it exists (checked).
  UnionNumber RootOf(UnionNumber number);
  // What holds for a union: everything is set. Requires: it exists (checked).
  UnionSettings SettingsOf(UnionNumber number);
  // The account that points go to when they come back to a union: its budget. When it is closed,
  // the budget of the nearest open union above it; when there is none, what has expired of its own.
  ledger::AccountKey HomeAccount(UnionNumber of, UnionNumber origin);

  // The number of the key that personal data is sealed under now.
  std::uint32_t VaultKey();
  // UNAVAILABLE when `data` is sealed under another: the key was replaced since, and sealing again
  // is all it takes.
  absl::optional<ledger::Refusal> CheckVaultKey(const PersonalDataRow& data);
  // Personal data with its search entries: of somebody new, in place of what there was, and away.
  void AddPersonalData(MemberId member, PersonalDataRow data);
  void ReplacePersonalData(MemberId member, PersonalDataRow data);
  void ErasePersonalData(MemberId member);

  // The numbers that the next union and campaign get.
  UnionNumber NextUnion();
  CampaignNumber NextCampaign();

 private:
  void EraseSearchEntries(MemberId member);
  std::uint32_t NextNumber(std::uint8_t count);
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_TABLES_H_
