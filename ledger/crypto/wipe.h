// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_CRYPTO_WIPE_H_
#define PUHUI_LEDGER_CRYPTO_WIPE_H_

#include <string>

namespace puhui::ledger {

// Overwrites a secret that has served its turn. (A compiler may leave a plain write out when nobody
// reads what was written.)
void Wipe(std::string& secret);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_WIPE_H_
