// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_STORE_EVIDENCE_H_
#define PUHUI_SERVICES_AUDIT_STORE_EVIDENCE_H_

#include "audit/bundle/bundle_export.h"
#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/prover.h"
#include "ledger/storage/store.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

// What a bundle is made from, at one moment of the ledger's store.
// Threads: none. Owns: the moment. Borrows: the prover, which makes do without damaged tiles.
class StoreEvidence final : public audit::JournalEvidence {
 public:
  // Requires: `head` is signed, and the moment has its records.
  StoreEvidence(std::unique_ptr<ledger::Readable> store, ledger::Prover* prover,
                const ledger::TreeHead& head)
      : store_(std::move(store)), prover_(*prover), head_(head) {}

  absl::Status ReadSegments(
      Sequence from,
      absl::FunctionRef<absl::StatusOr<bool>(absl::string_view segment)> visit) const override;
  absl::StatusOr<std::string> ReadRecord(Sequence sequence) const override;
  absl::StatusOr<ledger::Hash> RootAt(std::uint64_t size) const override;
  absl::StatusOr<std::vector<ledger::Hash>> InclusionPath(const ledger::TreeLeaf& leaf,
                                                          std::uint64_t size) const override;
  absl::StatusOr<std::vector<ledger::Hash>> ConsistencyPath(std::uint64_t first,
                                                            std::uint64_t second) const override;

 private:
  const std::unique_ptr<ledger::Readable> store_;
  ledger::Prover& prover_;
  const ledger::TreeHead head_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_STORE_EVIDENCE_H_
