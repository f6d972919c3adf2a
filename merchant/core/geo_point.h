// SPDX-License-Identifier: Apache-2.0
// Where on the map something is. Pure.
#ifndef PUHUI_MERCHANT_CORE_GEO_POINT_H_
#define PUHUI_MERCHANT_CORE_GEO_POINT_H_

#include <cstdint>

namespace puhui::merchant {

// In millionths of a degree; all of one ledger are of one datum.
struct GeoPoint {
  static constexpr std::int32_t kLatitudeMax = 90'000'000;
  static constexpr std::int32_t kLongitudeMax = 180'000'000;
  std::int32_t latitude = 0;   // North of the equator.
  std::int32_t longitude = 0;  // East of Greenwich.

  constexpr bool OnEarth() const {
    return latitude >= -kLatitudeMax && latitude <= kLatitudeMax && longitude >= -kLongitudeMax &&
           longitude <= kLongitudeMax;
  }
  template <class F>
  void Fields(F& f) {
    f(latitude, longitude);
  }
  friend bool operator==(const GeoPoint&, const GeoPoint&) = default;
};

// In metres, on a sphere. For showing and for order, never for money.
double DistanceMeters(GeoPoint a, GeoPoint b);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_GEO_POINT_H_
