// SPDX-License-Identifier: Apache-2.0
#include "services/settlement/settlement_service.h"

#include "services/settlement/settlement_wire.h"

namespace puhui::services {

SettlementService::SettlementService(Parts parts)
    : parts_(std::move(parts)), wire_(std::make_unique<Wire>()) {}

SettlementService::~SettlementService() = default;

void SettlementService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeStatements(calls);
  ServeDisputes(calls);
  ServeSpending(calls);
}

}  // namespace puhui::services
