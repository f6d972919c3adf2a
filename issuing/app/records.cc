// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/records.h"

#include "absl/strings/str_cat.h"

#include <string>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::AccountKey;
using ledger::AccountKind;
using ledger::Reason;
using ledger::Refusal;

void AddPosting(const AccountKey& account, std::int64_t points, jv1::Entry& entry) {
  jv1::Posting& posting = *entry.add_postings();
  posting.set_kind(static_cast<jv1::AccountKind>(account.kind));
  posting.set_owner(account.owner);
  posting.set_origin(NumberOf(account.origin));
  posting.set_points(points);
}

void AddWalletPosting(MemberId member, UnionNumber origin, std::int64_t points, jv1::Entry& entry) {
  jv1::Posting& posting = *entry.add_postings();
  posting.set_kind(jv1::ACCOUNT_KIND_WALLET);
  posting.set_member(member.ToBytes());
  posting.set_origin(NumberOf(origin));
  posting.set_points(points);
}

AccountKey FundingAccount(UnionNumber owner) {
  return {AccountKind::kFunding, NumberOf(owner), owner};
}
AccountKey BudgetAccount(UnionNumber owner, UnionNumber origin) {
  return {AccountKind::kBudget, NumberOf(owner), origin};
}
AccountKey CampaignAccount(CampaignNumber owner, UnionNumber origin) {
  return {AccountKind::kCampaign, NumberOf(owner), origin};
}
AccountKey ExpiredAccount(UnionNumber owner, UnionNumber origin) {
  return {AccountKind::kExpired, NumberOf(owner), origin};
}

void ReturnReservation(CampaignNumber campaign, UnionNumber of, std::int64_t points,
                       jv1::Entry& entry) {
  AddPosting(CampaignAccount(campaign, of), -points, entry);
  AddPosting(BudgetAccount(of, of), points, entry);
  entry.mutable_returned()->set_campaign(NumberOf(campaign));
  entry.mutable_returned()->set_points(points);
}

Refusal Refuse(Reason reason, absl::string_view field, absl::string_view message) {
  return {.reason = reason, .field = std::string(field), .message = std::string(message)};
}

Refusal UnionClosed(absl::string_view field) {
  return Refuse(Reason::kUnionClosed, field, "the union is closed");
}

Refusal RefuseState(CampaignState state, absl::string_view wanted) {
  return {.reason = Reason::kCampaignState,
          .field = "name",
          .message = absl::StrCat("the campaign is ", CampaignStateName(state), ", not ", wanted),
          .metadata = {{"state", std::string(CampaignStateName(state))}}};
}

absl::string_view CampaignStateName(CampaignState state) {
  switch (state) {
    case CampaignState::kDraft:
      return "DRAFT";
    case CampaignState::kSubmitted:
      return "SUBMITTED";
    case CampaignState::kApproved:
      return "APPROVED";
    case CampaignState::kIssuing:
      return "ISSUING";
    case CampaignState::kIssued:
      return "ISSUED";
  }
  return "unknown";
}

}  // namespace puhui::issuing
