// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/approval_commands.h"

#include "issuing/app/records.h"
#include "issuing/app/rule_packs.h"
#include "ledger/base/limits.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

namespace {

Refusal PlanChanged() {
  return Refuse(Reason::kPlanChanged, "plan_hash", "the campaign has another plan");
}

bool TookPart(const CampaignRow& campaign, const std::string& person) {
  return person == campaign.creator || person == campaign.plan.uploader ||
         person == campaign.submitter ||
         std::ranges::find(campaign.editors, person) != campaign.editors.end();
}

bool HasApproved(const CampaignRow& campaign, const std::string& person) {
  return std::ranges::find(campaign.approvals, person, &Approval::person) !=
         campaign.approvals.end();
}

std::uint32_t ApproversFor(std::int64_t points, const ApprovalPolicy& policy) {
  const bool two = policy.two_above_points != 0 && points > policy.two_above_points;
  return std::max(policy.approvers, two ? std::uint32_t{2} : std::uint32_t{1});
}

// Because another rule pack is in force than when it was.
bool MayBeSubmittedAgain(Tables& tables, const CampaignRow& row, absl::CivilDay today) {
  return AwaitsIssue(row.state) && IsStalePack(tables, row.union_number, today, row.rule_pack);
}

absl::optional<Refusal> CheckBudget(const CampaignRow& row, std::int64_t available) {
  if (available >= row.plan.points) return absl::nullopt;
  Refusal refusal = Refuse(
      Reason::kBudgetTooSmall, "name",
      absl::StrCat("the plan needs ", row.plan.points, " points, the budget has ", available));
  refusal.metadata = {{"available", absl::StrCat(available)},
                      {"needed", absl::StrCat(row.plan.points)}};
  return refusal;
}

}  // namespace

absl::optional<Refusal> SubmitCampaignCommand::Decide(const DecideContext& context,
                                                      Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (!campaign.has_value()) return CampaignNotFound("name");
  const CampaignRow& row = *campaign->row;
  const UnionSettings settings = tables_.SettingsOf(row.union_number);
  const absl::CivilDay today = DayOf(settings, context.now);
  if (row.state != CampaignState::kDraft && !MayBeSubmittedAgain(tables_, row, today)) {
    return RefuseState(row.state, "DRAFT");
  }
  if (row.plan.rows == 0) return Refuse(Reason::kPlanEmpty, "name", "the campaign has no plan");
  if (row.plan.hash != wish_.plan_hash) return PlanChanged();
  if (views_.TermsOf(campaign->number).expiry <= context.now) return CampaignExpired();
  if (!tables_.UnionOf(row.union_number).open()) return UnionClosed("name");
  jv1::CampaignSubmitted& submitted = *decision.Add().mutable_campaign_submitted();
  submitted.set_campaign(NumberOf(campaign->number));
  submitted.set_plan_hash(std::string(ledger::AsBytes(wish_.plan_hash)));
  submitted.set_person(wish_.person);
  submitted.set_approvers(ApproversFor(row.plan.points, *settings.approval));
  if (const auto pack = PackInForce(tables_, row.union_number, today)) {
    submitted.set_rule_pack(pack->id);
    submitted.set_rule_pack_version(pack->version);
  }
  ReturnReserved(*campaign, decision);
  return absl::nullopt;
}

absl::optional<Refusal> ApproveCampaignCommand::Decide(const DecideContext& context,
                                                       Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (campaign.has_value() && TookPart(*campaign->row, wish_.person)) {
    return Refuse(Reason::kSamePerson, "name", "a second person has to approve");
  }
  if (campaign.has_value() && HasApproved(*campaign->row, wish_.person)) {
    return Refuse(Reason::kSamePerson, "name", "another person has to approve too");
  }
  if (!campaign.has_value()) return CampaignNotFound("name");
  const CampaignRow& row = *campaign->row;
  if (row.state != CampaignState::kSubmitted) return RefuseState(row.state, "SUBMITTED");
  if (row.plan.hash != wish_.plan_hash) return PlanChanged();
  if (views_.TermsOf(campaign->number).expiry <= context.now) return CampaignExpired();
  if (row.approvals_due.has_value() && *row.approvals_due <= context.now) return ApprovalExpired();
  const absl::CivilDay today = DayOf(tables_.SettingsOf(row.union_number), context.now);
  if (auto refusal = RefuseStalePack(tables_, row.union_number, today, row.rule_pack)) {
    return refusal;
  }
  if (auto refusal = CheckCampaignEtag(*campaign, wish_.etag)) return refusal;
  const ledger::AccountKey budget = BudgetAccount(row.union_number, row.origin);
  if (auto refusal = CheckBudget(row, views_.Balance(budget))) return refusal;
  if (row.approvals.size() + 1 < row.approvers_needed) {
    jv1::ApprovalGiven& given = *decision.Add().mutable_approval_given();
    given.set_campaign(NumberOf(campaign->number));
    given.set_plan_hash(std::string(ledger::AsBytes(wish_.plan_hash)));
    given.set_person(wish_.person);
    return absl::nullopt;
  }
  jv1::Entry& entry = *decision.Add().mutable_entry();
  AddPosting(budget, -row.plan.points, entry);
  AddPosting(CampaignAccount(campaign->number, row.origin), row.plan.points, entry);
  entry.mutable_approval()->set_campaign(NumberOf(campaign->number));
  entry.mutable_approval()->set_plan_hash(std::string(ledger::AsBytes(wish_.plan_hash)));
  entry.mutable_approval()->set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> RejectCampaignCommand::Decide(const DecideContext& /*context*/,
                                                      Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (!campaign.has_value()) return CampaignNotFound("name");
  const CampaignRow& row = *campaign->row;
  if (!AwaitsIssue(row.state)) return RefuseState(row.state, "SUBMITTED or APPROVED");
  if (auto refusal = CheckCampaignEtag(*campaign, wish_.etag)) return refusal;
  jv1::CampaignRejected& rejected = *decision.Add().mutable_campaign_rejected();
  rejected.set_campaign(NumberOf(campaign->number));
  rejected.set_reason(wish_.reason);
  rejected.set_person(wish_.person);
  ReturnReserved(*campaign, decision);
  return absl::nullopt;
}

absl::optional<Refusal> ExpireApprovalsCommand::Decide(const DecideContext& context,
                                                       Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(campaign_);
  if (!campaign.has_value()) return CampaignNotFound("name");
  const CampaignRow& row = *campaign->row;
  if (!row.approvals_due.has_value() || *row.approvals_due > context.now) {
    return RefuseState(row.state, "approved too long ago");
  }
  jv1::ApprovalsVoided& voided = *decision.Add().mutable_approvals_voided();
  voided.set_campaign(NumberOf(campaign_));
  voided.set_reason(NumberOf(VoidReason::kTooOld));
  ReturnReserved(*campaign, decision);
  return absl::nullopt;
}

}  // namespace puhui::issuing
