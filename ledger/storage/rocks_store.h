// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_STORAGE_ROCKS_STORE_H_
#define PUHUI_LEDGER_STORAGE_ROCKS_STORE_H_

#include "ledger/base/mutex.h"
#include "ledger/storage/store.h"

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
class Snapshot;
class Status;
}  // namespace rocksdb

namespace puhui::ledger {

struct RocksDatabase;

struct RocksOptions {
  std::string path = {};
  rocksdb::Env* env = nullptr;  // Borrowed; null is the machine's. Tests put one here that fails.
  std::size_t block_cache_bytes = std::size_t{256} << 20;
  // Memory that one family may fill before all are flushed: what bounds the replay after a crash.
  std::size_t write_buffer_bytes = std::size_t{32} << 20;
  // For offline verification: replays the log in memory and changes nothing on disk. Writes fail.
  bool read_only = false;
  // With read_only: journal and vault alone, and empty views. Says whether views keep the store
  // from opening.
  bool durable_only = false;
  // With read_only: takes of the log what comes before damage in it. Says where that is.
  bool up_to_damage = false;
};

// The store on disk: one RocksDB, one column family for each Family.
//
// Journal and vault are written through RocksDB's log, the views are not; all memtables are flushed
// in one atomic step, so what a restart finds in the views is one moment of them, and the journal
// holds at least everything up to that moment. A store that is destroyed without Close() leaves
// what a crash would leave.
//
// What cannot be built again is never opened damaged. The views can: when they alone keep the store
// from opening, they are dropped and found empty.
//
// Threads: as Store. Owns: the database and its lock. Borrows: options.env.
class RocksStore final : public Store {
 public:
  // Creates the directory and the families when they are missing.
  // Fails: kFailedPrecondition when another process has the directory open; kDataLoss when a
  // durable part of it is damaged, or, with read_only, any part; kResourceExhausted; kUnavailable.
  static absl::StatusOr<std::unique_ptr<RocksStore>> Open(const RocksOptions& options);

  ~RocksStore() override;
  RocksStore(const RocksStore&) = delete;
  RocksStore& operator=(const RocksStore&) = delete;

  absl::StatusOr<absl::optional<std::string>> Get(Family family,
                                                  absl::string_view key) const override;
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family family, absl::Span<const std::string> keys) const override;
  std::unique_ptr<Cursor> NewCursor(Family family,
                                    CursorUse use = CursorUse::kLookUp) const override;

  absl::Status Commit(const WriteBatch& batch, Durability durability) override;
  std::unique_ptr<Readable> TakeSnapshot() const override;
  absl::Status FlushViews(bool wait) override;
  absl::Status ClearFamily(Family family) override;
  absl::StatusOr<std::string> FirstJournalKey() const override;
  absl::Status DropJournalBefore(absl::string_view key) override;
  absl::StatusOr<std::uint64_t> FreeBytes() const override;
  absl::Status ViewDamage() const override;
  absl::Status Close() override;

  // Why the views were dropped when it was opened. OK: they were not.
  absl::Status views_dropped() const;
  // Whether files are being merged, or wait to be.
  bool Compacting() const;

 private:
  friend class RocksCursor;
  friend class RocksSnapshot;

  RocksStore(const RocksOptions& options, RocksDatabase database);

  // The reads of the store and of its snapshots; `at` null reads the present.
  absl::StatusOr<absl::optional<std::string>> GetAt(const rocksdb::Snapshot* at, Family family,
                                                    absl::string_view key) const;
  std::size_t Walk(const rocksdb::Snapshot* at, Family family, absl::Span<const std::string> keys,
                   absl::Span<absl::optional<std::string>> values) const;
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGetAt(
      const rocksdb::Snapshot* at, Family family, absl::Span<const std::string> keys) const;
  std::unique_ptr<Cursor> NewCursorAt(const rocksdb::Snapshot* at, Family family,
                                      CursorUse use) const;

  rocksdb::DB& db() const;
  rocksdb::ColumnFamilyHandle* HandleOf(Family family) const;
  // What a read came to; remembers the first damage of a view.
  absl::Status ReadStatus(Family family, const rocksdb::Status& status,
                          absl::string_view attempt) const;
  absl::Status FlushAll();

  const std::string path_;
  const bool read_only_;
  const std::unique_ptr<RocksDatabase> database_;  // Its database is null once closed.
  mutable Mutex mutex_;
  mutable absl::Status view_damage_ ABSL_GUARDED_BY(mutex_);
  Mutex drop_mutex_;  // One drop at a time; nothing else waits for it.
  // What RocksDB had written when rows of the journal were dropped last. 0: not since it was
  // opened, and so nobody reads a moment that has them.
  std::uint64_t last_drop_ ABSL_GUARDED_BY(drop_mutex_) = 0;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_ROCKS_STORE_H_
