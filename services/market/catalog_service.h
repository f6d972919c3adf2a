// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_CATALOG_SERVICE_H_
#define PUHUI_SERVICES_MARKET_CATALOG_SERVICE_H_

#include "issuing/app/vault.h"
#include "merchant/app/offer_commands.h"
#include "puhui/v1/catalog_service.pb.h"
#include "services/ledger/ledger_call.h"
#include "services/market/offer_views.h"
#include "services/merchant/merchant_categories.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// What merchants offer, and how it changed. Threads: safe. Borrows: its parts.
class CatalogService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::OfferDesk desk;     // Of the engine's fold: for commands.
    const issuing::Vault* vault;  // What audiences ask of members.
    MerchantCategories categories;
    const PageTokens* tokens;
    OfferViews* views;  // By members.
  };
  explicit CatalogService(Parts parts);
  ~CatalogService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServeChanges(Calls& calls);
  void ServeReads(Calls& calls);

  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  template <class Request>
  using Read = MaybeCommand (CatalogService::*)(const CallContext& call,
                                                const Request& request) const;
  // A change that leaves the offer as its record says.
  template <class Base, class Request, class Response>
  void ServeChange(Calls& calls, Rpc rpc, AskUnary<Base, Request, Response> ask,
                   Read<Request> read);

  MaybeCommand ReadCreate(const CallContext& call, const v1::CreateOfferRequest& request) const;
  MaybeCommand ReadUpdate(const CallContext& call, const v1::UpdateOfferRequest& request) const;
  MaybeCommand ReadPublish(const CallContext& call, const v1::PublishOfferRequest& request) const;
  MaybeCommand ReadWithdraw(const CallContext& call, const v1::WithdrawOfferRequest& request) const;
  MaybeCommand ReadRestock(const CallContext& call, const v1::RestockOfferRequest& request) const;

  absl::StatusOr<v1::GetOfferResponse> DoGetOffer(const CallContext& call,
                                                  const v1::GetOfferRequest& request) const;
  absl::StatusOr<v1::ListOffersResponse> DoListOffers(const CallContext& call,
                                                      const v1::ListOffersRequest& request) const;
  absl::StatusOr<v1::ListOfferVersionsResponse> DoListOfferVersions(
      const CallContext& call, const v1::ListOfferVersionsRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_CATALOG_SERVICE_H_
