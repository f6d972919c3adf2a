// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/bill_text.h"

#include "ledger/base/check.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

#include <algorithm>

namespace puhui::merchant {
namespace {

constexpr absl::string_view kBegin = "puhui:bill/";
constexpr std::size_t kSequenceDigits = 12;

bool IsLowerHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c)) || (c >= 'a' && c <= 'f');
  });
}

}  // namespace

std::string FormatBillText(const BillText& bill) {
  PUHUI_CHECK(bill.token.size() == kBillTokenBytes);
  return absl::StrFormat("%s%0*d/%s", kBegin, static_cast<int>(kSequenceDigits), bill.bill,
                         absl::BytesToHexString(bill.token));
}

absl::optional<BillText> ParseBillText(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, kBegin)) return absl::nullopt;
  if (text.size() != kSequenceDigits + 1 + 2 * kBillTokenBytes) return absl::nullopt;
  const absl::string_view digits = text.substr(0, kSequenceDigits);
  const absl::string_view token = text.substr(kSequenceDigits + 1);
  BillText bill;
  // The number alone may have a sign or a blank.
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }) ||
      !absl::SimpleAtoi(digits, &bill.bill) || text[kSequenceDigits] != '/' || !IsLowerHex(token)) {
    return absl::nullopt;
  }
  bill.token = absl::HexStringToBytes(token);
  return bill;
}

}  // namespace puhui::merchant
