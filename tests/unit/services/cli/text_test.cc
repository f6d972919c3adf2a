// SPDX-License-Identifier: Apache-2.0
// How things are written on a terminal: tables, money, times, progress, enums, request ids.
#include "puhui/v1/campaign_service.pb.h"
#include "services/cli/enum_text.h"
#include "services/cli/money.h"
#include "services/cli/progress.h"
#include "services/cli/request_id.h"
#include "services/cli/table.h"
#include "services/cli/times.h"
#include "services/rpc/timestamp.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include "absl/time/civil_time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <set>
#include <sstream>
#include <string>

namespace puhui::services {
namespace {

absl::TimeZone Shanghai() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("Asia/Shanghai", &zone));
  return zone;
}

TEST(TableTest, CountsChineseCharactersAsTwoColumns) {
  EXPECT_EQ(DisplayWidth("union"), 5U);
  EXPECT_EQ(DisplayWidth("总工会"), 6U);
  EXPECT_EQ(DisplayWidth("（A）"), 5U);     // Full-width brackets.
  EXPECT_EQ(DisplayWidth("e\u0301"), 1U);   // A combining accent takes no column.
  EXPECT_EQ(DisplayWidth("\xFF\xFE"), 2U);  // Malformed bytes.
  EXPECT_EQ(DisplayWidth("¥"), 1U);
}

TEST(TableTest, AlignsColumnsUnderTheirHeadings) {
  Table table({{"NAME"}, {"POINTS", Table::Align::kRight}});
  table.AddRow({"总工会", "5"});
  table.AddRow({"abc", "1,000"});
  std::ostringstream out;
  table.Flush(out);
  EXPECT_EQ(out.str(),
            "NAME    POINTS\n"
            "总工会       5\n"
            "abc      1,000\n");
}

TEST(TableTest, PrintsHeadingsOnceOverSeveralPages) {
  Table table({{"A"}, {"B"}});
  std::ostringstream out;
  table.AddRow({"long cell", "1"});
  table.Flush(out);
  table.AddRow({"x", "2"});
  table.Flush(out);
  EXPECT_EQ(out.str(),
            "A          B\n"
            "long cell  1\n"
            "x          2\n");
}

TEST(TableTest, KeepsWhatAServerSaysFromSteeringTheTerminal) {
  EXPECT_EQ(Printable("red\x1b[31m"), "red\uFFFD[31m");
  EXPECT_EQ(Printable("a\nb"), "a\uFFFDb");
  EXPECT_EQ(Printable("\u202Eevil"), "\uFFFDevil");
  EXPECT_EQ(Printable("\xC3("), "\uFFFD(");
  EXPECT_EQ(Printable("普惠 ¥"), "普惠 ¥");
}

TEST(MoneyTest, ShowsPointsWithTheirWorthInYuan) {
  EXPECT_EQ(FormatPoints(60'000, 100), "60,000 points (¥600.00)");
  EXPECT_EQ(FormatPoints(0, 100), "0 points (¥0.00)");
  EXPECT_EQ(FormatPoints(1, 100), "1 point (¥0.01)");
  EXPECT_EQ(FormatPoints(-1'050, 100), "-1,050 points (-¥10.50)");
  EXPECT_EQ(FormatPoints(1'234'567, 1), "1,234,567 points (¥1,234,567.00)");
}

TEST(MoneyTest, CutsYuanTowardsZeroToWholeFen) {
  EXPECT_EQ(FormatPoints(1'999, 1'000), "1,999 points (¥1.99)");
  EXPECT_EQ(FormatPoints(-1'999, 1'000), "-1,999 points (-¥1.99)");
}

TEST(MoneyTest, SurvivesTheExtremesOfTheType) {
  EXPECT_EQ(FormatPoints(std::numeric_limits<std::int64_t>::min(), 1),
            "-9,223,372,036,854,775,808 points (-¥9,223,372,036,854,775,808.00)");
}

TEST(TimesTest, TakesACivilDayForItsEndInTheZone) {
  ASSERT_OK_AND_ASSIGN(const absl::Time end, ParseEndOfDay("2027-03-01", Shanghai()));
  EXPECT_EQ(end, absl::FromCivil(absl::CivilSecond(2027, 3, 1, 16, 0, 0), absl::UTCTimeZone()));
  EXPECT_EQ(FormatEnd(ToTimestamp(end), Shanghai()), "end of 2027-03-01");
}

TEST(TimesTest, TakesACivilDayForWhatItStandsForInTheZone) {
  const absl::Time begin = absl::FromUnixSeconds(1'769'875'200);  // 2026-01-31T16:00:00Z
  EXPECT_EQ(*ParseDayOrMoment("2026-02-01", Shanghai(), DayAs::kBegin), begin);
  EXPECT_EQ(*ParseDayOrMoment("2026-02-01", Shanghai(), DayAs::kEnd), begin + absl::Hours(24));
  // A record of the next midnight is of the next day.
  EXPECT_EQ(*ParseDayOrMoment("2026-02-01", Shanghai(), DayAs::kLastMoment),
            begin + absl::Hours(24) - absl::Microseconds(1));
  for (const DayAs as : {DayAs::kBegin, DayAs::kEnd, DayAs::kLastMoment}) {
    EXPECT_EQ(*ParseDayOrMoment("2026-01-31T16:00:00Z", absl::UTCTimeZone(), as), begin);
    EXPECT_THAT(ParseDayOrMoment("2026-02-30", Shanghai(), as),
                HasCode(absl::StatusCode::kInvalidArgument));
  }
}

TEST(TimesTest, BeginsADayWithoutMidnightWhereTheClockGoesOn) {
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("America/Sao_Paulo", &zone));
  const absl::Time one = absl::FromUnixSeconds(1'541'300'400);  // 2018-11-04T01:00:00-02:00
  EXPECT_EQ(*ParseDayOrMoment("2018-11-04", zone, DayAs::kBegin), one);
  EXPECT_EQ(*ParseDayOrMoment("2018-11-03", zone, DayAs::kEnd), one);
  EXPECT_EQ(*ParseDayOrMoment("2018-11-04", zone, DayAs::kEnd), one + absl::Hours(23));
  EXPECT_EQ(*ParseDayOrMoment("2018-11-03", zone, DayAs::kLastMoment), one - absl::Microseconds(1));
}

TEST(TimesTest, TakesAMomentAsItIs) {
  ASSERT_OK_AND_ASSIGN(const absl::Time end,
                       ParseEndOfDay("2027-03-01T12:30:00+08:00", absl::UTCTimeZone()));
  EXPECT_EQ(FormatEnd(ToTimestamp(end), Shanghai()), "2027-03-01 12:30:00 +08:00");
}

TEST(TimesTest, RefusesWhatIsNeitherADayNorAMoment) {
  for (const char* const text : {"", "27-3-1", "2027-3-1", "2027-02-30", "tomorrow", "2027-03"}) {
    EXPECT_THAT(ParseEndOfDay(text, Shanghai()), HasCode(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

TEST(TimesTest, ReadsTimeoutsAndRefusesThoseThatEndAtOnce) {
  EXPECT_EQ(*ParseTimeout("500ms"), absl::Milliseconds(500));
  EXPECT_EQ(*ParseTimeout("2.5"), absl::Milliseconds(2500));
  EXPECT_EQ(*ParseTimeout("1h30m"), absl::Minutes(90));
  for (const char* const text : {"", "0", "-1s", "soon", "inf"}) {
    EXPECT_THAT(ParseTimeout(text), HasCode(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(TimesTest, ShowsADashForATimeThatIsNotSet) {
  EXPECT_EQ(FormatTime(google::protobuf::Timestamp(), Shanghai()), "-");
}

TEST(TimesTest, CountsTheTillsDayInTheZone) {
  // 17:00 UTC is one hour into the next day in Shanghai.
  const absl::Time now =
      absl::FromCivil(absl::CivilSecond(2027, 2, 28, 17, 0, 0), absl::UTCTimeZone());
  EXPECT_EQ(TillClockAt(now, Shanghai()).batch_number, 20270301U);
  EXPECT_EQ(TillClockAt(now, Shanghai()).trace_number, 36'001U);
  EXPECT_EQ(TillClockAt(now + absl::Milliseconds(100), Shanghai()).trace_number, 36'002U);
}

TEST(TimesTest, KeepsTheLastTraceNumberOfADayWithinSixDigits) {
  const absl::Time last = absl::FromCivil(absl::CivilSecond(2027, 2, 28, 23, 59, 59), Shanghai()) +
                          absl::Milliseconds(999);
  EXPECT_EQ(TillClockAt(last, Shanghai()).trace_number, 864'000U);
}

Progress::Screen ScreenOf(std::ostream& out, bool is_terminal, const FakeClock& clock) {
  return Progress::Screen{
      .out = &out, .is_terminal = is_terminal, .now = [&clock] { return clock.Now(); }};
}

TEST(ProgressTest, RedrawsABarOnATerminalButNotTooOften) {
  FakeClock clock;
  std::ostringstream out;
  {
    Progress progress(ScreenOf(out, true, clock), "issuing", "rows");
    progress.Show(0, 2'000);
    progress.Show(1, 2'000);  // At the same moment: left out.
    clock.Advance(Progress::kRedrawEvery);
    progress.Show(1'000, 2'000);
    progress.Show(2'000, 2'000);  // Too soon, but the last state is always left standing.
  }
  EXPECT_EQ(out.str(),
            "\rissuing [..............................] 0% 0/2,000 rows"
            "\rissuing [###############...............] 50% 1,000/2,000 rows"
            "\rissuing [##############################] 100% 2,000/2,000 rows\n");
}

TEST(ProgressTest, WritesALineEveryFewSecondsToALog) {
  FakeClock clock;
  std::ostringstream out;
  {
    Progress progress(ScreenOf(out, false, clock), "issuing", "rows");
    progress.Show(1, 10);
    clock.Advance(Progress::kLogEvery);
    progress.Show(5, 10, "paused");
    progress.Show(10, 10);
  }
  EXPECT_EQ(out.str(), "issuing 50% 5/10 rows, paused\n");
}

TEST(EnumTextTest, LeavesThePrefixOut) {
  EXPECT_EQ(EnumText(v1::CAMPAIGN_STATE_ISSUED), "ISSUED");
  EXPECT_EQ(EnumText(v1::RowVerdict::OUTCOME_GRANTED), "GRANTED");
  EXPECT_EQ(EnumText(static_cast<v1::CampaignState>(99)), "99");
}

TEST(EnumTextTest, ReadsANameInEitherCase) {
  const auto& policy = *google::protobuf::GetEnumDescriptor<v1::ExpiryPolicy>();
  EXPECT_EQ(EnumNumber(policy, "return_to_budget"), v1::EXPIRY_POLICY_RETURN_TO_BUDGET);
  EXPECT_EQ(EnumNumber(policy, "EXPIRE"), v1::EXPIRY_POLICY_EXPIRE);
  EXPECT_EQ(EnumNumber(policy, "keep"), 0);
  EXPECT_EQ(EnumChoices(policy), "return_to_budget, expire");
}

TEST(RequestIdTest, MakesDistinctVersion4Uuids) {
  SeededRandom random(7);
  std::set<std::string> ids;
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = MakeRequestId(random);
    EXPECT_TRUE(IsRequestId(id)) << id;
    EXPECT_EQ(id[14], '4');
    EXPECT_THAT("89ab", ::testing::HasSubstr(id.substr(19, 1)));
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 1'000U);
}

TEST(RequestIdTest, RefusesWhatIsNotAUuid) {
  EXPECT_FALSE(IsRequestId(""));
  EXPECT_FALSE(IsRequestId("00000000-0000-4000-8000-00000000000"));
  EXPECT_FALSE(IsRequestId("00000000-0000-4000-8000-00000000000g"));
  EXPECT_FALSE(IsRequestId("00000000+0000-4000-8000-000000000000"));
}

}  // namespace
}  // namespace puhui::services
