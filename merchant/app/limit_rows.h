// SPDX-License-Identifier: Apache-2.0
// The rows of limits, and the tables they stand in.
#ifndef PUHUI_MERCHANT_APP_LIMIT_ROWS_H_
#define PUHUI_MERCHANT_APP_LIMIT_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/tables.h"
#include "merchant/core/velocity.h"

#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Whom limits are for: by the number of a terminal or merchant, or by the 16 bytes of a member or
// of the keyed hash of a card. Neither: everyone of the kind without limits of their own.
struct LimitKey {
  LimitSubject subject{};
  std::uint32_t number = 0;
  ledger::Tag who{};

  template <class F>
  void Fields(F& f) {
    f(subject, number, who);
  }
  friend bool operator==(const LimitKey&, const LimitKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const LimitKey& key) {
    return H::combine(std::move(hash), key.subject, key.number, key.who);
  }
};

struct LimitsRow {
  std::vector<Limit> limits{};  // By window, each at most once; not empty.
  Sequence change = 0;          // The record that set them.
  absl::Time time{};

  std::size_t HeapBytes() const { return limits.capacity() * sizeof(Limit); }
  template <class F>
  void Fields(F& f) {
    f(limits, change, time);
  }
};

inline constexpr ledger::TypedTable<LimitKey, LimitsRow> kLimitTable{
    ledger::Table::kLimits, ledger::Family::kState, "limits"};
// What was paid by whom there are limits for, while there are.
inline constexpr ledger::TypedTable<LimitKey, Velocity> kVelocityTable{
    ledger::Table::kVelocities, ledger::Family::kState, "velocities"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_LIMIT_ROWS_H_
