// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_PROOF_PATH_H_
#define PUHUI_SERVICES_CLI_PROOF_PATH_H_

#include "ledger/crypto/hash.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <string>
#include <vector>

namespace puhui::services {

// The path of an answer of ProveInclusion or ProveConsistency.
// Fails: kDataLoss, when one of its hashes is none.
template <class Proof>
absl::StatusOr<std::vector<ledger::Hash>> PathOf(const Proof& proof) {
  std::vector<ledger::Hash> path;
  for (const std::string& hash : proof.path()) {
    if (hash.size() != sizeof(ledger::Hash)) {
      return absl::DataLossError("the service's proof has a hash that is none");
    }
    path.push_back(ledger::HashFromBytes(hash));
  }
  return path;
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_PROOF_PATH_H_
