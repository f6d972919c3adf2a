// SPDX-License-Identifier: Apache-2.0
// A merchant's business days: civil days of its zone, from one moment until another. Pure.
#ifndef PUHUI_MERCHANT_CORE_BUSINESS_DAY_H_
#define PUHUI_MERCHANT_CORE_BUSINESS_DAY_H_

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <string>

namespace puhui::merchant {

// During [start, end). The moments are worked out once, when the day begins, and stay when the zone
// changes its rules: then the next day is a little longer or shorter.
struct BusinessDay {
  absl::CivilDay day{};
  absl::Time start{};
  absl::Time end{};
  std::string time_zone{};  // IANA.

  bool OverAt(absl::Time now) const { return now >= end; }
  template <class F>
  void Fields(F& f) {
    f(day, start, end, time_zone);
  }
  friend bool operator==(const BusinessDay&, const BusinessDay&) = default;
};

// The day in `zone` that `now` is in, after `last` if there was one: later than that, and from its
// end on, whatever became of the zone in between. Where clocks skip midnight the day begins with
// the change; where midnight comes twice it begins with the first. It is never over at `now`.
// Requires: `last` is over at `now` (checked).
BusinessDay BusinessDayAt(absl::Time now, absl::TimeZone zone,
                          const absl::optional<BusinessDay>& last);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_BUSINESS_DAY_H_
