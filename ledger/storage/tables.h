// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_STORAGE_TABLES_H_
#define PUHUI_LEDGER_STORAGE_TABLES_H_

#include "ledger/storage/store.h"

#include <cstdint>

namespace puhui::ledger {

// The first byte of every key but the journal's own: the allocation table. A number belongs to one
// table for ever and is never used again after its table is gone, so old bytes can never be read as
// something else.
enum class Table : std::uint8_t {
  kApplied = 0x01,  // kMeta: the last sequence whose effects are in the views.
};

// Where a table lives. `name` appears in error texts.
struct TableSpec {
  Table id;
  Family family;
  const char* name;
};

// A table whose keys are K and whose values are V, both as of codec.h. Declared once, beside the
// code that owns it:
//   inline constexpr TypedTable<LotKey, LotRow> kLots{Table::kLots, Family::kState, "lots"};
template <class K, class V>
struct TypedTable : TableSpec {
  using Key = K;
  using Value = V;
  constexpr TypedTable(Table table, Family in, const char* called) : TableSpec{table, in, called} {}
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_TABLES_H_
