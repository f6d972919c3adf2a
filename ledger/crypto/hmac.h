// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_CRYPTO_HMAC_H_
#define PUHUI_LEDGER_CRYPTO_HMAC_H_

#include "ledger/crypto/hash.h"

#include "absl/strings/string_view.h"

#include <array>
#include <cstdint>

namespace puhui::ledger {

// A key of HMAC-SHA-256 (RFC 2104), hashed in: what is left to do for each hash is two blocks and
// no allocation. It is worth as much as the key, and is overwritten when it is destroyed; so is
// what another is assigned to. Threads: safe.
class HmacKey {
 public:
  explicit HmacKey(absl::string_view key);
  ~HmacKey();
  HmacKey(const HmacKey&) = default;
  HmacKey& operator=(const HmacKey&) = default;

  // Of the three parts written one after another.
  Hash Digest(absl::string_view a, absl::string_view b = {}, absl::string_view c = {}) const;

 private:
  // SHA-256 after its first block, the padded key.
  using State = std::array<std::uint32_t, 8>;
  State inner_;
  State outer_;
};

// HMAC-SHA-256 as others compute it too: of the data alone, under a key that is used for nothing
// else. What is ours alone is hashed by KeyedHash, which keeps purposes apart.
Hash HmacSha256(absl::string_view key, absl::string_view data);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_HMAC_H_
