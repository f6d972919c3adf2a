// SPDX-License-Identifier: Apache-2.0
#include "services/cli/input_file.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <utility>

namespace puhui::services {

absl::StatusOr<std::string> ReadInputFile(const std::string& path, std::size_t bytes_max) {
  absl::StatusOr<absl::optional<std::string>> contents = ledger::ReadWholeFile(path, bytes_max);
  // A person's file is neither data loss nor an outage: the argument is at fault.
  if (!contents.ok()) return absl::InvalidArgumentError(contents.status().message());
  if (!contents->has_value()) return absl::NotFoundError(absl::StrCat(path, ": no such file"));
  return **std::move(contents);
}

}  // namespace puhui::services
