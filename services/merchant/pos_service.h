// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MERCHANT_POS_SERVICE_H_
#define PUHUI_SERVICES_MERCHANT_POS_SERVICE_H_

#include "ledger/base/random.h"
#include "ledger/crypto/keyed_hash.h"
#include "merchant/app/till_commands.h"
#include "puhui/v1/pos_service.pb.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/calls.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
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
  explicit PosService(const Parts& parts);
  ~PosService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServePurchase(Calls& calls);
  void ServeAuthorize(Calls& calls);
  void ServeCapture(Calls& calls);
  void ServeVoid(Calls& calls);
  void ServeRefund(Calls& calls);
  void ServeReverse(Calls& calls);
  void ServeGetTransaction(Calls& calls);

  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  static absl::Status AllowTill(const CallContext& call, const merchant::TillCall& till);
  absl::StatusOr<merchant::SpendCommand::Wish> ReadWish(absl::string_view card_number,
                                                        std::int64_t points) const;
  MaybeCommand ReadPurchase(const CallContext& call, const v1::PurchaseRequest& request) const;
  MaybeCommand ReadAuthorize(const CallContext& call, const v1::AuthorizeRequest& request) const;
  MaybeCommand ReadCapture(const CallContext& call, const v1::CaptureRequest& request) const;
  MaybeCommand ReadVoid(const CallContext& call, const v1::VoidRequest& request) const;
  MaybeCommand ReadRefund(const CallContext& call, const v1::RefundRequest& request) const;
  MaybeCommand ReadReverse(const CallContext& call, const v1::ReverseRequest& request) const;
  absl::StatusOr<v1::GetTransactionResponse> DoGetTransaction(
      const CallContext& call, const v1::GetTransactionRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_POS_SERVICE_H_
