// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MERCHANT_POS_SERVICE_H_
#define PUHUI_SERVICES_MERCHANT_POS_SERVICE_H_

#include "ledger/base/random.h"
#include "ledger/crypto/keyed_hash.h"
#include "merchant/app/till_commands.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/calls.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// What a till can do. Threads: safe. Borrows: its parts.
class PosService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::TillState state;
    const ledger::KeyedHash* card_key;  // Of card numbers.
    RandomSource* random;               // Of authorisation codes.
  };
  explicit PosService(const Parts& parts) : parts_(parts) {}

  void Serve(Calls& calls);

 private:
  using Wire = v1::PosService::AsyncService;
  void ServePurchase(Calls& calls);
  void ServeRefund(Calls& calls);
  void ServeReverse(Calls& calls);
  void ServeGetTransaction(Calls& calls);

  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  MaybeCommand ReadPurchase(const CallContext& call, const v1::PurchaseRequest& request) const;
  MaybeCommand ReadRefund(const CallContext& call, const v1::RefundRequest& request) const;
  MaybeCommand ReadReverse(const CallContext& call, const v1::ReverseRequest& request) const;
  absl::StatusOr<v1::GetTransactionResponse> DoGetTransaction(
      const CallContext& call, const v1::GetTransactionRequest& request) const;

  const Parts parts_;
  Wire wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_POS_SERVICE_H_
