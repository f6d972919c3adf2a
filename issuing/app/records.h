// SPDX-License-Identifier: Apache-2.0
// How the issuing side writes postings and words its refusals. Internal to this room.
#ifndef PUHUI_ISSUING_APP_RECORDS_H_
#define PUHUI_ISSUING_APP_RECORDS_H_

#include "issuing/app/rows.h"
#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/core/refusal.h"
#include "ledger/engine/command.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstdint>

namespace puhui::issuing {

// The number of an enumerated number type.
template <class Number>
constexpr std::uint32_t NumberOf(Number number) {
  return static_cast<std::uint32_t>(number);
}

void AddPosting(const ledger::AccountKey& account, std::int64_t points, journal::v1::Entry& entry);
void AddWalletPosting(MemberId member, UnionNumber origin, std::int64_t points,
                      journal::v1::Entry& entry);

ledger::AccountKey FundingAccount(UnionNumber owner);
ledger::AccountKey BudgetAccount(UnionNumber owner, UnionNumber origin);
ledger::AccountKey CampaignAccount(CampaignNumber owner, UnionNumber origin);
ledger::AccountKey ExpiredAccount(UnionNumber owner, UnionNumber origin);

// Gives `points` of the campaign's reservation back to the budget they are of.
void ReturnReservation(CampaignNumber campaign, const CampaignRow& row, std::int64_t points,
                       journal::v1::Entry& entry);
// The same of all that it has reserved and not granted, in a record of its own; of nothing, none.
void ReturnReserved(const CampaignRef& campaign, ledger::Decision& decision);

UnionNumber OriginOf(const journal::v1::CampaignCreated& created);

ledger::Refusal Refuse(ledger::Reason reason, absl::string_view field, absl::string_view message);
ledger::Refusal UnionNotFound(absl::string_view field);
// Whatever a closed union is wanted for.
ledger::Refusal UnionClosed(absl::string_view field);
ledger::Refusal CampaignNotFound(absl::string_view field);
ledger::Refusal CampaignExpired();
ledger::Refusal ApprovalExpired();
// ETAG_MISMATCH; an empty etag is that of whatever it is now.
absl::optional<ledger::Refusal> CheckCampaignEtag(const CampaignRef& campaign,
                                                  absl::string_view etag);
ledger::Refusal RefuseState(CampaignState state, absl::string_view wanted,
                            absl::string_view field = "name");
// The same of an issue run, which may be paused.
ledger::Refusal RefuseRun(const CampaignRow& campaign, absl::string_view wanted);
absl::string_view CampaignStateName(CampaignState state);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_RECORDS_H_
