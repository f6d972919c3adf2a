// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_CLAW_BACK_APPLIER_H_
#define PUHUI_ISSUING_APP_CLAW_BACK_APPLIER_H_

#include "issuing/app/tables.h"
#include "ledger/engine/ledger_views.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstdint>

namespace puhui::issuing {

// The part of the issuing side's applier that is about points that are taken back.
// Fails: kDataLoss when a record cannot follow. Threads: the writer's alone. Borrows: the tables
// and the ledger's views, whose timers it sets.
class ClawBackApplier {
 public:
  ClawBackApplier(Tables* tables, ledger::LedgerViews* views) : tables_(*tables), views_(*views) {}

  absl::Status Propose(const journal::v1::Record& record);
  absl::Status Decide(const journal::v1::Record& record);
  // Points of one row.
  absl::Status CountTaken(const journal::v1::ClawedBack& taken);
  // The verdicts on a piece, after the entries of the rows that were taken from.
  absl::Status Advance(const journal::v1::Record& record);

 private:
  absl::StatusOr<ClawBackRow*> EditRunning(Sequence claw_back);
  void Start(Sequence claw_back, absl::Time now, ClawBackRow& row);

  Tables& tables_;
  ledger::LedgerViews& views_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_CLAW_BACK_APPLIER_H_
