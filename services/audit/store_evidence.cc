// SPDX-License-Identifier: Apache-2.0
#include "services/audit/store_evidence.h"

#include "ledger/journal/journal_reader.h"

namespace puhui::services {

absl::Status StoreEvidence::ReadSegments(
    Sequence from, absl::FunctionRef<absl::StatusOr<bool>(absl::string_view)> visit) const {
  return ledger::ReadSegments(*store_, from, visit);
}

absl::StatusOr<std::string> StoreEvidence::ReadRecord(Sequence sequence) const {
  return ledger::ReadRecord(*store_, sequence);
}

absl::StatusOr<ledger::Hash> StoreEvidence::RootAt(std::uint64_t size) const {
  return prover_.Root(*store_, head_, size);
}

absl::StatusOr<std::vector<ledger::Hash>> StoreEvidence::InclusionPath(const ledger::TreeLeaf& leaf,
                                                                       std::uint64_t size) const {
  return prover_.Inclusion(*store_, head_, leaf, size);
}

absl::StatusOr<std::vector<ledger::Hash>> StoreEvidence::ConsistencyPath(
    std::uint64_t first, std::uint64_t second) const {
  return prover_.Consistency(*store_, head_, first, second);
}

}  // namespace puhui::services
