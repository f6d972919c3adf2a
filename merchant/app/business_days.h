// SPDX-License-Identifier: Apache-2.0
// Which business day an entry belongs to, decided with the entry itself: so each is in exactly one.
// Internal to this room.
#ifndef PUHUI_MERCHANT_APP_BUSINESS_DAYS_H_
#define PUHUI_MERCHANT_APP_BUSINESS_DAYS_H_

#include "ledger/base/id.h"
#include "ledger/engine/ledger_rows.h"
#include "merchant/app/statement_rows.h"
#include "merchant/app/tables.h"
#include "merchant/core/business_day.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace puhui::merchant {

// The zone of the merchant's business days; `otherwise` where it has none, or one whose rules are
// not known any more.
absl::TimeZone ZoneOf(const MerchantRow& merchant, absl::TimeZone otherwise);

// Says in `entry`, if it is a line of a statement of the merchant, that a business day begins when
// one does; and of what is given back, whether the purchase belongs to an earlier day and what it
// was charged. Every decider of such entries calls it, last.
// Requires: there is such a merchant (checked).
void AssignBusinessDay(Tables& tables, MerchantNumber merchant, absl::TimeZone otherwise,
                       absl::Time now, journal::v1::Entry& entry);

// The day of a row that has lines: its own, or that of its last line where there were no business
// days yet, from when the merchant was there on.
BusinessDay DayOfLines(const OpenDayRow& row, const MerchantRow& merchant,
                       absl::TimeZone otherwise);

// When the day has to be cut. One without a day is of lines of before there were business days.
ledger::TimerKey CutTimer(MerchantNumber merchant, const BusinessDay& day);
ledger::TimerKey UndatedTimer(MerchantNumber merchant);
struct CutReference {
  MerchantNumber merchant{};
  absl::CivilDay day{};
};
CutReference ReadReference(const ledger::TimerKey& timer);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_BUSINESS_DAYS_H_
