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

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

// The writer's view of one table: what is durable plus everything decided but not yet durable,
// decoded.
//
// Appliers change rows here at once, so the next decision sees them. Changed rows stay until their
// group is durable and in the store; the others may be dropped when the table is above its bound.
// Threads: the writer's alone, but for ReadAhead. Readers use the store. Owns: the decoded rows.
// Borrows: the set, which must outlive it.
template <class K, class V>
class CachedTable final : public TableSet::Member {
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

  std::size_t cached_rows() const { return rows_.size(); }

 private:
  using Row = typename RowCache<K, V>::Row;

  Row& Load(const K& key);
  Row& Locate(const K& key);
  void Decode(const std::string& bytes, Row& row);
  void Touch(Row& row);
  void Collect(WriteBatch* views, WriteBatch* vault) override;
  absl::Status CheckVault(const Readable& store) const override;

  TableSet* set_;
  const TypedTable<K, V> table_;
  RowCache<K, V> rows_;
  std::vector<Row*> changed_;  // In this group.
};

// ---- Implementation ----

template <class K, class V>
typename CachedTable<K, V>::Row& CachedTable<K, V>::Load(const K& key) {
  if (Row* known = rows_.Find(key); known != nullptr) return *known;
  const absl::optional<std::string> bytes = set_->Read(table_, EncodeKey(table_.id, key));
  Row& row = rows_.Insert(key, set_->retired());
  if (bytes.has_value()) Decode(*bytes, row);
  return row;
}

template <class K, class V>
typename CachedTable<K, V>::Row& CachedTable<K, V>::Locate(const K& key) {
  Row* known = rows_.Find(key);
  return known != nullptr ? *known : rows_.Insert(key, set_->retired());
}

template <class K, class V>
void CachedTable<K, V>::Decode(const std::string& bytes, Row& row) {
  row.value.emplace();
  if (absl::Status decoded = DecodeValue(bytes, &*row.value); !decoded.ok()) {
    set_->Unreadable(table_, EncodeKey(table_.id, row.key), decoded);
  }
  rows_.Weigh(row);
}

template <class K, class V>
void CachedTable<K, V>::Touch(Row& row) {
  if (row.group == set_->group()) return;
  row.group = set_->group();
  changed_.push_back(&row);
}

template <class K, class V>
void CachedTable<K, V>::Prefetch(std::vector<K> keys) {
  std::vector<std::pair<std::string, K>> missing;
  for (K& key : keys) {
    if (!rows_.Contains(key)) missing.emplace_back(EncodeKey(table_.id, key), std::move(key));
  }
  if (missing.empty()) return;
  std::sort(missing.begin(), missing.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> encoded;
  encoded.reserve(missing.size());
  for (const auto& [bytes, key] : missing) encoded.push_back(bytes);
  const std::vector<absl::optional<std::string>> found = set_->ReadAll(table_, encoded);
  for (std::size_t i = 0; i < found.size(); ++i) {
    Row& row = rows_.Insert(missing[i].second, set_->retired());
    if (found[i].has_value()) Decode(*found[i], row);
  }
}

template <class K, class V>
absl::StatusOr<RowsAhead<K, V>> CachedTable<K, V>::ReadAhead(std::vector<K> keys) const {
  RowsAhead<K, V> ahead{.group = set_->retired()};  // Before the reading.
  PUHUI_ASSIGN_OR_RETURN(ahead.rows, FindAll(set_->store(), table_, absl::Span<const K>(keys)));
  ahead.keys = std::move(keys);
  return ahead;
}

template <class K, class V>
void CachedTable<K, V>::Adopt(RowsAhead<K, V> ahead) {
  for (std::size_t i = 0; i < ahead.keys.size(); ++i) {
    if (rows_.dropped_group() > ahead.group) return;  // Taking one in may drop another.
    if (rows_.Contains(ahead.keys[i])) continue;
    Row& row = rows_.Insert(ahead.keys[i], set_->retired());
    row.value = std::move(ahead.rows[i]);
    rows_.Weigh(row);
  }
}

template <class K, class V>
void CachedTable<K, V>::Collect(WriteBatch* views, WriteBatch* vault) {
  WriteBatch* const batch = table_.family == Family::kVault ? vault : views;
  for (Row* row : changed_) {
    std::string key = EncodeKey(table_.id, row->key);
    if (row->value.has_value()) {
      batch->Put(table_.family, std::move(key), EncodeValue(*row->value));
    } else {
      batch->Delete(table_.family, std::move(key));
    }
    rows_.Weigh(*row);
  }
  changed_.clear();
}

template <class K, class V>
absl::Status CachedTable<K, V>::CheckVault(const Readable& store) const {
  if (table_.family != Family::kVault) return absl::OkStatus();
  const auto go_on = [](const K& /*key*/, const V& /*value*/) {
    return absl::StatusOr<bool>(true);
  };
  return Scan(store, table_, {.fill_cache = false}, go_on);
}

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_CACHED_TABLE_H_
