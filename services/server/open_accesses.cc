// SPDX-License-Identifier: Apache-2.0
#include "services/server/open_accesses.h"

#include "ledger/base/status_macros.h"
#include "services/admin/access_verification.h"
#include "services/admin/open_store.h"

#include "absl/strings/str_cat.h"

#include <cstddef>
#include <filesystem>
#include <system_error>

namespace puhui::services {
namespace {

// Little is read of it, and nothing at random.
constexpr std::size_t kCacheBytes = std::size_t{8} << 20;
constexpr std::size_t kWriteBufferBytes = std::size_t{8} << 20;

}  // namespace

absl::Status Accesses::Close() {
  PUHUI_RETURN_IF_ERROR(journal->Shutdown());
  return store->Close();
}

absl::StatusOr<Accesses> OpenAccesses(const config::v1::ServerConfig& config,
                                      const LedgerKeys& keys, const Clock* clock) {
  const std::string directory = AccessPath(config.data_dir());
  std::error_code error;
  std::filesystem::create_directory(directory, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", directory));
  Accesses parts;
  PUHUI_ASSIGN_OR_RETURN(parts.store, OpenStore({.path = AccessStorePath(config.data_dir()),
                                                 .block_cache_bytes = kCacheBytes,
                                                 .write_buffer_bytes = kWriteBufferBytes}));
  PUHUI_ASSIGN_OR_RETURN(parts.log, ledger::LocalLog::Open(parts.store.get()));
  PUHUI_ASSIGN_OR_RETURN(parts.journal,
                         audit::AccessJournal::Open(
                             {.clock = clock, .store = parts.store.get(), .log = parts.log.get()},
                             {.directory = directory,
                              .origin = absl::StrCat(config.origin(), "/access"),
                              .key_name = CheckpointKeyName(config),
                              .key_chain = keys.chain},
                             keys.checkpoint));
  return parts;
}

}  // namespace puhui::services
