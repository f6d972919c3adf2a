// SPDX-License-Identifier: Apache-2.0
// Any bytes: a receipt is parsed or refused, and what parses is exactly what is written. None is
// good, because nobody here has the key.
#include "ledger/base/check.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/receipt.h"

#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const puhui::ledger::VerifyKey key =
      puhui::ledger::SigningKey::FromSeed(std::string(32, 'f')).verify_key();
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto receipt = puhui::ledger::ParseReceipt(text);
  if (!receipt.ok()) return 0;
  PUHUI_CHECK(puhui::ledger::ReceiptText(*receipt) == text);
  PUHUI_CHECK(!puhui::ledger::VerifyReceipt(*receipt, puhui::ledger::KeyChain(key)).ok());
  return 0;
}
