// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/velocity.h"

#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

const absl::TimeZone kChina = absl::FixedTimeZone(8 * 3'600);

PayingMoment PayingAt(const char* local) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%S", local, kChina, &time, &error)) << error;
  return {.now = time, .day = absl::ToCivilDay(time, kChina)};
}
Points Of(std::int64_t points) { return Points::FromStored(points); }
bool Broken(const Limit& limit, const Velocity& velocity, const PayingMoment& moment,
            std::int64_t points = 1) {
  return FindBroken({limit}, velocity, moment, Of(points)).has_value();
}

TEST(VelocityTest, AWindowEndsWithTheMinuteTheHourAndTheDay) {
  const std::vector<std::tuple<LimitWindow, const char*, const char*>> rows = {
      {LimitWindow::kMinute, "2025-03-01 10:00:59", "2025-03-01 10:01:00"},
      {LimitWindow::kHour, "2025-03-01 10:59:59", "2025-03-01 11:00:00"},
      {LimitWindow::kDay, "2025-03-01 23:59:59", "2025-03-02 00:00:00"},
  };
  for (const auto& [window, last, next] : rows) {
    const Limit limit{.window = window, .count_max = 1};
    Velocity velocity;
    EXPECT_FALSE(Broken(limit, velocity, PayingAt("2025-03-01 10:00:00")));
    CountPayment(PayingAt(last), Of(5), &velocity);
    EXPECT_TRUE(Broken(limit, velocity, PayingAt(last)));
    EXPECT_FALSE(Broken(limit, velocity, PayingAt(next))) << LimitWindowName(window);
  }
}

TEST(VelocityTest, TheBoundItselfMayBeReached) {
  const PayingMoment moment = PayingAt("2025-03-01 10:00:00");
  Velocity velocity;
  CountPayment(moment, Of(70), &velocity);
  const Limit sum{.window = LimitWindow::kHour, .points_max = 100};
  EXPECT_FALSE(Broken(sum, velocity, moment, 30));
  EXPECT_TRUE(Broken(sum, velocity, moment, 31));
  EXPECT_FALSE(Broken({.window = LimitWindow::kHour, .count_max = 2}, velocity, moment));
  EXPECT_TRUE(Broken({.window = LimitWindow::kHour, .count_max = 0}, Velocity(), moment));
  EXPECT_TRUE(Broken({.window = LimitWindow::kHour, .points_max = 0}, Velocity(), moment));
}

TEST(VelocityTest, WhatIsLeftIsTheLargestPaymentThatBreaksNone) {
  const PayingMoment moment = PayingAt("2025-03-01 10:00:00");
  Velocity velocity;
  CountPayment(moment, Of(70), &velocity);
  const Limit hour{.window = LimitWindow::kHour, .points_max = 100};
  const Limit day{.window = LimitWindow::kDay, .count_max = 2, .points_max = 90};
  EXPECT_FALSE(MostPayable({}, velocity, moment).has_value());
  EXPECT_FALSE(
      MostPayable({{.window = LimitWindow::kHour, .count_max = 2}}, velocity, moment).has_value());
  EXPECT_EQ(MostPayable({{.window = LimitWindow::kHour, .count_max = 1}, hour}, velocity, moment),
            0);
  EXPECT_EQ(MostPayable({hour, day}, velocity, moment), 20);
  EXPECT_EQ(MostPayable({hour}, velocity, PayingAt("2025-03-01 11:00:00")), 100);
  EXPECT_EQ(FindBroken({hour, day}, velocity, moment, Of(31))->left, 30);
  // A bound that was lowered below what was paid leaves nothing, not less.
  const Limit lowered{.window = LimitWindow::kHour, .points_max = 50};
  EXPECT_EQ(MostPayable({lowered}, velocity, moment), 0);
  EXPECT_EQ(FindBroken({lowered}, velocity, moment, Of(1))->left, 0);
}

TEST(VelocityTest, TheFirstOfTheBrokenBoundsIsNamed) {
  const PayingMoment moment = PayingAt("2025-03-01 10:00:00");
  const std::vector<Limit> limits = {
      {.window = LimitWindow::kMinute, .count_max = 9},
      {.window = LimitWindow::kHour, .count_max = 9, .points_max = 10},
      {.window = LimitWindow::kDay, .count_max = 0}};
  const auto broken = FindBroken(limits, Velocity(), moment, Of(11));
  ASSERT_TRUE(broken.has_value());
  EXPECT_EQ(broken->window, LimitWindow::kHour);
  EXPECT_TRUE(broken->of_points);
  EXPECT_EQ(broken->allowed, 10);
}

TEST(VelocityTest, ASumStaysWithinWhatPointsCanBe) {
  const PayingMoment moment = PayingAt("2025-03-01 10:00:00");
  Velocity velocity;
  for (int i = 0; i < 10'000; ++i) CountPayment(moment, Of(Points::kMax), &velocity);
  EXPECT_EQ(velocity.day.points, Points::kMax);
  EXPECT_TRUE(Broken({.window = LimitWindow::kDay, .points_max = Points::kMax}, velocity, moment));
}

// Against a list of everything that was paid.
TEST(VelocityTest, CountsAsOneWhoKeepsEverythingWould) {
  SeededRandom random(5);
  Velocity velocity;
  std::vector<std::pair<PayingMoment, std::int64_t>> paid;
  absl::Time now = PayingAt("2025-03-01 21:00:00").now;
  for (int i = 0; i < 2'000; ++i) {
    now += absl::Seconds(static_cast<std::int64_t>(random.Below(200)));
    const PayingMoment moment{.now = now, .day = absl::ToCivilDay(now, kChina)};
    std::int64_t count = 0;
    std::int64_t sum = 0;
    for (const auto& [then, points] : paid) {
      if (absl::ToUnixSeconds(then.now) / 3'600 != absl::ToUnixSeconds(now) / 3'600) continue;
      ++count;
      sum += points;
    }
    const auto points = static_cast<std::int64_t>(1 + random.Below(50));
    EXPECT_EQ(Broken({.window = LimitWindow::kHour, .count_max = 10}, velocity, moment, points),
              count >= 10);
    EXPECT_EQ(Broken({.window = LimitWindow::kHour, .points_max = 300}, velocity, moment, points),
              sum + points > 300);
    CountPayment(moment, Of(points), &velocity);
    paid.emplace_back(moment, points);
  }
}

}  // namespace
}  // namespace puhui::merchant
