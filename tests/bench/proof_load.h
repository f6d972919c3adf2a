// SPDX-License-Identifier: Apache-2.0
// Proofs as an auditor asks for them: of one record after another, anywhere in the journal.
#ifndef PUHUI_TESTS_BENCH_PROOF_LOAD_H_
#define PUHUI_TESTS_BENCH_PROOF_LOAD_H_

#include "absl/status/statusor.h"
#include <grpcpp/channel.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace puhui::bench {

struct ProofReport {
  std::uint64_t records = 0;  // Of the journal when the last was asked for.
  std::size_t proofs = 0;
  double p50_us = 0;  // From the call to the answer.
  double p99_us = 0;
  std::size_t hashes_max = 0;  // Of the longest path.

  // One line of JSON.
  std::string ToJson() const;
};

// Asks for `proofs` proofs of inclusion, each when the one before has come.
// Fails: as the call; kDataLoss when a path has not as many hashes as the tree's shape asks for;
// kFailedPrecondition before the first checkpoint.
absl::StatusOr<ProofReport> AskForProofs(const std::shared_ptr<grpc::Channel>& channel,
                                         std::size_t proofs);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_PROOF_LOAD_H_
