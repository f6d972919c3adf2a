// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_WALLET_WALLET_SERVICE_H_
#define PUHUI_SERVICES_WALLET_WALLET_SERVICE_H_

#include "ledger/base/random.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/engine/command.h"
#include "merchant/app/bill_tokens.h"
#include "merchant/app/payment_codes.h"
#include "merchant/app/till_commands.h"
#include "puhui/v1/wallet_service.pb.h"
#include "services/auth/policy.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/statusor.h"

#include <memory>
#include <string>

namespace puhui::services {

// What a member has, and what happened to it. Threads: safe. Borrows: its parts.
class WalletService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::TillState state;  // Of the engine's fold: for commands.
    const PageTokens* tokens;
    const UnionTree* tree;
    merchant::PaymentCodes* codes;
    const ledger::KeyedHash* bill_key;  // Of what QR codes of bills hold.
    RandomSource* random;               // Of authorisation codes.
  };
  explicit WalletService(const Parts& parts);
  ~WalletService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServeGetWallet(Calls& calls);
  void ServeListActivity(Calls& calls);
  void ServeExplainSpend(Calls& calls);
  void ServeCreatePaymentCode(Calls& calls);
  void ServeGetBill(Calls& calls);
  void ServePayBill(Calls& calls);

  absl::StatusOr<v1::GetWalletResponse> DoGetWallet(const CallContext& call,
                                                    const v1::GetWalletRequest& request) const;
  absl::StatusOr<v1::ListActivityResponse> DoListActivity(
      const CallContext& call, const v1::ListActivityRequest& request) const;
  absl::StatusOr<v1::ExplainSpendResponse> DoExplainSpend(
      const CallContext& call, const v1::ExplainSpendRequest& request) const;
  absl::StatusOr<v1::CreatePaymentCodeResponse> DoCreatePaymentCode(
      const CallContext& call, const v1::CreatePaymentCodeRequest& request) const;
  // Refuses: kInvalidField.
  absl::StatusOr<merchant::ShownBill> ReadShown(const std::string& qr_text) const;
  absl::StatusOr<v1::GetBillResponse> DoGetBill(const CallContext& call,
                                                const v1::GetBillRequest& request) const;
  absl::StatusOr<std::unique_ptr<ledger::Command>> ReadPayBill(
      const CallContext& call, const v1::PayBillRequest& request) const;

  const Parts parts_;
  const merchant::BillTokens bill_tokens_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WALLET_WALLET_SERVICE_H_
