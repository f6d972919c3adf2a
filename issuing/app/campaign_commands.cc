// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/campaign_commands.h"

#include "issuing/app/records.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

namespace {

Refusal CampaignNotFound() {
  return Refuse(Reason::kNotFound, "name", "there is no such campaign");
}

Refusal PlanChanged() {
  return Refuse(Reason::kPlanChanged, "plan_hash", "the campaign has another plan");
}

Refusal Expired() {
  return Refuse(Reason::kCampaignExpired, "name", "the campaign's points would have expired");
}

bool TookPart(const CampaignRow& campaign, const std::string& person) {
  return person == campaign.creator || person == campaign.plan.uploader ||
         person == campaign.submitter;
}

}  // namespace

absl::optional<Refusal> CreateCampaignCommand::Decide(const DecideContext& /*context*/,
                                                      Decision& decision) {
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.union_id);
  if (!number.has_value()) return Refuse(Reason::kNotFound, "union", "there is no such union");
  if (tables_.FindCampaign(wish_.id).has_value()) {
    return Refuse(Reason::kAlreadyExists, "campaign_id", "a campaign has this id");
  }
  if (!tables_.UnionOf(*number).open()) return UnionClosed("union");
  // Sorted, because whoever asks whether a category is allowed searches by halves.
  std::vector<std::uint32_t> categories = wish_.categories;
  std::sort(categories.begin(), categories.end());
  categories.erase(std::unique(categories.begin(), categories.end()), categories.end());
  jv1::CampaignCreated& created = *decision.Add().mutable_campaign_created();
  created.set_number(NumberOf(tables_.NextCampaign()));
  created.set_id(wish_.id.text());
  created.set_union_number(NumberOf(*number));
  created.set_display_name(wish_.display_name);
  created.set_occasion(wish_.occasion);
  created.mutable_terms()->set_expiry_micros(absl::ToUnixMicros(wish_.expiry));
  created.mutable_terms()->mutable_categories()->Add(categories.begin(), categories.end());
  created.mutable_terms()->set_expire_to_union(wish_.expire_to_union);
  created.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> SubmitCampaignCommand::Decide(const DecideContext& context,
                                                      Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (!campaign.has_value()) return CampaignNotFound();
  const CampaignRow& row = *campaign->row;
  if (row.state != CampaignState::kDraft) return RefuseState(row.state, "DRAFT");
  if (row.plan.rows == 0) return Refuse(Reason::kPlanEmpty, "name", "the campaign has no plan");
  if (row.plan.hash != wish_.plan_hash) return PlanChanged();
  if (views_.TermsOf(campaign->number).expiry <= context.now) return Expired();
  if (!tables_.UnionOf(row.union_number).open()) return UnionClosed("name");
  jv1::CampaignSubmitted& submitted = *decision.Add().mutable_campaign_submitted();
  submitted.set_campaign(NumberOf(campaign->number));
  submitted.set_plan_hash(std::string(ledger::AsBytes(wish_.plan_hash)));
  submitted.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> ApproveCampaignCommand::Decide(const DecideContext& context,
                                                       Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (campaign.has_value() && TookPart(*campaign->row, wish_.person)) {
    return Refuse(Reason::kSamePerson, "name", "a second person has to approve");
  }
  if (!campaign.has_value()) return CampaignNotFound();
  const CampaignRow& row = *campaign->row;
  if (row.state != CampaignState::kSubmitted) return RefuseState(row.state, "SUBMITTED");
  if (row.plan.hash != wish_.plan_hash) return PlanChanged();
  if (views_.TermsOf(campaign->number).expiry <= context.now) return Expired();
  const ledger::AccountKey budget = BudgetAccount(row.union_number, row.union_number);
  const std::int64_t available = views_.Balance(budget);
  if (available < row.plan.points) {
    Refusal refusal = Refuse(
        Reason::kBudgetTooSmall, "name",
        absl::StrCat("the plan needs ", row.plan.points, " points, the budget has ", available));
    refusal.metadata = {{"available", absl::StrCat(available)},
                        {"needed", absl::StrCat(row.plan.points)}};
    return refusal;
  }
  jv1::Entry& entry = *decision.Add().mutable_entry();
  AddPosting(budget, -row.plan.points, entry);
  AddPosting(CampaignAccount(campaign->number, row.union_number), row.plan.points, entry);
  entry.mutable_approval()->set_campaign(NumberOf(campaign->number));
  entry.mutable_approval()->set_plan_hash(std::string(ledger::AsBytes(wish_.plan_hash)));
  entry.mutable_approval()->set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> StartIssueCommand::Decide(const DecideContext& context,
                                                  Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(campaign_);
  if (!campaign.has_value()) return CampaignNotFound();
  if (campaign->row->state != CampaignState::kApproved) {
    return RefuseState(campaign->row->state, "APPROVED");
  }
  if (views_.TermsOf(campaign->number).expiry <= context.now) return Expired();
  decision.Add().mutable_issue_started()->set_campaign(NumberOf(campaign->number));
  return absl::nullopt;
}

}  // namespace puhui::issuing
