// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_CRYPTO_HMAC_H_
#define PUHUI_LEDGER_CRYPTO_HMAC_H_

#include "ledger/crypto/hash.h"

#include "absl/strings/string_view.h"

namespace puhui::ledger {

// HMAC-SHA-256 (RFC 2104) as others compute it too: of the data alone, under a key that is used for
// nothing else. What is ours alone is hashed by KeyedHash, which keeps purposes apart.
Hash HmacSha256(absl::string_view key, absl::string_view data);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_HMAC_H_
