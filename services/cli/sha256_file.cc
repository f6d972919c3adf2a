// SPDX-License-Identifier: Apache-2.0
#include "services/cli/sha256_file.h"

#include "ledger/crypto/durable_file.h"

#include "absl/strings/str_cat.h"

#include <filesystem>

namespace puhui::services {

absl::Status WriteSha256Beside(const std::string& path, absl::string_view sha256) {
  const std::string name = std::filesystem::path(path).filename().string();
  return ledger::WriteFileDurably(absl::StrCat(path, ".sha256"),
                                  absl::StrCat(sha256, "  ", name, "\n"));
}

}  // namespace puhui::services
