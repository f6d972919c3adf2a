// SPDX-License-Identifier: Apache-2.0
// The rows of bills that tills present, and the tables they stand in.
#ifndef PUHUI_MERCHANT_APP_BILL_ROWS_H_
#define PUHUI_MERCHANT_APP_BILL_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/basket.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/tables.h"
#include "merchant/app/rows.h"

#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::merchant {

// What a bill asks for. It never changes: how the bill stands, the row of its till's keys says, and
// goes on saying when this one is forgotten.
struct BillRow {
  MerchantNumber merchant{};
  TerminalNumber terminal{};
  std::uint32_t batch_number = 0;
  std::uint32_t trace_number = 0;
  absl::Time local_time{};
  Points points{};
  bool accept_partial = false;
  absl::Time expiry{};  // From then on it cannot be paid.
  ledger::Tag token{};  // Keyed hash of what the QR code holds.
  std::vector<ledger::BasketLine> lines{};

  TillKey key() const { return {terminal, batch_number, trace_number}; }
  std::size_t HeapBytes() const { return lines.capacity() * sizeof(ledger::BasketLine); }
  template <class F>
  void Fields(F& f) {
    f(merchant, terminal, batch_number, trace_number, local_time, points, accept_partial, expiry,
      token, lines);
  }
};

// By the numbers of puhui.v1.BillState.
enum class BillState : std::uint8_t { kOpen = 1, kPaid = 2, kExpired = 3, kCancelled = 4 };

// How a bill stands at `now`. Requires: `outcome` is that of its keys (checked).
BillState BillStateAt(TillOutcome outcome, absl::Time expiry, absl::Time now);

struct BillOrderKey {
  TerminalNumber terminal{};
  std::uint32_t number = 0;

  template <class F>
  void Fields(F& f) {
    f(terminal, number);
  }
  friend bool operator==(const BillOrderKey&, const BillOrderKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const BillOrderKey& key) {
    return H::combine(std::move(hash), key.terminal, key.number);
  }
};

// How many bills a terminal has presented, and of these how many are forgotten. Both begin again
// after 2^32.
struct TerminalBills {
  std::uint32_t presented = 0;
  std::uint32_t forgotten = 0;

  template <class F>
  void Fields(F& f) {
    f(presented, forgotten);
  }
};

inline constexpr ledger::TypedTable<Sequence, BillRow> kBillTable{ledger::Table::kBills,
                                                                  ledger::Family::kState, "bills"};
// In the order in which they were presented, which is the order in which they are forgotten.
inline constexpr ledger::TypedTable<BillOrderKey, Sequence> kBillOrderTable{
    ledger::Table::kBillOrder, ledger::Family::kState, "bill order"};
inline constexpr ledger::TypedTable<TerminalNumber, TerminalBills> kTerminalBillsTable{
    ledger::Table::kTerminalBills, ledger::Family::kState, "terminal bills"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_BILL_ROWS_H_
