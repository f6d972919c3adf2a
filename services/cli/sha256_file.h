// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_SHA256_FILE_H_
#define PUHUI_SERVICES_CLI_SHA256_FILE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <string>

namespace puhui::services {

// Writes `path`.sha256 for `sha256sum -c`: `sha256`, in hexadecimal, of the file by its own name
// alone, so that the two can be checked wherever they are moved together.
// Fails: as ledger::WriteFileDurably.
absl::Status WriteSha256Beside(const std::string& path, absl::string_view sha256);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_SHA256_FILE_H_
