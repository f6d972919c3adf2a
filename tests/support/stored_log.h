// SPDX-License-Identifier: Apache-2.0
// A journal and its tiles in a store, as the writer leaves them, and what is wrong with them.
#ifndef PUHUI_TESTS_SUPPORT_STORED_LOG_H_
#define PUHUI_TESTS_SUPPORT_STORED_LOG_H_

#include "ledger/journal/checkpoint.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/segment.h"
#include "ledger/storage/memory_store.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

// The leaves that Certificate Transparency publishes with its reference of RFC 6962:
// transparency-dev/merkle, testonly/constants.go; in hexadecimal.
inline constexpr absl::string_view kReferenceLeaves[] = {"",
                                                         "00",
                                                         "10",
                                                         "2021",
                                                         "3031",
                                                         "40414243",
                                                         "5051525354555657",
                                                         "606162636465666768696a6b6c6d6e6f"};

// Threads: none. Owns: the store.
class StoredLog {
 public:
  using RecordAt = std::function<std::string(Sequence)>;
  static std::string PlainRecord(Sequence sequence) { return absl::StrCat("r", sequence); }

  // One segment.
  void Append(const std::vector<std::string>& records) {
    const Sequence first = tree_.size() + 1;
    const Hash root_before = tree_.Root();
    SegmentBuilder builder(0, 1, first);
    for (const std::string& record : records) {
      builder.Add(record);
      tree_.Append(LeafHash(record));
    }
    WriteBatch journal;
    journal.Put(Family::kJournal, SegmentKey(first), builder.Seal(root_before).bytes);
    ASSERT_OK(store_.Commit(journal, Durability::kSynced));
    WriteBatch tiles;
    for (Tile& tile : tree_.TakeCompletedTiles()) {
      tiles.Put(Family::kTiles, TileKey(tile.id), std::move(tile.bytes));
    }
    ASSERT_OK(store_.Commit(tiles, Durability::kView));
  }
  // Until there are `size`.
  void Grow(std::uint64_t size, const RecordAt& record_at = PlainRecord) {
    while (tree_.size() < size) {
      std::vector<std::string> records;
      for (Sequence next = tree_.size() + 1; next <= size && records.size() < 1'000; ++next) {
        records.push_back(record_at(next));
      }
      Append(records);
    }
  }
  void Put(const TileId& id, std::string bytes) {
    WriteBatch batch;
    batch.Put(Family::kTiles, TileKey(id), std::move(bytes));
    ASSERT_OK(store_.Commit(batch, Durability::kView));
  }
  void Remove(const TileId& id) {
    WriteBatch batch;
    batch.Delete(Family::kTiles, TileKey(id));
    ASSERT_OK(store_.Commit(batch, Durability::kView));
  }

  void DropFirstSegment() {
    WriteBatch batch;
    batch.Delete(Family::kJournal, SegmentKey(1));
    ASSERT_OK(store_.Commit(batch, Durability::kSynced));
  }

  TreeHead head() const { return {tree_.size(), tree_.Root()}; }
  // The head, signed under the name "k" by the key of the log "o".
  std::string Note(const SigningKey& key) const {
    return SignCheckpoint({.origin = "o",
                           .size = tree_.size(),
                           .root = tree_.Root(),
                           .time = absl::FromUnixSeconds(1)},
                          "k", key);
  }
  const MemoryStore& store() const { return store_; }

 private:
  MemoryStore store_;
  MerkleTree tree_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_TESTS_SUPPORT_STORED_LOG_H_
