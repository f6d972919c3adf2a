// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_ROW_CACHE_H_
#define PUHUI_LEDGER_ENGINE_ROW_CACHE_H_

#include "absl/container/flat_hash_map.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace puhui::ledger {

// Decoded rows, dropped when they are above a bound in bytes: the oldest first, but one that was
// used since it was last looked at gets a second chance. (A strict order of use would touch two
// more rows, cold ones, at each look-up.) Rows that a group changed stay until that group has been
// retired. Threads: none.
template <class K, class V>
class RowCache {
 public:
  struct Row {
    K key;
    absl::optional<V> value;
    std::uint64_t group = 0;  // The last group that changed it.
    std::size_t bytes = 0;
    bool used = false;
    Row* newer = nullptr;
    Row* older = nullptr;
  };

  explicit RowCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // The row, which counts as used, or nullptr.
  Row* Find(const K& key) {
    const auto at = rows_.find(key);
    if (at == rows_.end()) return nullptr;
    at->second->used = true;
    return at->second.get();
  }
  bool Contains(const K& key) const { return rows_.contains(key); }
  // The row, which does not count as used, or nullptr.
  const Row* Peek(const K& key) const {
    const auto at = rows_.find(key);
    return at == rows_.end() ? nullptr : at->second.get();
  }
  // Bring into the processor's caches where the row would be; when that is there, the row; when
  // that is there, what it holds elsewhere.
  void PrefetchPlace(const K& key) const { rows_.prefetch(key); }
  void PrefetchRow(const K& key) const {
    constexpr std::size_t kLineBytes = 64;
    const Row* const row = Peek(key);
    if (row == nullptr) return;
    for (std::size_t at = 0; at < sizeof(Row); at += kLineBytes) {
      __builtin_prefetch(reinterpret_cast<const char*>(row) + at);
    }
  }
  // In no order, until `visit` says false.
  template <class Do>
  void Visit(Do visit) const {
    for (const auto& [key, row] : rows_) {
      if (!visit(*row)) return;
    }
  }

  // A new, absent row. Drops others to make room; rows of groups after `retired` are pinned.
  // Requires: the key is not here.
  Row& Insert(const K& key, std::uint64_t retired) {
    Evict(retired);
    auto owned = std::make_unique<Row>();
    Row& row = *owned;
    row.key = key;
    rows_.emplace(key, std::move(owned));
    LinkNewest(row);
    Weigh(row);
    return row;
  }

  // Counts the row's memory again, after its value changed.
  void Weigh(Row& row) {
    // The map's slot, the allocation's header and the row itself.
    std::size_t bytes = sizeof(Row) + sizeof(K) + 3 * sizeof(void*);
    if (row.value.has_value()) bytes += HeapBytes(*row.value);
    bytes_ = bytes_ - row.bytes + bytes;
    row.bytes = bytes;
  }

  void Clear() {
    for (const auto& [key, row] : rows_) dropped_group_ = std::max(dropped_group_, row->group);
    rows_ = {};
    newest_ = oldest_ = nullptr;
    bytes_ = 0;
  }

  std::size_t size() const { return rows_.size(); }
  std::size_t bytes() const { return bytes_; }
  // The last group that changed a row that has been dropped.
  std::uint64_t dropped_group() const { return dropped_group_; }

 private:
  // What a value holds beyond its own size; values with a lot of it say so.
  static std::size_t HeapBytes(const V& value) {
    if constexpr (requires { value.HeapBytes(); }) {
      return value.HeapBytes();
    } else {
      return 0;
    }
  }

  void Unlink(Row& row) {
    (row.newer != nullptr ? row.newer->older : newest_) = row.older;
    (row.older != nullptr ? row.older->newer : oldest_) = row.newer;
  }

  void LinkNewest(Row& row) {
    row.older = newest_;
    row.newer = nullptr;
    (newest_ != nullptr ? newest_->newer : oldest_) = &row;
    newest_ = &row;
  }

  // Pinned and used rows are passed over, a bounded number of them at a time: of the pinned ones
  // two, which is more than come, because a group that changes many rows would look at many of them
  // for each.
  void Evict(std::uint64_t retired) {
    constexpr int kUsedPassedOverMax = 32;
    constexpr int kPinnedPassedOverMax = 2;
    // All rows that were changed are pinned, and those that were only read are few.
    if (retired == 0) return;
    int used = 0;
    int pinned = 0;
    while (bytes_ > bytes_max_ && oldest_ != nullptr && used < kUsedPassedOverMax &&
           pinned < kPinnedPassedOverMax) {
      Row& victim = *oldest_;
      Unlink(victim);
      if (victim.group > retired) {
        LinkNewest(victim);
        ++pinned;
      } else if (std::exchange(victim.used, false)) {
        LinkNewest(victim);
        ++used;
      } else {
        bytes_ -= victim.bytes;
        dropped_group_ = std::max(dropped_group_, victim.group);
        const K key = victim.key;
        rows_.erase(key);
      }
    }
  }

  const std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_group_ = 0;
  absl::flat_hash_map<K, std::unique_ptr<Row>> rows_;
  Row* newest_ = nullptr;
  Row* oldest_ = nullptr;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_ROW_CACHE_H_
