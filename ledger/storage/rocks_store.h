// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_STORAGE_ROCKS_STORE_H_
#define PUHUI_LEDGER_STORAGE_ROCKS_STORE_H_

#include "ledger/storage/store.h"

#include <array>
#include <cstddef>
#include <memory>
#include <string>

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
class Snapshot;
}  // namespace rocksdb

namespace puhui::ledger {

struct RocksOptions {
  std::string path = {};
  rocksdb::Env* env = nullptr;  // Borrowed; null is the machine's. Tests put one here that fails.
  std::size_t block_cache_bytes = std::size_t{256} << 20;
  // Memory that one family may fill before all are flushed: what bounds the replay after a crash.
  std::size_t write_buffer_bytes = std::size_t{32} << 20;
  // For offline verification: replays the log in memory and changes nothing on disk. Writes fail.
  bool read_only = false;
};

// The store on disk: one RocksDB, one column family for each Family.
//
// Journal and vault are written through RocksDB's log, the views are not; all memtables are flushed
// in one atomic step, so what a restart finds in the views is one moment of them, and the journal
// holds at least everything up to that moment. A store that is destroyed without Close() leaves
// what a crash would leave.
//
// ClearFamily writes one range tombstone that takes effect with the next flush, like any other view
// write. Clear kMeta first: a crash between two clears then finds no applied sequence and begins
// the rebuild anew.
//
// Threads: as Store. Owns: the database and its lock. Borrows: options.env.
class RocksStore final : public Store {
 public:
  // Creates the directory and the families when they are missing.
  // Fails: kFailedPrecondition when another process has the directory open; kDataLoss when a
  // durable part of it is damaged; kResourceExhausted; kUnavailable.
  static absl::StatusOr<std::unique_ptr<RocksStore>> Open(const RocksOptions& options);

  ~RocksStore() override;
  RocksStore(const RocksStore&) = delete;
  RocksStore& operator=(const RocksStore&) = delete;

  absl::StatusOr<absl::optional<std::string>> Get(Family family,
                                                  absl::string_view key) const override;
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family family, absl::Span<const std::string> keys) const override;
  std::unique_ptr<Cursor> NewCursor(Family family, bool fill_cache = true) const override;

  absl::Status Commit(const WriteBatch& batch, Durability durability) override;
  std::unique_ptr<Readable> TakeSnapshot() const override;
  absl::Status FlushViews(bool wait) override;
  absl::Status ClearFamily(Family family) override;
  absl::StatusOr<std::uint64_t> FreeBytes() const override;
  absl::Status Close() override;

 private:
  friend class RocksSnapshot;
  using Handles = std::array<rocksdb::ColumnFamilyHandle*, kFamilies>;

  RocksStore(std::string path, bool read_only, std::unique_ptr<rocksdb::DB> db,
             rocksdb::ColumnFamilyHandle* default_handle, const Handles& handles);

  // The reads of the store and of its snapshots; `at` null reads the present.
  absl::StatusOr<absl::optional<std::string>> GetAt(const rocksdb::Snapshot* at, Family family,
                                                    absl::string_view key) const;
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGetAt(
      const rocksdb::Snapshot* at, Family family, absl::Span<const std::string> keys) const;
  std::unique_ptr<Cursor> NewCursorAt(const rocksdb::Snapshot* at, Family family,
                                      bool fill_cache) const;

  absl::Status FlushAll();
  void DestroyHandles();

  const std::string path_;
  const bool read_only_;
  std::unique_ptr<rocksdb::DB> db_;              // Null once closed.
  rocksdb::ColumnFamilyHandle* default_handle_;  // RocksDB insists on it; it stays empty.
  Handles handles_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_ROCKS_STORE_H_
