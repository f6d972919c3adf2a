// SPDX-License-Identifier: Apache-2.0
// The campaign applier's second half: issue runs and sweeps.
#include "issuing/app/campaign_applier.h"
#include "issuing/app/records.h"
#include "issuing/app/rule_records.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::TimerKey;

namespace {

TimerKey RunTimer(absl::Time due, CampaignNumber campaign) {
  return {due, ledger::kTimerIssueRun, NumberOf(campaign)};
}
TimerKey SweepTimer(absl::Time due, CampaignNumber campaign) {
  return {due, ledger::kTimerExpiry, NumberOf(campaign)};
}

absl::Status CannotFollow(absl::string_view what, CampaignNumber campaign) {
  return absl::DataLossError(
      absl::StrCat(what, " of campaign ", NumberOf(campaign), " cannot follow"));
}

// Invariant 4: a row of a campaign gets one verdict, in the order of the plan.
absl::Status CheckNextRow(const CampaignRow& row, std::uint32_t campaign, std::uint64_t verdict) {
  if (row.state == CampaignState::kIssuing && verdict == row.rows_done) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("a verdict on row ", verdict, " of campaign ", campaign,
                                          ", where ", row.rows_done, " rows are done"));
}

// Only a run of all or nothing pauses by itself, and for rows that it has not come to.
bool StopsFor(const jv1::IssuePaused& paused, const CampaignRow& row) {
  return row.all_or_nothing && paused.row() >= row.rows_done && paused.row() < row.plan.rows &&
         paused.rows() <= row.plan.rows - paused.row();
}

}  // namespace

absl::Status CampaignApplier::StartIssue(const jv1::Record& record) {
  const jv1::IssueStarted& started = record.issue_started();
  const CampaignNumber number{started.campaign()};
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(started.campaign()));
  if (row->state != CampaignState::kApproved) return CannotFollow("an issue run", number);
  PUHUI_RETURN_IF_ERROR(rules_.NoteFrame(started, *row));
  SetState(CampaignState::kIssuing, *row);
  // What was approved is being done now: it does not grow too old any more.
  if (row->approvals_due.has_value()) {
    views_.timers.Erase({*row->approvals_due, ledger::kTimerApprovals, NumberOf(number)});
    row->approvals_due.reset();
  }
  const std::int64_t start = std::max(started.start_micros(), record.time_micros());
  row->run_start = absl::FromUnixMicros(start);
  // Records of before there were rules do not say which day they count in.
  row->run_day = started.day() != 0 ? DayOfNumber(started.day())
                                    : absl::ToCivilDay(row->run_start, absl::UTCTimeZone());
  row->run_record = record.sequence();
  row->all_or_nothing = started.all_or_nothing();
  OrderRun(number, row->run_start, *row);
  OrderSweep(number, views_.TermsOf(number).expiry, *row);
  return absl::OkStatus();
}

absl::Status CampaignApplier::Pause(const jv1::IssuePaused& paused) {
  const CampaignNumber number{paused.campaign()};
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(paused.campaign()));
  const bool by_itself = paused.rows() > 0;
  if (row->state != CampaignState::kIssuing || row->paused ||
      (by_itself && !StopsFor(paused, *row))) {
    return CannotFollow("a pause", number);
  }
  StopRun(number, *row);
  row->paused = true;
  if (by_itself) {
    row->stopped = {.row = paused.row(),
                    .reason = static_cast<ledger::Reason>(paused.reason()),
                    .rows = paused.rows()};
  }
  return absl::OkStatus();
}

absl::Status CampaignApplier::Resume(const jv1::Record& record) {
  const CampaignNumber number{record.issue_resumed().campaign()};
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(NumberOf(number)));
  if (row->state != CampaignState::kIssuing || !row->paused) {
    return CannotFollow("a resumption", number);
  }
  if (record.issue_resumed().without_all_or_nothing()) row->all_or_nothing = false;
  OrderRun(number, std::max(row->run_start, absl::FromUnixMicros(record.time_micros())), *row);
  return absl::OkStatus();
}

absl::Status CampaignApplier::Cancel(const jv1::Record& record) {
  const jv1::CampaignCancelled& cancelled = record.campaign_cancelled();
  const CampaignNumber number{cancelled.campaign()};
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(cancelled.campaign()));
  if (!IsOpenToChange(row->state) && row->state != CampaignState::kIssuing) {
    return CannotFollow("a cancellation", number);
  }
  StopRun(number, *row);
  if (row->rows_granted == 0) StopSweep(number, *row);
  EndApprovals(number, *row);
  SetState(CampaignState::kCancelled, *row);
  row->end_reason = cancelled.reason();
  row->changed = record.sequence();
  return absl::OkStatus();
}

absl::Status CampaignApplier::Close(const jv1::Record& record) {
  const CampaignNumber number{record.campaign_closed().campaign()};
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(NumberOf(number)));
  if (row->state != CampaignState::kIssued) return CannotFollow("a closing", number);
  SetState(CampaignState::kClosed, *row);
  row->changed = record.sequence();
  return absl::OkStatus();
}

absl::Status CampaignApplier::CountGrant(const jv1::Entry& entry) {
  const jv1::Grant& grant = entry.grant();
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(grant.campaign()));
  PUHUI_RETURN_IF_ERROR(CheckNextRow(*row, grant.campaign(), grant.row()));
  ++row->rows_done;
  ++row->rows_granted;
  row->points_granted += grant.points();
  return rules_.AddReceived(MemberId::FromBytes(entry.member()), *row, grant.points());
}

absl::Status CampaignApplier::CountRefusal(const jv1::RowRefused& refused) {
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(refused.campaign()));
  PUHUI_RETURN_IF_ERROR(CheckNextRow(*row, refused.campaign(), refused.row()));
  ++row->rows_done;
  ++row->rows_refused;
  tables_.refused_rows.Put({CampaignNumber{refused.campaign()}, refused.row()},
                           {.reason = static_cast<ledger::Reason>(refused.reason()),
                            .broken = VerdictFrom(refused.broken())});
  return absl::OkStatus();
}

absl::Status CampaignApplier::FinishIssue(const jv1::IssueFinished& finished) {
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(finished.campaign()));
  if (!row->run_due.has_value() || row->rows_done != row->plan.rows ||
      row->rows_granted != finished.rows_granted() ||
      row->rows_refused != finished.rows_refused() ||
      row->points_granted != finished.points_granted()) {
    return absl::DataLossError("an issue run that ended otherwise than its rows");
  }
  SetState(CampaignState::kIssued, *row);
  StopRun(CampaignNumber{finished.campaign()}, *row);
  return absl::OkStatus();
}

absl::Status CampaignApplier::AdvanceSweep(const jv1::ExpiryAdvanced& advanced) {
  const CampaignNumber number{advanced.campaign()};
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(advanced.campaign()));
  if (!row->sweep_due.has_value() || advanced.next_row() <= row->sweep_next_row) {
    return absl::DataLossError("a sweep that is not under way");
  }
  row->sweep_next_row = advanced.next_row();
  if (!advanced.finished()) return absl::OkStatus();
  const absl::Time swept = *row->sweep_due;
  StopSweep(number, *row);
  if (row->reopened_until > swept) OrderSweep(number, row->reopened_until, *row);
  return absl::OkStatus();
}

// Points that become available again, refunded or no longer held, give a lot that has expired a
// later expiry. A sweep that is ordered already stays where it is, and orders the next one when it
// ends: those that keep coming cannot put it off for ever.
absl::Status CampaignApplier::NoteReopened(const jv1::Entry& entry) {
  for (const jv1::LotChange& lot : entry.lots()) {
    if (lot.points() <= lot.held()) continue;  // Nothing of it did.
    const absl::Time expiry = absl::FromUnixMicros(lot.expiry_micros());
    const CampaignNumber number{lot.campaign()};
    if (expiry <= views_.TermsOf(number).expiry) continue;
    PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(lot.campaign()));
    row->reopened_until = std::max(row->reopened_until, expiry);
    if (!row->sweep_due.has_value()) OrderSweep(number, row->reopened_until, *row);
  }
  return absl::OkStatus();
}

void CampaignApplier::OrderRun(CampaignNumber number, absl::Time due, CampaignRow& campaign) {
  campaign.paused = false;
  campaign.stopped = {};
  campaign.run_due = due;
  views_.timers.Put(RunTimer(due, number), true);
}

void CampaignApplier::StopRun(CampaignNumber number, CampaignRow& campaign) {
  campaign.paused = false;
  campaign.stopped = {};
  if (!campaign.run_due.has_value()) return;
  views_.timers.Erase(RunTimer(*campaign.run_due, number));
  campaign.run_due.reset();
}

void CampaignApplier::StopSweep(CampaignNumber number, CampaignRow& campaign) {
  campaign.sweep_next_row = 0;
  if (!campaign.sweep_due.has_value()) return;
  views_.timers.Erase(SweepTimer(*campaign.sweep_due, number));
  campaign.sweep_due.reset();
}

void CampaignApplier::OrderSweep(CampaignNumber number, absl::Time due, CampaignRow& campaign) {
  campaign.sweep_due = due;
  campaign.sweep_next_row = 0;
  views_.timers.Put(SweepTimer(due, number), true);
}

}  // namespace puhui::issuing
