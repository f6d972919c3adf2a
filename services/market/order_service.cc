// SPDX-License-Identifier: Apache-2.0
#include "services/market/order_service.h"

#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/authorization_code.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/order_records.h"
#include "merchant/app/place_order_command.h"
#include "merchant/app/queries.h"
#include "services/ledger/union_tree.h"
#include "services/market/order_convert.h"
#include "services/market/order_wire.h"
#include "services/merchant/merchant_fields.h"
#include "services/rpc/error.h"

#include <utility>

namespace puhui::services {

OrderService::OrderService(const Parts& parts) : parts_(parts), wire_(std::make_unique<Wire>()) {}

OrderService::~OrderService() = default;

namespace {

// Who asks for what of an order.
absl::StatusOr<merchant::OrderCall> CallOf(const Principal& principal, absl::string_view name) {
  merchant::OrderCall call;
  PUHUI_ASSIGN_OR_RETURN(call.order, ParseOrderName(name, "name"));
  if (principal.role == Role::kMember) {
    call.member = principal.member_id;
  } else {
    call.merchant_id = principal.merchant_id.text();
    call.person = principal.person;
  }
  return call;
}

absl::Status CheckOptionalText(absl::string_view text, absl::string_view field) {
  return text.empty() ? absl::OkStatus() : CheckReasonText(text, field);
}

// What an answer says besides the order.
template <class Response>
void AddFigures(const journal::v1::Record& /*record*/, Response* /*out*/) {}
void AddFigures(const journal::v1::Record& record, v1::ReturnOrderItemsResponse* out) {
  out->set_points(record.entry().refund().points());
}

}  // namespace

template <class Base, class Request, class Response>
void OrderService::ServeChange(Calls& calls, Rpc rpc, AskUnary<Base, Request, Response> ask,
                               Read<Request> read) {
  calls.UnaryLater(
      rpc, wire_.get(), ask,
      [this, read](const CallContext& call, const Request& asked, Response* answer,
                   Completion done) {
        RunForCall(parts_.ledger, call, asked, (this->*read)(call, asked), answer, std::move(done),
                   [this, &call](const ledger::Outcome& outcome, Response* out) {
                     PUHUI_ASSIGN_OR_RETURN(*out->mutable_order(), Describe(call, outcome.first()));
                     AddFigures(outcome.first(), out);
                     return absl::OkStatus();
                   });
      });
}

void OrderService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeReads(calls);
  using S = OrderService;
  ServeChange(calls, Rpc::kPlaceOrder, &Wire::RequestPlaceOrder, &S::ReadPlace);
  ServeChange(calls, Rpc::kAcceptOrder, &Wire::RequestAcceptOrder, &S::ReadAccept);
  ServeChange(calls, Rpc::kDeclineOrder, &Wire::RequestDeclineOrder, &S::ReadDecline);
  ServeChange(calls, Rpc::kShipOrder, &Wire::RequestShipOrder, &S::ReadShip);
  ServeChange(calls, Rpc::kFulfilOrder, &Wire::RequestFulfilOrder, &S::ReadFulfil);
  ServeChange(calls, Rpc::kCancelOrder, &Wire::RequestCancelOrder, &S::ReadCancel);
  ServeChange(calls, Rpc::kReturnOrderItems, &Wire::RequestReturnOrderItems, &S::ReadReturn);
}

// What depends on the offer is decided with the order; here it only says whether digits are drawn,
// and whose the store has to be.
OrderService::MaybeCommand OrderService::ReadPlace(const CallContext& call,
                                                   const v1::PlaceOrderRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(OrderDraft draft, ReadPlaceOrder(request));
  merchant::PlaceOrderCommand::Wish& wish = draft.wish;
  const ledger::Readable& store = parts_.ledger.engine->Latest();
  PUHUI_RETURN_IF_ERROR(AllowMemberById(call.principal(), wish.member, store, *parts_.tree));
  if (draft.store.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(const auto offer,
                           ledger::Find(store, merchant::kOfferTable, wish.offer));
    if (offer.has_value()) {
      PUHUI_ASSIGN_OR_RETURN(const merchant::MerchantRow seller,
                             merchant::MerchantByNumber(store, offer->merchant));
      if (seller.id != draft.store->merchant_id.text()) return NotFound("store");
    }
  }
  if (draft.address.has_value()) {
    wish.address = parts_.vault->SealAddress(wish.member, *draft.address);
  }
  if (wish.fulfilment == merchant::FulfilmentKind::kECoupon) {
    wish.voucher = parts_.vault->DrawVoucher();
  }
  wish.authorization_code = merchant::NewAuthorizationCode(*parts_.random);
  return std::make_unique<merchant::PlaceOrderCommand>(parts_.state, std::move(wish));
}

OrderService::MaybeCommand OrderService::ReadAccept(const CallContext& call,
                                                    const v1::AcceptOrderRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::OrderCall order, CallOf(call.principal(), request.name()));
  return std::make_unique<merchant::AcceptOrderCommand>(parts_.state, std::move(order),
                                                        parts_.vault->DrawVoucher());
}

OrderService::MaybeCommand OrderService::ReadDecline(const CallContext& call,
                                                     const v1::DeclineOrderRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::OrderCall order, CallOf(call.principal(), request.name()));
  PUHUI_RETURN_IF_ERROR(CheckReasonText(request.reason(), "reason"));
  return std::make_unique<merchant::DeclineOrderCommand>(parts_.state, std::move(order),
                                                         request.reason());
}

OrderService::MaybeCommand OrderService::ReadShip(const CallContext& call,
                                                  const v1::ShipOrderRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::OrderCall order, CallOf(call.principal(), request.name()));
  PUHUI_RETURN_IF_ERROR(CheckOptionalText(request.tracking(), "tracking"));
  return std::make_unique<merchant::ShipOrderCommand>(parts_.state, std::move(order),
                                                      request.tracking());
}

OrderService::MaybeCommand OrderService::ReadFulfil(const CallContext& call,
                                                    const v1::FulfilOrderRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::OrderCall order, CallOf(call.principal(), request.name()));
  return std::make_unique<merchant::FulfilOrderCommand>(parts_.state, std::move(order));
}

OrderService::MaybeCommand OrderService::ReadCancel(const CallContext& call,
                                                    const v1::CancelOrderRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::OrderCall order, CallOf(call.principal(), request.name()));
  PUHUI_RETURN_IF_ERROR(call.principal().role == Role::kMerchant
                            ? CheckReasonText(request.reason(), "reason")
                            : CheckOptionalText(request.reason(), "reason"));
  return std::make_unique<merchant::CancelOrderCommand>(parts_.state, std::move(order),
                                                        request.reason());
}

OrderService::MaybeCommand OrderService::ReadReturn(
    const CallContext& call, const v1::ReturnOrderItemsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::OrderCall order, CallOf(call.principal(), request.name()));
  if (request.quantity() == 0) return InvalidField("quantity", "want how many come back, from 1");
  PUHUI_RETURN_IF_ERROR(CheckReasonText(request.reason(), "reason"));
  return std::make_unique<merchant::ReturnOrderItemsCommand>(parts_.state, std::move(order),
                                                             request.quantity(), request.reason());
}

absl::StatusOr<v1::Order> OrderService::Describe(const CallContext& call,
                                                 const journal::v1::Record& record) const {
  const ledger::Readable& store = parts_.ledger.engine->Latest();
  merchant::FoundOrder order{.number = merchant::OrderOf(record)};
  if (order.number == record.sequence()) {
    PUHUI_ASSIGN_OR_RETURN(order.row, merchant::PlacedOrder(record));
  } else {
    PUHUI_ASSIGN_OR_RETURN(auto known, merchant::FindOrder(store, order.number));
    if (!known.has_value()) return absl::DataLossError("an order is missing");
    order.row = merchant::OrderAfter(record, *std::move(known));
  }
  Names names(&store);
  return OrderOf(order, absl::FromUnixMicros(record.time_micros()), call.principal(), names);
}

}  // namespace puhui::services
