// SPDX-License-Identifier: Apache-2.0
// What a merchant is charged, and may, and from when until when. Pure arithmetic.
#ifndef PUHUI_MERCHANT_CORE_AGREEMENT_H_
#define PUHUI_MERCHANT_CORE_AGREEMENT_H_

#include "ledger/base/points.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstdint>

namespace puhui::merchant {

// In force during [start, end), or from start until the next agreement of the merchant begins.
struct Agreement {
  std::uint32_t number = 0;  // From 1, in the order they were made.
  absl::Time start{};
  absl::optional<absl::Time> end{};
  BasisPoints fee{};
  BasisPoints discount{};  // What the merchant gives up beyond the fee.
  std::uint32_t settlement_days = 0;
  bool goods_named = false;  // As of MerchantRow.

  template <class F>
  void Fields(F& f) {
    f(number, start, end, fee, discount, settlement_days, goods_named);
  }
};

// What is taken of a purchase, and by which agreement.
struct Charge {
  BasisPoints rate{};      // Fee and discount together.
  BasisPoints discount{};  // Of that.
  std::uint32_t agreement = 0;
};

// Null when none is in force. Requires: `agreements` are sorted by start, and no two overlap.
const Agreement* AgreementAt(absl::Span<const Agreement> agreements, absl::Time now);

// The agreement that is in force with `wish` at some moment; null when there is none. One without
// an end gives way to whatever begins after it, so it overlaps only what begins with it.
const Agreement* OverlappedBy(const Agreement& wish, absl::Span<const Agreement> agreements);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_AGREEMENT_H_
