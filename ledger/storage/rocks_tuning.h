// SPDX-License-Identifier: Apache-2.0
// RocksDB's many switches, set once. Included by rocks_database.cc only.
#ifndef PUHUI_LEDGER_STORAGE_ROCKS_TUNING_H_
#define PUHUI_LEDGER_STORAGE_ROCKS_TUNING_H_

#include "ledger/storage/rocks_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/options.h>

#include <memory>

namespace puhui::ledger {

rocksdb::DBOptions DatabaseTuning(const RocksOptions& options);

rocksdb::ColumnFamilyOptions FamilyTuning(const RocksOptions& options, Family family,
                                          const std::shared_ptr<rocksdb::Cache>& cache);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_STORAGE_ROCKS_TUNING_H_
