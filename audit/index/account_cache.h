// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_ACCOUNT_CACHE_H_
#define PUHUI_AUDIT_INDEX_ACCOUNT_CACHE_H_

#include "audit/core/filter.h"
#include "audit/index/index_rows.h"
#include "ledger/storage/store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"

namespace puhui::audit {

// Most accounts hold money of one origin.
using HeldByOrigin = absl::InlinedVector<OriginBalance, 1>;

// Adds `points`; an origin of which nothing is left goes.
void AddPoints(UnionNumber origin, std::int64_t points, HeldByOrigin* held);

// What an account holds after the last movement in the index.
// Requires: `cursor` walks Family::kIndex. Fails: as it; kDataLoss.
absl::StatusOr<HeldByOrigin> LastHeld(const AccountName& account, ledger::Cursor& cursor);

// What accounts hold, of those that moved lately: reading it from the index for each movement would
// take longer than all else. Threads: none.
class AccountCache {
 public:
  // Of an index without movements nothing is looked up before something was forgotten.
  explicit AccountCache(bool index_is_empty) : complete_(index_is_empty) {}

  // Until the next call. Fails: as LastHeld.
  absl::StatusOr<HeldByOrigin*> Find(const AccountName& account, ledger::Cursor& cursor);
  // Forgets them when there are too many, between two steps.
  void Trim();

 private:
  absl::flat_hash_map<AccountName, HeldByOrigin> accounts_;
  bool complete_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_ACCOUNT_CACHE_H_
