// SPDX-License-Identifier: Apache-2.0
// Periods as the API tells them. Threads: safe. Fail: as Readable.
#ifndef PUHUI_SERVICES_LEDGER_PERIOD_VIEW_H_
#define PUHUI_SERVICES_LEDGER_PERIOD_VIEW_H_

#include "ledger/core/period.h"
#include "ledger/engine/period_rows.h"
#include "ledger/storage/store.h"
#include "puhui/v1/period.pb.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <string>

namespace puhui::services {

// "periods/2027-01". Refuses: kInvalidField at `field`.
absl::StatusOr<ledger::Period> ParsePeriodName(absl::string_view name, absl::string_view field);
std::string FormatPeriodName(ledger::Period period);

// One month of a ledger whose periods stand at `stand`; of what only the record says that closed
// it, nothing. Refuses: kNotFound when the ledger has no such month.
absl::StatusOr<v1::Period> PeriodView(const ledger::Readable& store,
                                      const ledger::PeriodStandRow& stand, ledger::Period period,
                                      const ledger::PeriodCalendar& calendar);

// The same with all there is.
absl::StatusOr<v1::Period> WholePeriodView(const ledger::Readable& store, ledger::Period period,
                                           const ledger::PeriodCalendar& calendar);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_PERIOD_VIEW_H_
