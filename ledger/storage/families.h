// SPDX-License-Identifier: Apache-2.0
// What the two stores agree on about families and their callers' duties.
#ifndef PUHUI_LEDGER_STORAGE_FAMILIES_H_
#define PUHUI_LEDGER_STORAGE_FAMILIES_H_

#include "ledger/base/check.h"
#include "ledger/storage/store.h"

#include "absl/types/span.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <string>

namespace puhui::ledger {

inline constexpr std::size_t IndexOf(Family family) { return static_cast<std::size_t>(family); }

inline constexpr std::array<Family, kFamilies> kAllFamilies = {Family::kJournal, Family::kVault,
                                                               Family::kState,   Family::kIndex,
                                                               Family::kTiles,   Family::kMeta};

// Names on disk, in the order of kAllFamilies. Never changed.
inline constexpr std::array<const char*, kFamilies> kFamilyNames = {"journal", "vault", "state",
                                                                    "index",   "tiles", "meta"};

// Whether the family is a fold of the journal, which can be thrown away.
inline constexpr bool IsView(Family family) {
  return family != Family::kJournal && family != Family::kVault;
}

// A commit goes through the log or not at all: journal and vault with kSynced, views with kView.
inline void CheckFamilies(const WriteBatch& batch, Durability durability) {
  const bool views = durability == Durability::kView;
  for (const WriteBatch::Change& change : batch.changes()) {
    PUHUI_CHECK(IsView(change.family) == views);
  }
}

inline bool SortedAndDistinct(absl::Span<const std::string> keys) {
  return std::adjacent_find(keys.begin(), keys.end(), std::greater_equal<>()) == keys.end();
}

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_FAMILIES_H_
