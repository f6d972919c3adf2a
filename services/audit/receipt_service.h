// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_RECEIPT_SERVICE_H_
#define PUHUI_SERVICES_AUDIT_RECEIPT_SERVICE_H_

#include "ledger/engine/engine.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/prover.h"
#include "puhui/v1/receipt_service.pb.h"
#include "services/audit/witness_shelf.h"
#include "services/auth/policy.h"
#include "services/rpc/calls.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// What members and tills keep of an entry. Threads: safe. Borrows: its parts.
class ReceiptService final {
 public:
  struct Parts {
    const ledger::Engine* engine;
    ledger::Prover* prover;
    const ledger::KeyChain* keys;  // That signed the ledger's checkpoints.
    WitnessShelf* witnesses;
  };
  explicit ReceiptService(const Parts& parts);
  ~ReceiptService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  absl::StatusOr<v1::GetReceiptResponse> DoGetReceipt(const CallContext& call,
                                                      const v1::GetReceiptRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_RECEIPT_SERVICE_H_
