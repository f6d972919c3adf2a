// SPDX-License-Identifier: Apache-2.0
// Civil days as moments, where clocks change.
#include "ledger/base/check.h"
#include "ledger/core/terms.h"
#include "ledger/core/wallet.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::ledger::terms_days_test {
namespace {

using Day = absl::CivilDay;

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  PUHUI_CHECK(absl::LoadTimeZone(name, &zone));
  return zone;
}

Terms Resolved(Day first, Day last, absl::TimeZone zone) {
  Terms terms;
  ResolveDays({.first_day = first, .last_day = last}, zone, &terms);
  return terms;
}

std::string Utc(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", time, absl::UTCTimeZone());
}

struct Row {
  const char* zone;
  Day first;
  Day last;
  const char* start;
  const char* expiry;
};

TEST(ResolveDaysTest, FromTheFirstMomentOfTheFirstDayUntilTheLastOfTheLast) {
  const Row rows[] = {
      {"Asia/Shanghai", Day(2026, 10, 1), Day(2026, 10, 7), "2026-09-30 16:00", "2026-10-07 16:00"},
      // 23 and 25 hours: the clocks change at two.
      {"America/New_York", Day(2024, 3, 10), Day(2024, 3, 10), "2024-03-10 05:00",
       "2024-03-11 04:00"},
      {"America/New_York", Day(2024, 11, 3), Day(2024, 11, 3), "2024-11-03 04:00",
       "2024-11-04 05:00"},
      // There is no midnight: the day begins at one.
      {"Asia/Gaza", Day(2012, 3, 30), Day(2012, 3, 30), "2012-03-29 22:00", "2012-03-30 21:00"},
      {"Asia/Gaza", Day(2012, 3, 29), Day(2012, 3, 29), "2012-03-28 22:00", "2012-03-29 22:00"},
      // A minute after midnight an hour is left out.
      {"Asia/Gaza", Day(2011, 4, 1), Day(2011, 4, 1), "2011-03-31 22:00", "2011-04-01 21:00"},
      // Midnight comes twice: the day begins with the first.
      {"Asia/Gaza", Day(2012, 9, 21), Day(2012, 9, 21), "2012-09-20 21:00", "2012-09-21 22:00"},
      // At midnight it is eleven once more: the day before has the hour.
      {"Asia/Gaza", Day(2008, 8, 28), Day(2008, 8, 28), "2008-08-27 21:00", "2008-08-28 22:00"},
      {"Asia/Gaza", Day(2008, 8, 29), Day(2008, 8, 29), "2008-08-28 22:00", "2008-08-29 22:00"},
      // A day that Samoa left out.
      {"Pacific/Apia", Day(2011, 12, 30), Day(2011, 12, 30), "2011-12-30 10:00",
       "2011-12-30 10:00"},
  };
  for (const Row& row : rows) {
    const Terms terms = Resolved(row.first, row.last, Zone(row.zone));
    EXPECT_EQ(Utc(terms.start), row.start) << row.zone << " " << row.first;
    EXPECT_EQ(Utc(terms.expiry), row.expiry) << row.zone << " " << row.last;
    EXPECT_EQ(terms.first_day, row.first);
    EXPECT_EQ(terms.last_day, row.last);
    EXPECT_EQ(terms.time_zone, row.zone);
  }
}

TEST(ResolveDaysTest, DaysFollowEachOtherWithoutAGap) {
  for (const char* name : {"Asia/Shanghai", "America/New_York", "Asia/Gaza", "America/St_Johns",
                           "America/Havana", "Pacific/Apia", "Africa/Cairo"}) {
    const absl::TimeZone zone = Zone(name);
    for (Day day(2008, 1, 1); day < Day(2016, 1, 1); ++day) {
      const Terms today = Resolved(day, day, zone);
      ASSERT_EQ(today.expiry, Resolved(day + 1, day + 1, zone).start) << name << " " << day;
      const bool left_out = today.expiry == today.start;
      ASSERT_EQ(left_out, std::string(name) == "Pacific/Apia" && day == Day(2011, 12, 30)) << day;
      if (!left_out) {
        ASSERT_EQ(absl::ToCivilDay(today.start, zone), day) << name;
        ASSERT_TRUE(CheckTerms(today).empty()) << name << " " << day;
      }
    }
  }
}

TEST(ResolveDaysTest, WithoutAFirstDayItHasBegun) {
  Terms terms;
  ResolveDays({.last_day = Day(2026, 12, 31)}, Zone("Asia/Shanghai"), &terms);
  EXPECT_EQ(terms.start, absl::UnixEpoch());
  EXPECT_EQ(Utc(terms.expiry), "2026-12-31 16:00");
  EXPECT_EQ(terms.first_day, absl::nullopt);
  EXPECT_TRUE(CheckTerms(terms).empty());
}

// A campaign ends when those who approved it were told that it would.
TEST(ResolveDaysTest, TheMomentsCountWhenTheZoneHasOtherRulesLater) {
  const Terms terms = Resolved(Day(2026, 10, 1), Day(2026, 10, 1), absl::FixedTimeZone(7'200));
  const Terms other = Resolved(Day(2026, 10, 1), Day(2026, 10, 1), absl::FixedTimeZone(10'800));
  ASSERT_NE(terms.expiry, other.expiry);
  Terms renamed = terms;
  renamed.time_zone = other.time_zone;  // What the name stands for has changed.
  const Lot lot{.remaining = 1, .expiry = terms.expiry};
  for (const absl::Time edge : {terms.start, terms.expiry, other.start, other.expiry}) {
    for (const absl::Time now : {edge - absl::Microseconds(1), edge}) {
      const bool pays = now >= terms.start && now < terms.expiry;
      EXPECT_EQ(Judge(terms, lot, {.now = now}).points, pays ? 1 : 0) << now;
      EXPECT_EQ(Judge(renamed, lot, {.now = now}).points, pays ? 1 : 0) << now;
    }
  }
}

// The day is the merchant's, whatever the hour and the zone of the union.
TEST(ResolveDaysTest, WeekdaysAndHolidaysAreOfTheDayAtTheMerchant) {
  const absl::TimeZone zone = Zone("America/New_York");
  Terms terms = Resolved(Day(2024, 11, 1), Day(2024, 11, 30), zone);
  terms.weekdays = BitOf(absl::Weekday::sunday);
  const Lot lot{.remaining = 1, .expiry = terms.expiry};
  const absl::Time sunday = absl::FromCivil(Day(2024, 11, 3), zone);
  for (int hour = -1; hour <= 25; ++hour) {  // Sunday has 25 hours.
    const absl::Time now = sunday + absl::Hours(hour);
    const Verdict verdict = Judge(terms, lot, {.now = now, .day = absl::ToCivilDay(now, zone)});
    EXPECT_EQ(verdict.points, hour >= 0 && hour < 25 ? 1 : 0) << hour;
  }
}

}  // namespace
}  // namespace puhui::ledger::terms_days_test
