// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/points.h"

#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace puhui {
namespace {

__extension__ using Wide = __int128;  // GCC and clang have it; it is exact where int64 is not.

std::int64_t FloorFee(std::int64_t points, std::uint32_t rate) {
  return static_cast<std::int64_t>(static_cast<Wide>(points) * rate / 10'000);
}

TEST(PointsTest, RequestsMayAskForOneUpToTheMostAndNothingElse) {
  EXPECT_OK(Points::FromRequest(1, "points"));
  EXPECT_OK(Points::FromRequest(Points::kMax, "points"));
  for (const std::int64_t bad :
       {std::int64_t{0}, std::int64_t{-1}, Points::kMax + 1, INT64_MIN, INT64_MAX}) {
    const auto points = Points::FromRequest(bad, "rows[3].points");
    EXPECT_THAT(points, HasCode(absl::StatusCode::kInvalidArgument)) << bad;
    EXPECT_THAT(std::string(points.status().message()), ::testing::HasSubstr("rows[3].points"));
  }
}

TEST(PointsTest, AddingAboveTheMostIsRefused) {
  const Points most = Points::FromStored(Points::kMax);
  const Points one = Points::FromStored(1);
  EXPECT_THAT(Add(most, one), HasCode(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(Add(most, most), HasCode(absl::StatusCode::kOutOfRange));
  ASSERT_OK_AND_ASSIGN(const Points sum, Add(Subtract(most, one), one));
  EXPECT_EQ(sum, most);
}

TEST(PointsDeathTest, SubtractingMoreThanThereIsAborts) {
  EXPECT_DEATH(Subtract(Points::FromStored(1), Points::FromStored(2)), "b <= a");
  EXPECT_DEATH(Points::FromStored(-1), "value >= 0");
}

TEST(PointsTest, OrderIsThatOfTheNumbers) {
  EXPECT_LT(Points::FromStored(1), Points::FromStored(2));
  EXPECT_EQ(Min(Points::FromStored(7), Points::FromStored(3)), Points::FromStored(3));
  EXPECT_TRUE(Points().zero());
}

TEST(BasisPointsTest, ReachFromNothingToTheWhole) {
  EXPECT_OK(BasisPoints::FromRequest(0, "fee"));
  EXPECT_OK(BasisPoints::FromRequest(10'000, "fee"));
  EXPECT_THAT(BasisPoints::FromRequest(10'001, "fee"), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(BasisPoints::FromRequest(-1, "fee"), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_DEATH(BasisPoints::FromStored(10'001), "10'000");
}

TEST(FeeTest, IsRoundedDownAndTheRemainderStaysWithTheMerchant) {
  struct Row {
    std::int64_t points;
    std::uint32_t rate;
    std::int64_t fee;
  };
  constexpr std::array rows = {
      Row{1, 9'999, 0},
      Row{1, 10'000, 1},
      Row{9'999, 1, 0},
      Row{10'000, 1, 1},
      Row{17'100, 60, 102},
      Row{333, 33, 1},
      Row{Points::kMax, 10'000, Points::kMax},
      Row{Points::kMax, 0, 0},
      Row{Points::kMax - 1, 9'999, 999'899'999'999'999},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(
        FeeRoundedDown(Points::FromStored(row.points), BasisPoints::FromStored(row.rate)).value(),
        row.fee)
        << row.points << " at " << row.rate;
  }
}

TEST(FeeTest, IsExactForAnyAmountAndRate) {
  SeededRandom random(1);
  for (int i = 0; i < 100'000; ++i) {
    // Small, large and everything between.
    const auto bound = std::uint64_t{1} << random.Below(50);
    const auto points = static_cast<std::int64_t>(random.Below(bound) % (Points::kMax + 1));
    const auto rate = static_cast<std::uint32_t>(random.Below(10'001));
    ASSERT_EQ(FeeRoundedDown(Points::FromStored(points), BasisPoints::FromStored(rate)).value(),
              FloorFee(points, rate))
        << points << " at " << rate;
  }
}

}  // namespace
}  // namespace puhui
