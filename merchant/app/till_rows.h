// SPDX-License-Identifier: Apache-2.0
// What became of the calls of tills, by the tills' own keys; rows.h brings it along.
#ifndef PUHUI_MERCHANT_APP_TILL_ROWS_H_
#define PUHUI_MERCHANT_APP_TILL_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/tables.h"

#include <cstdint>
#include <utility>

namespace puhui::merchant {

// A till's own keys of a call.
struct TillKey {
  TerminalNumber terminal{};
  std::uint32_t batch_number = 0;
  std::uint32_t trace_number = 0;

  template <class F>
  void Fields(F& f) {
    f(terminal, batch_number, trace_number);
  }
  friend bool operator==(const TillKey&, const TillKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const TillKey& key) {
    return H::combine(std::move(hash), key.terminal, key.batch_number, key.trace_number);
  }
};

// What became of a till call. Stored.
enum class TillOutcome : std::uint8_t {
  kPurchase = 1,
  kRefund = 2,
  kDeclined = 3,
  kReversal = 4,   // The call was itself a reversal.
  kTombstone = 5,  // The call never arrived and must not any more.
  kAuthorization = 6,
  kCapture = 7,
  kVoid = 8,
  kBill = 9,  // Nobody has paid it; once somebody does it is a purchase.
  kBillCancelled = 10,
  kVoucher = 11,  // Was redeemed.
};

struct TillRow {
  TillOutcome outcome{};
  Sequence sequence = 0;      // Of the record that says so.
  std::int64_t points = 0;    // As the totals of the batch count them.
  std::int64_t reversed = 0;  // By a reversal under these very keys.

  template <class F>
  void Fields(F& f) {
    f(outcome, sequence, points, reversed);
  }
};

inline constexpr ledger::TypedTable<TillKey, TillRow> kTillTable{
    ledger::Table::kTillKeys, ledger::Family::kState, "till keys"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_TILL_ROWS_H_
