// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/queries.h"

#include "issuing/app/tables.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include <algorithm>
#include <utility>

namespace puhui::issuing {

using ledger::Readable;

absl::StatusOr<absl::optional<FoundMember>> FindMember(const Readable& from, MemberId member) {
  PUHUI_ASSIGN_OR_RETURN(absl::optional<MemberRow> row, ledger::Find(from, kMemberTable, member));
  if (!row.has_value()) return absl::optional<FoundMember>();
  PUHUI_ASSIGN_OR_RETURN(absl::optional<ledger::Wallet> wallet,
                         ledger::Find(from, ledger::kWalletTable, member));
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<ledger::CardRow> card,
                         ledger::Find(from, ledger::kCardTable, row->card_hash));
  FoundMember found{.member = member, .row = *std::move(row)};
  if (wallet.has_value()) found.card_last_four = std::move(wallet->card_last_four);
  found.card_blocked = card.has_value() && card->state == ledger::CardState::kBlocked;
  return absl::make_optional(std::move(found));
}

absl::StatusOr<absl::optional<MemberId>> MemberByExternalId(const Readable& from,
                                                            const ledger::Tag& external_id) {
  return ledger::Find(from, kExternalIdTable, external_id);
}

absl::StatusOr<std::vector<absl::optional<MemberId>>> MembersByExternalId(
    const Readable& from, absl::Span<const ledger::Tag> external_ids) {
  std::vector<ledger::Tag> sorted(external_ids.begin(), external_ids.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<absl::optional<MemberId>> found,
      ledger::FindAll(from, kExternalIdTable, absl::Span<const ledger::Tag>(sorted)));
  std::vector<absl::optional<MemberId>> members;
  members.reserve(external_ids.size());
  for (const ledger::Tag& external_id : external_ids) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), external_id);
    members.push_back(found[static_cast<std::size_t>(at - sorted.begin())]);
  }
  return members;
}

absl::StatusOr<absl::optional<MemberId>> MemberByCard(const Readable& from,
                                                      const ledger::Tag& card) {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<ledger::CardRow> row,
                         ledger::Find(from, ledger::kCardTable, card));
  if (!row.has_value()) return absl::optional<MemberId>();
  return absl::make_optional(row->member);
}

absl::StatusOr<absl::optional<PersonalDataRow>> FindPersonalData(const Readable& from,
                                                                 MemberId member) {
  return ledger::Find(from, kPersonalDataTable, member);
}

absl::StatusOr<std::vector<MemberId>> ListMembers(const Readable& from, UnionNumber of,
                                                  absl::optional<MemberId> after,
                                                  std::size_t limit) {
  ledger::Range range;
  range.prefix = ledger::EncodeKeyPrefix(ledger::Table::kUnionMembers, of);
  if (after.has_value()) {
    range.from = ledger::EncodeKey(ledger::Table::kUnionMembers, UnionMemberKey{of, *after});
    range.after_from = true;
  }
  PUHUI_ASSIGN_OR_RETURN(const auto rows,
                         ledger::List(from, kUnionMemberTable, std::move(range), limit));
  std::vector<MemberId> members;
  members.reserve(rows.size());
  for (const auto& row : rows) members.push_back(row.key.member);
  return members;
}

absl::StatusOr<absl::optional<FoundCampaign>> FindCampaign(const Readable& from,
                                                           absl::string_view campaign_id) {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<CampaignNumber> number,
                         ledger::Find(from, kCampaignIdTable, std::string(campaign_id)));
  if (!number.has_value()) return absl::optional<FoundCampaign>();
  PUHUI_ASSIGN_OR_RETURN(FoundCampaign found, CampaignByNumber(from, *number));
  return absl::make_optional(std::move(found));
}

absl::StatusOr<FoundCampaign> CampaignByNumber(const Readable& from, CampaignNumber number) {
  PUHUI_ASSIGN_OR_RETURN(absl::optional<CampaignRow> row,
                         ledger::Find(from, kCampaignTable, number));
  PUHUI_ASSIGN_OR_RETURN(absl::optional<ledger::Terms> terms,
                         ledger::Find(from, ledger::kTermsTable, number));
  PUHUI_CHECK(row.has_value() && terms.has_value());
  return FoundCampaign{number, *std::move(row), *std::move(terms)};
}

}  // namespace puhui::issuing
