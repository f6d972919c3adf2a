// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/period.h"

#include "ledger/base/check.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

#include <algorithm>

namespace puhui::ledger {
namespace {

constexpr Period kFirstYear = 1970;
constexpr Period kLastYear = 9999;

absl::TimeZone DefaultPeriodZone() {
  absl::TimeZone zone;
  PUHUI_CHECK(absl::LoadTimeZone(std::string(kDefaultPeriodZone), &zone));
  return zone;
}

}  // namespace

bool IsPeriod(Period period) {
  const Period year = period / 100;
  const Period month = period % 100;
  return year >= kFirstYear && year <= kLastYear && month >= 1 && month <= 12;
}

Period NextPeriod(Period period) {
  PUHUI_CHECK(IsPeriod(period));
  return period % 100 == 12 ? (period / 100 + 1) * 100 + 1 : period + 1;
}

std::string PeriodText(Period period) {
  return absl::StrCat(absl::Dec(period / 100, absl::kZeroPad4), "-",
                      absl::Dec(period % 100, absl::kZeroPad2));
}

absl::optional<Period> ParsePeriod(absl::string_view text) {
  constexpr absl::string_view kForm = "yyyy-mm";
  if (text.size() != kForm.size() || text[4] != '-') return absl::nullopt;
  const std::string digits = absl::StrCat(text.substr(0, 4), text.substr(5));
  if (!std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit)) return absl::nullopt;
  Period period = 0;
  if (!absl::SimpleAtoi(digits, &period) || !IsPeriod(period)) return absl::nullopt;
  return period;
}

PeriodCalendar::PeriodCalendar() : zone_(DefaultPeriodZone()) {}

absl::StatusOr<PeriodCalendar> PeriodCalendar::Of(absl::string_view time_zone) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(std::string(time_zone), &zone)) {
    return absl::InvalidArgumentError(absl::StrCat("there is no time zone '", time_zone, "'"));
  }
  return PeriodCalendar(zone);
}

Period PeriodCalendar::PeriodOf(absl::Time time) const {
  const absl::CivilMonth month = absl::ToCivilMonth(time, zone_);
  // A clock that is so far off still gives a period that has a next one.
  const auto year = std::clamp<absl::civil_year_t>(month.year(), kFirstYear, kLastYear - 1);
  return static_cast<Period>(year) * 100 + static_cast<Period>(month.month());
}

absl::Time PeriodCalendar::StartOf(Period period) const {
  PUHUI_CHECK(IsPeriod(period));
  return absl::FromCivil(absl::CivilMonth(period / 100, static_cast<int>(period % 100)), zone_);
}

void RunningPeriod::Turn(absl::Time time) {
  period_ = calendar_.PeriodOf(time);
  start_ = calendar_.StartOf(period_);
  end_ = calendar_.EndOf(period_);
}

}  // namespace puhui::ledger
