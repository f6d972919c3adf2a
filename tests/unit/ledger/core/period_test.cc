// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/period.h"

#include "tests/support/status_matchers.h"

#include "absl/time/time.h"
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace puhui::ledger {
namespace {

absl::Time PeriodTestTime(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

TEST(PeriodTest, TextIsReadAsItIsWritten) {
  EXPECT_EQ(PeriodText(202701), "2027-01");
  EXPECT_EQ(ParsePeriod("2027-01"), 202701U);
  EXPECT_EQ(ParsePeriod("9999-12"), 999912U);
  for (const char* text : {"", "2027", "202701", "2027-1", "2027-00", "2027-13", "2027/01",
                           "1969-12", "+027-01", "2027-01 ", " 2027-1", "2027-0x", "二0二七"}) {
    EXPECT_EQ(ParsePeriod(text), absl::nullopt) << text;
  }
}

TEST(PeriodTest, YearsFollowAsMonthsDo) {
  EXPECT_EQ(NextPeriod(202701), 202702U);
  EXPECT_EQ(NextPeriod(202712), 202801U);
  EXPECT_FALSE(IsPeriod(0));
  EXPECT_FALSE(IsPeriod(202713));
}

TEST(PeriodTest, AMonthEndsInItsZone) {
  const PeriodCalendar shanghai;
  EXPECT_EQ(shanghai.zone_name(), "Asia/Shanghai");
  EXPECT_EQ(shanghai.PeriodOf(PeriodTestTime("2027-01-31T15:59:59.999999Z")), 202701U);
  EXPECT_EQ(shanghai.PeriodOf(PeriodTestTime("2027-01-31T16:00:00Z")), 202702U);
  EXPECT_EQ(shanghai.EndOf(202701), PeriodTestTime("2027-01-31T16:00:00Z"));
  ASSERT_OK_AND_ASSIGN(const PeriodCalendar urumqi, PeriodCalendar::Of("Asia/Urumqi"));
  EXPECT_EQ(urumqi.EndOf(202701), PeriodTestTime("2027-01-31T18:00:00Z"));
  EXPECT_THAT(PeriodCalendar::Of("Asia/Wuhan"), HasCode(absl::StatusCode::kInvalidArgument));
}

TEST(PeriodDeathTest, WhatIsNoMonthHasNoStart) {
  EXPECT_DEATH(PeriodCalendar().StartOf(202513), "IsPeriod");
  EXPECT_DEATH(PeriodCalendar().StartOf(0), "IsPeriod");
}

// Zones whose clocks go forward and back, by half an hour or at midnight, would show first.
TEST(PeriodTest, RunningAgreesWithTheCalendarWhereverTheClockGoes) {
  std::mt19937_64 random(29);
  for (const char* zone : {"Asia/Shanghai", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"}) {
    ASSERT_OK_AND_ASSIGN(const PeriodCalendar calendar, PeriodCalendar::Of(zone));
    RunningPeriod running(calendar);
    absl::Time now = PeriodTestTime("2026-12-31T00:00:00Z");
    for (int i = 0; i < 2'000; ++i) {
      now += absl::Minutes(static_cast<std::int64_t>(random() % 4'000) - 1'500);
      const Period period = calendar.PeriodOf(now);
      EXPECT_EQ(running.Of(now), period);
      EXPECT_LE(calendar.StartOf(period), now);
      EXPECT_LT(now, calendar.EndOf(period));
    }
  }
}

}  // namespace
}  // namespace puhui::ledger
