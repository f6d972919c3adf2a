// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/guesses.h"

#include "ledger/base/limits.h"

#include <gtest/gtest.h>

namespace puhui::merchant {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'000'000);

class GuessesTest : public ::testing::TestWithParam<GuessBounds> {
 protected:
  void Count(absl::Time now) { CountGuess(GetParam(), now, &guesses_); }
  absl::Time BlockedAfter(absl::Time now) const {
    return merchant::BlockedAfter(GetParam(), guesses_, now);
  }

  Guesses guesses_;
};

TEST_P(GuessesTest, TheTenthWithinAMinuteBlocksForFive) {
  for (std::size_t i = 1; i <= 10; ++i) {
    const absl::Time now = kStart + absl::Seconds(static_cast<std::int64_t>(i) * 6);
    Count(now);
    EXPECT_EQ(BlockedAfter(now), i < 10 ? now : now + absl::Minutes(5));
  }
}

TEST_P(GuessesTest, OnesThatAreAMinuteOldDoNotCount) {
  for (int i = 0; i < 19; ++i) {
    const absl::Time now = kStart + absl::Seconds(7) * i;  // Nine within any minute.
    Count(now);
    EXPECT_EQ(BlockedAfter(now), now) << i;
    EXPECT_LT(guesses_.lately.size(), 10U);
  }
}

TEST_P(GuessesTest, TheTwentiethInADayBlocksForTheRestOfIt) {
  for (std::uint32_t i = 1; i <= 20; ++i) {
    const absl::Time now = kStart + absl::Minutes(10) * i;
    Count(now);
    EXPECT_EQ(BlockedAfter(now), i < 20 ? now : kStart + absl::Minutes(10) + absl::Hours(24));
  }
  // The next day begins with the next one.
  const absl::Time next = kStart + absl::Hours(25);
  Count(next);
  EXPECT_EQ(guesses_.in_day, 1U);
  EXPECT_EQ(BlockedAfter(next), next);
}

TEST_P(GuessesTest, ABlockBeginsTheMinuteAnewButNotTheDay) {
  for (std::size_t i = 0; i < 10; ++i) Count(kStart);
  BlockGuesses(kStart + absl::Minutes(5), &guesses_);
  EXPECT_TRUE(guesses_.lately.empty());
  EXPECT_EQ(guesses_.in_day, 10U);
  EXPECT_EQ(guesses_.blocked_until, kStart + absl::Minutes(5));
}

INSTANTIATE_TEST_SUITE_P(CodesAndCards, GuessesTest,
                         ::testing::Values(kCodeGuessBounds, kCardGuessBounds));

TEST(CodeGuessesTest, TheFirstDoubtsDevicesForAMonthWhateverComesMeanwhile) {
  CodeGuesses guesses;
  CountCodeGuess(kStart, &guesses);
  CountCodeGuess(kStart + absl::Hours(1), &guesses);
  EXPECT_EQ(guesses.counted.in_day, 2U);
  EXPECT_EQ(guesses.doubted_until, kStart + kDeviceCodesDoubted);
  CountCodeGuess(kStart + kDeviceCodesDoubted, &guesses);
  EXPECT_EQ(guesses.doubted_until, kStart + 2 * kDeviceCodesDoubted);
}

}  // namespace
}  // namespace puhui::merchant
