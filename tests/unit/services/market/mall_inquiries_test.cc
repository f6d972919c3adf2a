// SPDX-License-Identifier: Apache-2.0
#include "services/market/mall_inquiries.h"

#include "ledger/base/limits.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

namespace puhui::services {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'735'689'600);

TEST(MallInquiriesTest, ATokenIsAskedAboutSoOftenWithinAMinute) {
  MallInquiries inquiries;
  const ledger::Tag one = testing::TagOf(1);
  for (std::uint32_t i = 0; i < kMallInquiriesMax; ++i) EXPECT_TRUE(inquiries.Allow(one, kNow));
  EXPECT_FALSE(inquiries.Allow(one, kNow + absl::Seconds(59)));
  EXPECT_TRUE(inquiries.Allow(testing::TagOf(2), kNow));
  EXPECT_TRUE(inquiries.Allow(one, kNow + kMallInquiriesWithin));
}

TEST(MallInquiriesTest, AndOnlySoManyTokens) {
  MallInquiries inquiries;
  for (std::uint64_t i = 0; i < kMallInquirersMax; ++i) {
    ASSERT_TRUE(inquiries.Allow(testing::TagOf(i), kNow));
  }
  EXPECT_FALSE(inquiries.Allow(testing::TagOf(kMallInquirersMax), kNow));
  EXPECT_TRUE(inquiries.Allow(testing::TagOf(0), kNow));
}

}  // namespace
}  // namespace puhui::services
