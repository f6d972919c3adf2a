// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_LEDGER_JOURNAL_ARCHIVE_FIXTURE_H_
#define PUHUI_TESTS_UNIT_LEDGER_JOURNAL_ARCHIVE_FIXTURE_H_

#include "ledger/base/check.h"
#include "ledger/journal/archive_file.h"
#include "ledger/journal/archive_run.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/segment.h"
#include "ledger/journal/segment_archive.h"
#include "ledger/journal/tile.h"
#include "ledger/storage/archived_store.h"
#include "ledger/storage/memory_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

inline absl::Status NoWait(std::uint64_t /*records*/) { return absl::OkStatus(); }

inline std::string ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
inline void WriteBytes(const std::string& path, absl::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// A journal and its tiles as the writer leaves them, and the root after each record.
class WrittenJournal {
 public:
  explicit WrittenJournal(Store* store) : store_(store), roots_{EmptyRoot()} {}

  // One segment of `count` records, of some bytes each.
  void Append(std::size_t count, std::size_t record_bytes = 8) {
    SegmentBuilder builder(/*partition=*/2, /*epoch=*/3, tree_.size() + 1);
    const Hash before = tree_.Root();
    for (std::size_t i = 0; i < count; ++i) {
      const std::string record = RecordOf(tree_.size() + 1, record_bytes);
      builder.Add(record);
      tree_.Append(LeafHash(record));
      roots_.push_back(tree_.Root());
    }
    const SealedSegment segment = builder.Seal(before);
    WriteBatch journal;
    journal.Put(Family::kJournal, SegmentKey(segment.first), segment.bytes);
    PUHUI_CHECK_OK(store_->Commit(journal, Durability::kSynced));
    WriteBatch tiles;
    for (Tile& tile : tree_.TakeCompletedTiles()) {
      tiles.Put(Family::kTiles, TileKey(tile.id), std::move(tile.bytes));
    }
    PUHUI_CHECK_OK(store_->Commit(tiles, Durability::kView));
  }
  static std::string RecordOf(Sequence sequence, std::size_t bytes) {
    std::string record = absl::StrCat("记录 ", sequence);
    record.resize(std::max(bytes, record.size()), static_cast<char>('a' + sequence % 26));
    return record;
  }

  // The same journal in a store that was opened again.
  void GoOnIn(Store* store) { store_ = store; }

  Sequence last() const { return tree_.size(); }
  const Hash& RootAt(std::uint64_t size) const { return roots_.at(size); }

 private:
  Store* store_;
  MerkleTree tree_;
  std::vector<Hash> roots_;
};

// A journal whose beginning can be archived.
class ArchiveTest : public ::testing::Test {
 protected:
  ArchiveTest() { Reopen(); }

  // As a restart does.
  void Reopen() {
    auto archive = SegmentArchive::Open(dir_.Join("archive"));
    PUHUI_CHECK_OK(archive.status());
    store_.reset();
    archive_ = *std::move(archive);
    store_ = std::make_unique<ArchivedStore>(&hot_, archive_.get());
  }
  absl::StatusOr<ArchiveReport> Archive(Sequence last) {
    return ArchiveThrough(
        {.store = store_.get(), .archive = archive_.get(), .last = last},
        [this](std::uint64_t size) -> absl::StatusOr<Hash> { return journal_.RootAt(size); },
        NoWait);
  }
  // Every record from `from` on, as readers see them.
  absl::StatusOr<std::vector<std::string>> Records(Sequence from = 1) {
    std::vector<std::string> records;
    const absl::Status status =
        ReadRecords(*store_, from, 1'000'000, [&](Sequence /*at*/, absl::string_view record) {
          records.emplace_back(record);
          return absl::StatusOr<bool>(true);
        });
    if (!status.ok()) return status;
    return records;
  }
  Sequence HeldFrom() { return SequenceOfKey(*hot_.FirstJournalKey()); }

  TempDir dir_;
  MemoryStore hot_;
  WrittenJournal journal_{&hot_};
  std::unique_ptr<SegmentArchive> archive_;
  std::unique_ptr<ArchivedStore> store_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_TESTS_UNIT_LEDGER_JOURNAL_ARCHIVE_FIXTURE_H_
