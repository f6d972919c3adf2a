// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_ACCESS_SERVICE_H_
#define PUHUI_SERVICES_AUDIT_ACCESS_SERVICE_H_

#include "audit/access/access_journal.h"
#include "issuing/app/tables.h"
#include "ledger/engine/engine.h"
#include "ledger/journal/key_chain.h"
#include "puhui/v1/access_service.pb.h"
#include "services/audit/mandate_calls.h"
#include "services/auth/policy.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// Who looked at what, for those who look after auditors and for the unions. Threads: safe.
// Borrows: its parts.
class AccessService final {
 public:
  struct Parts {
    const audit::AccessJournal* accesses;
    const ledger::KeyChain* keys;  // That signed its heads, and the ledger's.
    LedgerAccess ledger;
    issuing::Tables* tables;
    const PageTokens* tokens;
    const UnionTree* tree;
  };
  explicit AccessService(const Parts& parts);
  ~AccessService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServeMandateCalls(Calls& calls);
  absl::StatusOr<v1::ListAccessesResponse> DoListAccesses(
      const CallContext& call, const v1::ListAccessesRequest& request) const;
  absl::StatusOr<MessageSource<v1::VerifyAccessesResponse>> DoVerifyAccesses(
      const CallContext& call) const;
  absl::StatusOr<v1::GetAccessCheckpointResponse> DoGetAccessCheckpoint() const;
  absl::StatusOr<v1::ListRevealsResponse> DoListReveals(
      const CallContext& call, const v1::ListRevealsRequest& request) const;

  const Parts parts_;
  const MandateCalls mandates_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_ACCESS_SERVICE_H_
