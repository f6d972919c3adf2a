// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_INDEX_TABLE_H_
#define PUHUI_LEDGER_ENGINE_INDEX_TABLE_H_

#include "ledger/engine/table_set.h"
#include "ledger/storage/codec.h"
#include "ledger/storage/tables.h"

#include "absl/types/optional.h"

namespace puhui::ledger {

// A table that appliers only add to and deciders never read: rows go straight to the group's
// writes. Threads: the writer's alone. Borrows: the set.
template <class K, class V>
class IndexTable {
 public:
  IndexTable(TableSet* set, const TypedTable<K, V>& table) : set_(set), table_(table) {}
  void Put(const K& key, const V& value) {
    set_->Write(table_.family, EncodeKey(table_.id, key), EncodeValue(value));
  }
  void Erase(const K& key) { set_->Write(table_.family, EncodeKey(table_.id, key), absl::nullopt); }

 private:
  TableSet* set_;
  const TypedTable<K, V> table_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_INDEX_TABLE_H_
