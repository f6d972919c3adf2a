// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_PAYOUT_RECONCILIATION_SERVICE_H_
#define PUHUI_SERVICES_PAYOUT_RECONCILIATION_SERVICE_H_

#include "ledger/engine/engine.h"
#include "puhui/v1/reconciliation_service.pb.h"
#include "services/rpc/calls.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// Finds what a merchant's own books and the ledger say differently. Keeps nothing between calls.
// Threads: safe. Borrows: the engine.
class ReconciliationService final {
 public:
  explicit ReconciliationService(const ledger::Engine* engine);
  ~ReconciliationService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  absl::StatusOr<v1::ComparePiecesResponse> DoComparePieces(
      const CallContext& call, const v1::ComparePiecesRequest& request) const;
  absl::StatusOr<v1::CompareTransactionsResponse> DoCompareTransactions(
      const CallContext& call, const v1::CompareTransactionsRequest& request) const;

  const ledger::Engine* const engine_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_PAYOUT_RECONCILIATION_SERVICE_H_
