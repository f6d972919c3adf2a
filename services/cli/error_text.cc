// SPDX-License-Identifier: Apache-2.0
#include "services/cli/error_text.h"

#include "puhui/v1/errors.pb.h"
#include "services/cli/table.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <map>

namespace puhui::services {
namespace {

// What the trailers say beyond code and message.
struct Details {
  v1::ErrorInfo info;
  v1::BadRequest bad_request;
};

std::string CodeName(grpc::StatusCode code) {
  const std::string name = absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
  return name.empty() ? "UNKNOWN" : name;  // A code that is newer than this program.
}

// Any::UnpackTo would compare full names, and ours only share the wire format with google.rpc.
Details ReadDetails(const grpc::Status& status) {
  Details details;
  v1::RpcStatus rich;
  if (!rich.ParseFromString(status.error_details())) return details;
  for (const google::protobuf::Any& any : rich.details()) {
    if (absl::EndsWith(any.type_url(), "/google.rpc.ErrorInfo")) {
      if (!details.info.ParseFromString(any.value())) details.info.Clear();
    } else if (absl::EndsWith(any.type_url(), "/google.rpc.BadRequest")) {
      if (!details.bad_request.ParseFromString(any.value())) details.bad_request.Clear();
    }
  }
  return details;
}

std::string ReasonIn(const Details& details, grpc::StatusCode code) {
  return details.info.reason().empty() ? CodeName(code) : Printable(details.info.reason());
}

}  // namespace

std::string ReasonText(const grpc::Status& status) {
  return ReasonIn(ReadDetails(status), status.error_code());
}

std::string ErrorText(const grpc::Status& status) {
  const Details details = ReadDetails(status);
  const std::string reason = ReasonIn(details, status.error_code());
  std::string text = absl::StrCat("error: ", reason, ": ", Printable(status.error_message()), "\n");
  // In the order of the keys: a hash map's order differs from run to run.
  const std::map<std::string, std::string> metadata(details.info.metadata().begin(),
                                                    details.info.metadata().end());
  for (const auto& [key, value] : metadata) {
    absl::StrAppend(&text, "  ", Printable(key), ": ", Printable(value), "\n");
  }
  for (const v1::BadRequest::FieldViolation& violation : details.bad_request.field_violations()) {
    absl::StrAppend(&text, "  ", Printable(violation.field()), ": ",
                    Printable(violation.description()), "\n");
  }
  return text;
}

grpc::Status FoundHere(const absl::Status& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.raw_code()),
                      std::string(status.message()));
}

}  // namespace puhui::services
