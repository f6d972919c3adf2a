// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MERCHANT_POS_SERVICE_H_
#define PUHUI_SERVICES_MERCHANT_POS_SERVICE_H_

#include "ledger/base/random.h"
#include "ledger/crypto/keyed_hash.h"
#include "merchant/app/till_commands.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/pipeline.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// What a till can do. Threads: safe. Borrows: its parts.
class PosService final : public v1::PosService::CallbackService {
 public:
  struct Parts {
    Pipeline* pipeline;
    LedgerAccess ledger;
    merchant::TillState state;
    const ledger::KeyedHash* card_key;  // Of card numbers.
    RandomSource* random;               // Of authorisation codes.
  };
  explicit PosService(const Parts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* Purchase(grpc::CallbackServerContext* wire,
                                     const v1::PurchaseRequest* request,
                                     v1::PurchaseResponse* response) override;
  grpc::ServerUnaryReactor* Refund(grpc::CallbackServerContext* wire,
                                   const v1::RefundRequest* request,
                                   v1::RefundResponse* response) override;
  grpc::ServerUnaryReactor* Reverse(grpc::CallbackServerContext* wire,
                                    const v1::ReverseRequest* request,
                                    v1::ReverseResponse* response) override;
  grpc::ServerUnaryReactor* GetTransaction(grpc::CallbackServerContext* wire,
                                           const v1::GetTransactionRequest* request,
                                           v1::GetTransactionResponse* response) override;

 private:
  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  MaybeCommand ReadPurchase(const CallContext& call, const v1::PurchaseRequest& request) const;
  MaybeCommand ReadRefund(const CallContext& call, const v1::RefundRequest& request) const;
  MaybeCommand ReadReverse(const CallContext& call, const v1::ReverseRequest& request) const;
  absl::StatusOr<v1::GetTransactionResponse> DoGetTransaction(
      const CallContext& call, const v1::GetTransactionRequest& request) const;

  const Parts parts_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_POS_SERVICE_H_
