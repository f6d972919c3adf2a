// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_TABLES_H_
#define PUHUI_MERCHANT_APP_TABLES_H_

#include "ledger/engine/cached_table.h"
#include "ledger/engine/index_table.h"
#include "merchant/app/authorization_rows.h"
#include "merchant/app/rows.h"

namespace puhui::merchant {

// The acquiring side's tables, as the writer sees them. Deciders read, the applier writes.
// Threads: the writer's alone.
struct Tables {
  explicit Tables(ledger::TableSet* set);
  ~Tables();

  ledger::CachedTable<MerchantNumber, MerchantRow> merchants;
  ledger::CachedTable<std::string, MerchantNumber> merchant_ids;
  ledger::CachedTable<PlaceKey, StoreRow> stores;
  ledger::CachedTable<TerminalNumber, TerminalRow> terminals;
  ledger::CachedTable<PlaceKey, TerminalNumber> terminal_ids;
  ledger::CachedTable<Sequence, PurchaseRow> purchases;
  ledger::CachedTable<TillKey, TillRow> till_calls;
  ledger::CachedTable<ledger::Tag, Sequence> tombstones;
  ledger::CachedTable<std::uint8_t, std::uint32_t> counts;
  ledger::CachedTable<Sequence, AuthorizationRow> authorizations;
  ledger::CachedTable<Sequence, Sequence> captures;
  ledger::IndexTable<ExpiringKey, bool> expiring;
  ledger::CachedTable<absl::Time, std::uint32_t> expiring_counts;

  // The numbers that the next merchant and terminal get.
  MerchantNumber NextMerchant();
  TerminalNumber NextTerminal();
};
inline constexpr std::uint8_t kMerchantCount = 0;
inline constexpr std::uint8_t kTerminalCount = 1;

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_TABLES_H_
