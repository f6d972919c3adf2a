// SPDX-License-Identifier: Apache-2.0
// What a business day comes to. Pure arithmetic.
#ifndef PUHUI_MERCHANT_CORE_DAY_FIGURES_H_
#define PUHUI_MERCHANT_CORE_DAY_FIGURES_H_

#include <cstdint>

namespace puhui::merchant {

// In points, as journal.v1.DayFigures has them. Fees and discounts are less what was given back.
struct DayFigures {
  std::int64_t purchases = 0;
  std::int64_t refunds = 0;          // Of purchases of the same day.
  std::int64_t earlier_refunds = 0;  // Of purchases of earlier days.
  std::int64_t reversals = 0;
  std::int64_t fees = 0;
  std::int64_t discounts = 0;
  std::int64_t adjustments = 0;
  std::int64_t paid = 0;  // Between the day's first line and its end.

  // What came in; negative: went back. Before fee and discount.
  std::int64_t Points() const {
    return purchases - refunds - earlier_refunds - reversals + adjustments;
  }
  // By how much the day changed what is payable to the merchant,
  std::int64_t Payable() const { return Points() - fees - discounts - paid; }
  // and what the fee account has of it: an adjustment moves points between the two.
  std::int64_t Fee() const { return fees + discounts - adjustments; }
  DayFigures& operator+=(const DayFigures& other) {
    purchases += other.purchases;
    refunds += other.refunds;
    earlier_refunds += other.earlier_refunds;
    reversals += other.reversals;
    fees += other.fees;
    discounts += other.discounts;
    adjustments += other.adjustments;
    paid += other.paid;
    return *this;
  }
  template <class F>
  void Fields(F& f) {
    f(purchases, refunds, earlier_refunds, reversals, fees, discounts, adjustments, paid);
  }
  friend bool operator==(const DayFigures&, const DayFigures&) = default;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_DAY_FIGURES_H_
