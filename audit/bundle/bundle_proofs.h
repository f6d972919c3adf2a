// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_PROOFS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_PROOFS_H_

#include "audit/bundle/bundle_format.h"
#include "audit/bundle/bundle_witnesses.h"
#include "audit/bundle/verify_bundle.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/merkle.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <cstddef>
#include <vector>

namespace puhui::audit {

// What one of `keys` has signed. Fails: kDataLoss, as ParseCheckpoint (checkpoint.h) with the last
// of them.
absl::StatusOr<ledger::Checkpoint> ParseCheckpointOf(absl::Span<const ledger::VerifyKey> keys,
                                                     absl::string_view note);

// The checkpoints of a bundle, and that they go on from each other and from its header.
// Threads: none. Borrows: the keys.
class BundleProofs {
 public:
  BundleProofs(absl::Span<const ledger::VerifyKey> keys, const WitnessWish& wish)
      : keys_(keys), witnesses_(wish) {}

  // Fail, as all here: kDataLoss.
  absl::Status TakeCheckpoint(absl::string_view payload, const BundleHeader& header);
  absl::Status TakeConsistency(absl::string_view payload, const BundleHeader& header);
  // That all proofs were there, and enough witnesses.
  absl::Status CheckComplete() const;

  // Of the last checkpoint. Requires: there is one (checked).
  ledger::TreeHead head() const;
  const std::vector<ledger::Checkpoint>& checkpoints() const { return checkpoints_; }
  // That the record is in its tree.
  bool Holds(const EarlierRecord& record) const;
  void Report(BundleReport* report) const;

 private:
  const absl::Span<const ledger::VerifyKey> keys_;
  BundleWitnesses witnesses_;
  std::vector<ledger::Checkpoint> checkpoints_;
  std::size_t consistencies_ = 0;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_PROOFS_H_
