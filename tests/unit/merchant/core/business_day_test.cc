// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/business_day.h"

#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

namespace puhui::merchant {
namespace {

absl::TimeZone Zone(absl::string_view name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}
absl::Time Utc(absl::string_view moment) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, moment, &time, &error)) << error;
  return time;
}

TEST(BusinessDayTest, IsTheCivilDayOfTheZone) {
  const absl::TimeZone shanghai = Zone("Asia/Shanghai");
  const BusinessDay day = BusinessDayAt(Utc("2026-11-25T15:59:59.999999Z"), shanghai, {});
  EXPECT_EQ(day.day, absl::CivilDay(2026, 11, 25));
  EXPECT_EQ(day.start, Utc("2026-11-24T16:00:00Z"));
  EXPECT_EQ(day.end, Utc("2026-11-25T16:00:00Z"));
  EXPECT_EQ(day.time_zone, "Asia/Shanghai");
  EXPECT_FALSE(day.OverAt(Utc("2026-11-25T15:59:59.999999Z")));
  EXPECT_TRUE(day.OverAt(day.end));
  EXPECT_EQ(BusinessDayAt(day.end, shanghai, day).day, absl::CivilDay(2026, 11, 26));
  EXPECT_EQ(BusinessDayAt(Utc("2026-11-25T15:59:59Z"), Zone("Asia/Urumqi"), {}).day,
            absl::CivilDay(2026, 11, 25));
}

TEST(BusinessDayTest, ThatNothingIsSoldOnIsLeftOut) {
  const absl::TimeZone shanghai = Zone("Asia/Shanghai");
  const BusinessDay first = BusinessDayAt(Utc("2026-11-25T00:00:00Z"), shanghai, {});
  const BusinessDay later = BusinessDayAt(Utc("2026-11-30T01:00:00Z"), shanghai, first);
  EXPECT_EQ(later.day, absl::CivilDay(2026, 11, 30));
  EXPECT_EQ(later.start, Utc("2026-11-29T16:00:00Z"));
}

TEST(BusinessDayTest, FollowsClocksThatSkipMidnightOrHaveItTwice) {
  // 2018-11-04 began at one o'clock in São Paulo.
  const absl::TimeZone sao_paulo = Zone("America/Sao_Paulo");
  const BusinessDay before = BusinessDayAt(Utc("2018-11-03T12:00:00Z"), sao_paulo, {});
  EXPECT_EQ(before.end, Utc("2018-11-04T03:00:00Z"));
  const BusinessDay skipped = BusinessDayAt(before.end, sao_paulo, before);
  EXPECT_EQ(skipped.day, absl::CivilDay(2018, 11, 4));
  EXPECT_EQ(skipped.end - skipped.start, absl::Hours(23));
  // At one o'clock on 2023-11-05 it was midnight again in Havana.
  const absl::TimeZone havana = Zone("America/Havana");
  const BusinessDay twice = BusinessDayAt(Utc("2023-11-05T04:00:00Z"), havana, {});
  EXPECT_EQ(twice.day, absl::CivilDay(2023, 11, 5));
  EXPECT_EQ(twice.start, Utc("2023-11-05T04:00:00Z"));
  EXPECT_EQ(twice.end - twice.start, absl::Hours(25));
}

// At a minute past midnight clocks in St. John's went back to a minute past eleven: the hour that
// follows is of the civil day before, whose end has been already.
TEST(BusinessDayTest, TheHourBetweenTwoMidnightsIsOfTheDayThatTheFirstBegan) {
  const absl::TimeZone st_johns = Zone("America/St_Johns");
  const absl::Time midnight = Utc("2006-10-29T02:30:00Z");
  const absl::Time between = midnight + absl::Minutes(45);
  ASSERT_EQ(absl::ToCivilDay(between, st_johns), absl::CivilDay(2006, 10, 28));
  const BusinessDay saturday = BusinessDayAt(midnight - absl::Hours(1), st_johns, {});
  EXPECT_EQ(saturday.end, midnight);
  for (const auto& last : {absl::optional<BusinessDay>(), absl::make_optional(saturday)}) {
    const BusinessDay sunday = BusinessDayAt(between, st_johns, last);
    EXPECT_EQ(sunday.day, absl::CivilDay(2006, 10, 29));
    EXPECT_EQ(sunday.start, midnight);
    EXPECT_EQ(sunday.end, Utc("2006-10-30T03:30:00Z"));
    EXPECT_FALSE(sunday.OverAt(between));
  }
}

TEST(BusinessDayTest, ACivilDayThatThereIsNotIsNoBusinessDay) {
  // Samoa went from the 29th to the 31st of December 2011.
  const absl::TimeZone apia = Zone("Pacific/Apia");
  const BusinessDay last = BusinessDayAt(Utc("2011-12-30T09:00:00Z"), apia, {});
  EXPECT_EQ(last.day, absl::CivilDay(2011, 12, 29));
  EXPECT_EQ(last.end, Utc("2011-12-30T10:00:00Z"));
  const BusinessDay next = BusinessDayAt(last.end, apia, last);
  EXPECT_EQ(next.day, absl::CivilDay(2011, 12, 31));
  EXPECT_EQ(next.start, last.end);
}

// The rules, or the zone itself, changed while a day was running: its end stays what it was, and
// whatever comes after belongs to a later day.
TEST(BusinessDayTest, AZoneThatChangesLeavesNeitherGapNorOverlap) {
  const BusinessDay shanghai =
      BusinessDayAt(Utc("2026-11-25T08:00:00Z"), Zone("Asia/Shanghai"), {});
  // In London it is still the 25th: the 26th begins early, and is longer.
  const BusinessDay west = BusinessDayAt(shanghai.end, Zone("Europe/London"), shanghai);
  EXPECT_EQ(west.day, absl::CivilDay(2026, 11, 26));
  EXPECT_EQ(west.start, shanghai.end);
  EXPECT_EQ(west.end, Utc("2026-11-27T00:00:00Z"));
  EXPECT_FALSE(west.OverAt(shanghai.end));
  // In Kiritimati the 26th began long ago.
  const BusinessDay east = BusinessDayAt(shanghai.end, Zone("Pacific/Kiritimati"), shanghai);
  EXPECT_EQ(east.day, absl::CivilDay(2026, 11, 26));
  EXPECT_EQ(east.start, shanghai.end);
  EXPECT_EQ(east.end, Utc("2026-11-26T10:00:00Z"));
}

}  // namespace
}  // namespace puhui::merchant
