// SPDX-License-Identifier: Apache-2.0
// Bytes that an app sends as what a QR code held: read exactly when they are what is written.
#include "ledger/base/check.h"
#include "merchant/core/bill_text.h"

#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using puhui::merchant::FormatBillText;
  using puhui::merchant::ParseBillText;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto bill = ParseBillText(text);
  if (bill.has_value()) PUHUI_CHECK(FormatBillText(*bill) == text);
  return 0;
}
