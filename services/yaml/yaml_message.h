// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_YAML_YAML_MESSAGE_H_
#define PUHUI_SERVICES_YAML_YAML_MESSAGE_H_

#include "absl/status/status.h"
#include <google/protobuf/message.h>

#include <string>

namespace puhui::services {

// Fills `message` from a YAML file whose keys are the names of its fields.
// Fails: kInvalidArgument, naming the key, for a key that is not known or a value of the wrong
// kind; kNotFound.
absl::Status ReadYamlFile(const std::string& path, google::protobuf::Message* message);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_YAML_YAML_MESSAGE_H_
