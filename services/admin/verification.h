// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_VERIFICATION_H_
#define PUHUI_SERVICES_ADMIN_VERIFICATION_H_

#include "ledger/crypto/signing.h"
#include "ledger/engine/recovery.h"
#include "ledger/engine/verify.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace puhui::services {

using VerifyProgress = std::function<void(std::uint64_t done, std::uint64_t all)>;
// As ledger::VerifyRequest::pace.
using VerifyPace = std::function<absl::Status(std::uint64_t work)>;

struct StoreVerification {
  ledger::Promises promises;
  // Where a directory for the scratch store is made, and removed afterwards; empty: the system's
  // place for temporary files.
  std::string scratch_directory;
  // What of the rebuilt views may be in memory. When they are more, they go to the directory.
  std::size_t memory_bytes = std::size_t{64} << 20;
  VerifyProgress progress = {};
  VerifyPace pace = {};
};

// Verifies one moment of a store. Fails: as ledger::Verify.
absl::StatusOr<ledger::VerifyReport> VerifyStore(const ledger::Readable& stored,
                                                 StoreVerification verification);

struct OfflineVerification {
  std::string archives = {};  // Where they are; empty: in the data directory.
  // As in StoreVerification: nobody is served meanwhile.
  std::size_t memory_bytes = std::size_t{1} << 30;
};

// Verifies the data directory of a server that is not running, and the journal of reads in it.
// Changes nothing.
// The checkpoint is checked with `key` and the keys of its chain in the directory, or, when that is
// null, with the key that the server left in the directory, which proves less: who can write one
// can write the other. Fails: kFailedPrecondition when a server has the directory open; kNotFound;
// as ledger::Verify. Damage is a finding.
absl::StatusOr<ledger::VerifyReport> VerifyDataDirectory(
    const std::string& path, const ledger::VerifyKey* key, const VerifyProgress& progress,
    const OfflineVerification& verification = {});

// Where a server leaves the public half of its checkpoint key, as a signed-note verifier key.
inline constexpr absl::string_view kVerifierKeyFileName = "checkpoint.vkey";
// Reads such a file, or one like it. Fails: kNotFound, kDataLoss.
absl::StatusOr<ledger::VerifyKey> ReadVerifierKey(const std::string& path);

// Fails: kFailedPrecondition when a process has the store open; kNotFound when there is none.
absl::Status CheckNotOpen(const std::string& store_path);

// Where the store is in a data directory.
std::string StorePath(const std::string& data_directory);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_VERIFICATION_H_
