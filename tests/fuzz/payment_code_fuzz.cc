// SPDX-License-Identifier: Apache-2.0
// Any bytes: they are a payment code or not, and one that is reads back as what it is made of.
#include "ledger/base/check.h"
#include "merchant/core/payment_code.h"

#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace puhui::merchant;  // NOLINT(google-build-using-namespace): one room.
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  if (!IsPaymentCode(text)) return 0;
  PUHUI_CHECK(text.size() == kPaymentCodeDigits && NumberOfCode(text) < kCodeNumbers);
  const absl::string_view prefix = PrefixOfCode(text);
  if (IsCodePrefix(prefix)) PUHUI_CHECK(PaymentCodeOf(prefix, NumberOfCode(text)) == text);
  return 0;
}
