// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_CACHED_TABLE_H_
#define PUHUI_LEDGER_ENGINE_CACHED_TABLE_H_

#include "ledger/base/status_macros.h"
#include "ledger/engine/row_cache.h"
#include "ledger/engine/rows_ahead.h"
#include "ledger/engine/table_set.h"
#include "ledger/storage/codec.h"
#include "ledger/storage/store.h"
#include "ledger/storage/tables.h"
#include "ledger/storage/typed_reads.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

// The writer's view of one table: what is durable plus everything decided but not yet durable,
// decoded.
//
// Appliers change rows here at once, so the next decision sees them. Changed rows stay until their
// group is durable and in the store; the others may be dropped when the table is above its bound.
// Threads: the writer's alone, but for ReadAhead, and for const functions while nobody changes it.
// Readers use the store. Owns: the decoded rows.
// Borrows: the set, which must outlive it.
template <class K, class V>
class CachedTable final : public TableSet::Member {
  using Row = typename RowCache<K, V>::Row;

 public:
  // `bytes_max` bounds the memory of the rows that may be dropped.
  CachedTable(TableSet* set, const TypedTable<K, V>& table, std::size_t bytes_max)
      : set_(set), table_(table), rows_(bytes_max) {
    set_->Add(this);
  }

  // The row, or nullptr. Good until the next call on this table.
  const V* Find(const K& key) {
    Row& row = Load(key);
    return row.value.has_value() ? &*row.value : nullptr;
  }

  // Appliers only. The row to change in place, default-constructed when it did not exist.
  V& Edit(const K& key) {
    Row& row = Load(key);
    if (!row.value.has_value()) row.value.emplace();
    Touch(row);
    return *row.value;
  }

  // Appliers only. Sets the row whatever it was, without reading the store.
  void Put(const K& key, V value) {
    Row& row = Locate(key);
    row.value = std::move(value);
    Touch(row);
  }

  // Appliers only.
  void Erase(const K& key) {
    Row& row = Locate(key);
    row.value.reset();
    Touch(row);
  }

  // Reads the rows of `keys` that are not here in one go. Requires: `keys` are distinct.
  void Prefetch(std::vector<K> keys);

  // Reads rows that the writer will want, whether they are here or not. Requires: `keys` are sorted
  // as they are stored, and distinct. Fails: as FindAll. Threads: any.
  absl::StatusOr<RowsAhead<K, V>> ReadAhead(std::vector<K> keys) const;
  // Takes in those of the rows that are not here, and no more of them once one may have been
  // changed and dropped since they were read.
  void Adopt(RowsAhead<K, V> ahead);

  // The row when it is here, or nullptr; reads nothing.
  const V* Peek(const K& key) const {
    const Row* const row = rows_.Peek(key);
    return row != nullptr && row->value.has_value() ? &*row->value : nullptr;
  }
  // Brings the row, when it is here, into the processor's caches: first its place, then itself.
  void Expect(const K& key, Coming coming) const {
    coming == Coming::kSoon ? rows_.PrefetchPlace(key) : rows_.PrefetchRow(key);
  }

  std::size_t cached_rows() const { return rows_.size(); }

  const TableSpec& spec() const override { return table_; }
  std::size_t CountRows() const override;
  std::vector<std::string> SomeKeys(std::size_t count) const override;
  absl::optional<std::string> Encoded(absl::string_view key) const override;
  void ExpectEncoded(absl::string_view key, Coming coming) const override {
    K wanted{};
    if (DecodeKey(table_.id, key, &wanted).ok()) Expect(wanted, coming);
  }
  void EachChanged(
      std::uint64_t retired,
      absl::FunctionRef<void(std::string, absl::optional<std::string>)> show) const override;

 private:
  Row& Load(const K& key);
  Row& Locate(const K& key);
  void Decode(const std::string& bytes, Row& row);
  void Touch(Row& row);
  void Collect(WriteBatch* views, WriteBatch* vault) override;
  std::size_t Keep() override;
  void Drop() override { rows_.Clear(); }
  absl::Status CheckVault(const Readable& store) const override;

  TableSet* set_;
  const TypedTable<K, V> table_;
  RowCache<K, V> rows_;
  std::vector<Row*> changed_;  // In this group.
};

}  // namespace puhui::ledger

#include "ledger/engine/cached_table_rows.h"  // IWYU pragma: export

#endif  // PUHUI_LEDGER_ENGINE_CACHED_TABLE_H_
