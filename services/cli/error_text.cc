// SPDX-License-Identifier: Apache-2.0
#include "services/cli/error_text.h"

#include "puhui/v1/errors.pb.h"
#include "services/cli/table.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include <algorithm>
#include <cstddef>
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

namespace {

// "rows[2].points: …" as "line 6: points: …".
std::string NamedByLines(absl::string_view text, const std::vector<std::uint32_t>& lines) {
  constexpr absl::string_view kRows = "rows[";
  std::string named;
  while (true) {
    const std::size_t at = text.find(kRows);
    if (at == absl::string_view::npos) return absl::StrCat(named, text);
    const std::size_t begin = at + kRows.size();
    const std::size_t end = std::min(text.find(']', begin), text.size());
    std::size_t row = 0;
    if (!absl::SimpleAtoi(text.substr(begin, end - begin), &row) || row >= lines.size()) {
      absl::StrAppend(&named, text.substr(0, begin));
      text.remove_prefix(begin);
      continue;
    }
    absl::StrAppend(&named, text.substr(0, at), "line ", lines[row]);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (absl::ConsumePrefix(&text, ".")) absl::StrAppend(&named, ": ");
  }
}

}  // namespace

grpc::Status ByLines(const grpc::Status& status, const std::vector<std::uint32_t>& lines) {
  v1::RpcStatus rich;
  if (!rich.ParseFromString(status.error_details())) rich.Clear();
  for (google::protobuf::Any& any : *rich.mutable_details()) {
    v1::BadRequest bad_request;
    if (!absl::EndsWith(any.type_url(), "/google.rpc.BadRequest") ||
        !bad_request.ParseFromString(any.value())) {
      continue;
    }
    for (auto& violation : *bad_request.mutable_field_violations()) {
      violation.set_field(NamedByLines(violation.field(), lines));
      violation.set_description(NamedByLines(violation.description(), lines));
    }
    any.set_value(bad_request.SerializeAsString());
  }
  return grpc::Status(status.error_code(), NamedByLines(status.error_message(), lines),
                      rich.SerializeAsString());
}

grpc::Status FoundHere(const absl::Status& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.raw_code()),
                      std::string(status.message()));
}

}  // namespace puhui::services
