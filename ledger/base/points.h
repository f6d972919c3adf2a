// SPDX-License-Identifier: Apache-2.0
// Points, the unit of value, and basis points, the unit of rates. There are no fractions anywhere.
#ifndef PUHUI_LEDGER_BASE_POINTS_H_
#define PUHUI_LEDGER_BASE_POINTS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <compare>
#include <cstdint>

namespace puhui {

// A non-negative number of points. Direction is which account is debited, never a sign.
class Points {
 public:
  static constexpr std::int64_t kMax =
      1'000'000'000'000'000;  // 10^15: a sum of two never overflows.

  constexpr Points() = default;

  // The outside world enters here, once. INVALID_ARGUMENT when `value` is not in 1…kMax; `field` is
  // named in it.
  static absl::StatusOr<Points> FromRequest(std::int64_t value, absl::string_view field);

  // Requires: 0 <= value <= kMax (checked). For values that were validated before, such as stored
  // ones.
  static Points FromStored(std::int64_t value);

  constexpr std::int64_t value() const { return value_; }
  constexpr bool zero() const { return value_ == 0; }

  friend constexpr auto operator<=>(const Points&, const Points&) = default;

  // OUT_OF_RANGE when the sum is above kMax: adding can refuse, so there is no operator+.
  friend absl::StatusOr<Points> Add(Points a, Points b);
  // Requires: b <= a (checked).
  friend Points Subtract(Points a, Points b);
  friend constexpr Points Min(Points a, Points b) { return a < b ? a : b; }

 private:
  constexpr explicit Points(std::int64_t value) : value_(value) {}
  std::int64_t value_ = 0;
};
static_assert(Points::kMax <= INT64_MAX / 2);

absl::StatusOr<Points> Add(Points a, Points b);
Points Subtract(Points a, Points b);

// Hundredths of a percent, 0…10,000.
class BasisPoints {
 public:
  constexpr BasisPoints() = default;
  static absl::StatusOr<BasisPoints> FromRequest(std::int64_t value, absl::string_view field);
  // Requires: value <= 10,000 (checked).
  static BasisPoints FromStored(std::uint32_t value);
  constexpr std::uint32_t value() const { return value_; }
  friend constexpr auto operator<=>(const BasisPoints&, const BasisPoints&) = default;

 private:
  constexpr explicit BasisPoints(std::uint32_t value) : value_(value) {}
  std::uint32_t value_ = 0;
};

// floor(amount * rate / 10,000): the fee is rounded down, the remainder stays with the merchant.
Points FeeRoundedDown(Points amount, BasisPoints rate);

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_POINTS_H_
