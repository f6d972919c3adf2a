// SPDX-License-Identifier: Apache-2.0
// The rows about points that are taken back.
#ifndef PUHUI_ISSUING_APP_CLAW_BACK_ROWS_H_
#define PUHUI_ISSUING_APP_CLAW_BACK_ROWS_H_

#include "ledger/base/id.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::issuing {

// Numbers are those of puhui.v1.ClawBackState.
enum class ClawBackState : std::uint8_t { kProposed = 1, kRunning = 2, kDone = 3, kRejected = 4 };

// What became of one row. Numbers are those of puhui.v1.ClawBackOutcome; they are in the journal.
enum class ClawBackOutcome : std::uint8_t {
  kTaken = 1,
  kNothingLeft = 2,  // Spent, or gone otherwise.
  kHeld = 3,         // All that is left is held.
  kNotGranted = 4,
  kExpired = 5,  // All that is left has expired: the sweep's.
};

// By the sequence of its proposal.
struct ClawBackRow {
  CampaignNumber campaign{};
  ClawBackState state = ClawBackState::kProposed;
  std::vector<std::uint64_t> rows{};    // Of the plan, ascending; none: all of them.
  std::int64_t points_per_row_max = 0;  // 0: whatever is unspent.
  std::string reason{};
  std::string proposer{};
  absl::Time create_time{};
  std::int64_t points_max = 0;  // The most that it can come to.
  bool needs_confirmation = false;
  std::string decider{};
  std::string decision_reason{};
  absl::optional<absl::Time> decide_time{};

  absl::optional<absl::Time> due{};  // Its timer, while it is under way.
  std::uint64_t next_row = 0;        // The next to look at: of the rows named, or of the plan.
  // Of the current piece, whose end has not come yet.
  std::uint64_t piece_taken = 0;
  std::uint64_t piece_last = 0;  // The last row of the plan that was taken from.

  std::uint64_t rows_taken = 0;
  std::uint64_t rows_nothing_left = 0;
  std::uint64_t rows_held = 0;
  std::uint64_t rows_not_granted = 0;
  std::uint64_t rows_expired = 0;
  std::int64_t points_taken = 0;
  absl::optional<absl::Time> finish_time{};

  std::size_t HeapBytes() const {
    return rows.capacity() * sizeof(std::uint64_t) + reason.capacity() + decision_reason.capacity();
  }
  // How many rows it goes through, of a plan of so many.
  std::uint64_t RowsIn(std::uint64_t plan_rows) const {
    return rows.empty() ? plan_rows : rows.size();
  }
  // The row of the plan that is the i-th to look at. Requires: there are so many.
  std::uint64_t RowAt(std::uint64_t i) const {
    return rows.empty() ? i : rows[static_cast<std::size_t>(i)];
  }

  template <class F>
  void Fields(F& f) {
    f(campaign, state, rows, points_per_row_max, reason, proposer, create_time, points_max,
      needs_confirmation, decider, decision_reason, decide_time, due, next_row, piece_taken,
      piece_last, rows_taken, rows_nothing_left, rows_held, rows_not_granted, rows_expired,
      points_taken, finish_time);
  }
};

struct ClawedRowKey {
  Sequence claw_back = 0;
  std::uint64_t row = 0;  // Of the plan.

  template <class F>
  void Fields(F& f) {
    f(claw_back, row);
  }
};

struct ClawedRow {
  std::int64_t points = 0;
  ClawBackOutcome outcome{};

  template <class F>
  void Fields(F& f) {
    f(points, outcome);
  }
};

struct CampaignClawBackKey {
  CampaignNumber campaign{};
  Sequence claw_back = 0;

  template <class F>
  void Fields(F& f) {
    f(campaign, claw_back);
  }
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_CLAW_BACK_ROWS_H_
