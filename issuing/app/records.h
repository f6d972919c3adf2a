// SPDX-License-Identifier: Apache-2.0
// How the issuing side writes postings and words its refusals. Internal to this room.
#ifndef PUHUI_ISSUING_APP_RECORDS_H_
#define PUHUI_ISSUING_APP_RECORDS_H_

#include "issuing/app/rows.h"
#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/core/refusal.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/string_view.h"

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

// Gives `points` of the campaign's reservation back to the budget of its union.
void ReturnReservation(CampaignNumber campaign, UnionNumber of, std::int64_t points,
                       journal::v1::Entry& entry);

ledger::Refusal Refuse(ledger::Reason reason, absl::string_view field, absl::string_view message);
// Whatever a closed union is wanted for.
ledger::Refusal UnionClosed(absl::string_view field);
ledger::Refusal RefuseState(CampaignState state, absl::string_view wanted);
absl::string_view CampaignStateName(CampaignState state);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_RECORDS_H_
