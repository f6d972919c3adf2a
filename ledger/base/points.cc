// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/points.h"

#include "ledger/base/check.h"

#include "absl/strings/str_cat.h"

namespace puhui {

absl::StatusOr<Points> Points::FromRequest(std::int64_t value, absl::string_view field) {
  if (value < 1 || value > kMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, ": want whole points from 1 to ", kMax, ", got ", value));
  }
  return Points(value);
}

Points Points::FromStored(std::int64_t value) {
  PUHUI_CHECK(value >= 0 && value <= kMax);
  return Points(value);
}

absl::StatusOr<Points> Add(Points a, Points b) {
  const std::int64_t sum = a.value_ + b.value_;
  if (sum > Points::kMax) {
    return absl::OutOfRangeError(absl::StrCat("the sum is above ", Points::kMax, " points"));
  }
  return Points(sum);
}

Points Subtract(Points a, Points b) {
  PUHUI_CHECK(b <= a);
  return Points(a.value_ - b.value_);
}

absl::StatusOr<BasisPoints> BasisPoints::FromRequest(std::int64_t value, absl::string_view field) {
  if (value < 0 || value > 10'000) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, ": want basis points from 0 to 10000, got ", value));
  }
  return BasisPoints(static_cast<std::uint32_t>(value));
}

BasisPoints BasisPoints::FromStored(std::uint32_t value) {
  PUHUI_CHECK(value <= 10'000);
  return BasisPoints(value);
}

Points FeeRoundedDown(Points amount, BasisPoints rate) {
  // 10^15 * 10^4 is above int64, so whole ten-thousands and the rest are multiplied apart; the
  // result is exact.
  const std::int64_t whole = amount.value() / 10'000;
  const std::int64_t rest = amount.value() % 10'000;
  return Points::FromStored(whole * rate.value() + rest * rate.value() / 10'000);
}

}  // namespace puhui
