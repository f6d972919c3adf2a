// SPDX-License-Identifier: Apache-2.0
// The applier's second half: issue runs and sweeps.
#include "issuing/app/applier.h"
#include "issuing/app/records.h"
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

// Invariant 4: a row of a campaign gets one verdict, in the order of the plan.
absl::Status CheckNextRow(const CampaignRow& row, std::uint32_t campaign, std::uint64_t verdict) {
  if (row.state == CampaignState::kIssuing && verdict == row.rows_done) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("a verdict on row ", verdict, " of campaign ", campaign,
                                          ", where ", row.rows_done, " rows are done"));
}

}  // namespace

absl::Status IssuingApplier::StartIssue(const jv1::Record& record) {
  const CampaignNumber number{record.issue_started().campaign()};
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, EditCampaign(NumberOf(number)));
  if (row->state != CampaignState::kApproved) {
    return absl::DataLossError("an issue run without an approval");
  }
  SetState(CampaignState::kIssuing, *row);
  row->run_due = absl::FromUnixMicros(record.time_micros());
  views_.timers.Put(RunTimer(*row->run_due, number), true);
  OrderSweep(number, views_.TermsOf(number).expiry, *row);
  return absl::OkStatus();
}

absl::Status IssuingApplier::CountGrant(const jv1::Grant& grant) {
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, EditCampaign(grant.campaign()));
  PUHUI_RETURN_IF_ERROR(CheckNextRow(*row, grant.campaign(), grant.row()));
  ++row->rows_done;
  ++row->rows_granted;
  row->points_granted += grant.points();
  return absl::OkStatus();
}

absl::Status IssuingApplier::CountRefusal(const jv1::RowRefused& refused) {
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, EditCampaign(refused.campaign()));
  PUHUI_RETURN_IF_ERROR(CheckNextRow(*row, refused.campaign(), refused.row()));
  ++row->rows_done;
  ++row->rows_refused;
  tables_.refused_rows.Put({CampaignNumber{refused.campaign()}, refused.row()},
                           static_cast<ledger::Reason>(refused.reason()));
  return absl::OkStatus();
}

absl::Status IssuingApplier::FinishIssue(const jv1::IssueFinished& finished) {
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, EditCampaign(finished.campaign()));
  if (!row->run_due.has_value() || row->rows_done != row->plan.rows ||
      row->rows_granted != finished.rows_granted() ||
      row->rows_refused != finished.rows_refused() ||
      row->points_granted != finished.points_granted()) {
    return absl::DataLossError("an issue run that ended otherwise than its rows");
  }
  SetState(CampaignState::kIssued, *row);
  views_.timers.Erase(RunTimer(*row->run_due, CampaignNumber{finished.campaign()}));
  row->run_due.reset();
  return absl::OkStatus();
}

absl::Status IssuingApplier::AdvanceSweep(const jv1::ExpiryAdvanced& advanced) {
  const CampaignNumber number{advanced.campaign()};
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, EditCampaign(advanced.campaign()));
  if (!row->sweep_due.has_value() || advanced.next_row() <= row->sweep_next_row) {
    return absl::DataLossError("a sweep that is not under way");
  }
  row->sweep_next_row = advanced.next_row();
  if (!advanced.finished()) return absl::OkStatus();
  const absl::Time swept = *row->sweep_due;
  views_.timers.Erase(SweepTimer(swept, number));
  row->sweep_due.reset();
  row->sweep_next_row = 0;
  if (row->reopened_until > swept) OrderSweep(number, row->reopened_until, *row);
  return absl::OkStatus();
}

// Points that become available again, refunded or no longer held, give a lot that has expired a
// later expiry. A sweep that is ordered already stays where it is, and orders the next one when it
// ends: those that keep coming cannot put it off for ever.
absl::Status IssuingApplier::NoteReopened(const jv1::Entry& entry) {
  for (const jv1::LotChange& lot : entry.lots()) {
    if (lot.points() <= lot.held()) continue;  // Nothing of it did.
    const absl::Time expiry = absl::FromUnixMicros(lot.expiry_micros());
    const CampaignNumber number{lot.campaign()};
    if (expiry <= views_.TermsOf(number).expiry) continue;
    PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, EditCampaign(lot.campaign()));
    row->reopened_until = std::max(row->reopened_until, expiry);
    if (!row->sweep_due.has_value()) OrderSweep(number, row->reopened_until, *row);
  }
  return absl::OkStatus();
}

void IssuingApplier::OrderSweep(CampaignNumber number, absl::Time due, CampaignRow& campaign) {
  campaign.sweep_due = due;
  campaign.sweep_next_row = 0;
  views_.timers.Put(SweepTimer(due, number), true);
}

}  // namespace puhui::issuing
