// SPDX-License-Identifier: Apache-2.0
// Where the stores of merchants are, and the table that says so.
#ifndef PUHUI_MERCHANT_APP_STORE_LOCATION_ROWS_H_
#define PUHUI_MERCHANT_APP_STORE_LOCATION_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/storage/tables.h"
#include "merchant/core/geo_point.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::merchant {

struct StoreLocation {
  std::string store{};
  GeoPoint point{};

  template <class F>
  void Fields(F& f) {
    f(store, point);
  }
  friend bool operator==(const StoreLocation&, const StoreLocation&) = default;
};

// One row of a merchant, because whoever asks where it is wants the nearest of its stores.
struct StoreLocationsRow {
  std::vector<StoreLocation> stores{};  // By id, each once; not empty.

  std::size_t HeapBytes() const { return stores.capacity() * sizeof(StoreLocation); }
  template <class F>
  void Fields(F& f) {
    f(stores);
  }
};

inline constexpr ledger::TypedTable<MerchantNumber, StoreLocationsRow> kStoreLocationTable{
    ledger::Table::kStoreLocations, ledger::Family::kState, "store locations"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_STORE_LOCATION_ROWS_H_
