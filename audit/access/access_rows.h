// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_ACCESS_ACCESS_ROWS_H_
#define PUHUI_AUDIT_ACCESS_ACCESS_ROWS_H_

#include "ledger/storage/store.h"
#include "ledger/storage/tables.h"

#include <cstdint>

namespace puhui::audit {

// How much of the journal of reads is in the tiles of its Merkle tree.
struct TiledRow {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;  // Of the segments.

  template <class F>
  void Fields(F& f) {
    f(records, bytes);
  }
};

// One row, 0, in the store of that journal.
inline constexpr ledger::TypedTable<std::uint8_t, TiledRow> kTiledTable{
    ledger::Table::kAccessTiled, ledger::Family::kMeta, "access tiles"};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_ACCESS_ACCESS_ROWS_H_
