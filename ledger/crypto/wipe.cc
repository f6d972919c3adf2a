// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/wipe.h"

#include <openssl/crypto.h>

namespace puhui::ledger {

void Wipe(std::string& secret) { OPENSSL_cleanse(secret.data(), secret.size()); }

}  // namespace puhui::ledger
