// SPDX-License-Identifier: Apache-2.0
// What a till's batch comes to, and the table it stands in.
#ifndef PUHUI_MERCHANT_APP_BATCH_ROWS_H_
#define PUHUI_MERCHANT_APP_BATCH_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/storage/tables.h"
#include "merchant/app/rows.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <array>
#include <cstdint>
#include <utility>

namespace puhui::merchant {

struct BatchKey {
  TerminalNumber terminal{};
  std::uint32_t batch_number = 0;

  template <class F>
  void Fields(F& f) {
    f(terminal, batch_number);
  }
  friend bool operator==(const BatchKey&, const BatchKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const BatchKey& key) {
    return H::combine(std::move(hash), key.terminal, key.batch_number);
  }
};

// The kinds of calls that totals count, by the numbers of puhui.v1.BatchKind. Stored.
enum class BatchKind : std::uint8_t {
  kPurchase = 1,
  kRefund = 2,
  kReversal = 3,
  kAuthorization = 4,
  kCapture = 5,
  kVoid = 6,
};
inline constexpr std::size_t kBatchKinds = 6;

// Nothing for what totals do not count: what was declined, reversals of what had not arrived, and
// bills that nobody paid.
absl::optional<BatchKind> KindOf(TillOutcome outcome);

struct KindTotal {
  std::int64_t count = 0;
  std::int64_t points = 0;

  template <class F>
  void Fields(F& f) {
    f(count, points);
  }
  friend bool operator==(const KindTotal&, const KindTotal&) = default;
};

// The calls of a batch, kind by kind.
struct BatchTotals {
  KindTotal purchases{};
  KindTotal refunds{};
  KindTotal reversals{};
  KindTotal authorizations{};
  KindTotal captures{};
  KindTotal voids{};

  KindTotal& Of(BatchKind kind);
  const KindTotal& Of(BatchKind kind) const { return const_cast<BatchTotals*>(this)->Of(kind); }

  template <class F>
  void Fields(F& f) {
    f(purchases, refunds, reversals, authorizations, captures, voids);
  }
  friend bool operator==(const BatchTotals&, const BatchTotals&) = default;
};
// In the order of their numbers.
inline constexpr std::array<BatchKind, kBatchKinds> kAllBatchKinds = {
    BatchKind::kPurchase,      BatchKind::kRefund,  BatchKind::kReversal,
    BatchKind::kAuthorization, BatchKind::kCapture, BatchKind::kVoid};

struct BatchRow {
  BatchTotals totals{};
  Sequence closed = 0;  // The record that closed it.
  absl::Time close_time{};
  std::uint32_t trace_max = 0;  // The highest under which there is a call (Tables::FindCall).

  template <class F>
  void Fields(F& f) {
    f(totals, closed, close_time, trace_max);
  }
};

// One call of a batch, as both sides list it.
struct BatchCall {
  std::uint32_t trace_number = 0;
  BatchKind kind{};
  std::int64_t points = 0;
};

inline constexpr ledger::TypedTable<BatchKey, BatchRow> kBatchTable{
    ledger::Table::kBatches, ledger::Family::kState, "batches"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_BATCH_ROWS_H_
