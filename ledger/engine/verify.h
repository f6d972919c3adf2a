// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_VERIFY_H_
#define PUHUI_LEDGER_ENGINE_VERIFY_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/fold.h"
#include "ledger/engine/recovery.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace puhui::ledger {

// A row of a view that is not what the journal says.
struct VerifyDifference {
  std::string family;
  std::uint8_t table = 0;  // Of the allocation table; of a tile its level.
  std::string key;         // In hex, its beginning.
  Sequence sequence = 0;   // The record that the views stood at.
};

// What a verification looked at, and what did not fit.
struct VerifyReport {
  static constexpr std::size_t kFindingsMax = 100;

  bool ok() const { return finding_count == 0; }
  void Add(std::string finding);

  std::vector<std::string> findings;  // The first kFindingsMax; each names a sequence or a key.
  std::vector<VerifyDifference> differences;  // Those of them that are rows.
  std::uint64_t finding_count = 0;
  std::uint64_t records = 0;        // Re-hashed and folded again.
  std::uint64_t entries = 0;        // Found to balance, with every account within its bound.
  std::uint64_t wallets = 0;        // Whose lots were added up.
  std::uint64_t rows_compared = 0;  // Of the views, with the rebuilt ones.
  Hash root{};
};

struct VerifyRequest {
  // Makes the appliers over a scratch store.
  std::function<std::unique_ptr<Fold>(Store* scratch)> make_fold;
  Store* scratch = nullptr;  // Empty.
  // While the rebuilt rows take no more memory than this they stay there and are compared there;
  // otherwise they go to the scratch store.
  std::size_t kept_bytes_max = 0;
  Promises promises{};
  // Called now and then with the records done and the records in all; may be empty.
  std::function<void(std::uint64_t, std::uint64_t)> progress{};
  // Called after each piece of work with the records and rows in it; may wait, so that others get
  // the disk, and ends the verification with what it fails with; may be empty: as fast as it goes.
  std::function<absl::Status(std::uint64_t)> pace{};
};

// The complete self-check, on one moment of a store: hashes every record again, folds them into
// fresh views with the same code, compares those with the stored ones row by row, adds up every
// wallet, campaign and origin, and holds the root against what was promised. Invariants 1 to 8 of
// docs/domain.md. Reads the journal and the views; changes nothing but the scratch store. Fails:
// kUnavailable when the store or the scratch store cannot be read or written; as `pace`; what is
// damaged is a finding.
absl::StatusOr<VerifyReport> Verify(const Readable& stored, const VerifyRequest& request);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_VERIFY_H_
