// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_BUSY_DAY_H_
#define PUHUI_TESTS_BENCH_BUSY_DAY_H_

#include "tests/bench/accounts.h"
#include "tests/bench/ledger_on_disk.h"

#include "absl/status/status.h"
#include "absl/time/time.h"

#include <cstddef>
#include <string>

namespace puhui::bench {

// Of how much the clock of a ledger is late that gets a busy day: the day has lasted for so long
// when it is filled, and lasts for so long still, however slow that is.
inline constexpr absl::Duration kBusyDayLate = absl::Hours(12);

// The zone of m-0 in which the day ends at `end`, and the name of the statement of that day.
// Requires: whole seconds (checked).
std::string ZoneOfBusyDay(absl::Time end);
std::string StatementOfBusyDay(absl::Time end);

// Buys so many times at the terminals of m-0 in turn, on the cards in turn, inside the engine; as
// many at a time as a group takes. Requires: there are such terminals, and cards (checked).
// Fails: as the engine; kInternal when a purchase was declined.
absl::Status SellAtFirstMerchant(std::size_t purchases, const Accounts& accounts,
                                 LedgerOnDisk* ledger);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_BUSY_DAY_H_
