// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_ORDER_SERVICE_H_
#define PUHUI_SERVICES_MARKET_ORDER_SERVICE_H_

#include "ledger/base/random.h"
#include "ledger/engine/command.h"
#include "merchant/app/order_commands.h"
#include "merchant/app/order_queries.h"
#include "merchant/app/order_vault.h"
#include "merchant/app/till_call.h"
#include "puhui/v1/order_service.pb.h"
#include "services/auth/policy.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// What members order, and what merchants make of it. Threads: safe. Borrows: its parts.
class OrderService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::TillState state;  // Of the engine's fold: for commands.
    const merchant::OrderVault* vault;
    const PageTokens* tokens;
    const UnionTree* tree;
    RandomSource* random;  // Of authorisation codes.
  };
  explicit OrderService(const Parts& parts);
  ~OrderService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  template <class Request>
  using Read = MaybeCommand (OrderService::*)(const CallContext&, const Request&) const;
  // A change, whose answer says how the order stands.
  template <class Base, class Request, class Response>
  void ServeChange(Calls& calls, Rpc rpc, AskUnary<Base, Request, Response> ask,
                   Read<Request> read);
  void ServeReads(Calls& calls);

  MaybeCommand ReadPlace(const CallContext& call, const v1::PlaceOrderRequest& request) const;
  MaybeCommand ReadAccept(const CallContext& call, const v1::AcceptOrderRequest& request) const;
  MaybeCommand ReadDecline(const CallContext& call, const v1::DeclineOrderRequest& request) const;
  MaybeCommand ReadShip(const CallContext& call, const v1::ShipOrderRequest& request) const;
  MaybeCommand ReadFulfil(const CallContext& call, const v1::FulfilOrderRequest& request) const;
  MaybeCommand ReadCancel(const CallContext& call, const v1::CancelOrderRequest& request) const;
  MaybeCommand ReadReturn(const CallContext& call,
                          const v1::ReturnOrderItemsRequest& request) const;
  // As the record left it, so that a copy of the call is answered alike.
  absl::StatusOr<v1::Order> Describe(const CallContext& call,
                                     const journal::v1::Record& record) const;
  absl::StatusOr<v1::GetOrderResponse> DoGetOrder(const CallContext& call,
                                                  const v1::GetOrderRequest& request) const;
  absl::StatusOr<v1::ListOrdersResponse> DoListOrders(const CallContext& call,
                                                      const v1::ListOrdersRequest& request) const;
  // What the vault has of the order, for who may see it.
  absl::Status AddSecrets(const Principal& reader, const merchant::FoundOrder& order,
                          const ledger::Readable& store, v1::Order* message) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_ORDER_SERVICE_H_
