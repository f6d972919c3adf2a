// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_WALLET_WALLET_SERVICE_H_
#define PUHUI_SERVICES_WALLET_WALLET_SERVICE_H_

#include "ledger/engine/engine.h"
#include "puhui/v1/wallet_service.pb.h"
#include "services/auth/policy.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// What a member has, and what happened to it. Threads: safe. Borrows: its parts.
class WalletService final {
 public:
  struct Parts {
    const ledger::Engine* engine;
    const PageTokens* tokens;
    const UnionTree* tree;
  };
  explicit WalletService(const Parts& parts);
  ~WalletService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServeGetWallet(Calls& calls);
  void ServeListActivity(Calls& calls);
  void ServeExplainSpend(Calls& calls);

  absl::StatusOr<v1::GetWalletResponse> DoGetWallet(const CallContext& call,
                                                    const v1::GetWalletRequest& request) const;
  absl::StatusOr<v1::ListActivityResponse> DoListActivity(
      const CallContext& call, const v1::ListActivityRequest& request) const;
  absl::StatusOr<v1::ExplainSpendResponse> DoExplainSpend(
      const CallContext& call, const v1::ExplainSpendRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WALLET_WALLET_SERVICE_H_
