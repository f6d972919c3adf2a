// SPDX-License-Identifier: Apache-2.0
#include "services/market/catalog_service.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/market/catalog_wire.h"
#include "services/market/offer_convert.h"
#include "services/market/offer_scope.h"
#include "services/merchant/merchant_fields.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <string>
#include <utility>

namespace puhui::services {

CatalogService::CatalogService(Parts parts)
    : parts_(std::move(parts)), wire_(std::make_unique<Wire>()) {}

CatalogService::~CatalogService() = default;

void CatalogService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeChanges(calls);
  ServeReads(calls);
}

template <class Base, class Request, class Response>
void CatalogService::ServeChange(Calls& calls, Rpc rpc, AskUnary<Base, Request, Response> ask,
                                 Read<Request> read) {
  calls.UnaryLater(
      rpc, wire_.get(), ask,
      [this, read](const CallContext& call, const Request& asked, Response* answer,
                   Completion done) {
        RunForCall(parts_.ledger, call, asked, (this->*read)(call, asked), answer, std::move(done),
                   [engine = parts_.ledger.engine](const ledger::Outcome& outcome, Response* out) {
                     Names names(&engine->Latest());
                     PUHUI_ASSIGN_OR_RETURN(v1::OfferVersion left,
                                            OfferAsOf(outcome.first(), names));
                     *out->mutable_offer() = std::move(*left.mutable_offer());
                     return absl::OkStatus();
                   });
      });
}

void CatalogService::ServeChanges(Calls& calls) {
  using Self = CatalogService;
  calls.UnaryLater(Rpc::kCreateOffer, wire_.get(), &Wire::RequestCreateOffer,
                   [this](const CallContext& call, const v1::CreateOfferRequest& asked,
                          v1::CreateOfferResponse* answer, Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadCreate(call, asked), answer,
                                std::move(done),
                                [engine = parts_.ledger.engine](const ledger::Outcome& outcome,
                                                                v1::CreateOfferResponse* out) {
                                  Names names(&engine->Latest());
                                  PUHUI_ASSIGN_OR_RETURN(v1::OfferVersion left,
                                                         OfferAsOf(outcome.first(), names));
                                  *out->mutable_offer() = std::move(*left.mutable_offer());
                                  if (out->offer().has_item() || out->offer().has_seats()) {
                                    out->mutable_offer()->mutable_stock()->set_available(
                                        outcome.first().offer_created().stock());
                                  }
                                  return absl::OkStatus();
                                });
                   });
  ServeChange(calls, Rpc::kUpdateOffer, &Wire::RequestUpdateOffer, &Self::ReadUpdate);
  ServeChange(calls, Rpc::kPublishOffer, &Wire::RequestPublishOffer, &Self::ReadPublish);
  ServeChange(calls, Rpc::kWithdrawOffer, &Wire::RequestWithdrawOffer, &Self::ReadWithdraw);
  calls.UnaryLater(
      Rpc::kRestockOffer, wire_.get(), &Wire::RequestRestockOffer,
      [this](const CallContext& call, const v1::RestockOfferRequest& asked,
             v1::RestockOfferResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadRestock(call, asked), answer, std::move(done),
                   [](const ledger::Outcome& outcome, v1::RestockOfferResponse* out) {
                     const journal::v1::OfferRestocked& left = outcome.first().offer_restocked();
                     *out->mutable_stock() =
                         StockOf({.available = left.available(), .sold = left.sold()});
                     return absl::OkStatus();
                   });
      });
}

CatalogService::MaybeCommand CatalogService::ReadCreate(
    const CallContext& call, const v1::CreateOfferRequest& request) const {
  merchant::CreateOfferCommand::Wish wish{.stock = request.stock(),
                                          .person = call.principal().person};
  PUHUI_ASSIGN_OR_RETURN(wish.merchant,
                         ParseMerchantName(request.offer().merchant(), "offer.merchant"));
  PUHUI_ASSIGN_OR_RETURN(const OfferDraft draft,
                         ReadOffer(request.offer(), AllOfferFields(), parts_.categories));
  if (wish.stock < 0 || wish.stock > kOfferStockMax) {
    return InvalidField("stock", absl::StrCat("want 0 to ", kOfferStockMax, ", got ", wish.stock));
  }
  if (wish.stock != 0 && merchant::IsDiscount(draft.content.kind)) {
    return InvalidField("stock", "want none: a discount has no stock");
  }
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), wish.merchant));
  PUHUI_ASSIGN_OR_RETURN(wish.content, ResolveOffer(draft, parts_.ledger.engine->Latest()));
  return std::make_unique<merchant::CreateOfferCommand>(parts_.desk, std::move(wish));
}

CatalogService::MaybeCommand CatalogService::ReadUpdate(
    const CallContext& call, const v1::UpdateOfferRequest& request) const {
  merchant::UpdateOfferCommand::Wish wish{.etag = request.offer().etag(),
                                          .person = call.principal().person};
  PUHUI_RETURN_IF_ERROR(ParseOfferName(request.offer().name(), "offer.name").status());
  PUHUI_ASSIGN_OR_RETURN(wish.fields, ReadOfferMask(request.update_mask()));
  PUHUI_ASSIGN_OR_RETURN(const OfferDraft draft,
                         ReadOffer(request.offer(), wish.fields, parts_.categories));
  const ledger::Readable& store = parts_.ledger.engine->Latest();
  PUHUI_ASSIGN_OR_RETURN(const SeenOffer seen,
                         SeeOffer(call.principal(), request.offer().name(), "offer.name", store));
  wish.offer = seen.number;
  PUHUI_ASSIGN_OR_RETURN(wish.content, ResolveOffer(draft, store));
  return std::make_unique<merchant::UpdateOfferCommand>(parts_.desk, std::move(wish));
}

CatalogService::MaybeCommand CatalogService::ReadPublish(
    const CallContext& call, const v1::PublishOfferRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const SeenOffer seen, SeeOffer(call.principal(), request.name(), "name",
                                                        parts_.ledger.engine->Latest()));
  return std::make_unique<merchant::MoveOfferCommand>(
      parts_.desk.tables,
      merchant::MoveOfferCommand::Wish{.offer = seen.number,
                                       .etag = request.etag(),
                                       .state = merchant::OfferState::kPublished,
                                       .person = call.principal().person});
}

CatalogService::MaybeCommand CatalogService::ReadWithdraw(
    const CallContext& call, const v1::WithdrawOfferRequest& request) const {
  if (!request.reason().empty()) {
    PUHUI_RETURN_IF_ERROR(CheckReasonText(request.reason(), "reason"));
  }
  PUHUI_ASSIGN_OR_RETURN(const SeenOffer seen, SeeOffer(call.principal(), request.name(), "name",
                                                        parts_.ledger.engine->Latest()));
  return std::make_unique<merchant::MoveOfferCommand>(
      parts_.desk.tables,
      merchant::MoveOfferCommand::Wish{.offer = seen.number,
                                       .etag = request.etag(),
                                       .state = merchant::OfferState::kWithdrawn,
                                       .reason = request.reason(),
                                       .person = call.principal().person});
}

CatalogService::MaybeCommand CatalogService::ReadRestock(
    const CallContext& call, const v1::RestockOfferRequest& request) const {
  const std::int64_t change = request.change();
  if (change == 0 || change < -kOfferStockMax || change > kOfferStockMax) {
    return InvalidField("change", absl::StrCat("want -", kOfferStockMax, " to ", kOfferStockMax,
                                               " and not 0, got ", change));
  }
  PUHUI_ASSIGN_OR_RETURN(const SeenOffer seen, SeeOffer(call.principal(), request.name(), "name",
                                                        parts_.ledger.engine->Latest()));
  return std::make_unique<merchant::RestockOfferCommand>(
      parts_.desk.tables,
      merchant::RestockOfferCommand::Wish{
          .offer = seen.number, .change = change, .person = call.principal().person});
}

}  // namespace puhui::services
