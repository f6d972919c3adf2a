// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_DATA_DIRECTORY_H_
#define PUHUI_SERVICES_SERVER_DATA_DIRECTORY_H_

#include "issuing/app/vault.h"
#include "ledger/base/random.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/key_chain.h"
#include "ledger/storage/store.h"
#include "puhui/config/v1/server_config.pb.h"
#include "services/auth/certificate_authority.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstdint>
#include <memory>
#include <string>

namespace puhui::services {

// The keys that a ledger is opened with, docs/operations.md. Those of the vault are read when it is
// open and says which it needs.
struct LedgerKeys {
  ledger::SigningKey checkpoint;  // Signs the head of the journal.
  std::string lookup;             // 32 bytes: finds without storing; request digests; page tokens.
  ledger::KeyChain chain;         // Of those that signed the head before; its last signs now.
  std::string chain_file;         // That says so; empty when there was one only.
};

// Names the checkpoint key in notes.
std::string CheckpointKeyName(const config::v1::ServerConfig& config);

// Makes the directories, and where there is no ledger yet, the keys that are not there: for a
// ledger that is there a key that is gone is never made up for. Fails: as the key readers, naming
// the file; kUnavailable.
absl::StatusOr<LedgerKeys> PrepareDirectories(const config::v1::ServerConfig& config,
                                              RandomSource& random);

// Where the vault's key with that number lies.
std::string VaultKeyPath(const config::v1::ServerConfig& config, std::uint32_t key_id);

// Gives the vault the keys that the ledger needs, and tries them and the lookup key on what is
// there. Fails: as ReadKeyFile; kFailedPrecondition, naming the file, for a key of another ledger.
absl::Status LoadVaultKeys(const config::v1::ServerConfig& config, const ledger::Readable& store,
                           puhui::issuing::Vault* vault);

// Leaves the public half of the checkpoint key in the data directory, for who verifies it.
// Requires: the ledger there is open, so it is ours and signed by this key.
absl::Status WriteVerifierKey(const config::v1::ServerConfig& config, const ledger::VerifyKey& key);

// Tells scripts which port was taken, in data_dir/puhuid.port.
absl::Status WritePort(const config::v1::ServerConfig& config, int port);

absl::StatusOr<std::string> ReadTextFile(const std::string& path);

// What certificates of terminals are signed with. Fails: as CertificateAuthority::Load, and
// ReadTextFile.
absl::StatusOr<std::unique_ptr<CertificateAuthority>> LoadAuthority(
    const config::v1::ServerConfig& config, absl::Time now);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_DATA_DIRECTORY_H_
