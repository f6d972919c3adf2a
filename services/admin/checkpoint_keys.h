// SPDX-License-Identifier: Apache-2.0
// The keys that sign checkpoints: where they lie, and handing over from one to the next.
#ifndef PUHUI_SERVICES_ADMIN_CHECKPOINT_KEYS_H_
#define PUHUI_SERVICES_ADMIN_CHECKPOINT_KEYS_H_

#include "ledger/base/random.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/key_chain.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// Where the key with that number lies: `checkpoint.pem`, then `checkpoint-2.pem` and so on.
std::string CheckpointKeyPath(const std::string& keys_directory, std::uint32_t number);

// The number of the key that signs the checkpoints of a data directory now.
// Fails: as ledger::ReadKeyChainFile.
absl::StatusOr<std::uint32_t> CheckpointKeyNumber(const std::string& data_directory);

// The keys of the chain in `data_directory`, for whoever trusts `trusted`, one of them.
// Fails: as ledger::ReadKeyChainFile and KeyChain::Parse.
absl::StatusOr<ledger::KeyChain> ReadKeyChain(const std::string& data_directory,
                                              const ledger::VerifyKey& trusted);

struct KeySuccession {
  std::uint32_t number = 0;
  std::string path;    // Of the new key.
  std::string text{};  // How verifiers are told about it: its vkey.
};
// Makes the next key of a ledger that no server has open, and has the present one hand over to it;
// the next start signs with it. The key is in its file before the chain speaks of it, so a call
// that broke off is made again. Fails: kFailedPrecondition when a server has the ledger open;
// kNotFound when there is none; as the key readers; kDataLoss when the chain is damaged or is not
// of the present key.
absl::StatusOr<KeySuccession> RotateCheckpointKey(const std::string& data_directory,
                                                  const std::string& keys_directory,
                                                  RandomSource& random, absl::Time now);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_CHECKPOINT_KEYS_H_
