// SPDX-License-Identifier: Apache-2.0
#include "services/cli/times.h"

#include "services/rpc/timestamp.h"

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace puhui::services {
namespace {

constexpr std::size_t kCivilDayLength = 10;  // 2027-03-01
constexpr std::uint32_t kTenthsPerDay = 864'000;

bool NotSet(const google::protobuf::Timestamp& timestamp) {
  return timestamp.seconds() == 0 && timestamp.nanos() == 0;
}

}  // namespace

absl::StatusOr<absl::Time> ParseMoment(absl::string_view text) {
  absl::Time time;
  std::string problem;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &problem)) return time;
  return absl::InvalidArgumentError(
      absl::StrCat("wanted a moment such as 2027-03-01T16:00:00Z, got \"", text, "\""));
}

absl::StatusOr<absl::Time> ParseDayOrMoment(absl::string_view text, absl::TimeZone zone, DayAs as) {
  absl::CivilDay day;
  // ParseCivilTime alone would take "27-3-1" for a day of the first century.
  if (text.size() == kCivilDayLength && absl::ParseCivilTime(text, &day)) {
    if (as == DayAs::kBegin) return absl::FromCivil(day, zone);
    const absl::Time end = absl::FromCivil(day + 1, zone);
    return as == DayAs::kEnd ? end : end - absl::Microseconds(1);
  }
  absl::StatusOr<absl::Time> moment = ParseMoment(text);
  if (moment.ok()) return moment;
  return absl::InvalidArgumentError(
      absl::StrCat("wanted a day such as 2027-03-01 or a moment such as 2027-03-01T16:00:00Z, "
                   "got \"",
                   text, "\""));
}

absl::StatusOr<absl::Time> ParseEndOfDay(absl::string_view text, absl::TimeZone zone) {
  return ParseDayOrMoment(text, zone, DayAs::kEnd);
}

absl::StatusOr<absl::Duration> ParseTimeout(absl::string_view text) {
  double seconds = 0;
  absl::Duration timeout;
  if (absl::SimpleAtod(text, &seconds)) {
    timeout = absl::Seconds(seconds);
  } else if (!absl::ParseDuration(text, &timeout)) {
    timeout = absl::ZeroDuration();
  }
  if (timeout <= absl::ZeroDuration() || timeout == absl::InfiniteDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("wanted a time above zero such as 10s or 5m, got \"", text, "\""));
  }
  return timeout;
}

std::string FormatTime(const google::protobuf::Timestamp& timestamp, absl::TimeZone zone) {
  if (NotSet(timestamp)) return "-";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S %Ez", FromTimestamp(timestamp), zone);
}

std::string FormatUtc(const google::protobuf::Timestamp& timestamp) {
  return absl::FormatTime(absl::RFC3339_full, FromTimestamp(timestamp), absl::UTCTimeZone());
}

std::string FormatEnd(const google::protobuf::Timestamp& timestamp, absl::TimeZone zone) {
  if (NotSet(timestamp)) return "-";
  const absl::Time time = FromTimestamp(timestamp);
  const absl::CivilDay day = absl::ToCivilDay(time, zone);
  if (absl::FromCivil(day, zone) != time) return FormatTime(timestamp, zone);
  return absl::StrCat("end of ", absl::FormatCivilTime(day - 1));
}

TillClock TillClockAt(absl::Time now, absl::TimeZone zone) {
  const absl::CivilDay day = absl::ToCivilDay(now, zone);
  const std::int64_t tenths =
      absl::ToInt64Milliseconds(now - absl::FromCivil(day, zone)) / 100 % kTenthsPerDay;
  return TillClock{.batch_number = static_cast<std::uint32_t>(day.year()) * 10'000 +
                                   static_cast<std::uint32_t>(day.month()) * 100 +
                                   static_cast<std::uint32_t>(day.day()),
                   .trace_number = static_cast<std::uint32_t>(tenths) + 1};
}

}  // namespace puhui::services
