// SPDX-License-Identifier: Apache-2.0
// Rows instead of bytes: typed reads and writes of the tables of a store.
#ifndef PUHUI_LEDGER_STORAGE_TYPED_READS_H_
#define PUHUI_LEDGER_STORAGE_TYPED_READS_H_

#include "ledger/base/status_macros.h"
#include "ledger/storage/codec.h"
#include "ledger/storage/store.h"
#include "ledger/storage/tables.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

template <class K, class V>
struct Row {
  K key;
  V value;
};

// Which rows of a table a scan visits, and in which order.
struct Range {
  std::string prefix = {};  // Of EncodeKeyPrefix; empty: the whole table.
  std::string from = {};    // Of EncodeKey: where to begin; empty: at the end that `backward` says.
  bool after_from = false;  // Begin behind `from`, not with it: the next page.
  bool backward = false;    // From the largest key down.
  bool fill_cache = true;   // False: a scan that must not push hot blocks out.
};

// Puts `cursor` on the first row of `range`, whose prefix must not be empty.
void SeekToStart(const Range& range, Cursor& cursor);

template <class T>
absl::StatusOr<T> DecodeRow(const TableSpec& table, absl::string_view bytes) {
  T value{};
  if (absl::Status status = DecodeValue(bytes, &value); !status.ok()) {
    return absl::DataLossError(absl::StrCat("table ", table.name, ": ", status.message()));
  }
  return value;
}

// Fails: as Readable, and kDataLoss, naming the table, when the row cannot be decoded. So do all
// the reads below.
template <class K, class V>
absl::StatusOr<absl::optional<V>> Find(const Readable& from, const TypedTable<K, V>& table,
                                       const K& key) {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<std::string> bytes,
                         from.Get(table.family, EncodeKey(table.id, key)));
  if (!bytes.has_value()) return absl::optional<V>();
  PUHUI_ASSIGN_OR_RETURN(V value, DecodeRow<V>(table, *bytes));
  return absl::optional<V>(std::move(value));
}

// The answer has the order of `keys`. Requires: `keys` are sorted as they are stored, and distinct.
template <class K, class V>
absl::StatusOr<std::vector<absl::optional<V>>> FindAll(const Readable& from,
                                                       const TypedTable<K, V>& table,
                                                       absl::Span<const K> keys) {
  std::vector<std::string> encoded;
  encoded.reserve(keys.size());
  for (const K& key : keys) encoded.push_back(EncodeKey(table.id, key));
  PUHUI_ASSIGN_OR_RETURN(const auto found, from.MultiGet(table.family, encoded));
  std::vector<absl::optional<V>> values(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i].has_value()) continue;
    PUHUI_ASSIGN_OR_RETURN(values[i], DecodeRow<V>(table, *found[i]));
  }
  return values;
}

// Calls `visit(const K&, V&)`, which returns absl::StatusOr<bool>, for every row of `range` until
// it says false.
template <class K, class V, class Visit>
absl::Status Scan(const Readable& from, const TypedTable<K, V>& table, Range range, Visit visit) {
  if (range.prefix.empty()) range.prefix = EncodeKeyPrefix(table.id);
  const std::unique_ptr<Cursor> cursor =
      from.NewCursor(table.family, range.fill_cache ? CursorUse::kLookUp : CursorUse::kScan);
  for (SeekToStart(range, *cursor); cursor->Valid();) {
    const absl::string_view key_bytes = cursor->key();
    if (key_bytes.substr(0, range.prefix.size()) != range.prefix) break;
    K key{};
    if (absl::Status status = DecodeKey(table.id, key_bytes, &key); !status.ok()) {
      return absl::DataLossError(absl::StrCat("table ", table.name, ": ", status.message()));
    }
    PUHUI_ASSIGN_OR_RETURN(V value, DecodeRow<V>(table, cursor->value()));
    PUHUI_ASSIGN_OR_RETURN(const bool more, visit(std::as_const(key), value));
    if (!more) return absl::OkStatus();
    if (range.backward)
      cursor->Prev();
    else
      cursor->Next();
  }
  return cursor->status();
}

// The first `limit` rows of `range`.
template <class K, class V>
absl::StatusOr<std::vector<Row<K, V>>> List(const Readable& from, const TypedTable<K, V>& table,
                                            Range range, std::size_t limit) {
  std::vector<Row<K, V>> rows;
  if (limit == 0) return rows;
  PUHUI_RETURN_IF_ERROR(
      Scan(from, table, std::move(range), [&](const K& key, V& value) -> absl::StatusOr<bool> {
        rows.push_back({key, std::move(value)});
        return rows.size() < limit;
      }));
  return rows;
}

template <class K, class V>
void PutRow(WriteBatch& batch, const TypedTable<K, V>& table, const K& key, const V& value) {
  batch.Put(table.family, EncodeKey(table.id, key), EncodeValue(value));
}

template <class K, class V>
void DeleteRow(WriteBatch& batch, const TypedTable<K, V>& table, const K& key) {
  batch.Delete(table.family, EncodeKey(table.id, key));
}

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_TYPED_READS_H_
