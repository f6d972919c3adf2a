// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_VOUCHER_SERVICE_H_
#define PUHUI_SERVICES_MARKET_VOUCHER_SERVICE_H_

#include "ledger/engine/command.h"
#include "merchant/app/order_vault.h"
#include "merchant/app/till_call.h"
#include "puhui/v1/voucher_service.pb.h"
#include "services/auth/policy.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// Vouchers that orders are had for, and codes from elsewhere. Threads: safe. Borrows: its parts.
class VoucherService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::TillState state;  // Of the engine's fold: for commands.
    const merchant::OrderVault* vault;
    const PageTokens* tokens;
    const UnionTree* tree;
  };
  explicit VoucherService(const Parts& parts);
  ~VoucherService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  void ServeRedeem(Calls& calls);
  void ServeTransfer(Calls& calls);
  void ServeReads(Calls& calls);
  void ServeUpload(Calls& calls);

  MaybeCommand ReadRedeem(const CallContext& call, const v1::RedeemVoucherRequest& request) const;
  MaybeCommand ReadTransfer(const CallContext& call,
                            const v1::TransferVoucherRequest& request) const;
  absl::Status BuildRedeem(const journal::v1::Record& record,
                           v1::RedeemVoucherResponse* response) const;
  absl::StatusOr<v1::GetVoucherResponse> DoGetVoucher(const CallContext& call,
                                                      const v1::GetVoucherRequest& request) const;
  absl::StatusOr<v1::ListVouchersResponse> DoListVouchers(
      const CallContext& call, const v1::ListVouchersRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_VOUCHER_SERVICE_H_
