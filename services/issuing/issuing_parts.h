// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_ISSUING_PARTS_H_
#define PUHUI_SERVICES_ISSUING_ISSUING_PARTS_H_

#include "issuing/app/tables.h"
#include "issuing/app/vault.h"
#include "ledger/base/id.h"
#include "ledger/engine/ledger_views.h"
#include "services/auth/policy.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/page_token.h"
#include "services/rpc/worker_pool.h"

#include <functional>

namespace puhui::services {

// What the handlers of the issuing side stand on. All of it outlives them.
struct IssuingParts {
  LedgerAccess ledger;
  issuing::Tables* tables;     // Of the engine's fold: for commands, which the writer decides.
  ledger::LedgerViews* views;  // The same.
  const issuing::Vault* vault;
  const PageTokens* tokens;
  const UnionTree* tree;
  WorkerPool* workers;  // The pipeline's.
  // Destroys what other rooms keep of a member in the vault. On the writer's thread.
  std::function<void(MemberId)> erase_elsewhere{};
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_ISSUING_PARTS_H_
