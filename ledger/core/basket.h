// SPDX-License-Identifier: Apache-2.0
// Which lots pay for which lines of a basket. Whether one may is asked of Judge alone.
#ifndef PUHUI_LEDGER_CORE_BASKET_H_
#define PUHUI_LEDGER_CORE_BASKET_H_

#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "ledger/core/spending_order.h"
#include "ledger/core/terms.h"
#include "ledger/core/wallet.h"

#include "absl/types/span.h"
#include "absl/types/variant.h"

#include <cstdint>
#include <vector>

namespace puhui::ledger {

// What a line asks for.
struct BasketLine {
  std::uint32_t category = 0;
  std::uint32_t region = 0;  // GB/T 2260; 0: not known.
  std::int64_t points = 0;

  template <class F>
  void Fields(F& f) {
    f(category, region, points);
  }
};

// What one lot pays of a line.
struct LinePart {
  LotNumber lot{};
  std::int64_t points = 0;

  template <class F>
  void Fields(F& f) {
    f(lot, points);
  }
};

// What pays for a basket. The slices are in the order in which lots are spent, and so are the parts
// of each line; together they come to the same, lot by lot.
struct BasketPayment {
  std::vector<LotSlice> slices{};
  std::vector<std::vector<LinePart>> parts{};  // Of each line.
};

// The most that the lots of a wallet can pay for the lines, and of all ways to pay that much the
// one that takes the most from the lot that is spent first, then from the second, and so on. Exact:
// what can be paid within the terms and their caps per day, which count over all lines, is paid.
// Stops when it knows that more than kLotsPerPurchaseMax lots are needed: it has one more then.
// Requires: every line asks for something; `asked.line` has the place and time (checked).
BasketPayment PayBasket(const Wallet& wallet, const Asked& asked,
                        absl::Span<const BasketLine> lines, TermsReader& terms);

struct BasketSpend {
  Asked asked{};  // The category and the region are of the lines.
  absl::Span<const BasketLine> lines{};
  bool accept_partial = false;
};

// As ChooseLots. Refuses: kInsufficientPoints, with what is available for this basket in metadata
// "available", when not all of it can be paid, or nothing of it where a part is accepted;
// kLotsPerPurchaseLimit.
absl::variant<BasketPayment, Refusal> ChooseForBasket(const Wallet& wallet,
                                                      const BasketSpend& spend, TermsReader& terms);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CORE_BASKET_H_
