// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/code_guesses.h"

#include "ledger/base/limits.h"

#include <gtest/gtest.h>

namespace puhui::merchant {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'000'000);

TEST(CodeGuessesTest, TheTenthWithinAMinuteBlocksForFive) {
  CodeGuesses guesses;
  for (std::size_t i = 1; i <= kWrongCodesMax; ++i) {
    const absl::Time now = kStart + absl::Seconds(static_cast<std::int64_t>(i) * 6);
    CountGuess(now, &guesses);
    EXPECT_EQ(BlockedAfter(guesses, now), i < kWrongCodesMax ? now : now + absl::Minutes(5));
  }
}

TEST(CodeGuessesTest, OnesThatAreAMinuteOldDoNotCount) {
  CodeGuesses guesses;
  for (int i = 0; i < 19; ++i) {
    const absl::Time now = kStart + absl::Seconds(7) * i;  // Nine within any minute.
    CountGuess(now, &guesses);
    EXPECT_EQ(BlockedAfter(guesses, now), now) << i;
    EXPECT_LT(guesses.lately.size(), kWrongCodesMax);
  }
}

TEST(CodeGuessesTest, TheTwentiethInADayBlocksForTheRestOfIt) {
  CodeGuesses guesses;
  for (std::uint32_t i = 1; i <= kWrongCodesPerDayMax; ++i) {
    const absl::Time now = kStart + absl::Minutes(10) * i;
    CountGuess(now, &guesses);
    EXPECT_EQ(BlockedAfter(guesses, now),
              i < kWrongCodesPerDayMax ? now : kStart + absl::Minutes(10) + absl::Hours(24));
  }
  // The next day begins with the next one.
  const absl::Time next = kStart + absl::Hours(25);
  CountGuess(next, &guesses);
  EXPECT_EQ(guesses.in_day, 1U);
  EXPECT_EQ(BlockedAfter(guesses, next), next);
}

TEST(CodeGuessesTest, ABlockBeginsTheMinuteAnewButNotTheDay) {
  CodeGuesses guesses;
  for (std::size_t i = 0; i < kWrongCodesMax; ++i) CountGuess(kStart, &guesses);
  BlockGuesses(kStart + absl::Minutes(5), &guesses);
  EXPECT_TRUE(guesses.lately.empty());
  EXPECT_EQ(guesses.in_day, kWrongCodesMax);
  EXPECT_EQ(guesses.blocked_until, kStart + absl::Minutes(5));
}

}  // namespace
}  // namespace puhui::merchant
