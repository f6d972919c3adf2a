// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/random.h"

#include "ledger/base/check.h"

#include <openssl/rand.h>

#include <climits>

namespace puhui::ledger {

void OpenSslRandom::Fill(absl::Span<std::uint8_t> bytes) {
  PUHUI_CHECK(bytes.size() <= INT_MAX);
  PUHUI_CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
}

}  // namespace puhui::ledger
