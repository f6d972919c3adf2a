// SPDX-License-Identifier: Apache-2.0
// How a CachedTable gets, writes, keeps and shows its rows. Part of cached_table.h, which is what
// to include.
#ifndef PUHUI_LEDGER_ENGINE_CACHED_TABLE_ROWS_H_
#define PUHUI_LEDGER_ENGINE_CACHED_TABLE_ROWS_H_

#include "ledger/engine/cached_table.h"

namespace puhui::ledger {

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
std::size_t CachedTable<K, V>::Keep() {
  for (Row* row : changed_) rows_.Weigh(*row);
  changed_.clear();
  return rows_.bytes();
}

template <class K, class V>
std::size_t CachedTable<K, V>::CountRows() const {
  std::size_t rows = 0;
  rows_.Visit([&rows](const Row& row) {
    if (row.value.has_value()) ++rows;
    return true;
  });
  return rows;
}

template <class K, class V>
std::vector<std::string> CachedTable<K, V>::SomeKeys(std::size_t count) const {
  std::vector<std::string> keys;
  rows_.Visit([&](const Row& row) {
    keys.push_back(EncodeKey(table_.id, row.key));
    return keys.size() < count;
  });
  return keys;
}

template <class K, class V>
absl::optional<std::string> CachedTable<K, V>::Encoded(absl::string_view key) const {
  K wanted{};
  if (!DecodeKey(table_.id, key, &wanted).ok()) return absl::nullopt;
  if (EncodeKey(table_.id, wanted) != key) return absl::nullopt;  // Nobody wrote that.
  const Row* const row = rows_.Peek(wanted);
  if (row == nullptr || !row->value.has_value()) return absl::nullopt;
  return EncodeValue(*row->value);
}

template <class K, class V>
void CachedTable<K, V>::EachChanged(
    std::uint64_t retired,
    absl::FunctionRef<void(std::string, absl::optional<std::string>)> show) const {
  rows_.Visit([&](const Row& row) {
    if (row.group <= retired) return true;
    absl::optional<std::string> value;
    if (row.value.has_value()) value = EncodeValue(*row.value);
    show(EncodeKey(table_.id, row.key), std::move(value));
    return true;
  });
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

#endif  // PUHUI_LEDGER_ENGINE_CACHED_TABLE_ROWS_H_
