// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/records.h"

#include "issuing/app/campaign_commands.h"

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

void ReturnReservation(CampaignNumber campaign, const CampaignRow& row, std::int64_t points,
                       jv1::Entry& entry) {
  AddPosting(CampaignAccount(campaign, row.origin), -points, entry);
  AddPosting(BudgetAccount(row.union_number, row.origin), points, entry);
  entry.mutable_returned()->set_campaign(NumberOf(campaign));
  entry.mutable_returned()->set_points(points);
}

void ReturnReserved(const CampaignRef& campaign, ledger::Decision& decision) {
  const CampaignRow& row = *campaign.row;
  if (row.state != CampaignState::kApproved && row.state != CampaignState::kIssuing) return;
  const std::int64_t points = row.plan.points - row.points_granted;
  if (points == 0) return;
  ReturnReservation(campaign.number, row, points, *decision.Add().mutable_entry());
}

UnionNumber OriginOf(const jv1::CampaignCreated& created) {
  return UnionNumber{created.origin() != 0 ? created.origin() : created.union_number()};
}

Refusal CampaignNotFound(absl::string_view field) {
  return Refuse(Reason::kNotFound, field, "there is no such campaign");
}

Refusal CampaignExpired() {
  return Refuse(Reason::kCampaignExpired, "name", "the campaign's points would have expired");
}

Refusal ApprovalExpired() {
  return Refuse(Reason::kApprovalExpired, "name",
                "the approvals would be too old: it has to be submitted again");
}

absl::optional<Refusal> CheckCampaignEtag(const CampaignRef& campaign, absl::string_view etag) {
  if (etag.empty() || etag == CampaignEtag(campaign.number, campaign.row->changed)) {
    return absl::nullopt;
  }
  return Refuse(Reason::kEtagMismatch, "etag", "the campaign was changed since it was read");
}

Refusal RefuseRun(const CampaignRow& campaign, absl::string_view wanted) {
  Refusal refusal = RefuseState(campaign.state, wanted);
  if (campaign.paused) refusal.message = absl::StrCat("the issue run is paused, not ", wanted);
  return refusal;
}

Refusal Refuse(Reason reason, absl::string_view field, absl::string_view message) {
  return {.reason = reason, .field = std::string(field), .message = std::string(message)};
}

Refusal UnionNotFound(absl::string_view field) {
  return Refuse(Reason::kNotFound, field, "there is no such union");
}

Refusal UnionClosed(absl::string_view field) {
  return Refuse(Reason::kUnionClosed, field, "the union is closed");
}

Refusal RefuseState(CampaignState state, absl::string_view wanted, absl::string_view field) {
  return {.reason = Reason::kCampaignState,
          .field = std::string(field),
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
    case CampaignState::kClosed:
      return "CLOSED";
    case CampaignState::kRejected:
      return "REJECTED";
    case CampaignState::kCancelled:
      return "CANCELLED";
  }
  return "unknown";
}

}  // namespace puhui::issuing
