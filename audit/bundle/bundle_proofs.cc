// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_proofs.h"

#include "audit/bundle/misfit.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

#include <utility>

namespace puhui::audit {

absl::StatusOr<ledger::Checkpoint> ParseCheckpointOf(absl::Span<const ledger::VerifyKey> keys,
                                                     absl::string_view note) {
  absl::StatusOr<ledger::Checkpoint> parsed = Misfit("there is no key to check it with");
  for (const ledger::VerifyKey& key : keys) {
    parsed = ledger::ParseCheckpoint(note, key);
    if (parsed.ok()) break;
  }
  return parsed;
}

absl::Status BundleProofs::TakeCheckpoint(absl::string_view payload, const BundleHeader& header) {
  if (checkpoints_.size() == kBundleCheckpointsMax) return Misfit("too many checkpoints");
  PUHUI_ASSIGN_OR_RETURN(ledger::Checkpoint parsed, ParseCheckpointOf(keys_, payload));
  if (!checkpoints_.empty() &&
      (checkpoints_.back().origin != parsed.origin || checkpoints_.back().size >= parsed.size)) {
    return Misfit("a checkpoint that does not go on from the last one");
  }
  PUHUI_RETURN_IF_ERROR(witnesses_.Look(payload, parsed, header.last));
  checkpoints_.push_back(std::move(parsed));
  return absl::OkStatus();
}

// From before the range to its end, from there to the last checkpoint, then from each of the others
// to that.
absl::Status BundleProofs::TakeConsistency(absl::string_view payload, const BundleHeader& header) {
  if (checkpoints_.empty()) return Misfit("a proof without a checkpoint");
  PUHUI_ASSIGN_OR_RETURN(const ConsistencyFrame frame, DecodeConsistency(payload));
  const ledger::TreeHead before{header.first - 1, header.root_before};
  const ledger::TreeHead after{header.last, header.root_after};
  const std::size_t number = consistencies_++;
  if (number > checkpoints_.size()) return Misfit("too many proofs");
  ledger::TreeHead first = number == 0 ? before : after;
  const ledger::TreeHead second = number == 0 ? after : head();
  if (number >= 2) first = {checkpoints_[number - 2].size, checkpoints_[number - 2].root};
  if (frame.first != first.size || frame.second != second.size) {
    return Misfit("a proof of other trees than are wanted");
  }
  if (first.size > second.size) return Misfit("the checkpoint does not cover the records");
  if (first.size == 0) {
    const bool empty = frame.path.empty() && first.root == ledger::EmptyRoot();
    return empty ? absl::OkStatus() : Misfit("the empty tree has another root");
  }
  if (ledger::VerifyConsistency(first, second, frame.path)) return absl::OkStatus();
  return Misfit("the proof of consistency does not hold");
}

absl::Status BundleProofs::CheckComplete() const {
  if (consistencies_ != checkpoints_.size() + 1 || checkpoints_.empty()) {
    return Misfit("a proof of consistency is missing");
  }
  return witnesses_.CheckQuorum();
}

ledger::TreeHead BundleProofs::head() const {
  PUHUI_CHECK(!checkpoints_.empty());
  return {checkpoints_.back().size, checkpoints_.back().root};
}

bool BundleProofs::Holds(const EarlierRecord& record) const {
  const ledger::TreeHead tree = head();
  return ledger::VerifyInclusion(ledger::LeafHash(record.bytes), record.sequence - 1, tree.size,
                                 record.path, tree.root);
}

void BundleProofs::Report(BundleReport* report) const {
  if (!checkpoints_.empty()) report->checkpoint = checkpoints_.back();
  report->checkpoints = checkpoints_.size();
  report->proofs += consistencies_;
  report->cosignatures = witnesses_.found();
}

}  // namespace puhui::audit
