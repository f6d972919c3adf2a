// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/issuing_chores.h"

#include "issuing/app/approval_commands.h"
#include "issuing/app/claw_back_chore.h"
#include "issuing/app/expiry_sweep.h"
#include "issuing/app/issue_run.h"
#include "issuing/app/key_rotation.h"
#include "issuing/app/plan_ahead.h"
#include "issuing/app/plan_foresight.h"
#include "issuing/app/plan_queries.h"
#include "issuing/app/plan_rows.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace puhui::issuing {
namespace {

// Walks a plan piece by piece and makes a command of each. Reads a stored chunk of it at a time.
// Threads: the timers'. Borrows: what its commands need.
template <class PieceCommand>
class PlanWalk final : public ledger::Chore {
 public:
  PlanWalk(Tables* tables, ledger::LedgerViews* views, CampaignNumber campaign, Plan plan,
           std::uint64_t next_row, PlanAhead ahead)
      : tables_(tables),
        views_(views),
        campaign_(campaign),
        plan_(std::move(plan)),
        next_row_(next_row),
        ahead_(std::move(ahead)) {}

  absl::StatusOr<std::unique_ptr<ledger::Command>> Next(const ledger::Readable& store) override {
    if (next_row_ >= plan_.rows) return nullptr;
    if (given_ == chunk_.size()) {
      PUHUI_ASSIGN_OR_RETURN(chunk_,
                             ReadPlanPiece(store, campaign_, plan_, next_row_, kPlanChunkRows));
      given_ = 0;
      ahead_.Read(PlanRowsView(chunk_));
    }
    PlanPiece piece{.campaign = campaign_,
                    .version = plan_.version,
                    .first_row = next_row_,
                    .rows = chunk_.substr(given_, kIssueChunkRows * kPlanRowBytes)};
    piece.foreseen = foreseen_;
    piece.ahead = ahead_.Take(PlanRowsView(piece.rows));
    given_ += piece.rows.size();
    next_row_ += piece.rows.size() / kPlanRowBytes;
    return std::make_unique<PieceCommand>(tables_, views_, std::move(piece));
  }
  // What its pieces are told.
  void Foresee(const Foreseen& foreseen) { foreseen_ = foreseen; }

 private:
  Tables* const tables_;
  ledger::LedgerViews* const views_;
  const CampaignNumber campaign_;
  const Plan plan_;
  std::uint64_t next_row_;
  std::string chunk_;      // Rows of the plan, packed,
  std::size_t given_ = 0;  // of which so many bytes are in pieces.
  PlanAhead ahead_;
  Foreseen foreseen_;
};

// A run of all or nothing: looks at all rows that are left, as a preview does, before it gives the
// first piece. When one would be refused, that piece stops the run. After a crash and after a pause
// it looks again: nothing of a look is kept, and something may have been mended. Threads: the
// timers'.
class CheckedRun final : public ledger::Chore {
 public:
  using Walk = PlanWalk<IssueChunkCommand>;
  CheckedRun(FoundCampaign campaign, absl::Time due, std::unique_ptr<Walk> walk)
      : due_(due), foresight_(std::move(campaign)), walk_(std::move(walk)) {}

  // The moment of a look is when the run was to begin: chores have no clock, and what expired since
  // is found by the pieces themselves.
  absl::StatusOr<std::unique_ptr<ledger::Command>> Next(const ledger::Readable& store) override {
    if (stopped_) return nullptr;
    if (looking_) {
      PUHUI_ASSIGN_OR_RETURN(looking_, foresight_.Look(store, due_));
      if (looking_) return nullptr;
      walk_->Foresee({.refused = foresight_.refused(), .run_due = due_});
      stopped_ = foresight_.refused().rows > 0;
    }
    return walk_->Next(store);
  }
  bool reads_on() const override { return looking_; }

 private:
  const absl::Time due_;
  PlanForesight foresight_;
  const std::unique_ptr<Walk> walk_;
  bool looking_ = true;
  bool stopped_ = false;
};

// One command, and that is all. Threads: the timers'. Borrows: what its command needs.
template <class Command>
class SingleStep final : public ledger::Chore {
 public:
  SingleStep(Tables* tables, CampaignNumber campaign) : tables_(tables), campaign_(campaign) {}

  absl::StatusOr<std::unique_ptr<ledger::Command>> Next(
      const ledger::Readable& /*store*/) override {
    if (given_) return nullptr;
    given_ = true;
    return std::make_unique<Command>(tables_, campaign_);
  }

 private:
  Tables* const tables_;
  const CampaignNumber campaign_;
  bool given_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ledger::Chore>> IssuingChores::Begin(const ledger::TimerKey& timer,
                                                                    const ledger::Readable& store) {
  if (timer.kind == ledger::kTimerKeyRotation) return BeginKeyRotation(timer, store);
  if (timer.kind == ledger::kTimerClawBack) {
    return ClawBackChore::Begin(tables_, views_, timer, store);
  }
  const bool of_a_campaign = timer.kind == ledger::kTimerIssueRun ||
                             timer.kind == ledger::kTimerExpiry ||
                             timer.kind == ledger::kTimerApprovals;
  if (!of_a_campaign) return nullptr;
  const CampaignNumber number{static_cast<std::uint32_t>(timer.reference)};
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<CampaignRow> row,
                         ledger::Find(store, kCampaignTable, number));
  if (!row.has_value()) return nullptr;
  if (timer.kind == ledger::kTimerIssueRun) {
    if (row->run_due != timer.due) return nullptr;
    auto walk = std::make_unique<PlanWalk<IssueChunkCommand>>(
        tables_, views_, number, row->plan, row->rows_done,
        PlanAhead(&views_->wallets, &tables_->received, row->run_day));
    if (!row->all_or_nothing) return std::unique_ptr<ledger::Chore>(std::move(walk));
    PUHUI_ASSIGN_OR_RETURN(FoundCampaign campaign, CampaignByNumber(store, number));
    return std::make_unique<CheckedRun>(std::move(campaign), timer.due, std::move(walk));
  }
  if (timer.kind == ledger::kTimerApprovals) {
    if (row->approvals_due != timer.due) return nullptr;
    return std::make_unique<SingleStep<ExpireApprovalsCommand>>(tables_, number);
  }
  if (row->sweep_due != timer.due) return nullptr;
  return std::make_unique<PlanWalk<ExpireChunkCommand>>(
      tables_, views_, number, row->plan, row->sweep_next_row, PlanAhead(&views_->wallets));
}

absl::StatusOr<std::unique_ptr<ledger::Chore>> IssuingChores::BeginKeyRotation(
    const ledger::TimerKey& timer, const ledger::Readable& store) const {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<KeyRotationRow> row, LastKeyRotation(store));
  const bool due = row.has_value() && row->key_id == timer.reference &&
                   !row->finish_time.has_value() && vault_ != nullptr;
  if (!due) return nullptr;
  return std::make_unique<KeyRotationChore>(tables_, vault_, *row);
}

}  // namespace puhui::issuing
