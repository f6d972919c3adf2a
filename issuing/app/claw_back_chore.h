// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_CLAW_BACK_CHORE_H_
#define PUHUI_ISSUING_APP_CLAW_BACK_CHORE_H_

#include "issuing/app/claw_back_commands.h"
#include "issuing/app/tables.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/timers.h"

#include "absl/status/statusor.h"

#include <cstdint>
#include <memory>

namespace puhui::issuing {

// Goes through the rows of a claw-back, piece by piece. It begins where the views say, and keeps
// its own place meanwhile. Threads: the timers'. Borrows: what its commands need.
class ClawBackChore final : public ledger::Chore {
 public:
  // Null when the claw-back of the timer does not run any more.
  static absl::StatusOr<std::unique_ptr<ledger::Chore>> Begin(Tables* tables,
                                                              ledger::LedgerViews* views,
                                                              const ledger::TimerKey& timer,
                                                              const ledger::Readable& store);
  absl::StatusOr<std::unique_ptr<ledger::Command>> Next(const ledger::Readable& store) override;

 private:
  ClawBackChore(Tables* tables, ledger::LedgerViews* views, Sequence claw_back, ClawBackRow row,
                const CampaignRow& campaign);

  Tables* const tables_;
  ledger::LedgerViews* const views_;
  const Sequence claw_back_;
  const ClawBackRow row_;  // As it was when the chore began.
  const Plan plan_;
  const std::uint64_t rows_done_;  // Of its run, which has ended.
  std::uint64_t next_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_CLAW_BACK_CHORE_H_
