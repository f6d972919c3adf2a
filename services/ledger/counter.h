// SPDX-License-Identifier: Apache-2.0
// What somebody could spend at a terminal, for whoever asks before anything is paid.
#ifndef PUHUI_SERVICES_LEDGER_COUNTER_H_
#define PUHUI_SERVICES_LEDGER_COUNTER_H_

#include "ledger/base/id.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/store.h"
#include "merchant/app/rows.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>

namespace puhui::services {

// Where a terminal sells.
struct Counter {
  TerminalNumber number{};
  merchant::TerminalRow terminal{};
  merchant::MerchantRow merchant{};
  merchant::StoreRow place{};
};

// Nothing is said of anybody to a merchant that may not know, not even whether there is one.
// Requires: there is such a terminal (checked).
// Refuses: kTerminalNotActive, kMerchantNotActive, kBalanceNotShown.
absl::StatusOr<Counter> CounterOf(const ledger::Readable& store, TerminalNumber number);

// What a member, who shows that card if any, could spend there now under the terms of the lots and
// all limits. Refuses: kMemberNotActive.
absl::StatusOr<std::int64_t> AvailableAt(const ledger::Readable& store, const Counter& counter,
                                         MemberId member, const absl::optional<ledger::Tag>& card,
                                         absl::Time now);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_COUNTER_H_
