// SPDX-License-Identifier: Apache-2.0
// What a payment code looks like: 18 digits, of which the first two say whose it is.
#ifndef PUHUI_MERCHANT_CORE_PAYMENT_CODE_H_
#define PUHUI_MERCHANT_CORE_PAYMENT_CODE_H_

#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace puhui::merchant {

inline constexpr std::size_t kPaymentCodeDigits = 18;
inline constexpr std::size_t kCodePrefixDigits = 2;
inline constexpr std::uint64_t kCodeNumbers = 10'000'000'000'000'000;  // Behind one prefix.

// Whether codes may begin with it: two digits that no other scheme begins with. WeChat Pay has 10
// to 15, Alipay 25 to 30, UnionPay 62.
bool IsCodePrefix(absl::string_view text);

// Whether it is 18 digits, of whatever scheme.
bool IsPaymentCode(absl::string_view text);

// The first two digits of a code. Requires: IsPaymentCode(code).
absl::string_view PrefixOfCode(absl::string_view code);
// The other sixteen as a number. Requires: IsPaymentCode(code) (checked).
std::uint64_t NumberOfCode(absl::string_view code);

// Requires: IsCodePrefix(prefix), number < kCodeNumbers (checked).
std::string PaymentCodeOf(absl::string_view prefix, std::uint64_t number);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_PAYMENT_CODE_H_
