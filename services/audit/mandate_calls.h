// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_MANDATE_CALLS_H_
#define PUHUI_SERVICES_AUDIT_MANDATE_CALLS_H_

#include "issuing/app/tables.h"
#include "puhui/v1/access_service.pb.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/call_context.h"
#include "services/rpc/page_token.h"
#include "services/rpc/pipeline.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// What auditors may read: the calls of AccessService that grant it, take it back and tell it.
// Threads: safe. Borrows: its parts.
class MandateCalls {
 public:
  struct Parts {
    LedgerAccess ledger;
    issuing::Tables* tables;
    const PageTokens* tokens;
  };
  explicit MandateCalls(const Parts& parts) : parts_(parts) {}

  void Grant(const CallContext& call, const v1::GrantMandateRequest& request,
             v1::GrantMandateResponse* response, Completion done) const;
  void Revoke(const CallContext& call, const v1::RevokeMandateRequest& request,
              v1::RevokeMandateResponse* response, Completion done) const;
  absl::StatusOr<v1::ListMandatesResponse> List(const CallContext& call,
                                                const v1::ListMandatesRequest& request) const;

 private:
  const Parts parts_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_MANDATE_CALLS_H_
