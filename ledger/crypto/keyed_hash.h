// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_CRYPTO_KEYED_HASH_H_
#define PUHUI_LEDGER_CRYPTO_KEYED_HASH_H_

#include "ledger/crypto/hash.h"
#include "ledger/crypto/hmac.h"

#include "absl/strings/string_view.h"

#include <string>

namespace puhui::ledger {

// HMAC-SHA-256 under one key, for finding things without storing them: ID numbers, payment codes,
// page tokens. What is hashed is the label's length in one byte, the label, the data; so one key
// serves many purposes and a hash made for one is never equal to a hash made for another. Threads:
// safe.
class KeyedHash {
 public:
  // Requires: key.size() == 32 (checked).
  explicit KeyedHash(absl::string_view key);
  KeyedHash(const KeyedHash&) = delete;
  KeyedHash& operator=(const KeyedHash&) = delete;

  // Requires: `label` has at most 255 bytes (checked).
  Hash Digest(absl::string_view label, absl::string_view data) const;
  // The first 16 bytes of Digest, for keys of tables.
  std::string Tag16(absl::string_view label, absl::string_view data) const;

 private:
  const HmacKey key_;
};

// Compares in a time that depends on the sizes only: for tags that come from outside.
bool ConstantTimeEqual(absl::string_view a, absl::string_view b);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_KEYED_HASH_H_
