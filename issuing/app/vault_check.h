// SPDX-License-Identifier: Apache-2.0
// Whether the keys that a ledger is opened with are its own.
#ifndef PUHUI_ISSUING_APP_VAULT_CHECK_H_
#define PUHUI_ISSUING_APP_VAULT_CHECK_H_

#include "issuing/app/vault.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstdint>
#include <vector>

namespace puhui::issuing {

// The numbers of the keys that the vault needs: what seals now, last, and before it what seals no
// more while it still opens something.
absl::StatusOr<std::vector<std::uint32_t>> NeededVaultKeys(const ledger::Readable& from);

// Tries the keys on what they should open: the members' keys that are there, the check that a
// rotation left, and the keyed hash that leads to a member. Looks at kVaultCheckRows rows at most.
// Requires: the vault has the keys that it needs (checked).
// Fails: kInvalidArgument, saying how the key is known to be wrong.
absl::Status CheckVaultKey(const ledger::Readable& from, const Vault& vault, std::uint32_t key_id);
// The same for the key of the keyed hashes, once the vault's keys are known to be right.
absl::Status CheckLookupKey(const ledger::Readable& from, const Vault& vault);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_VAULT_CHECK_H_
