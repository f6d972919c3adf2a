// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/keyed_hash.h"

#include "ledger/base/check.h"

#include <openssl/crypto.h>

#include <cstddef>
#include <cstdint>

namespace puhui::ledger {
namespace {

constexpr std::size_t kHashKeyBytes = 32;
constexpr std::size_t kTagBytes = 16;

}  // namespace

KeyedHash::KeyedHash(absl::string_view key) : key_(key) {
  PUHUI_CHECK(key.size() == kHashKeyBytes);
}

Hash KeyedHash::Digest(absl::string_view label, absl::string_view data) const {
  PUHUI_CHECK(label.size() <= UINT8_MAX);
  const char label_size = static_cast<char>(label.size());
  return key_.Digest({&label_size, 1}, label, data);
}

std::string KeyedHash::Tag16(absl::string_view label, absl::string_view data) const {
  return std::string(AsBytes(Digest(label, data)).substr(0, kTagBytes));
}

bool ConstantTimeEqual(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace puhui::ledger
