// SPDX-License-Identifier: Apache-2.0
// How the database beneath a RocksStore is opened, and what is done when it does not open. Included
// by rocks_store.cc only.
#ifndef PUHUI_LEDGER_STORAGE_ROCKS_DATABASE_H_
#define PUHUI_LEDGER_STORAGE_ROCKS_DATABASE_H_

#include "ledger/storage/rocks_store.h"
#include "ledger/storage/store.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <rocksdb/db.h>
#include <rocksdb/status.h>

#include <array>
#include <cstdint>
#include <memory>

namespace puhui::ledger {

// RocksDB's own text is kept: it names the file.
absl::Status ToStatus(const rocksdb::Status& status, absl::string_view attempt);

// An open database and the handles of its families.
struct RocksDatabase {
  RocksDatabase() = default;
  RocksDatabase(RocksDatabase&& other) noexcept = default;
  RocksDatabase& operator=(RocksDatabase&& other) = delete;
  ~RocksDatabase() { ReleaseHandles(); }

  // The handles go before the database is closed. Idempotent.
  void ReleaseHandles();

  std::unique_ptr<rocksdb::DB> db;
  rocksdb::ColumnFamilyHandle* unnamed = nullptr;  // RocksDB insists on it; it stays empty.
  // Of a family that was not opened: the one above.
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> families{};
  absl::Status views_dropped;  // As RocksStore::views_dropped.
};

// As RocksStore::Open. The views of a database that does not open are dropped when they alone are
// to blame; nothing is changed before journal, vault and log have been found sound.
absl::StatusOr<RocksDatabase> OpenDatabase(const RocksOptions& options);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_ROCKS_DATABASE_H_
