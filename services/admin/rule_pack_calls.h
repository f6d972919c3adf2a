// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_RULE_PACK_CALLS_H_
#define PUHUI_SERVICES_ADMIN_RULE_PACK_CALLS_H_

#include "issuing/app/rule_packs.h"
#include "issuing/app/tables.h"
#include "puhui/v1/loaded_rule_pack.pb.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/call_context.h"
#include "services/rpc/page_token.h"
#include "services/rpc/pipeline.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// The calls of AdminService that are about rule packs. Threads: safe. Borrows: its parts.
class RulePackCalls {
 public:
  struct Parts {
    LedgerAccess ledger;
    issuing::Tables* tables;  // Of the engine's fold: for commands.
    const PageTokens* tokens;
  };
  explicit RulePackCalls(const Parts& parts) : parts_(parts) {}

  void Load(const CallContext& call, const v1::LoadRulePackRequest& request,
            v1::LoadRulePackResponse* response, Completion done) const;
  absl::StatusOr<v1::ListRulePacksResponse> List(const CallContext& call,
                                                 const v1::ListRulePacksRequest& request) const;
  absl::StatusOr<v1::GetRulePackResponse> Get(const v1::GetRulePackRequest& request) const;

 private:
  const Parts parts_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_RULE_PACK_CALLS_H_
