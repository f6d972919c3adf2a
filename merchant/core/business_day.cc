// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/business_day.h"

#include "ledger/base/check.h"

#include <algorithm>

namespace puhui::merchant {

BusinessDay BusinessDayAt(absl::Time now, absl::TimeZone zone,
                          const absl::optional<BusinessDay>& last) {
  BusinessDay next{.day = absl::ToCivilDay(now, zone), .time_zone = zone.name()};
  if (last.has_value()) {
    PUHUI_CHECK(last->OverAt(now));
    next.day = std::max(next.day, last->day + 1);
  }
  // FromCivil gives the first of a midnight that there is twice, and the moment of the change for
  // one that is skipped; so the days follow each other without a gap. What comes between the two
  // midnights is of the civil day before, and belongs to the day that the first of them began.
  while (absl::FromCivil(next.day + 1, zone) <= now) ++next.day;
  next.start = std::min(now, absl::FromCivil(next.day, zone));
  if (last.has_value()) next.start = std::max(next.start, last->end);
  next.end = absl::FromCivil(next.day + 1, zone);
  return next;
}

}  // namespace puhui::merchant
