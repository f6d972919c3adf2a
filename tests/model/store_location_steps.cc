// SPDX-License-Identifier: Apache-2.0
// The steps that say where stores are.
#include "tests/model/store_location_steps.h"

#include "ledger/storage/typed_reads.h"
#include "merchant/app/store_location_commands.h"
#include "merchant/app/store_location_rows.h"
#include "tests/model/model_names.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

namespace puhui::testing {
namespace {

constexpr std::uint64_t kStores = 3;  // The last of a merchant is none.

Verdict Locate(LedgerModel& model, std::uint32_t merchant, const std::string& store, bool exists,
               absl::optional<merchant::GeoPoint> location) {
  using ledger::Reason;
  if (location.has_value() && location->latitude > 90'000'000) return Reason::kInvalidField;
  if (!exists) return Reason::kNotFound;
  if (model.merchants[merchant].standing == LedgerModel::MerchantStanding::kClosed) {
    return Reason::kMerchantNotActive;
  }
  model.store_locations.erase({merchant, store});
  if (location.has_value()) model.store_locations[{merchant, store}] = *location;
  return absl::nullopt;
}

}  // namespace

// Somewhere, seldom not on earth; or nowhere any more.
void RandomDriver::LocateStore() {
  const auto merchant = static_cast<std::uint32_t>(1 + random_.Below(kMerchants));
  const std::uint64_t number = 1 + random_.Below(kStores);
  const std::string store = absl::StrCat("s-", number);
  absl::optional<merchant::GeoPoint> location;
  if (random_.Below(4) != 0) {
    location = {.latitude = static_cast<std::int32_t>(random_.Below(92'000'000)),
                .longitude = static_cast<std::int32_t>(random_.Below(180'000'000))};
  }
  Expect(Locate(model_, merchant, store, /*exists=*/number < kStores, location), Run([=, this] {
           return std::make_unique<merchant::LocateStoreCommand>(
               &ledger_.merchant(),
               merchant::LocateStoreCommand::Wish{
                   .merchant = *MerchantId::Parse(absl::StrCat("m-", merchant), "id"),
                   .store = *StoreId::Parse(store, "id"),
                   .location = location});
         }));
}

void CompareStoreLocations(const ledger::Readable& store, const LedgerModel& model) {
  std::map<std::pair<std::uint32_t, std::string>, merchant::GeoPoint> stored;
  const auto rows = ledger::List(store, merchant::kStoreLocationTable, {}, 100);
  ASSERT_OK(rows);
  for (const auto& row : *rows) {
    EXPECT_FALSE(row.value.stores.empty());
    for (const merchant::StoreLocation& place : row.value.stores) {
      stored[{static_cast<std::uint32_t>(row.key), place.store}] = place.point;
    }
  }
  EXPECT_TRUE(stored == model.store_locations);
}

}  // namespace puhui::testing
