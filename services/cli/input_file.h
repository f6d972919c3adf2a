// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_INPUT_FILE_H_
#define PUHUI_SERVICES_CLI_INPUT_FILE_H_

#include "absl/status/statusor.h"

#include <cstddef>
#include <string>

namespace puhui::services {

// The whole of a file that a person named.
// Fails, naming the path: kNotFound when there is none, kInvalidArgument when it is not a file,
// cannot be read or is larger than `bytes_max`.
absl::StatusOr<std::string> ReadInputFile(const std::string& path, std::size_t bytes_max);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_INPUT_FILE_H_
