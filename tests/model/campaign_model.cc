// SPDX-License-Identifier: Apache-2.0
// The model's campaigns, from their plan to their run.
#include "ledger/base/limits.h"
#include "tests/model/ledger_model.h"

namespace puhui::testing {

using ledger::Reason;

namespace {

using State = LedgerModel::State;

bool OpenToChange(State state) {
  return state == State::kDraft || state == State::kSubmitted || state == State::kApproved ||
         state == State::kRejected;
}

bool TookPart(const LedgerModel::Campaign& campaign, const std::string& person) {
  return campaign.changers.contains(person) || campaign.uploader == person ||
         campaign.submitter == person || campaign.approvals.contains(person);
}

std::int64_t TotalOf(const LedgerModel::Campaign& campaign) {
  std::int64_t total = 0;
  for (const auto& [member, points] : campaign.plan) total += points;
  return total;
}

}  // namespace

void LedgerModel::GiveBack(Campaign& campaign) {
  AddToBudget(campaign.of, campaign.origin, campaign.reserved);
  campaign.reserved = 0;
}

void LedgerModel::BackToDraft(Campaign& campaign) {
  GiveBack(campaign);
  campaign.state = State::kDraft;
  if (!campaign.submitter.empty()) campaign.changers.insert(campaign.submitter);
  campaign.submitter.clear();
  campaign.approvals.clear();
}

Verdict LedgerModel::UploadPlan(std::uint32_t number, const std::string& person,
                                std::vector<std::pair<MemberId, std::int64_t>> plan) {
  const auto at = campaigns.find(number);
  if (at == campaigns.end()) return Reason::kNotFound;
  Campaign& campaign = at->second;
  if (!OpenToChange(campaign.state)) return Reason::kCampaignState;
  if (unions[campaign.of].closed) return Reason::kUnionClosed;
  BackToDraft(campaign);
  campaign.uploader = person;
  campaign.plan = std::move(plan);
  return absl::nullopt;
}

Verdict LedgerModel::Change(std::uint32_t number, const std::string& person, absl::Time expiry,
                            bool stale) {
  const auto at = campaigns.find(number);
  if (at == campaigns.end()) return Reason::kNotFound;
  Campaign& campaign = at->second;
  if (!OpenToChange(campaign.state)) return Reason::kCampaignState;
  if (unions[campaign.of].closed) return Reason::kUnionClosed;
  if (stale) return Reason::kEtagMismatch;
  BackToDraft(campaign);
  campaign.expiry = expiry;
  campaign.changers.insert(person);
  return absl::nullopt;
}

Verdict LedgerModel::Submit(std::uint32_t number, const std::string& person, absl::Time now) {
  const auto at = campaigns.find(number);
  if (at == campaigns.end()) return Reason::kNotFound;
  Campaign& campaign = at->second;
  const bool awaits = campaign.state == State::kSubmitted || campaign.state == State::kApproved;
  const bool again = awaits && IsStale(campaign, DayAt(now));
  if (campaign.state != State::kDraft && !again) return Reason::kCampaignState;
  if (campaign.plan.empty()) return Reason::kPlanEmpty;
  if (campaign.expiry <= now) return Reason::kCampaignExpired;
  if (unions[campaign.of].closed) return Reason::kUnionClosed;
  BackToDraft(campaign);
  campaign.state = State::kSubmitted;
  campaign.submitter = person;
  campaign.pack = PackInForce(campaign.of, DayAt(now));
  campaign.approvers = ApproversFor(campaign.of, TotalOf(campaign));
  return absl::nullopt;
}

Verdict LedgerModel::Approve(std::uint32_t number, const std::string& person, bool stale,
                             absl::Time now) {
  const auto at = campaigns.find(number);
  if (at == campaigns.end()) return Reason::kNotFound;
  Campaign& campaign = at->second;
  if (TookPart(campaign, person)) return Reason::kSamePerson;
  if (campaign.state != State::kSubmitted) return Reason::kCampaignState;
  if (campaign.expiry <= now) return Reason::kCampaignExpired;
  if (!campaign.approvals.empty() && campaign.approvals_due <= now) return Reason::kApprovalExpired;
  if (IsStale(campaign, DayAt(now))) return Reason::kRulePackChanged;
  if (stale) return Reason::kEtagMismatch;
  const std::int64_t total = TotalOf(campaign);
  if (BudgetOf(campaign.of, campaign.origin) < total) return Reason::kBudgetTooSmall;
  if (campaign.approvals.empty()) campaign.approvals_due = now + kApprovalsKeptFor;
  campaign.approvals.insert(person);
  if (campaign.approvals.size() < campaign.approvers) return absl::nullopt;
  AddToBudget(campaign.of, campaign.origin, -total);
  campaign.reserved = total;
  campaign.state = State::kApproved;
  return absl::nullopt;
}

Verdict LedgerModel::Reject(std::uint32_t number, bool stale) {
  const auto at = campaigns.find(number);
  if (at == campaigns.end()) return Reason::kNotFound;
  Campaign& campaign = at->second;
  if (campaign.state != State::kSubmitted && campaign.state != State::kApproved) {
    return Reason::kCampaignState;
  }
  if (stale) return Reason::kEtagMismatch;
  BackToDraft(campaign);
  campaign.state = State::kRejected;
  return absl::nullopt;
}

void LedgerModel::ExpireApprovals(std::uint32_t number) { BackToDraft(campaigns[number]); }

Verdict LedgerModel::StartIssue(std::uint32_t number, absl::Time start, bool all_or_nothing,
                                absl::Time now) {
  const auto at = campaigns.find(number);
  if (at == campaigns.end()) return Reason::kNotFound;
  Campaign& campaign = at->second;
  if (campaign.state != State::kApproved) return Reason::kCampaignState;
  campaign.run_start = std::max(start, now);
  if (campaign.expiry <= campaign.run_start) return Reason::kCampaignExpired;
  if (campaign.approvals_due <= campaign.run_start) return Reason::kApprovalExpired;
  if (IsStale(campaign, DayAt(campaign.run_start))) return Reason::kRulePackChanged;
  campaign.state = State::kIssuing;
  campaign.run_day = DayAt(campaign.run_start);
  campaign.all_or_nothing = all_or_nothing;
  return absl::nullopt;
}

Verdict LedgerModel::Pause(std::uint32_t number) {
  const auto at = campaigns.find(number);
  if (at == campaigns.end()) return Reason::kNotFound;
  if (at->second.state != State::kIssuing || at->second.paused) return Reason::kCampaignState;
  at->second.paused = true;
  return absl::nullopt;
}

Verdict LedgerModel::Resume(std::uint32_t number, bool without_all_or_nothing) {
  const auto at = campaigns.find(number);
  if (at == campaigns.end()) return Reason::kNotFound;
  if (!at->second.paused) return Reason::kCampaignState;
  at->second.paused = false;
  at->second.bad_rows = 0;
  if (without_all_or_nothing) at->second.all_or_nothing = false;
  return absl::nullopt;
}

Verdict LedgerModel::Cancel(std::uint32_t number) {
  const auto at = campaigns.find(number);
  if (at == campaigns.end()) return Reason::kNotFound;
  Campaign& campaign = at->second;
  if (!OpenToChange(campaign.state) && campaign.state != State::kIssuing) {
    return Reason::kCampaignState;
  }
  GiveBack(campaign);
  campaign.approvals.clear();
  campaign.paused = false;
  campaign.bad_rows = 0;
  campaign.state = State::kCancelled;
  return absl::nullopt;
}

Verdict LedgerModel::Close(std::uint32_t number) {
  const auto at = campaigns.find(number);
  if (at == campaigns.end()) return Reason::kNotFound;
  if (at->second.state != State::kIssued) return Reason::kCampaignState;
  for (const auto& [id, member] : members) {
    for (const auto& [lot_number, lot] : member.lots) {
      if (lot.campaign == number) return Reason::kCampaignHasPoints;
    }
  }
  if (at->second.claw_back.has_value()) return Reason::kClawBackState;
  at->second.state = State::kClosed;
  return absl::nullopt;
}

}  // namespace puhui::testing
