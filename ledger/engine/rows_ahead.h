// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_ROWS_AHEAD_H_
#define PUHUI_LEDGER_ENGINE_ROWS_AHEAD_H_

#include "absl/types/optional.h"

#include <cstdint>
#include <vector>

namespace puhui::ledger {

// Rows of a CachedTable that another thread has read for the writer.
template <class K, class V>
struct RowsAhead {
  std::uint64_t group = 0;  // They are as of this group, or a later one.
  std::vector<K> keys{};
  std::vector<absl::optional<V>> rows{};  // In the order of `keys`.
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_ROWS_AHEAD_H_
