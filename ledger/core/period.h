// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_CORE_PERIOD_H_
#define PUHUI_LEDGER_CORE_PERIOD_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>

namespace puhui::ledger {

// A month as yyyymm, for example 202701; 0 is none. Numbers follow each other as months do.
using Period = std::uint32_t;

bool IsPeriod(Period period);
// The period after it. Requires: IsPeriod(period) (checked).
Period NextPeriod(Period period);
// "2027-01", and back; absl::nullopt for any other text.
std::string PeriodText(Period period);
absl::optional<Period> ParsePeriod(absl::string_view text);

// The zone in which a ledger that names none keeps its books.
inline constexpr absl::string_view kDefaultPeriodZone = "Asia/Shanghai";

// The months of one zone. Threads: safe.
class PeriodCalendar {
 public:
  // Of kDefaultPeriodZone.
  PeriodCalendar();
  // Fails: kInvalidArgument when there is no zone of that name.
  static absl::StatusOr<PeriodCalendar> Of(absl::string_view time_zone);

  Period PeriodOf(absl::Time time) const;
  // The period is [StartOf, EndOf). Requires: IsPeriod(period) (checked).
  absl::Time StartOf(Period period) const;
  absl::Time EndOf(Period period) const { return StartOf(NextPeriod(period)); }
  std::string zone_name() const { return zone_.name(); }

 private:
  explicit PeriodCalendar(absl::TimeZone zone) : zone_(zone) {}

  absl::TimeZone zone_;
};

// The calendar for one who asks about times that follow each other: within a month that costs a
// comparison. Threads: none.
class RunningPeriod {
 public:
  explicit RunningPeriod(const PeriodCalendar& calendar) : calendar_(calendar) {}
  Period Of(absl::Time time) {
    if (time < start_ || time >= end_) Turn(time);
    return period_;
  }

 private:
  void Turn(absl::Time time);

  const PeriodCalendar calendar_;
  Period period_ = 0;
  absl::Time start_ = absl::InfiniteFuture();
  absl::Time end_ = absl::InfinitePast();
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CORE_PERIOD_H_
