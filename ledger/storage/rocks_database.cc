// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/rocks_database.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/families.h"
#include "ledger/storage/rocks_tuning.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <rocksdb/options.h>

#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

// RocksDB has no code for a lock that is taken, in this process or in another.
bool IsLockTaken(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() && (absl::StrContains(text, "lock hold by current process") ||
                                absl::StrContains(text, "While lock file"));
}

// Opens the families that `options` ask for, `tuning` as it is.
absl::StatusOr<RocksDatabase> OpenAs(const RocksOptions& options,
                                     const rocksdb::DBOptions& tuning) {
  // A cache of its own: one that outlives a database can hide damage on the disk from the next.
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions());
  for (const Family family : kAllFamilies) {
    if (options.durable_only && IsView(family)) continue;
    families.emplace_back(kFamilyNames[IndexOf(family)], FamilyTuning(options, family, cache));
    // What is damaged is not to be compacted before it has been dropped.
    families.back().options.disable_auto_compactions = !tuning.paranoid_checks;
  }
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> opened;
  const rocksdb::Status status =
      options.read_only ? rocksdb::DB::OpenForReadOnly(tuning, options.path, families, &opened, &db)
                        : rocksdb::DB::Open(tuning, options.path, families, &opened, &db);
  if (IsLockTaken(status)) {
    return absl::FailedPreconditionError(absl::StrCat("another process has the data directory ",
                                                      options.path, " open: ", status.ToString()));
  }
  PUHUI_RETURN_IF_ERROR(ToStatus(status, absl::StrCat("open ", options.path)));
  PUHUI_CHECK(opened.size() == families.size());
  RocksDatabase database;
  database.db.reset(db);
  database.unnamed = opened[0];
  auto next = opened.begin() + 1;
  for (const Family family : kAllFamilies) {
    const bool left_out = options.durable_only && IsView(family);
    database.families[IndexOf(family)] = left_out ? database.unnamed : *next++;
  }
  return database;
}

// For a database that does not open.
// Fails: kDataLoss when journal, vault or log are damaged, and nothing has been changed then.
absl::Status DropViews(const RocksOptions& options) {
  RocksOptions durable = options;
  durable.read_only = true;
  durable.durable_only = true;
  // As strict as ever: the log must be sound before it is read without checks.
  PUHUI_RETURN_IF_ERROR(OpenAs(durable, DatabaseTuning(durable)).status());
  // Without its checks RocksDB opens whatever its files are like, and so they can be dropped.
  rocksdb::DBOptions lax = DatabaseTuning(options);
  lax.paranoid_checks = false;
  PUHUI_ASSIGN_OR_RETURN(const RocksDatabase database, OpenAs(options, lax));
  const auto drop = [&database](Family family) {
    return ToStatus(database.db->DropColumnFamily(database.families[IndexOf(family)]),
                    absl::StrCat("drop the family ", kFamilyNames[IndexOf(family)]));
  };
  // A crash in between leaves no applied sequence, and the rebuild begins anew.
  PUHUI_RETURN_IF_ERROR(drop(Family::kMeta));
  for (const Family family : kAllFamilies) {
    if (IsView(family) && family != Family::kMeta) PUHUI_RETURN_IF_ERROR(drop(family));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ToStatus(const rocksdb::Status& status, absl::string_view attempt) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(attempt, ": ", status.ToString());
  if (status.IsNoSpace() || status.subcode() == rocksdb::Status::kSpaceLimit) {
    return absl::ResourceExhaustedError(text);
  }
  if (status.IsCorruption()) return absl::DataLossError(text);
  return absl::UnavailableError(text);
}

void RocksDatabase::ReleaseHandles() {
  if (db == nullptr || unnamed == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* const handle : families) {
    if (handle != unnamed) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  db->DestroyColumnFamilyHandle(unnamed).PermitUncheckedError();
  unnamed = nullptr;
}

absl::StatusOr<RocksDatabase> OpenDatabase(const RocksOptions& options) {
  PUHUI_CHECK(!options.path.empty());
  PUHUI_CHECK(options.read_only || !(options.durable_only || options.up_to_damage));
  absl::StatusOr<RocksDatabase> whole = OpenAs(options, DatabaseTuning(options));
  if (!absl::IsDataLoss(whole.status()) || options.read_only) return whole;
  PUHUI_RETURN_IF_ERROR(DropViews(options));
  PUHUI_ASSIGN_OR_RETURN(RocksDatabase mended, OpenAs(options, DatabaseTuning(options)));
  mended.views_dropped = whole.status();
  return mended;
}

}  // namespace puhui::ledger
