// SPDX-License-Identifier: Apache-2.0
#include "services/cli/output.h"

#include "ledger/base/check.h"
#include "services/cli/money.h"
#include "services/cli/times.h"

#include "absl/strings/str_split.h"
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstddef>

namespace puhui::services {

std::string JsonText(const google::protobuf::Message& message, bool indented) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;  // A script should find the zero it asks for.
  options.add_whitespace = indented;
  std::string json;
  PUHUI_CHECK(google::protobuf::util::MessageToJsonString(message, &json, options).ok());
  return json;
}

void Output::Json(const google::protobuf::Message& message, bool indented) {
  const std::string json = JsonText(message, indented);
  out_ << json;
  if (json.empty() || json.back() != '\n') out_ << '\n';
  out_.flush();  // Whoever follows a stream sees each element when it comes.
}

void Output::Fields(const std::vector<Field>& fields) {
  std::size_t width = 0;
  for (const Field& field : fields) {
    if (!field.value.empty()) width = std::max(width, field.name.size());
  }
  for (const Field& field : fields) {
    if (field.value.empty()) continue;
    out_ << field.name << ':' << std::string(width - field.name.size() + 1, ' ')
         << Printable(field.value) << '\n';
  }
}

void Output::Line(absl::string_view text) { out_ << Printable(text) << '\n'; }

void Output::Verbatim(absl::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  for (const absl::string_view line : absl::StrSplit(text, '\n')) Line(line);
}

std::string Output::Points(std::int64_t points) const {
  return FormatPoints(points, style_.points_per_yuan);
}

std::string Output::Time(const google::protobuf::Timestamp& time) const {
  return FormatTime(time, style_.zone);
}

std::string Output::End(const google::protobuf::Timestamp& time) const {
  return FormatEnd(time, style_.zone);
}

}  // namespace puhui::services
