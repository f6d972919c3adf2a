// SPDX-License-Identifier: Apache-2.0
// The other half of CatalogService: what is there, and what it was.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "merchant/app/offer_queries.h"
#include "merchant/app/queries.h"
#include "services/market/catalog_wire.h"
#include "services/market/offer_convert.h"
#include "services/market/offer_scope.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

absl::StatusOr<v1::Offer> WithStock(const SeenOffer& seen, const ledger::Readable& store,
                                    Names& names) {
  PUHUI_ASSIGN_OR_RETURN(v1::Offer offer, OfferOf(seen.number, seen.row, names));
  PUHUI_ASSIGN_OR_RETURN(const auto stock,
                         merchant::FindOfferStock(store, seen.number, seen.row.content));
  if (stock.has_value()) *offer.mutable_stock() = StockOf(*stock);
  return offer;
}

}  // namespace

void CatalogService::ServeReads(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kGetOffer, wire_.get(), &Wire::RequestGetOffer,
                      [this](const CallContext& call, const v1::GetOfferRequest& asked) {
                        return DoGetOffer(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListOffers, wire_.get(), &Wire::RequestListOffers,
                      [this](const CallContext& call, const v1::ListOffersRequest& asked) {
                        return DoListOffers(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListOfferVersions, wire_.get(), &Wire::RequestListOfferVersions,
                      [this](const CallContext& call, const v1::ListOfferVersionsRequest& asked) {
                        return DoListOfferVersions(call, asked);
                      });
}

absl::StatusOr<v1::GetOfferResponse> CatalogService::DoGetOffer(
    const CallContext& call, const v1::GetOfferRequest& request) const {
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenOffer seen,
                         SeeOfferAsReader(call.principal(), request.name(), *store, *parts_.vault));
  Names names(store.get());
  v1::GetOfferResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_offer(), WithStock(seen, *store, names));
  if (call.principal().role != Role::kMember) return response;
  // Whom else it is for is nothing to a member.
  response.mutable_offer()->clear_audience();
  PUHUI_RETURN_IF_ERROR(
      parts_.views->Note(seen.row, seen.number, call.principal().member_id, *store));
  return response;
}

absl::StatusOr<v1::ListOffersResponse> CatalogService::DoListOffers(
    const CallContext& call, const v1::ListOffersRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(request.parent(), "parent"));
  if (!v1::OfferState_IsValid(request.state())) {
    return InvalidField("state", "want a state that there is");
  }
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(auto after, NumberIn<std::uint32_t>(cursor));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), id));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto of, merchant::FindMerchant(*store, id.text()));
  if (!of.has_value()) return NotFound("merchant");
  const bool all = request.state() == v1::OFFER_STATE_UNSPECIFIED;
  const std::size_t looked_at_max = all ? page_size : kRowsPerPageMax;
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<merchant::OfferNumber> offers,
      merchant::ListOffers(*store, of->number, merchant::OfferNumber{after}, looked_at_max));
  Names names(store.get());
  v1::ListOffersResponse response;
  std::size_t looked_at = 0;
  for (; looked_at < offers.size(); ++looked_at) {
    if (static_cast<std::size_t>(response.offers_size()) == page_size) break;
    SeenOffer seen{.number = offers[looked_at]};
    PUHUI_ASSIGN_OR_RETURN(auto row, merchant::FindOffer(*store, seen.number));
    if (!row.has_value()) return absl::DataLossError("an offer without its row");
    seen.row = *std::move(row);
    after = static_cast<std::uint32_t>(seen.number);
    if (!all && static_cast<int>(seen.row.state) != request.state()) continue;
    PUHUI_ASSIGN_OR_RETURN(*response.add_offers(), WithStock(seen, *store, names));
  }
  if (looked_at < offers.size() || looked_at == looked_at_max) {
    response.set_next_page_token(parts_.tokens->Seal(filter, absl::StrCat(after)));
  }
  return response;
}

absl::StatusOr<v1::ListOfferVersionsResponse> CatalogService::DoListOfferVersions(
    const CallContext& call, const v1::ListOfferVersionsRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseOfferName(request.name(), "name").status());
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(const auto before, NumberIn<std::uint32_t>(cursor));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenOffer seen,
                         SeeOffer(call.principal(), request.name(), "name", *store));
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<merchant::OfferVersionRef> versions,
      merchant::ListOfferVersions(*store, {seen.row.merchant, seen.number, before}, page_size));
  Names names(store.get());
  v1::ListOfferVersionsResponse response;
  for (const merchant::OfferVersionRef& version : versions) {
    PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(*store, version.record));
    PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record,
                           ledger::ParseRecord(version.record, bytes));
    PUHUI_ASSIGN_OR_RETURN(*response.add_versions(), OfferAsOf(record, names));
  }
  if (versions.size() == page_size && versions.back().version > 1) {
    response.set_next_page_token(
        parts_.tokens->Seal(filter, absl::StrCat(versions.back().version)));
  }
  return response;
}

}  // namespace puhui::services
