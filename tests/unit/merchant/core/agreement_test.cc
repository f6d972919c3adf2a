// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/agreement.h"

#include <gtest/gtest.h>

#include <vector>

namespace puhui::merchant {
namespace {

absl::Time At(int second) { return absl::FromUnixSeconds(second); }

// In force from `start` until `end`; 0: until the next one begins.
Agreement From(int start, int end, std::uint32_t number = 1) {
  Agreement agreement{.number = number, .start = At(start)};
  if (end != 0) agreement.end = At(end);
  return agreement;
}

std::uint32_t InForce(const std::vector<Agreement>& agreements, int now) {
  const Agreement* found = AgreementAt(agreements, At(now));
  return found == nullptr ? 0 : found->number;
}

TEST(AgreementTest, TheLatestThatHasBegunIsInForceUntilItEnds) {
  const std::vector<Agreement> agreements = {From(10, 20, 1), From(30, 0, 2), From(50, 60, 3)};
  EXPECT_EQ(InForce({}, 10), 0U);
  EXPECT_EQ(InForce(agreements, 9), 0U);
  EXPECT_EQ(InForce(agreements, 10), 1U);
  EXPECT_EQ(InForce(agreements, 19), 1U);
  EXPECT_EQ(InForce(agreements, 20), 0U);
  EXPECT_EQ(InForce(agreements, 30), 2U);
  EXPECT_EQ(InForce(agreements, 49), 2U);
  EXPECT_EQ(InForce(agreements, 50), 3U);
  EXPECT_EQ(InForce(agreements, 60), 0U);  // The one without an end gave way for good.
}

TEST(AgreementTest, OnlyWhatIsInForceAtOneMomentOverlaps) {
  struct Row {
    Agreement wish;
    bool overlaps;
  };
  const std::vector<Agreement> agreements = {From(10, 20, 1), From(30, 0, 2)};
  const Row rows[] = {
      {From(1, 10), false}, {From(1, 11), true},   {From(1, 0), false},   {From(10, 12), true},
      {From(19, 0), true},  {From(20, 30), false}, {From(20, 31), true},  {From(20, 0), false},
      {From(30, 40), true}, {From(30, 0), true},   {From(31, 40), false}, {From(31, 0), false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(OverlappedBy(row.wish, agreements) != nullptr, row.overlaps)
        << row.wish.start << " to " << row.wish.end.value_or(absl::InfiniteFuture());
  }
}

}  // namespace
}  // namespace puhui::merchant
