// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_ADMIN_SERVICE_H_
#define PUHUI_SERVICES_ADMIN_ADMIN_SERVICE_H_

#include "issuing/app/tables.h"
#include "issuing/app/vault.h"
#include "ledger/base/mutex.h"
#include "puhui/v1/admin_service.pb.h"
#include "services/admin/archive_calls.h"
#include "services/admin/limit_calls.h"
#include "services/admin/period_calls.h"
#include "services/admin/rule_pack_calls.h"
#include "services/admin/self_check.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/statusor.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace puhui::services {

// Running the service. Threads: safe. Borrows: its parts.
class AdminService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    issuing::Tables* tables;  // Of the engine's fold: for commands.
    const PageTokens* tokens;
    issuing::Vault* vault;
    // The key of the vault with that number, made durably when there was none.
    std::function<absl::StatusOr<std::string>(std::uint32_t key_id)> make_vault_key;
    SelfCheck* self_check;
    Archiving* archiving = nullptr;
    std::string version;
    merchant::TillState till_state;        // Of the engine's fold: for commands.
    ledger::LedgerViews* views = nullptr;  // Likewise.
    ledger::Prover* prover = nullptr;
  };
  explicit AdminService(Parts parts);
  ~AdminService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServeGetStatus(Calls& calls);
  void ServeStartVerify(Calls& calls);
  void ServeRotateKey(Calls& calls);
  void ServeRulePacks(Calls& calls);
  void ServeLimits(Calls& calls);
  void ServePeriods(Calls& calls);
  void ServeArchives(Calls& calls);
  absl::StatusOr<v1::GetStatusResponse> DoGetStatus() const;
  absl::StatusOr<v1::RotateKeyResponse> DoRotateKey(const CallContext& call,
                                                    const v1::RotateKeyRequest& request);

  const Parts parts_;
  const RulePackCalls rule_packs_;
  const LimitCalls limits_;
  const PeriodCalls periods_;
  const ArchiveCalls archives_;
  const std::unique_ptr<Wire> wire_;
  Mutex rotating_;  // One call makes a key at a time.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_ADMIN_SERVICE_H_
