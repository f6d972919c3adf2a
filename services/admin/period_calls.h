// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_PERIOD_CALLS_H_
#define PUHUI_SERVICES_ADMIN_PERIOD_CALLS_H_

#include "ledger/core/period.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/period_close.h"
#include "ledger/journal/prover.h"
#include "puhui/v1/admin_service.pb.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/call_context.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// The call of AdminService that closes a month. On a thread that may block: it walks the month's
// records. Threads: safe. Borrows: its parts.
class PeriodCalls final {
 public:
  struct Parts {
    LedgerAccess ledger;
    ledger::LedgerViews* views;  // Of the engine's fold: for commands.
    ledger::Prover* prover;
  };
  explicit PeriodCalls(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<v1::ClosePeriodResponse> Close(const CallContext& call,
                                                const v1::ClosePeriodRequest& request) const;

 private:
  // Of a period that cannot be closed now, the period alone: the writer says why.
  absl::StatusOr<ledger::PeriodSums> AddUp(const CallContext& call, ledger::Period period) const;

  const Parts parts_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_PERIOD_CALLS_H_
