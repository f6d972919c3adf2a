// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/spending_report.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"

#include <utility>

namespace puhui::merchant {
namespace {

using ledger::Table;

MerchantNumber After(MerchantNumber merchant) {
  return MerchantNumber{static_cast<std::uint32_t>(merchant) + 1};
}

bool Takes(const SpendingFilter& filter, const DayFiguresKey& key) {
  return filter.origin.value_or(key.origin) == key.origin &&
         filter.campaign.value_or(key.campaign) == key.campaign;
}

// A payout and an adjustment have a row of no campaign: they are not what members spent.
bool WasSpent(const DayFigures& figures) {
  return figures.purchases != 0 || figures.refunds != 0 || figures.earlier_refunds != 0 ||
         figures.reversals != 0;
}

}  // namespace

// The days of one merchant stand together: from its last one on, and up to its first one, the walk
// jumps.
absl::StatusOr<SpendingPage> ListSpending(const ledger::Readable& store,
                                          const SpendingFilter& filter,
                                          const absl::optional<DayFiguresKey>& from,
                                          std::size_t limit) {
  SpendingPage page;
  page.next = from.value_or(DayFiguresKey{.merchant = filter.merchant.value_or(MerchantNumber{}),
                                          .day = filter.first_day});
  std::size_t looked_at = 0;
  while (page.next.has_value()) {
    const DayFiguresKey start = *std::exchange(page.next, absl::nullopt);
    bool full = false;
    PUHUI_RETURN_IF_ERROR(ledger::Scan(
        store, kDayFiguresTable, {.from = ledger::EncodeKey(Table::kDayFigures, start)},
        [&](const DayFiguresKey& key, const DayFigures& figures) -> absl::StatusOr<bool> {
          if (filter.merchant.value_or(key.merchant) != key.merchant) return false;
          if (++looked_at > kRowsPerPageMax || page.rows.size() >= limit) {
            full = true;
            page.next = key;
            return false;
          }
          if (key.day < filter.first_day) {
            page.next = DayFiguresKey{.merchant = key.merchant, .day = filter.first_day};
            return false;
          }
          if (key.day > filter.last_day) {
            if (filter.merchant.has_value()) return false;
            page.next = DayFiguresKey{.merchant = After(key.merchant), .day = filter.first_day};
            return false;
          }
          if (!Takes(filter, key) || !WasSpent(figures)) return true;
          if (filter.told) {
            PUHUI_ASSIGN_OR_RETURN(const bool told, filter.told(key.origin));
            if (!told) return true;
          }
          page.rows.push_back({key, figures});
          return true;
        }));
    if (full) break;
  }
  return page;
}

}  // namespace puhui::merchant
