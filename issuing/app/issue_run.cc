// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/issue_run.h"

#include "issuing/app/records.h"
#include "issuing/app/rule_packs.h"
#include "issuing/app/rule_records.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/points.h"

#include <utility>
#include <vector>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;
using ledger::Terms;
using ledger::Wallet;

absl::optional<Refusal> IssueChunkCommand::Decide(const DecideContext& context,
                                                  Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(piece_.campaign);
  if (!campaign.has_value()) {
    return Refuse(Reason::kNotFound, "campaign", "there is no such campaign");
  }
  const CampaignRow& row = *campaign->row;
  if (row.state != CampaignState::kIssuing || row.paused || row.plan.version != piece_.version ||
      row.rows_done != piece_.first_row || IsOfEarlierLook(row)) {
    return RefuseState(row.state, "ISSUING at this row");
  }
  PUHUI_CHECK(rows_.size() >= 1 && rows_.size() <= row.plan.rows - row.rows_done);
  if (row.rows_done == 0) {
    if (const absl::optional<VoidReason> reason = WhyVoid(row, context.now)) {
      Void(row, *reason, decision);
      return absl::nullopt;
    }
  }
  const Terms& terms = views_.TermsOf(piece_.campaign);
  PUHUI_CHECK(terms.origin == row.origin);
  Prefetch(row.run_day);
  const GrantFrame frame{.terms = &terms,
                         .pack = FindPack(tables_, row.rule_pack),
                         .occasion = row.occasion,
                         .day = row.run_day,
                         .rules = row.rule_frame};
  if (const RunStop stop = WhyStop(frame, row, context.now); stop.rows > 0) {
    Stop(stop, decision);
    return absl::nullopt;
  }
  const Tally tally = JudgeRows(frame, row, context.now, decision);
  if (row.rows_done + rows_.size() == row.plan.rows) Finish(row, tally, decision);
  return absl::nullopt;
}

// What was asked when it was to begin, which a pause or a stop may be long ago.
absl::optional<VoidReason> IssueChunkCommand::WhyVoid(const CampaignRow& campaign,
                                                      absl::Time now) const {
  const UnionSettings settings = tables_.SettingsOf(campaign.union_number);
  const absl::Duration late = now - campaign.run_start;
  const bool other_year = DayOf(settings, now).year() != campaign.run_day.year();
  if (late >= kApprovalsKeptFor || (other_year && late >= kRunIntoNextYear)) {
    return VoidReason::kTooOld;
  }
  if (IsStalePack(tables_, campaign.union_number, campaign.run_day, campaign.rule_pack)) {
    return VoidReason::kRulePackChanged;
  }
  const RulePack* const pack = FindPack(tables_, campaign.rule_pack);
  if (pack == nullptr) return absl::nullopt;
  const RuleFrame frame = FrameOf(*pack, campaign.occasion, views_.TermsOf(piece_.campaign),
                                  settings.issuer_kind, campaign.run_day, ZoneOf(settings));
  return frame == campaign.rule_frame ? absl::nullopt
                                      : absl::make_optional(VoidReason::kRulePackChanged);
}

void IssueChunkCommand::Void(const CampaignRow& campaign, VoidReason reason,
                             Decision& decision) const {
  jv1::ApprovalsVoided& voided = *decision.Add().mutable_approvals_voided();
  voided.set_campaign(NumberOf(piece_.campaign));
  voided.set_reason(NumberOf(reason));
  ReturnReservation(piece_.campaign, campaign, campaign.plan.points,
                    *decision.Add().mutable_entry());
}

// What was not read ahead, or has been dropped since, is read here.
void IssueChunkCommand::Prefetch(absl::CivilDay day) {
  views_.wallets.Adopt(std::move(piece_.ahead.wallets));
  tables_.received.Adopt(std::move(piece_.ahead.received));
  std::vector<MemberId> members;
  std::vector<ReceivedKey> received;
  members.reserve(rows_.size());
  received.reserve(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    members.push_back(rows_[i].member);
    received.push_back(ReceivedIn(rows_[i].member, day));
  }
  views_.wallets.Prefetch(std::move(members));
  tables_.received.Prefetch(std::move(received));
}

GrantVerdict IssueChunkCommand::Judge(const PlanRow& row, const Wallet* wallet,
                                      const GrantFrame& frame, absl::Time now) {
  return JudgeGrant(frame,
                    {.wallet = wallet,
                     .received = tables_.received.Find(ReceivedIn(row.member, frame.day)),
                     .points = Points::FromStored(row.points)},
                    now);
}

// Whether the run was stopped and has gone on since: then all rows that are left are looked at
// again, before any of them is granted.
bool IssueChunkCommand::IsOfEarlierLook(const CampaignRow& campaign) const {
  return campaign.all_or_nothing && campaign.run_due != piece_.foreseen.run_due;
}

// The rows of the piece are judged twice: a decision that has begun to grant is not undone.
RunStop IssueChunkCommand::WhyStop(const GrantFrame& frame, const CampaignRow& campaign,
                                   absl::Time now) {
  RunStop stop;
  if (!campaign.all_or_nothing) return stop;
  if (piece_.foreseen.refused.rows > 0) return piece_.foreseen.refused;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const PlanRow row = rows_[i];
    const GrantVerdict verdict = Judge(row, views_.wallets.Find(row.member), frame, now);
    if (!verdict.reason.has_value()) continue;
    if (stop.rows++ > 0) continue;
    stop.row = piece_.first_row + i;
    stop.reason = *verdict.reason;
  }
  return stop;
}

void IssueChunkCommand::Stop(const RunStop& stop, Decision& decision) const {
  jv1::IssuePaused& paused = *decision.Add().mutable_issue_paused();
  paused.set_campaign(NumberOf(piece_.campaign));
  paused.set_row(stop.row);
  paused.set_reason(NumberOf(stop.reason));
  paused.set_rows(stop.rows);
}

// A member stands in a plan once, so no row of the piece changes the wallet of another, nor what
// another has received.
IssueChunkCommand::Tally IssueChunkCommand::JudgeRows(const GrantFrame& frame,
                                                      const CampaignRow& campaign, absl::Time now,
                                                      Decision& decision) {
  Tally tally;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const PlanRow row = rows_[i];
    const Wallet* wallet = views_.wallets.Find(row.member);
    const GrantVerdict verdict = Judge(row, wallet, frame, now);
    if (verdict.reason.has_value()) {
      jv1::RowRefused& refused = *decision.Add().mutable_row_refused();
      refused.set_campaign(NumberOf(piece_.campaign));
      refused.set_row(piece_.first_row + i);
      refused.set_reason(NumberOf(*verdict.reason));
      if (!verdict.rule.ok()) {
        StoreBroken(campaign.rule_pack, *verdict.inputs, verdict.rule, *refused.mutable_broken());
      }
      ++tally.refused;
      continue;
    }
    Grant(i, *wallet, *frame.terms, campaign.rule_pack, verdict, decision);
    ++tally.granted;
    tally.points += row.points;
  }
  return tally;
}

void IssueChunkCommand::Grant(std::size_t i, const Wallet& wallet, const Terms& terms,
                              const RulePackName& pack, const GrantVerdict& verdict,
                              Decision& decision) const {
  const PlanRow row = rows_[i];
  jv1::Entry& entry = *decision.Add().mutable_entry();
  AddPosting(CampaignAccount(piece_.campaign, terms.origin), -row.points, entry);
  AddWalletPosting(row.member, terms.origin, row.points, entry);
  entry.set_member(row.member.ToBytes());
  jv1::Grant& grant = *entry.mutable_grant();
  grant.set_campaign(NumberOf(piece_.campaign));
  grant.set_row(piece_.first_row + i);
  grant.set_lot(wallet.lots_ever + 1);
  grant.set_points(row.points);
  grant.set_expiry_micros(absl::ToUnixMicros(terms.expiry));
  grant.set_earmarked_points(
      ledger::SplitRoundedUp(Points::FromStored(row.points), terms.earmark.share)
          .earmarked.value());
  if (verdict.inputs.has_value()) StoreRules(pack, *verdict.inputs, *grant.mutable_rules());
}

void IssueChunkCommand::Finish(const CampaignRow& campaign, const Tally& tally,
                               Decision& decision) const {
  const std::int64_t granted = campaign.points_granted + tally.points;
  if (granted < campaign.plan.points) {
    ReturnReservation(piece_.campaign, campaign, campaign.plan.points - granted,
                      *decision.Add().mutable_entry());
  }
  jv1::IssueFinished& finished = *decision.Add().mutable_issue_finished();
  finished.set_campaign(NumberOf(piece_.campaign));
  finished.set_rows_granted(campaign.rows_granted + tally.granted);
  finished.set_rows_refused(campaign.rows_refused + tally.refused);
  finished.set_points_granted(granted);
}

}  // namespace puhui::issuing
