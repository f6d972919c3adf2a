// SPDX-License-Identifier: Apache-2.0
// What is done with archives without a service.
#ifndef PUHUI_SERVICES_ADMIN_ARCHIVE_FILES_H_
#define PUHUI_SERVICES_ADMIN_ARCHIVE_FILES_H_

#include "ledger/journal/archive_run.h"
#include "puhui/v1/admin_service.pb.h"

#include "absl/status/statusor.h"

#include <cstdint>
#include <functional>
#include <string>

namespace puhui::services {

using ArchiveProgress = std::function<void(std::uint64_t records)>;

// Reads all of an archive and tells what is in it. Fails: as ArchiveFile::Open and VerifyArchive.
absl::StatusOr<v1::ArchiveResult> VerifyArchiveFile(const std::string& path,
                                                    const ArchiveProgress& progress);

// Puts what is archived back into the store of a ledger that is not running. The files stay. Its
// archives are in `archives`, or, when that is empty, in the data directory. Fails:
// kFailedPrecondition when a server has it open; kNotFound; as RestoreArchives.
absl::StatusOr<ledger::RestoreReport> RestoreDataDirectory(const std::string& data_directory,
                                                           const std::string& archives,
                                                           const ArchiveProgress& progress);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_ARCHIVE_FILES_H_
