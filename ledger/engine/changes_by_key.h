// SPDX-License-Identifier: Apache-2.0
// The order in which rows lie in the store, of changes that are in memory.
#ifndef PUHUI_LEDGER_ENGINE_CHANGES_BY_KEY_H_
#define PUHUI_LEDGER_ENGINE_CHANGES_BY_KEY_H_

#include "ledger/storage/store.h"

#include <algorithm>
#include <concepts>
#include <tuple>
#include <type_traits>
#include <vector>

namespace puhui::ledger {

// By family, then by key. Sorting by it is to be stable: of two changes of one key the later
// counts.
inline bool KeyComesBefore(const WriteBatch::Change& a, const WriteBatch::Change& b) {
  return std::tie(a.family, a.key) < std::tie(b.family, b.key);
}

// The places of a batch's changes in that order, and those of one key as they were made. The batch,
// which may be that of a whole journal, stays as it is.
template <class Batch>
requires std::same_as<std::remove_const_t<Batch>, WriteBatch>
auto PlacesByKey(Batch& batch) {
  std::vector<decltype(batch.changes().data())> places;
  places.reserve(batch.changes().size());
  for (auto& change : batch.changes()) places.push_back(&change);
  std::stable_sort(places.begin(), places.end(),
                   [](const auto* a, const auto* b) { return KeyComesBefore(*a, *b); });
  return places;
}

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_CHANGES_BY_KEY_H_
