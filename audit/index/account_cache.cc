// SPDX-License-Identifier: Apache-2.0
#include "audit/index/account_cache.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/match.h"

#include <algorithm>
#include <utility>

namespace puhui::audit {

void AddPoints(UnionNumber origin, std::int64_t points, HeldByOrigin* held) {
  auto* const found = std::find_if(held->begin(), held->end(), [origin](const OriginBalance& one) {
    return one.origin == origin;
  });
  if (found == held->end()) {
    if (points != 0) held->push_back({.origin = origin, .points = points});
    return;
  }
  found->points += points;
  if (found->points == 0) held->erase(found);
}

absl::StatusOr<HeldByOrigin> LastHeld(const AccountName& account, ledger::Cursor& cursor) {
  const AccountRowName name = RowNameOf(account);
  cursor.SeekBackward(
      ledger::EncodeKey(kMovementsTable.id, MovementsKey{.account = name, .first = UINT64_MAX}));
  HeldByOrigin held;
  if (!cursor.Valid()) {
    PUHUI_RETURN_IF_ERROR(cursor.status());
    return held;
  }
  const std::string prefix = ledger::EncodeKeyPrefix(kMovementsTable.id, name);
  if (!absl::StartsWith(cursor.key(), prefix)) return held;
  PUHUI_ASSIGN_OR_RETURN(const MovementsRow row,
                         ledger::DecodeRow<MovementsRow>(kMovementsTable, cursor.value()));
  held.assign(row.before.begin(), row.before.end());
  for (const StoredMovement& movement : row.movements) {
    AddPoints(movement.origin, movement.points, &held);
  }
  return held;
}

absl::StatusOr<HeldByOrigin*> AccountCache::Find(const AccountName& account,
                                                 ledger::Cursor& cursor) {
  const auto known = accounts_.find(account);
  if (known != accounts_.end()) return &known->second;
  HeldByOrigin held;
  if (!complete_) {
    PUHUI_ASSIGN_OR_RETURN(held, LastHeld(account, cursor));
  }
  return &(accounts_[account] = std::move(held));
}

void AccountCache::Trim() {
  if (accounts_.size() <= kIndexAccountsCachedMax) return;
  accounts_.clear();
  complete_ = false;
}

}  // namespace puhui::audit
