// SPDX-License-Identifier: Apache-2.0
// The rows of payment codes, and of what was none, and the tables they stand in. Of a code there is
// a keyed hash alone.
#ifndef PUHUI_MERCHANT_APP_CODE_ROWS_H_
#define PUHUI_MERCHANT_APP_CODE_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/tables.h"
#include "merchant/core/guesses.h"

#include "absl/time/time.h"

#include <cstdint>

namespace puhui::merchant {

// When a code could not have been used any more, had it not been.
struct UsedCodeRow {
  ledger::Tag code{};
  absl::Time expiry{};

  template <class F>
  void Fields(F& f) {
    f(code, expiry);
  }
};

// Codes that something was paid with.
inline constexpr ledger::TypedTable<ledger::Tag, absl::Time> kUsedCodeTable{
    ledger::Table::kUsedCodes, ledger::Family::kState, "used codes"};
// The same in the order of their use, which is the order in which they are forgotten. How many were
// used and forgotten ever stands with the merchants' counts; both begin again after 2^32.
inline constexpr ledger::TypedTable<std::uint32_t, UsedCodeRow> kUsedCodeOrderTable{
    ledger::Table::kUsedCodeOrder, ledger::Family::kState, "used code order"};
inline constexpr ledger::TypedTable<TerminalNumber, CodeGuesses> kCodeGuessTable{
    ledger::Table::kCodeGuesses, ledger::Family::kState, "code guesses"};
inline constexpr ledger::TypedTable<TerminalNumber, Guesses> kCardGuessTable{
    ledger::Table::kCardGuesses, ledger::Family::kState, "card guesses"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_CODE_ROWS_H_
