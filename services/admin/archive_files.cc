// SPDX-License-Identifier: Apache-2.0
#include "services/admin/archive_files.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/archive_file.h"
#include "services/admin/open_store.h"
#include "services/admin/verification.h"

#include <filesystem>

namespace puhui::services {

absl::StatusOr<v1::ArchiveResult> VerifyArchiveFile(const std::string& path,
                                                    const ArchiveProgress& progress) {
  PUHUI_ASSIGN_OR_RETURN(const auto file, ledger::ArchiveFile::Open(path));
  std::uint64_t done = 0;
  PUHUI_ASSIGN_OR_RETURN(const ledger::ArchiveFigures figures,
                         ledger::VerifyArchive(*file, [&](std::uint64_t records) {
                           progress(done += records);
                           return absl::OkStatus();
                         }));
  PUHUI_ASSIGN_OR_RETURN(const ledger::Hash digest, file->Digest());
  v1::ArchiveResult result;
  v1::Archive& archive = *result.mutable_archive();
  archive.set_file(std::filesystem::path(path).filename().string());
  archive.set_first(file->first());
  archive.set_last(file->last());
  archive.set_bytes(file->bytes());
  archive.set_sha256(ledger::ToHex(digest));
  archive.set_root(ledger::ToHex(file->header().root_after));
  result.set_segments(figures.segments);
  result.set_journal_bytes(figures.bytes);
  return result;
}

absl::StatusOr<ledger::RestoreReport> RestoreDataDirectory(const std::string& data_directory,
                                                           const std::string& archives,
                                                           const ArchiveProgress& progress) {
  PUHUI_RETURN_IF_ERROR(CheckNotOpen(StorePath(data_directory)));
  PUHUI_ASSIGN_OR_RETURN(
      const StoredLedger parts,
      OpenStoredLedger({.path = StorePath(data_directory)},
                       archives.empty() ? ArchivePath(data_directory) : archives));
  std::uint64_t done = 0;
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::RestoreReport report,
      ledger::RestoreArchives(*parts.rocks, *parts.archive, [&](std::uint64_t records) {
        progress(done += records);
        return absl::OkStatus();
      }));
  PUHUI_RETURN_IF_ERROR(parts.rocks->Close());
  return report;
}

}  // namespace puhui::services
