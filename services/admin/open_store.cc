// SPDX-License-Identifier: Apache-2.0
#include "services/admin/open_store.h"

#include "ledger/base/status_macros.h"
#include "ledger/journal/journal_reader.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace puhui::services {
namespace {

// RocksDB names the file when a table is damaged, but of the log neither file nor place. What can
// be read of the journal before the damage says where it is.
absl::Status NameSequence(ledger::RocksOptions options, const absl::Status& status) {
  options.read_only = true;
  options.durable_only = true;
  if (ledger::RocksStore::Open(options).ok()) return status;  // A view is damaged, not the log.
  options.up_to_damage = true;
  const auto sound = ledger::RocksStore::Open(options);
  if (!sound.ok()) return status;
  PUHUI_ASSIGN_OR_RETURN(const auto last, ledger::ReadLastHeader(**sound));
  return absl::DataLossError(absl::StrCat("journal at sequence ",
                                          last.has_value() ? last->last() + 1 : 1,
                                          " or after: ", status.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ledger::RocksStore>> OpenStore(const ledger::RocksOptions& options) {
  absl::StatusOr<std::unique_ptr<ledger::RocksStore>> store = ledger::RocksStore::Open(options);
  if (!absl::IsDataLoss(store.status())) return store;
  return NameSequence(options, store.status());
}

absl::StatusOr<StoredLedger> OpenStoredLedger(const ledger::RocksOptions& options,
                                              const std::string& archive_directory) {
  StoredLedger parts;
  PUHUI_ASSIGN_OR_RETURN(parts.rocks, OpenStore(options));
  PUHUI_ASSIGN_OR_RETURN(parts.archive, ledger::SegmentArchive::Open(archive_directory));
  parts.store = std::make_unique<ledger::ArchivedStore>(parts.rocks.get(), parts.archive.get());
  return parts;
}

std::string ArchivePath(const std::string& data_directory) {
  return absl::StrCat(data_directory, "/archive");
}

}  // namespace puhui::services
