// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_LIMIT_CALLS_H_
#define PUHUI_SERVICES_ADMIN_LIMIT_CALLS_H_

#include "merchant/app/till_commands.h"
#include "puhui/v1/admin_service.pb.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/pipeline.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// The calls of AdminService about velocity limits. Threads: safe. Borrows: its parts.
class LimitCalls final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::TillState state;  // Of the engine's fold: for commands.
  };
  explicit LimitCalls(const Parts& parts) : parts_(parts) {}

  void Set(const CallContext& call, const v1::SetLimitsRequest& request,
           v1::SetLimitsResponse* response, Completion done) const;
  absl::StatusOr<v1::GetLimitsResponse> Get(const v1::GetLimitsRequest& request) const;

 private:
  const Parts parts_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_LIMIT_CALLS_H_
