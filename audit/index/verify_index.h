// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_VERIFY_INDEX_H_
#define PUHUI_AUDIT_INDEX_VERIFY_INDEX_H_

#include "audit/index/index_report.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstdint>
#include <functional>

namespace puhui::audit {

struct IndexVerification {
  const ledger::Readable* index = nullptr;    // A moment of it; null: there is none.
  const ledger::Readable* journal = nullptr;  // As far as the index, or farther.
  ledger::Store* scratch = nullptr;           // Empty.
  // Called after each step with the records that were folded, and those that are to be; may be
  // empty.
  std::function<void(std::uint64_t, std::uint64_t)> progress{};
  // As ledger::VerifyRequest::pace.
  std::function<absl::Status(std::uint64_t)> pace{};
};

// Builds the index again from the records that the stored one knows of, with the same code, and
// holds what the two say against each other: lists by what is in them, and sums at the records that
// the stored ones are of, because where rows begin depends on how it was followed; everything else
// row by row. Changes nothing but the scratch store.
// Fails: as the journal, the scratch store and the pace, kDataLoss when it is the journal that is
// damaged; kUnavailable when the index cannot be read now, or the scratch store is damaged. What is
// damaged of the index is reported.
absl::StatusOr<IndexReport> VerifyIndex(const IndexVerification& verification);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_VERIFY_INDEX_H_
