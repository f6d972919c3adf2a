// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/payment_code.h"

#include "ledger/base/check.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

#include <algorithm>

namespace puhui::merchant {
namespace {

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

}  // namespace

bool IsCodePrefix(absl::string_view text) {
  if (text.size() != kCodePrefixDigits || !AllDigits(text)) return false;
  const int number = (text[0] - '0') * 10 + (text[1] - '0');
  const bool taken = (number >= 10 && number <= 15) || (number >= 25 && number <= 30);
  return !taken && number != 62;
}

bool IsPaymentCode(absl::string_view text) {
  return text.size() == kPaymentCodeDigits && AllDigits(text);
}

absl::string_view PrefixOfCode(absl::string_view code) { return code.substr(0, kCodePrefixDigits); }

std::uint64_t NumberOfCode(absl::string_view code) {
  PUHUI_CHECK(IsPaymentCode(code));
  std::uint64_t number = 0;
  PUHUI_CHECK(absl::SimpleAtoi(code.substr(kCodePrefixDigits), &number));
  return number;
}

std::string PaymentCodeOf(absl::string_view prefix, std::uint64_t number) {
  PUHUI_CHECK(IsCodePrefix(prefix) && number < kCodeNumbers);
  return absl::StrFormat("%s%016d", prefix, number);
}

}  // namespace puhui::merchant
