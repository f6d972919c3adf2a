// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/hmac.h"

#include "ledger/base/check.h"
#include "ledger/crypto/openssl.h"

#include <openssl/hmac.h>

namespace puhui::ledger {

Hash HmacSha256(absl::string_view key, absl::string_view data) {
  Hash hash;
  unsigned int size = 0;
  PUHUI_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), ConstBytes(data),
                   data.size(), hash.data(), &size) != nullptr);
  PUHUI_CHECK(size == hash.size());
  return hash;
}

}  // namespace puhui::ledger
