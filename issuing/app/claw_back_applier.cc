// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/claw_back_applier.h"

#include "issuing/app/records.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <functional>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::TimeOf;

namespace {

absl::Status ClawBackCannotFollow(absl::string_view what, Sequence claw_back) {
  return absl::DataLossError(absl::StrCat(what, " of claw-back ", claw_back, " cannot follow"));
}

ledger::TimerKey TimerOf(Sequence claw_back, absl::Time due) {
  return {due, ledger::kTimerClawBack, claw_back};
}

// The count of an outcome; null: there is no such outcome.
std::uint64_t* CountOf(ClawBackOutcome outcome, ClawBackRow& row) {
  switch (outcome) {
    case ClawBackOutcome::kTaken:
      return &row.rows_taken;
    case ClawBackOutcome::kNothingLeft:
      return &row.rows_nothing_left;
    case ClawBackOutcome::kHeld:
      return &row.rows_held;
    case ClawBackOutcome::kNotGranted:
      return &row.rows_not_granted;
    case ClawBackOutcome::kExpired:
      return &row.rows_expired;
  }
  return nullptr;
}

}  // namespace

absl::Status ClawBackApplier::Propose(const jv1::Record& record) {
  const jv1::ClawBackProposed& proposed = record.claw_back_proposed();
  const CampaignNumber number{proposed.campaign()};
  const CampaignRow* campaign = tables_.campaigns.Find(number);
  const auto& rows = proposed.rows();
  const bool ascending =
      std::adjacent_find(rows.begin(), rows.end(), std::greater_equal<>()) == rows.end();
  if (campaign == nullptr || !HasEndedWithGrants(*campaign) || !ascending ||
      (!rows.empty() && *rows.rbegin() >= campaign->plan.rows) ||
      (!proposed.needs_confirmation() && campaign->claw_back_running != 0)) {
    return ClawBackCannotFollow("the proposal", record.sequence());
  }
  ClawBackRow row{.campaign = number,
                  .rows = {rows.begin(), rows.end()},
                  .points_per_row_max = proposed.points_per_row_max(),
                  .reason = proposed.reason(),
                  .proposer = proposed.person(),
                  .create_time = TimeOf(record),
                  .points_max = proposed.points_max(),
                  .needs_confirmation = proposed.needs_confirmation()};
  if (!row.needs_confirmation) Start(record.sequence(), row.create_time, row);
  tables_.claw_backs.Put(record.sequence(), std::move(row));
  tables_.campaign_claw_backs.Put({number, record.sequence()}, true);
  return absl::OkStatus();
}

void ClawBackApplier::Start(Sequence claw_back, absl::Time now, ClawBackRow& row) {
  row.state = ClawBackState::kRunning;
  row.due = now;
  tables_.campaigns.Edit(row.campaign).claw_back_running = claw_back;
  views_.timers.Put(TimerOf(claw_back, now), true);
}

absl::Status ClawBackApplier::Decide(const jv1::Record& record) {
  const jv1::ClawBackDecided& decided = record.claw_back_decided();
  const ClawBackRow* known = tables_.claw_backs.Find(decided.claw_back());
  if (known == nullptr || known->state != ClawBackState::kProposed) {
    return ClawBackCannotFollow("a decision", decided.claw_back());
  }
  ClawBackRow& row = tables_.claw_backs.Edit(decided.claw_back());
  row.decider = decided.person();
  row.decision_reason = decided.reason();
  row.decide_time = TimeOf(record);
  if (!decided.confirmed()) {
    row.state = ClawBackState::kRejected;
    return absl::OkStatus();
  }
  const CampaignRow* campaign = tables_.campaigns.Find(row.campaign);
  if (campaign == nullptr || campaign->claw_back_running != 0) {
    return ClawBackCannotFollow("a confirmation", decided.claw_back());
  }
  Start(decided.claw_back(), *row.decide_time, row);
  return absl::OkStatus();
}

absl::StatusOr<ClawBackRow*> ClawBackApplier::EditRunning(Sequence claw_back) {
  const ClawBackRow* known = tables_.claw_backs.Find(claw_back);
  if (known == nullptr || known->state != ClawBackState::kRunning) {
    return ClawBackCannotFollow("a verdict", claw_back);
  }
  return &tables_.claw_backs.Edit(claw_back);
}

absl::Status ClawBackApplier::CountTaken(const jv1::ClawedBack& taken) {
  PUHUI_ASSIGN_OR_RETURN(ClawBackRow* const row, EditRunning(taken.claw_back()));
  const bool in_order = row->piece_taken == 0 || taken.row() > row->piece_last;
  const bool within = row->points_per_row_max == 0 || taken.points() <= row->points_per_row_max;
  if (row->campaign != CampaignNumber{taken.campaign()} || !in_order || !within ||
      taken.points() <= 0) {
    return ClawBackCannotFollow("what was taken", taken.claw_back());
  }
  ++row->piece_taken;
  row->piece_last = taken.row();
  row->points_taken += taken.points();
  tables_.clawed_rows.Put({taken.claw_back(), taken.row()},
                          {.points = taken.points(), .outcome = ClawBackOutcome::kTaken});
  return absl::OkStatus();
}

absl::Status ClawBackApplier::Advance(const jv1::Record& record) {
  const jv1::ClawBackAdvanced& advanced = record.claw_back_advanced();
  const Sequence claw_back = advanced.claw_back();
  PUHUI_ASSIGN_OR_RETURN(ClawBackRow* const row, EditRunning(claw_back));
  const CampaignRow* campaign = tables_.campaigns.Find(row->campaign);
  const std::string& verdicts = advanced.verdicts();
  const std::uint64_t rows = campaign == nullptr ? 0 : row->RowsIn(campaign->plan.rows);
  if (verdicts.empty() || verdicts.size() > rows - row->next_row ||
      advanced.next_row() != row->next_row + verdicts.size() ||
      advanced.finished() != (advanced.next_row() == rows)) {
    return ClawBackCannotFollow("an advance", claw_back);
  }
  std::uint64_t taken = 0;
  std::uint64_t last_taken = 0;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const auto outcome = static_cast<ClawBackOutcome>(verdicts[i]);
    const std::uint64_t at = row->RowAt(row->next_row + i);
    std::uint64_t* const count = CountOf(outcome, *row);
    if (count == nullptr) return ClawBackCannotFollow("an unknown verdict", claw_back);
    ++*count;
    if (outcome == ClawBackOutcome::kTaken) {
      ++taken;
      last_taken = at;
    } else {
      tables_.clawed_rows.Put({claw_back, at}, {.points = 0, .outcome = outcome});
    }
  }
  if (taken != row->piece_taken || (taken > 0 && last_taken != row->piece_last)) {
    return ClawBackCannotFollow("verdicts other than the entries", claw_back);
  }
  row->piece_taken = 0;
  row->piece_last = 0;
  row->next_row = advanced.next_row();
  if (!advanced.finished()) return absl::OkStatus();
  row->state = ClawBackState::kDone;
  row->finish_time = TimeOf(record);
  views_.timers.Erase(TimerOf(claw_back, *row->due));
  row->due.reset();
  tables_.campaigns.Edit(row->campaign).claw_back_running = 0;
  return absl::OkStatus();
}

}  // namespace puhui::issuing
