// SPDX-License-Identifier: Apache-2.0
// A merchant's day with many purchases, inside the engine, and the merchant's own books of it.
#ifndef PUHUI_TESTS_BENCH_MERCHANT_DAY_H_
#define PUHUI_TESTS_BENCH_MERCHANT_DAY_H_

#include "merchant/app/reconciliation.h"
#include "tests/bench/filler.h"
#include "tests/bench/ledger_on_disk.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::bench {

struct MerchantDayWish {
  std::string merchant = "day";
  std::size_t stores = 20;     // s-0, s-1 …
  std::size_t terminals = 10;  // Of each store; t-0, t-1 … of the merchant.
  std::size_t purchases = 1'000'000;
  // The purchases come in equal steps from the one until before the other.
  absl::Time start{};
  absl::Time end{};
};

// A union and members whose cards can pay for all of it, in turn. Fails: as the filler.
absl::Status FillWallets(std::size_t members, std::size_t purchases, Filler* filler);

// Opens the merchant and has the cards, one after the other, pay 100 to 199 points there. What the
// tills know of it, by store, in the order of ComesBefore.
// Requires: it is not later than `start` in the ledger. Fails: as the engine, and kInternal when a
// purchase was declined.
absl::StatusOr<puhui::merchant::StoreBooks> FillMerchantDay(LedgerOnDisk* ledger,
                                                            const std::vector<std::string>& cards,
                                                            const MerchantDayWish& wish);

// Makes the books differ from the ledger in three transactions: one has other points, one is
// missing, one is a second late. Requires: they have three (checked).
void HideDifferences(puhui::merchant::StoreBooks* books);

// The books as `puhui reconcile` reads them. Fails: kUnavailable.
absl::Status WriteBooks(const puhui::merchant::StoreBooks& books, const std::string& path);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_MERCHANT_DAY_H_
