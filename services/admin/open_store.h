// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_OPEN_STORE_H_
#define PUHUI_SERVICES_ADMIN_OPEN_STORE_H_

#include "ledger/journal/segment_archive.h"
#include "ledger/storage/archived_store.h"
#include "ledger/storage/rocks_store.h"

#include "absl/status/statusor.h"

#include <memory>
#include <string>

namespace puhui::services {

// As RocksStore::Open. When damage in the log keeps it from opening, the error names the first
// record of the journal that cannot be read.
absl::StatusOr<std::unique_ptr<ledger::RocksStore>> OpenStore(const ledger::RocksOptions& options);

// The store of a ledger with its archives below it. The members stand in the order they depend on
// each other.
struct StoredLedger {
  std::unique_ptr<ledger::RocksStore> rocks;
  std::unique_ptr<ledger::SegmentArchive> archive;
  std::unique_ptr<ledger::ArchivedStore> store;
};

// As OpenStore, and SegmentArchive::Open.
absl::StatusOr<StoredLedger> OpenStoredLedger(const ledger::RocksOptions& options,
                                              const std::string& archive_directory);

// Where archives are unless the configuration says where else.
std::string ArchivePath(const std::string& data_directory);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_OPEN_STORE_H_
