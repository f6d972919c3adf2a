// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_WALLET_WALLET_SERVICE_H_
#define PUHUI_SERVICES_WALLET_WALLET_SERVICE_H_

#include "ledger/engine/engine.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "services/auth/policy.h"
#include "services/rpc/page_token.h"
#include "services/rpc/pipeline.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// What a member has, and what happened to it. Threads: safe. Borrows: its parts.
class WalletService final : public v1::WalletService::CallbackService {
 public:
  struct Parts {
    Pipeline* pipeline;
    const ledger::Engine* engine;
    const PageTokens* tokens;
    const UnionTree* tree;
  };
  explicit WalletService(const Parts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* GetWallet(grpc::CallbackServerContext* wire,
                                      const v1::GetWalletRequest* request,
                                      v1::GetWalletResponse* response) override;
  grpc::ServerUnaryReactor* ListActivity(grpc::CallbackServerContext* wire,
                                         const v1::ListActivityRequest* request,
                                         v1::ListActivityResponse* response) override;

 private:
  absl::StatusOr<v1::GetWalletResponse> DoGetWallet(const CallContext& call,
                                                    const v1::GetWalletRequest& request) const;
  absl::StatusOr<v1::ListActivityResponse> DoListActivity(
      const CallContext& call, const v1::ListActivityRequest& request) const;

  const Parts parts_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WALLET_WALLET_SERVICE_H_
