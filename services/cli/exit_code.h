// SPDX-License-Identifier: Apache-2.0
// What the program tells a script: one exit code per class of error.
#ifndef PUHUI_SERVICES_CLI_EXIT_CODE_H_
#define PUHUI_SERVICES_CLI_EXIT_CODE_H_

#include "absl/strings/string_view.h"
#include <grpcpp/support/status_code_enum.h>

namespace puhui::services {

// The numbers are a promise to scripts and are never reused.
enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kInvalidArgument = 3,
  kNotFound = 4,
  kNotPermitted = 5,
  kRefused = 6,
  kUnavailable = 7,
  kFindings = 8,
};

ExitCode ExitCodeFor(grpc::StatusCode code);

// The table of exit codes that `puhui --help` ends with.
absl::string_view ExitCodesHelp();

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_EXIT_CODE_H_
