// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/store_location_commands.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ledger::Refusal;

// Where the store stands, or would stand, among those that have a location.
std::vector<StoreLocation>::const_iterator PlaceOf(const std::vector<StoreLocation>& stores,
                                                   const std::string& id) {
  return std::lower_bound(stores.begin(), stores.end(), id,
                          [](const StoreLocation& a, const std::string& b) { return a.store < b; });
}

bool HasLocation(const StoreLocationsRow* row, const std::string& id) {
  if (row == nullptr) return false;
  const auto place = PlaceOf(row->stores, id);
  return place != row->stores.end() && place->store == id;
}

Refusal NotFound(absl::string_view what) {
  return {.reason = Reason::kNotFound,
          .field = "name",
          .message = absl::StrCat("there is no such ", what)};
}

}  // namespace

absl::optional<Refusal> LocateStoreCommand::Decide(const ledger::DecideContext& /*context*/,
                                                   ledger::Decision& decision) {
  if (wish_.location.has_value() && !wish_.location->OnEarth()) {
    return Refusal{.reason = Reason::kInvalidField,
                   .field = "location",
                   .message = "want up to 90 degrees of latitude and 180 of longitude"};
  }
  const MerchantNumber* merchant = tables_.merchant_ids.Find(wish_.merchant.text());
  if (merchant == nullptr) return NotFound("merchant");
  if (tables_.stores.Find({*merchant, wish_.store.text()}) == nullptr) return NotFound("store");
  const MerchantRow* row = tables_.merchants.Find(*merchant);
  PUHUI_CHECK(row != nullptr);
  if (row->state == MerchantState::kClosed || !WasAccepted(row->state)) {
    return Refusal{.reason = Reason::kMerchantNotActive,
                   .message = "the merchant was closed, or not accepted"};
  }
  const StoreLocationsRow* known = tables_.store_locations.Find(*merchant);
  const bool another = wish_.location.has_value() && !HasLocation(known, wish_.store.text());
  if (another && known != nullptr && known->stores.size() >= kStoreLocationsMax) {
    return Refusal{.reason = Reason::kStoreLocationsLimit,
                   .message = absl::StrCat("at most ", kStoreLocationsMax,
                                           " stores of a merchant have a location")};
  }
  journal::v1::StoreLocated& located = *decision.Add().mutable_store_located();
  located.set_merchant(static_cast<std::uint32_t>(*merchant));
  located.set_store(wish_.store.text());
  if (wish_.location.has_value()) {
    located.set_latitude_micros(wish_.location->latitude);
    located.set_longitude_micros(wish_.location->longitude);
  }
  return absl::nullopt;
}

absl::Status ApplyStoreLocated(Tables& tables, const journal::v1::StoreLocated& located) {
  const MerchantNumber merchant{located.merchant()};
  const StoreLocationsRow* const known = tables.store_locations.Find(merchant);
  StoreLocationsRow row = known == nullptr ? StoreLocationsRow{} : *known;
  auto place = row.stores.begin() + (PlaceOf(row.stores, located.store()) - row.stores.cbegin());
  const bool there = place != row.stores.end() && place->store == located.store();
  if (!located.has_latitude_micros()) {
    if (there) row.stores.erase(place);
  } else {
    const GeoPoint point{.latitude = located.latitude_micros(),
                         .longitude = located.longitude_micros()};
    if (!point.OnEarth()) return absl::DataLossError("a store that is not on earth");
    if (!there) place = row.stores.insert(place, {.store = located.store()});
    place->point = point;
  }
  if (row.stores.empty()) {
    if (known != nullptr) tables.store_locations.Erase(merchant);
  } else {
    tables.store_locations.Put(merchant, std::move(row));
  }
  return absl::OkStatus();
}

}  // namespace puhui::merchant
