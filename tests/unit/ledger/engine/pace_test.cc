// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/pace.h"

#include "absl/time/time.h"
#include <gtest/gtest.h>

namespace puhui::ledger::pace_test {
namespace {

constexpr int kLong = 100;  // Until an average has forgotten what was before.
constexpr std::size_t kCrowd = 2 * kQueuedCommandsFloor - 100;

void Measure(Pace& pace, absl::Duration group_time, std::size_t commands) {
  for (int i = 0; i < kLong; ++i) pace.Measure(group_time, commands);
}

TEST(PaceTest, LoneCommandsOnASlowDiskDoNotTurnACrowdAway) {
  Pace pace;
  EXPECT_FALSE(pace.TooLong(kCrowd));
  Measure(pace, absl::Milliseconds(20), 1);
  EXPECT_FALSE(pace.TooLong(kCrowd));
}

TEST(PaceTest, ACrowdThatIsSlowTurnsTheNextAway) {
  Pace pace;
  Measure(pace, absl::Milliseconds(100), kGroupCommandsMax);
  EXPECT_TRUE(pace.TooLong(kCrowd));
}

TEST(PaceTest, SmallGroupsUnderLoadTellThePaceToo) {
  Pace pace;
  Measure(pace, absl::Milliseconds(3), 15);
  EXPECT_TRUE(pace.TooLong(kCrowd));
}

TEST(PaceTest, AnUnknownPaceDoesNotAdmitEverything) {
  EXPECT_TRUE(Pace().TooLong(kQueuedCommandsMax));
}

TEST(PaceTest, AQuickCrowdIsFollowedByALargerOne) {
  Pace pace;
  Measure(pace, absl::Milliseconds(5), kGroupCommandsMax);
  EXPECT_FALSE(pace.TooLong(2'000));
  EXPECT_TRUE(pace.TooLong(4'000));
}

TEST(PaceTest, FewAreNeverTooMany) {
  Pace pace;
  Measure(pace, absl::Seconds(10), kGroupCommandsMax);
  EXPECT_FALSE(pace.TooLong(kQueuedCommandsFloor - 1));
  EXPECT_TRUE(pace.TooLong(kQueuedCommandsFloor));
}

}  // namespace
}  // namespace puhui::ledger::pace_test
