// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/run_commands.h"

#include "issuing/app/grant_judgement.h"
#include "issuing/app/records.h"
#include "issuing/app/rule_packs.h"
#include "issuing/app/rule_records.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

namespace {

// What was looked at is what was approved only if nothing that is approved has changed since. Other
// things may have, and the run looks again.
absl::optional<Refusal> RefuseLooked(const StartIssueCommand::Look& looked,
                                     const CampaignRow& campaign) {
  if (looked.changed != campaign.changed) {
    return Refuse(Reason::kEtagMismatch, "name",
                  "the campaign was changed while its rows were judged");
  }
  const RunStop& refused = looked.refused;
  if (refused.rows == 0) return absl::nullopt;
  const absl::string_view why = ledger::ReasonName(refused.reason);
  Refusal refusal = Refuse(Reason::kRowWouldBeRefused, "name",
                           absl::StrCat("row ", refused.row, " of the plan would be refused with ",
                                        why, ", and ", refused.rows, " in all"));
  refusal.metadata = {{"row", absl::StrCat(refused.row)},
                      {"reason", std::string(why)},
                      {"rows", absl::StrCat(refused.rows)}};
  return refusal;
}

}  // namespace

absl::optional<Refusal> StartIssueCommand::Decide(const DecideContext& context,
                                                  Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (!campaign.has_value()) return CampaignNotFound("name");
  const CampaignRow& row = *campaign->row;
  if (row.state != CampaignState::kApproved) return RefuseState(row.state, "APPROVED");
  const absl::Time start = std::max(wish_.start.value_or(context.now), context.now);
  if (views_.TermsOf(campaign->number).expiry <= start) return CampaignExpired();
  if (row.approvals_due.has_value() && *row.approvals_due <= start) return ApprovalExpired();
  const UnionSettings settings = tables_.SettingsOf(row.union_number);
  const absl::CivilDay day = DayOf(settings, start);
  if (auto refusal = RefuseStalePack(tables_, row.union_number, day, row.rule_pack)) {
    return refusal;
  }
  if (wish_.looked.has_value()) {
    if (auto refusal = RefuseLooked(*wish_.looked, row)) return refusal;
  }
  jv1::IssueStarted& started = *decision.Add().mutable_issue_started();
  started.set_campaign(NumberOf(campaign->number));
  if (start > context.now) started.set_start_micros(absl::ToUnixMicros(start));
  started.set_day(NumberOfDay(day));
  started.set_person(wish_.person);
  started.set_plan_hash(std::string(ledger::AsBytes(row.plan.hash)));
  started.set_rows(row.plan.rows);
  started.set_points(row.plan.points);
  started.set_all_or_nothing(wish_.all_or_nothing);
  if (const RulePack* pack = FindPack(tables_, row.rule_pack)) {
    StoreFrame(row.rule_pack, row.occasion,
               FrameOf(*pack, row.occasion, views_.TermsOf(campaign->number), settings.issuer_kind,
                       day, ZoneOf(settings)),
               *started.mutable_rules());
  }
  return absl::nullopt;
}

absl::optional<Refusal> PauseIssueCommand::Decide(const DecideContext& /*context*/,
                                                  Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (!campaign.has_value()) return CampaignNotFound("name");
  if (campaign->row->state != CampaignState::kIssuing || campaign->row->paused) {
    return RefuseRun(*campaign->row, "ISSUING");
  }
  jv1::IssuePaused& paused = *decision.Add().mutable_issue_paused();
  paused.set_campaign(NumberOf(campaign->number));
  paused.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> ResumeIssueCommand::Decide(const DecideContext& /*context*/,
                                                   Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (!campaign.has_value()) return CampaignNotFound("name");
  if (!campaign->row->paused) return RefuseRun(*campaign->row, "paused");
  jv1::IssueResumed& resumed = *decision.Add().mutable_issue_resumed();
  resumed.set_campaign(NumberOf(campaign->number));
  resumed.set_person(wish_.person);
  resumed.set_without_all_or_nothing(wish_.without_all_or_nothing);
  return absl::nullopt;
}

absl::optional<Refusal> CancelCampaignCommand::Decide(const DecideContext& /*context*/,
                                                      Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (!campaign.has_value()) return CampaignNotFound("name");
  const CampaignRow& row = *campaign->row;
  if (!IsOpenToChange(row.state) && row.state != CampaignState::kIssuing) {
    return RefuseState(row.state, "to be cancelled any more");
  }
  jv1::CampaignCancelled& cancelled = *decision.Add().mutable_campaign_cancelled();
  cancelled.set_campaign(NumberOf(campaign->number));
  cancelled.set_reason(wish_.reason);
  cancelled.set_person(wish_.person);
  ReturnReserved(*campaign, decision);
  return absl::nullopt;
}

absl::optional<Refusal> CloseCampaignCommand::Decide(const DecideContext& /*context*/,
                                                     Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (!campaign.has_value()) return CampaignNotFound("name");
  if (campaign->row->state != CampaignState::kIssued) {
    return RefuseState(campaign->row->state, "ISSUED");
  }
  const ledger::CampaignFigures figures = views_.campaign_figures.Of(campaign->number);
  if (const std::int64_t points = figures.available + figures.held; points != 0) {
    Refusal refusal = Refuse(Reason::kCampaignHasPoints, "name",
                             absl::StrCat(points, " of its points are unspent or held"));
    refusal.metadata = {{"points", absl::StrCat(points)}};
    return refusal;
  }
  if (campaign->row->claw_back_running != 0) {
    return Refuse(Reason::kClawBackState, "name", "a claw-back of the campaign is running");
  }
  jv1::CampaignClosed& closed = *decision.Add().mutable_campaign_closed();
  closed.set_campaign(NumberOf(campaign->number));
  closed.set_person(wish_.person);
  return absl::nullopt;
}

}  // namespace puhui::issuing
