// SPDX-License-Identifier: Apache-2.0
// What the QR code of a bill holds.
#ifndef PUHUI_MERCHANT_CORE_BILL_TEXT_H_
#define PUHUI_MERCHANT_CORE_BILL_TEXT_H_

#include "ledger/base/id.h"

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <string>

namespace puhui::merchant {

inline constexpr std::size_t kBillTokenBytes = 16;

// A bill by its sequence, and the token that only those have who read its QR code.
struct BillText {
  Sequence bill = 0;
  std::string token{};  // kBillTokenBytes.
};

// puhui:bill/{the sequence in 12 digits}/{the token in 32 hexadecimal ones}. Requires: the token
// has kBillTokenBytes (checked).
std::string FormatBillText(const BillText& bill);
// Nothing unless it is exactly what FormatBillText writes.
absl::optional<BillText> ParseBillText(absl::string_view text);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_BILL_TEXT_H_
