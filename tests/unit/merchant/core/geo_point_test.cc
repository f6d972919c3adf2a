// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/geo_point.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace puhui::merchant {
namespace {

constexpr GeoPoint kXiamen{.latitude = 24'479'834, .longitude = 118'089'425};
constexpr GeoPoint kWuhan{.latitude = 30'592'849, .longitude = 114'305'539};

TEST(GeoPointTest, DistancesAreThoseOfTheGlobe) {
  EXPECT_NEAR(DistanceMeters(kXiamen, kWuhan), 773'000, 3'000);
  EXPECT_EQ(DistanceMeters(kXiamen, kXiamen), 0);
  const GeoPoint next_door{.latitude = kXiamen.latitude + 900, .longitude = kXiamen.longitude};
  EXPECT_NEAR(DistanceMeters(kXiamen, next_door), 100, 1);
}

TEST(GeoPointTest, TheOtherSideOfTheDateLineIsNear) {
  const GeoPoint west{.latitude = 0, .longitude = 179'999'000};
  const GeoPoint east{.latitude = 0, .longitude = -179'999'000};
  EXPECT_NEAR(DistanceMeters(west, east), 222, 2);
  const GeoPoint north{.latitude = GeoPoint::kLatitudeMax};
  const GeoPoint south{.latitude = -GeoPoint::kLatitudeMax};
  EXPECT_NEAR(DistanceMeters(north, south), 20'015'000, 5'000);
}

TEST(GeoPointTest, KnowsWhatIsOnEarth) {
  EXPECT_TRUE((GeoPoint{.latitude = -90'000'000, .longitude = 180'000'000}.OnEarth()));
  EXPECT_FALSE((GeoPoint{.latitude = 90'000'001}.OnEarth()));
  EXPECT_FALSE((GeoPoint{.longitude = INT32_MIN}.OnEarth()));
}

}  // namespace
}  // namespace puhui::merchant
