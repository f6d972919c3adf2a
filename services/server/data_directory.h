// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_DATA_DIRECTORY_H_
#define PUHUI_SERVICES_SERVER_DATA_DIRECTORY_H_

#include "ledger/base/random.h"
#include "ledger/crypto/signing.h"
#include "puhui/config/v1/server_config.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// The keys of a ledger, docs/operations.md.
struct LedgerKeys {
  ledger::SigningKey checkpoint;  // Signs the head of the journal.
  std::string lookup;             // 32 bytes: finds without storing; request digests; page tokens.
  std::string vault;              // 32 bytes: wraps the members' keys.
};

// Names the checkpoint key in notes.
std::string CheckpointKeyName(const config::v1::ServerConfig& config);

// Makes the directories and the keys that are not there. Fails: as the key readers; kUnavailable.
absl::StatusOr<LedgerKeys> PrepareDirectories(const config::v1::ServerConfig& config,
                                              RandomSource& random);

// Leaves the public half of the checkpoint key in the data directory, for who verifies it.
// Requires: the ledger there is open, so it is ours and signed by this key.
absl::Status WriteVerifierKey(const config::v1::ServerConfig& config, const ledger::VerifyKey& key);

// Tells scripts which port was taken, in data_dir/puhuid.port.
absl::Status WritePort(const config::v1::ServerConfig& config, int port);

absl::StatusOr<std::string> ReadTextFile(const std::string& path);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_DATA_DIRECTORY_H_
