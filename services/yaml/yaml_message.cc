// SPDX-License-Identifier: Apache-2.0
#include "services/yaml/yaml_message.h"

#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.h>
#include <yaml-cpp/yaml.h>

namespace puhui::services {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status Bad(absl::string_view key, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat(key, ": want ", wanted));
}

// Sets one field from a scalar. The schema has text, whole numbers and switches only.
absl::Status SetScalar(const YAML::Node& node, const FieldDescriptor& field, absl::string_view key,
                       Message* message) {
  const auto* reflection = message->GetReflection();
  if (!node.IsScalar()) return Bad(key, "one value");
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    reflection->SetString(message, &field, node.Scalar());
    return absl::OkStatus();
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
    std::uint32_t value = 0;
    if (!YAML::convert<std::uint32_t>::decode(node, value)) return Bad(key, "a whole number");
    reflection->SetUInt32(message, &field, value);
    return absl::OkStatus();
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    bool value = false;
    if (!YAML::convert<bool>::decode(node, value)) return Bad(key, "true or false");
    reflection->SetBool(message, &field, value);
    return absl::OkStatus();
  }
  return absl::InternalError(absl::StrCat(key, ": the schema has a kind nobody reads"));
}

absl::Status Fill(const YAML::Node& node, const std::string& prefix, Message* message) {
  if (!node.IsMap()) return Bad(prefix.empty() ? "the file" : prefix, "keys and values");
  for (const auto& item : node) {
    const std::string name = item.first.Scalar();
    const std::string key = absl::StrCat(prefix, prefix.empty() ? "" : ".", name);
    const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(name);
    if (field == nullptr) return absl::InvalidArgumentError(absl::StrCat(key, ": no such key"));
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      PUHUI_RETURN_IF_ERROR(
          Fill(item.second, key, message->GetReflection()->MutableMessage(message, field)));
    } else {
      PUHUI_RETURN_IF_ERROR(SetScalar(item.second, *field, key, message));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadYamlFile(const std::string& path, Message* message) {
  // yaml-cpp reports by exceptions; they end here.
  try {
    return Fill(YAML::LoadFile(path), "", message);
  } catch (const YAML::BadFile&) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", error.what()));
  }
}

}  // namespace puhui::services
