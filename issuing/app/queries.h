// SPDX-License-Identifier: Apache-2.0
// Reads of members and campaigns, for handlers; plans and their rows are in plan_queries.h, unions
// in union_queries.h. Pass a snapshot where two reads must agree. Threads: safe. Fail: as Readable.
#ifndef PUHUI_ISSUING_APP_QUERIES_H_
#define PUHUI_ISSUING_APP_QUERIES_H_

#include "issuing/app/member_rows.h"
#include "issuing/app/rows.h"
#include "ledger/base/id.h"
#include "ledger/core/terms.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::issuing {

struct FoundMember {
  MemberId member{};
  MemberRow row{};
  std::string card_last_four{};
  bool card_blocked = false;
};
absl::StatusOr<absl::optional<FoundMember>> FindMember(const ledger::Readable& from,
                                                       MemberId member);
// By Vault::ExternalIdTag.
absl::StatusOr<absl::optional<MemberId>> MemberByExternalId(const ledger::Readable& from,
                                                            const ledger::Tag& external_id);
// As MemberByExternalId, for many at once: the answer has the order of the tags, which may repeat.
absl::StatusOr<std::vector<absl::optional<MemberId>>> MembersByExternalId(
    const ledger::Readable& from, absl::Span<const ledger::Tag> external_ids);
// By Vault::CardTag.
absl::StatusOr<absl::optional<MemberId>> MemberByCard(const ledger::Readable& from,
                                                      const ledger::Tag& card);
// Sealed: Vault::Open reads it. Absent after erasure.
absl::StatusOr<absl::optional<PersonalDataRow>> FindPersonalData(const ledger::Readable& from,
                                                                 MemberId member);
// Members of one union in the order of their ids, `after` excluded.
absl::StatusOr<std::vector<MemberId>> ListMembers(const ledger::Readable& from, UnionNumber of,
                                                  absl::optional<MemberId> after,
                                                  std::size_t limit);

struct FoundCampaign {
  CampaignNumber number{};
  CampaignRow row{};
  ledger::Terms terms{};
};
absl::StatusOr<absl::optional<FoundCampaign>> FindCampaign(const ledger::Readable& from,
                                                           absl::string_view campaign_id);
// Requires: there is a campaign with that number (checked).
absl::StatusOr<FoundCampaign> CampaignByNumber(const ledger::Readable& from, CampaignNumber number);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_QUERIES_H_
