// SPDX-License-Identifier: Apache-2.0
// What a purchase is judged by in a ledger that is in use: a fee, terms and limits. All of it is
// looked up, computed and counted, and nothing of it stands in the way of a load.
#ifndef PUHUI_TESTS_BENCH_TILL_RULES_H_
#define PUHUI_TESTS_BENCH_TILL_RULES_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/terms.h"
#include "tests/bench/ledger_on_disk.h"

#include "absl/status/status.h"

#include <cstdint>

namespace puhui::bench {

inline constexpr std::uint32_t kBenchCategory = 5411;  // Of all merchants.
// One point of a purchase of kPurchasePoints, and 37 hundredths that the merchant keeps.
inline constexpr std::uint32_t kBenchFee = 137;  // Basis points.

// They end in a year, and ask nothing else.
ledger::Terms PlainTerms();
// They have three categories, a cap per day of half of a grant, and an earmark, so that each grant
// of `points` opens two lots.
ledger::Terms RuledTerms(Points points);

// An agreement that takes kBenchFee, in force at once.
absl::Status AgreeOnFee(const MerchantId& merchant, LedgerOnDisk* ledger);
// Of every terminal, merchant and member: number and points within a minute, an hour and a day, far
// above what any load pays.
absl::Status SetHighLimits(LedgerOnDisk* ledger);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_TILL_RULES_H_
