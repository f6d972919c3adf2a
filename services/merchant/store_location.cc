// SPDX-License-Identifier: Apache-2.0
// MerchantService: where stores are.
#include "ledger/base/status_macros.h"
#include "merchant/app/store_location_commands.h"
#include "services/merchant/merchant_convert.h"
#include "services/merchant/merchant_wire.h"
#include "services/rpc/resource_name.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace puhui::services {

void MerchantService::ServeLocateStore(Calls& calls) {
  calls.UnaryLater(Rpc::kLocateStore, wire_.get(), &Wire::RequestLocateStore,
                   [this](const CallContext& call, const v1::LocateStoreRequest& asked,
                          v1::LocateStoreResponse* answer, Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadLocateStore(call, asked), answer,
                                std::move(done),
                                [](const ledger::Outcome& /*outcome*/,
                                   v1::LocateStoreResponse* /*out*/) { return absl::OkStatus(); });
                   });
}

MerchantService::MaybeCommand MerchantService::ReadLocateStore(
    const CallContext& call, const v1::LocateStoreRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(StoreName name, ParseStoreName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), name.merchant_id));
  merchant::LocateStoreCommand::Wish wish{.merchant = std::move(name.merchant_id),
                                          .store = std::move(name.store_id)};
  if (request.has_location()) {
    wish.location = merchant::GeoPoint{.latitude = request.location().latitude_micros(),
                                       .longitude = request.location().longitude_micros()};
  }
  return std::make_unique<merchant::LocateStoreCommand>(parts_.tables, std::move(wish));
}

void SetLocation(const merchant::StoreLocationsRow& locations, absl::string_view store_id,
                 v1::Store* store) {
  const auto found = std::find_if(
      locations.stores.begin(), locations.stores.end(),
      [&](const merchant::StoreLocation& location) { return location.store == store_id; });
  if (found == locations.stores.end()) return;
  store->mutable_location()->set_latitude_micros(found->point.latitude);
  store->mutable_location()->set_longitude_micros(found->point.longitude);
}

}  // namespace puhui::services
