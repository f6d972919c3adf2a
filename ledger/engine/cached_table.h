// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_CACHED_TABLE_H_
#define PUHUI_LEDGER_ENGINE_CACHED_TABLE_H_

#include "ledger/base/check.h"
#include "ledger/engine/table_set.h"
#include "ledger/storage/codec.h"
#include "ledger/storage/store.h"
#include "ledger/storage/tables.h"

#include "absl/container/flat_hash_map.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::ledger {

// The writer's view of one table: what is durable plus everything decided but not yet durable,
// decoded.
//
// Appliers change rows here at once, so the next decision sees them. Changed rows stay pinned until
// their group is durable and in the store; unpinned rows are dropped, least recently used first,
// when the table is above its bound. Threads: the writer's alone. Readers use the store. Owns: the
// decoded rows. Borrows: the set, which must outlive it.
template <class K, class V>
class CachedTable final : public TableSet::Member {
 public:
  // `bytes_max` bounds the memory of unpinned rows.
  CachedTable(TableSet* set, const TypedTable<K, V>& table, std::size_t bytes_max)
      : set_(set), table_(table), bytes_max_(bytes_max) {
    set_->Add(this);
  }

  // The row, or nullptr. Good until the next call on this table.
  const V* Find(const K& key) {
    Entry& entry = Load(key);
    return entry.value.has_value() ? &*entry.value : nullptr;
  }

  // Appliers only. The row to change in place, default-constructed when it did not exist.
  V& Edit(const K& key) {
    Entry& entry = Load(key);
    if (!entry.value.has_value()) entry.value.emplace();
    Touch(entry);
    return *entry.value;
  }

  // Appliers only. Sets the row whatever it was, without reading the store.
  void Put(const K& key, V value) {
    Entry& entry = Locate(key);
    entry.value = std::move(value);
    Touch(entry);
  }

  // Appliers only.
  void Erase(const K& key) {
    Entry& entry = Locate(key);
    entry.value.reset();
    Touch(entry);
  }

  // Reads the rows of `keys` that are not here in one go. Requires: `keys` are distinct.
  void Prefetch(std::vector<K> keys);

  std::size_t cached_rows() const { return entries_.size(); }

 private:
  struct Entry {
    K key;
    absl::optional<V> value;
    std::uint64_t group = 0;  // The last group that changed it; pinned until that has been retired.
    std::size_t bytes = 0;
    Entry* newer = nullptr;
    Entry* older = nullptr;
  };

  Entry& Load(const K& key);
  Entry& Locate(const K& key);
  Entry& Insert(const K& key);
  void Touch(Entry& entry);
  void Unlink(Entry& entry);
  void LinkNewest(Entry& entry);
  void Evict();
  void Collect(WriteBatch* views, WriteBatch* vault) override;
  void Clear() override;

  TableSet* set_;
  const TypedTable<K, V> table_;
  const std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  absl::flat_hash_map<K, std::unique_ptr<Entry>> entries_;
  std::vector<Entry*> changed_;  // In this group.
  Entry* newest_ = nullptr;
  Entry* oldest_ = nullptr;
};

// A table that appliers only add to and deciders never read: rows go straight to the group's
// writes. Threads and ownership as CachedTable.
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

// ---- Implementation ----

namespace cached_table_internal {
template <class V>
std::size_t HeapBytes(const V& value) {
  if constexpr (requires { value.HeapBytes(); }) {
    return value.HeapBytes();
  } else {
    return 0;
  }
}
}  // namespace cached_table_internal

template <class K, class V>
typename CachedTable<K, V>::Entry& CachedTable<K, V>::Load(const K& key) {
  if (const auto at = entries_.find(key); at != entries_.end()) {
    Entry& entry = *at->second;
    if (newest_ != &entry) {
      Unlink(entry);
      LinkNewest(entry);
    }
    return entry;
  }
  const absl::optional<std::string> bytes = set_->Read(table_, EncodeKey(table_.id, key));
  Entry& entry = Insert(key);
  if (bytes.has_value()) {
    entry.value.emplace();
    set_->CheckDecoded(table_, DecodeValue(*bytes, &*entry.value));
    entry.bytes += cached_table_internal::HeapBytes(*entry.value);
    bytes_ += cached_table_internal::HeapBytes(*entry.value);
  }
  return entry;
}

template <class K, class V>
typename CachedTable<K, V>::Entry& CachedTable<K, V>::Locate(const K& key) {
  const auto at = entries_.find(key);
  return at != entries_.end() ? *at->second : Insert(key);
}

template <class K, class V>
typename CachedTable<K, V>::Entry& CachedTable<K, V>::Insert(const K& key) {
  Evict();
  auto owned = std::make_unique<Entry>();
  Entry& entry = *owned;
  entry.key = key;
  // The map's slot, the allocation's header and the entry itself.
  entry.bytes = sizeof(Entry) + sizeof(K) + 3 * sizeof(void*);
  bytes_ += entry.bytes;
  entries_.emplace(key, std::move(owned));
  LinkNewest(entry);
  return entry;
}

template <class K, class V>
void CachedTable<K, V>::Touch(Entry& entry) {
  if (entry.group == set_->group()) return;
  entry.group = set_->group();
  changed_.push_back(&entry);
}

template <class K, class V>
void CachedTable<K, V>::Unlink(Entry& entry) {
  (entry.newer != nullptr ? entry.newer->older : newest_) = entry.older;
  (entry.older != nullptr ? entry.older->newer : oldest_) = entry.newer;
}

template <class K, class V>
void CachedTable<K, V>::LinkNewest(Entry& entry) {
  entry.older = newest_;
  entry.newer = nullptr;
  (newest_ != nullptr ? newest_->newer : oldest_) = &entry;
  newest_ = &entry;
}

// Pinned rows are passed over, a bounded number of them; they are the newest anyway.
template <class K, class V>
void CachedTable<K, V>::Evict() {
  constexpr int kPassedOverMax = 8;
  int passed_over = 0;
  while (bytes_ > bytes_max_ && oldest_ != nullptr && passed_over < kPassedOverMax) {
    Entry& victim = *oldest_;
    Unlink(victim);
    if (victim.group > set_->retired()) {
      LinkNewest(victim);
      ++passed_over;
      continue;
    }
    bytes_ -= victim.bytes;
    const K key = victim.key;
    entries_.erase(key);
  }
}

template <class K, class V>
void CachedTable<K, V>::Prefetch(std::vector<K> keys) {
  std::vector<std::string> encoded;
  std::vector<std::pair<std::string, K>> missing;
  for (K& key : keys) {
    if (!entries_.contains(key)) missing.emplace_back(EncodeKey(table_.id, key), std::move(key));
  }
  if (missing.empty()) return;
  std::sort(missing.begin(), missing.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  encoded.reserve(missing.size());
  for (const auto& [bytes, key] : missing) encoded.push_back(bytes);
  const std::vector<absl::optional<std::string>> rows = set_->ReadAll(table_, encoded);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Entry& entry = Insert(missing[i].second);
    if (!rows[i].has_value()) continue;
    entry.value.emplace();
    set_->CheckDecoded(table_, DecodeValue(*rows[i], &*entry.value));
    entry.bytes += cached_table_internal::HeapBytes(*entry.value);
    bytes_ += cached_table_internal::HeapBytes(*entry.value);
  }
}

template <class K, class V>
void CachedTable<K, V>::Collect(WriteBatch* views, WriteBatch* vault) {
  WriteBatch* const batch = table_.family == Family::kVault ? vault : views;
  for (Entry* entry : changed_) {
    std::string key = EncodeKey(table_.id, entry->key);
    std::size_t heap_bytes = 0;
    if (entry->value.has_value()) {
      heap_bytes = cached_table_internal::HeapBytes(*entry->value);
      batch->Put(table_.family, std::move(key), EncodeValue(*entry->value));
    } else {
      batch->Delete(table_.family, std::move(key));
    }
    const std::size_t bytes = sizeof(Entry) + sizeof(K) + 3 * sizeof(void*) + heap_bytes;
    bytes_ = bytes_ - entry->bytes + bytes;
    entry->bytes = bytes;
  }
  changed_.clear();
}

template <class K, class V>
void CachedTable<K, V>::Clear() {
  entries_.clear();
  changed_.clear();
  newest_ = oldest_ = nullptr;
  bytes_ = 0;
}

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_CACHED_TABLE_H_
