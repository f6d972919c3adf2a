// SPDX-License-Identifier: Apache-2.0
#include "services/payout/payout_service.h"

#include "services/payout/payout_wire.h"

namespace puhui::services {

PayoutService::PayoutService(PayoutParts parts)
    : parts_(std::move(parts)), wire_(std::make_unique<Wire>()) {}

PayoutService::~PayoutService() = default;

void PayoutService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeBankAccounts(calls);
  ServeRuns(calls);
  ServeCorrections(calls);
  ServeReads(calls);
}

}  // namespace puhui::services
