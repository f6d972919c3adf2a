// SPDX-License-Identifier: Apache-2.0
#include "services/cli/exit_code.h"

namespace puhui::services {

ExitCode ExitCodeFor(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
      return ExitCode::kOk;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::OUT_OF_RANGE:
      return ExitCode::kInvalidArgument;
    case grpc::StatusCode::NOT_FOUND:
      return ExitCode::kNotFound;
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
      return ExitCode::kNotPermitted;
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::ALREADY_EXISTS:
    case grpc::StatusCode::ABORTED:
      return ExitCode::kRefused;
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return ExitCode::kUnavailable;
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::UNIMPLEMENTED:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::DATA_LOSS:
    case grpc::StatusCode::DO_NOT_USE:
      return ExitCode::kFailed;
  }
  return ExitCode::kFailed;  // A code that is newer than this program.
}

absl::string_view ExitCodesHelp() {
  return "Exit codes:\n"
         "  0  done\n"
         "  1  anything that is not below\n"
         "  2  usage: the command line or the profile is wrong\n"
         "  3  invalid argument: the service, or a check of a file, refused a value\n"
         "  4  not found, or not visible to this identity\n"
         "  5  not permitted, or not authenticated\n"
         "  6  refused by a rule; also when rows of a file were refused, or a batch stays open\n"
         "  7  unavailable, overloaded or out of time\n"
         "  8  a verification found something\n";
}

}  // namespace puhui::services
