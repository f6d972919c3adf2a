// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_OUTPUT_H_
#define PUHUI_SERVICES_CLI_OUTPUT_H_

#include "services/cli/table.h"

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace puhui::services {

// A message as JSON with the proto's field names: indented, or one line without its end.
std::string JsonText(const google::protobuf::Message& message, bool indented);

// Where answers go: tables and fields for people, protobuf JSON with the proto's field names for
// scripts. A command prints either the one or the other.
// Threads: one at a time. Borrows: the stream.
class Output {
 public:
  struct Style {
    bool json = false;
    std::int64_t points_per_yuan = 0;
    absl::TimeZone zone;
  };
  struct Field {
    absl::string_view name;
    std::string value;
  };

  Output(std::ostream& out, Style style) : out_(out), style_(style) {}

  bool json() const { return style_.json; }

  // One answer: as a JSON document, or by `print(*this, answer)`.
  template <class Answer, class Print>
  void Show(const Answer& answer, Print print) {
    if (style_.json) {
      Json(answer, true);
    } else {
      print(*this, answer);
    }
  }

  // One message as JSON: indented, or on one line as an element of a stream.
  void Json(const google::protobuf::Message& message, bool indented);

  // Lines of name and value, aligned; those without a value are left out.
  void Fields(const std::vector<Field>& fields);
  void Line(absl::string_view text);
  // Lines of the service, such as a signed note, with their line ends.
  void Verbatim(absl::string_view text);
  void Flush(Table& table) { table.Flush(out_); }

  std::string Points(std::int64_t points) const;
  std::string Time(const google::protobuf::Timestamp& time) const;
  // A moment that is an end, such as a lot's.
  std::string End(const google::protobuf::Timestamp& time) const;

 private:
  std::ostream& out_;
  const Style style_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_OUTPUT_H_
