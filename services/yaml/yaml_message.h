// SPDX-License-Identifier: Apache-2.0
// Protobuf messages as YAML: keys are the names of fields, repeated fields are lists, values of
// enums are written as in the proto. Text, whole numbers, switches, enums and messages only; one
// document, no aliases.
#ifndef PUHUI_SERVICES_YAML_YAML_MESSAGE_H_
#define PUHUI_SERVICES_YAML_YAML_MESSAGE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>

#include <map>
#include <string>

namespace puhui::services {

// The lines on which the fields of a message stand. Threads: as any value.
class FieldLines {
 public:
  // False when the field was there already.
  bool Add(const std::string& field, int line) { return lines_.emplace(field, line).second; }

  // The line, from 1, of a field such as "occasions[2].points_max". Of one that is not there, that
  // of what it belongs to; of the whole, 1.
  int LineOf(absl::string_view field) const;

 private:
  std::map<std::string, int> lines_;
};

// Fills `message`, which is spoilt when this fails.
// Fails: kInvalidArgument, as "line 7: tls.cert: want …", for text that is longer than
// kYamlBytesMax or is not YAML, a key that is not known or comes twice, and a value of the wrong
// kind.
absl::StatusOr<FieldLines> ReadYaml(absl::string_view text, google::protobuf::Message* message);

// The same of a file, whose path begins what is said. Fails: kNotFound too, when it cannot be read.
absl::StatusOr<FieldLines> ReadYamlFile(const std::string& path,
                                        google::protobuf::Message* message);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_YAML_YAML_MESSAGE_H_
