// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/geo_point.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace puhui::merchant {
namespace {

constexpr double kEarthRadiusMeters = 6'371'008.8;
constexpr double kRadiansPerMicro = std::numbers::pi / 180 / 1'000'000;

double Square(double value) { return value * value; }

}  // namespace

// The haversine, which is exact enough near by, where it matters.
double DistanceMeters(GeoPoint a, GeoPoint b) {
  const double latitude = (static_cast<double>(b.latitude) - a.latitude) * kRadiansPerMicro;
  const double longitude = (static_cast<double>(b.longitude) - a.longitude) * kRadiansPerMicro;
  const double h = Square(std::sin(latitude / 2)) + std::cos(a.latitude * kRadiansPerMicro) *
                                                        std::cos(b.latitude * kRadiansPerMicro) *
                                                        Square(std::sin(longitude / 2));
  return 2 * kEarthRadiusMeters * std::asin(std::sqrt(std::min(h, 1.0)));
}

}  // namespace puhui::merchant
