// SPDX-License-Identifier: Apache-2.0
// The rows of campaigns; those of plans are in plan_tables.h, of unions in union_rows.h, of people
// in member_rows.h. Readers use these with typed_reads.h.
#ifndef PUHUI_ISSUING_APP_ROWS_H_
#define PUHUI_ISSUING_APP_ROWS_H_

#include "issuing/app/plan_tables.h"
#include "issuing/app/rule_rows.h"
#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "ledger/storage/tables.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// Numbers are those of puhui.v1.CampaignState.
enum class CampaignState : std::uint8_t {
  kDraft = 1,
  kSubmitted = 2,
  kApproved = 3,
  kIssuing = 4,
  kIssued = 5,
  kClosed = 6,
  kRejected = 7,
  kCancelled = 8,
};
// While it is, its union cannot be closed: something is waiting for approval, or reserved.
constexpr bool IsActive(CampaignState state) {
  return state >= CampaignState::kSubmitted && state <= CampaignState::kIssuing;
}

// What was approved of it is void when it is changed.
constexpr bool IsOpenToChange(CampaignState state) {
  return state <= CampaignState::kApproved || state == CampaignState::kRejected;
}
constexpr bool AwaitsIssue(CampaignState state) {
  return state == CampaignState::kSubmitted || state == CampaignState::kApproved;
}

// Whether the points of its plan are, or have been, its own.
constexpr bool HasReserved(CampaignState state) {
  return state >= CampaignState::kApproved && state <= CampaignState::kClosed;
}

// Numbers are those of puhui.v1.VoidReason; they are stored.
enum class VoidReason : std::uint8_t {
  kNone = 0,
  kPlanChanged = 1,
  kDetailsChanged = 2,
  kRulePackChanged = 3,
  kTooOld = 4,
};

struct Approval {
  std::string person{};
  absl::Time time{};

  template <class F>
  void Fields(F& f) {
    f(person, time);
  }
};

// Rows that would be refused, which a run of all or nothing has paused for.
struct RunStop {
  std::uint64_t row = 0;    // The first of them,
  ledger::Reason reason{};  // and why.
  std::uint64_t rows = 0;   // How many; 0: it has not.
};

struct CampaignRow {
  std::string id{};
  UnionNumber union_number{};  // Who issues, from its budget.
  UnionNumber origin{};        // Whose money it is.
  std::string display_name{};
  std::string occasion{};
  CampaignState state = CampaignState::kDraft;
  absl::Time create_time{};
  std::string creator{};
  Sequence changed = 0;  // The record that last changed what is approved, or where it stands.
  std::vector<std::string> editors{};  // Who changed the details or submitted it once.
  std::string submitter{};
  RulePackName rule_pack{};  // In force when it was submitted, and then when it was begun.
  std::uint32_t approvers_needed = 0;  // When it was submitted.
  std::vector<Approval> approvals{};
  absl::optional<absl::Time> approvals_due{};  // Their timer: when they will be too old.
  VoidReason void_reason = VoidReason::kNone;  // Why the last approvals, or submission, are void.
  std::string end_reason{};                    // Why it was rejected or cancelled.
  Plan plan{};
  absl::optional<PlanUpload> upload{};
  std::uint32_t plan_versions = 0;  // The number of the last upload that was started.

  // The issue run.
  absl::optional<absl::Time> run_due{};  // Its timer, while it is under way.
  absl::Time run_start{};                // When it was to begin.
  absl::CivilDay run_day{};              // That its grants count in, in the union's zone.
  Sequence run_record = 0;               // That began it.
  RuleFrame rule_frame{};                // Of rule_pack.
  bool paused = false;
  std::uint64_t rows_done = 0;
  std::uint64_t rows_granted = 0;
  std::uint64_t rows_refused = 0;
  std::int64_t points_granted = 0;

  // The sweep of what expired.
  absl::optional<absl::Time> sweep_due{};  // Its timer, while there is one.
  std::uint64_t sweep_next_row = 0;
  absl::Time reopened_until = absl::InfinitePast();  // The latest that a lot was given anew.

  Sequence claw_back_running = 0;  // By its proposal; 0: none.

  // Of the issue run: rows that would be refused stop it, and have.
  bool all_or_nothing = false;
  RunStop stopped{};

  // What it is for, or was for once, says something of everybody in it: IsPersonalOccasion.
  bool personal = false;

  template <class F>
  void Fields(F& f) {
    f(id, union_number, origin, display_name, occasion, state, create_time, creator, changed,
      editors, submitter, rule_pack, approvers_needed, approvals, approvals_due, void_reason,
      end_reason, plan, upload, plan_versions, run_due, run_start, run_day, run_record, rule_frame,
      paused, rows_done, rows_granted, rows_refused, points_granted, sweep_due, sweep_next_row,
      reopened_until, claw_back_running, rule_frame.earmark_regions, rule_frame.earmark_categories,
      all_or_nothing, stopped.row, stopped.reason, stopped.rows, personal);
  }
};

// Whether its run has ended with grants whose points can still be taken back.
inline bool HasEndedWithGrants(const CampaignRow& campaign) {
  return campaign.state == CampaignState::kIssued ||
         (campaign.state == CampaignState::kCancelled && campaign.rows_granted > 0);
}

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_ROWS_H_
