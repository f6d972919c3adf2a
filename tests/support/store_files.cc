// SPDX-License-Identifier: Apache-2.0
#include "tests/support/store_files.h"

#include "ledger/base/check.h"
#include "ledger/storage/families.h"

#include <rocksdb/db.h>

#include <memory>

namespace puhui {

std::vector<std::string> FilesOf(ledger::Family family, const std::string& store_path) {
  std::vector<rocksdb::ColumnFamilyDescriptor> families(1);  // RocksDB's own is the first.
  for (const char* name : ledger::kFamilyNames) {
    families.emplace_back(name, rocksdb::ColumnFamilyOptions());
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  PUHUI_CHECK(rocksdb::DB::OpenForReadOnly({}, store_path, families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::vector<rocksdb::LiveFileMetaData> live;
  db->GetLiveFilesMetaData(&live);
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  std::vector<std::string> files;
  for (const rocksdb::LiveFileMetaData& file : live) {
    if (file.column_family_name != ledger::kFamilyNames.at(ledger::IndexOf(family))) continue;
    files.push_back(store_path + file.name);
  }
  return files;
}

void SettleJournal(const std::string& store_path) {
  rocksdb::ColumnFamilyOptions dynamic;
  dynamic.level_compaction_dynamic_level_bytes = true;
  std::vector<std::string> names;
  PUHUI_CHECK(rocksdb::DB::ListColumnFamilies({}, store_path, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.emplace_back(name, dynamic);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  PUHUI_CHECK(rocksdb::DB::Open({}, store_path, families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  rocksdb::CompactRangeOptions rewritten;  // A file that is only moved is rewritten any time later.
  rewritten.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    if (handle->GetName() == ledger::kFamilyNames.at(ledger::IndexOf(ledger::Family::kJournal))) {
      PUHUI_CHECK(db->CompactRange(rewritten, handle, nullptr, nullptr).ok());
    }
    PUHUI_CHECK(db->DestroyColumnFamilyHandle(handle).ok());
  }
  PUHUI_CHECK(db->Close().ok());
}

}  // namespace puhui
