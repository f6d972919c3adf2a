// SPDX-License-Identifier: Apache-2.0
#include "services/admin/access_verification.h"

#include "audit/access/access_walk.h"
#include "ledger/base/status_macros.h"
#include "services/admin/open_store.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <filesystem>
#include <system_error>

namespace puhui::services {
namespace {

constexpr std::uint64_t kRecordsAtOnce = 100'000;

}  // namespace

std::string AccessPath(const std::string& data_directory) {
  return absl::StrCat(data_directory, "/access");
}

std::string AccessStorePath(const std::string& data_directory) {
  return absl::StrCat(AccessPath(data_directory), "/store");
}

absl::Status VerifyAccessDirectory(const std::string& data_directory,
                                   const ledger::Promises& promises) {
  const audit::AccessPromises promised{.checkpoint = promises.checkpoint,
                                       .high_water = promises.high_water};
  std::error_code error;
  if (!std::filesystem::exists(AccessStorePath(data_directory), error)) {
    return audit::CheckReaches(0, promised);
  }
  PUHUI_ASSIGN_OR_RETURN(const auto store,
                         OpenStore({.path = AccessStorePath(data_directory), .read_only = true}));
  audit::AccessWalk walk(promised);
  for (bool more = true; more;) {
    PUHUI_ASSIGN_OR_RETURN(more, walk.Step(*store, kRecordsAtOnce));
  }
  return walk.Finish();
}

}  // namespace puhui::services
