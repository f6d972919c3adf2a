// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_ISSUING_CHORES_H_
#define PUHUI_ISSUING_APP_ISSUING_CHORES_H_

#include "issuing/app/tables.h"
#include "issuing/app/vault.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/timers.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::issuing {

// Makes the chores of issue runs, expiry sweeps, claw-backs and rotations of the vault's key. A
// chore reads from the durable store and begins where the views say, so a run goes on after a crash
// where it stopped; it keeps its own place meanwhile, so commands can be given ahead of those that
// are not yet durable. Threads: the timers'. Borrows: the tables and the ledger's views, for the
// commands it makes, and the vault; without one, keys are not rotated here.
class IssuingChores final : public ledger::ChoreSource {
 public:
  IssuingChores(Tables* tables, ledger::LedgerViews* views, const Vault* vault = nullptr)
      : tables_(tables), views_(views), vault_(vault) {}
  // Null when the timer is of another kind, or its work is done.
  absl::StatusOr<std::unique_ptr<ledger::Chore>> Begin(const ledger::TimerKey& timer,
                                                       const ledger::Readable& store) override;

 private:
  absl::StatusOr<std::unique_ptr<ledger::Chore>> BeginKeyRotation(
      const ledger::TimerKey& timer, const ledger::Readable& store) const;

  Tables* tables_;
  ledger::LedgerViews* views_;
  const Vault* vault_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_ISSUING_CHORES_H_
