// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/merchant_convert.h"

#include <gtest/gtest.h>

namespace puhui::services {
namespace {

TEST(MerchantConvertTest, AStoreShowsItsRegionWhenItIsKnown) {
  const v1::Store there =
      StoreOf("merchants/m-1", "s-1", {.display_name = "一号店", .region = 420'106});
  EXPECT_EQ(there.name(), "merchants/m-1/stores/s-1");
  EXPECT_EQ(there.display_name(), "一号店");
  EXPECT_EQ(there.region(), "420106");
  EXPECT_EQ(StoreOf("merchants/m-1", "s-2", {.display_name = "x"}).region(), "");
}

}  // namespace
}  // namespace puhui::services
