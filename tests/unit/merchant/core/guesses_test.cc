// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/guesses.h"

#include "ledger/base/limits.h"
#include "merchant/core/device_code.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

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
  CountCodeGuess(kStart, false, &guesses);
  CountCodeGuess(kStart + absl::Hours(1), false, &guesses);
  EXPECT_EQ(guesses.counted.in_day, 2U);
  EXPECT_EQ(guesses.doubted_until, kStart + kDeviceCodesDoubted);
  CountCodeGuess(kStart + kDeviceCodesDoubted, false, &guesses);
  EXPECT_EQ(guesses.doubted_until, kStart + 2 * kDeviceCodesDoubted);
}

TEST(CodeGuessesTest, ADevicesCodeCountsForLongerThanItIsGoodAndNoLonger) {
  const absl::Duration good_at_most = EndOfStep(StepAt(kStart) + 1) - kStart;
  EXPECT_GT(kHiddenCodeCounts, std::max(good_at_most, 3 * kDeviceStep));
  CodeGuesses guesses;
  CountCodeGuess(kStart, false, &guesses);
  CountCodeGuess(kStart + absl::Seconds(1), true, &guesses);
  const absl::Time over = kStart + absl::Seconds(1) + kHiddenCodeCounts;
  CountCodeGuess(over - absl::Microseconds(1), true, &guesses);
  EXPECT_EQ(guesses.counted.in_day, 3U);
  CountCodeGuess(over, false, &guesses);
  EXPECT_EQ(guesses.counted.in_day, 3U);
  EXPECT_EQ(guesses.hidden.size(), 1U);
  CountCodeGuess(over + kHiddenCodeCounts, false, &guesses);
  EXPECT_EQ(guesses.counted.in_day, 3U);
  EXPECT_TRUE(guesses.hidden.empty());
}

// Of a day that is over nothing is taken off the next.
TEST(CodeGuessesTest, ADevicesCodeCountsInItsOwnDayAlone) {
  const absl::Time next = kStart + absl::Hours(24);
  CodeGuesses guesses;
  CountCodeGuess(kStart, false, &guesses);
  CountCodeGuess(next - absl::Seconds(1), true, &guesses);
  EXPECT_EQ(guesses.counted.in_day, 2U);
  CountCodeGuess(next, false, &guesses);
  EXPECT_EQ(guesses.counted.in_day, 1U);
  CountCodeGuess(next + kHiddenCodeCounts, false, &guesses);
  EXPECT_EQ(guesses.counted.in_day, 2U);
}

// The twentieth in a day blocks, and is not told from the others while it could be good.
TEST(CodeGuessesTest, AFreshCodeOfADeviceBlocksAsAGuessDoes) {
  CodeGuesses guesses;
  absl::Time now = kStart;
  for (std::uint32_t i = 2; i < kWrongCodesPerDayMax; ++i) {
    CountCodeGuess(now, false, &guesses);
    now += absl::Minutes(10);
  }
  CountCodeGuess(now, true, &guesses);
  const absl::Time soon = now + kHiddenCodeCounts - absl::Microseconds(1);
  EXPECT_EQ(BlockedByOneMoreCode(&guesses, soon), kStart + absl::Hours(24));
  EXPECT_EQ(BlockedByOneMoreCode(&guesses, now + kHiddenCodeCounts), absl::UnixEpoch());
  // Nor within a minute.
  guesses = CodeGuesses();
  for (std::size_t i = 1; i < kWrongCodesMax; ++i) CountCodeGuess(kStart, true, &guesses);
  EXPECT_EQ(BlockedByOneMoreCode(&guesses, kStart), kStart + kWrongCodesBlock);
  EXPECT_EQ(BlockedByOneMoreCode(nullptr, kStart), absl::UnixEpoch());
}

}  // namespace
}  // namespace puhui::merchant
