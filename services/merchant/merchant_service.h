// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MERCHANT_MERCHANT_SERVICE_H_
#define PUHUI_SERVICES_MERCHANT_MERCHANT_SERVICE_H_

#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "merchant/app/tables.h"
#include "puhui/v1/merchant_service.pb.h"
#include "services/auth/certificate_authority.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/calls.h"

#include "absl/status/statusor.h"

#include <memory>
#include <string>

namespace puhui::services {

// Who sells, where, and the devices that ask. Threads: safe. Borrows: its parts.
class MerchantService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::Tables* tables;
    const CertificateAuthority* authority;
    std::string trust_domain;
    absl::Duration terminal_validity;
    const Clock* clock;
    RandomSource* random;
  };
  explicit MerchantService(Parts parts);
  ~MerchantService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServeRegisterMerchant(Calls& calls);
  void ServeGetMerchant(Calls& calls);
  void ServeCreateStore(Calls& calls);
  void ServeEnrollTerminal(Calls& calls);
  void ServeBlockTerminal(Calls& calls);

  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  MaybeCommand ReadRegister(const v1::RegisterMerchantRequest& request) const;
  MaybeCommand ReadCreateStore(const CallContext& call,
                               const v1::CreateStoreRequest& request) const;
  MaybeCommand ReadEnroll(const CallContext& call, const v1::EnrollTerminalRequest& request) const;
  MaybeCommand ReadBlock(const CallContext& call, const v1::BlockTerminalRequest& request) const;
  absl::StatusOr<v1::GetMerchantResponse> DoGetMerchant(
      const CallContext& call, const v1::GetMerchantRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_MERCHANT_SERVICE_H_
