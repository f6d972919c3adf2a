// SPDX-License-Identifier: Apache-2.0
// A refusal or a failure as people read it.
#ifndef PUHUI_SERVICES_CLI_ERROR_TEXT_H_
#define PUHUI_SERVICES_CLI_ERROR_TEXT_H_

#include "absl/status/status.h"
#include <grpcpp/support/status.h>

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::services {

// "error: REASON: message", then one indented line for each piece of metadata and each field at
// fault. Without an ErrorInfo of the service the reason is the name of the gRPC code.
std::string ErrorText(const grpc::Status& status);

// The reason alone.
std::string ReasonText(const grpc::Status& status);

// The same for what this program found out by itself.
grpc::Status FoundHere(const absl::Status& status);

// What the service says of rows, "rows[2].points", by the lines of the file that they came from:
// "line 6: points". A row that no line is known of stays as it is.
grpc::Status ByLines(const grpc::Status& status, const std::vector<std::uint32_t>& lines);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_ERROR_TEXT_H_
