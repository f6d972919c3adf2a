// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_MALL_SERVICE_H_
#define PUHUI_SERVICES_MARKET_MALL_SERVICE_H_

#include "merchant/app/mall_commands.h"
#include "merchant/app/tables.h"
#include "puhui/v1/mall_service.pb.h"
#include "services/auth/policy.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/calls.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// Who may be a mall, and which malls members have linked. Threads: safe. Borrows: its parts.
class MallService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::Tables* tables;  // Of the engine's fold: for commands.
    const UnionTree* tree;
  };
  explicit MallService(const Parts& parts);
  ~MallService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  void ServeChanges(Calls& calls);
  void ServeLinks(Calls& calls);
  MaybeCommand ReadEnable(const CallContext& call, const v1::EnableMallRequest& request) const;
  MaybeCommand ReadUpdate(const CallContext& call, const v1::UpdateMallRequest& request) const;
  MaybeCommand ReadBlock(const CallContext& call, const v1::BlockMallRequest& request) const;
  MaybeCommand ReadUnblock(const CallContext& call, const v1::UnblockMallRequest& request) const;
  MaybeCommand ReadUnlink(const CallContext& call, const v1::UnlinkMallRequest& request) const;
  MaybeCommand Change(const CallContext& call, merchant::ChangeMallCommand::Wish wish) const;
  absl::Status AllowOwn(const CallContext& call, const MemberId& member) const;
  absl::StatusOr<v1::GetMallResponse> DoGetMall(const CallContext& call,
                                                const v1::GetMallRequest& request) const;
  absl::StatusOr<v1::ListMallLinksResponse> DoListMallLinks(
      const CallContext& call, const v1::ListMallLinksRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_MALL_SERVICE_H_
