// SPDX-License-Identifier: Apache-2.0
#include "services/server/config.h"

#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include <yaml-cpp/yaml.h>

#include <filesystem>

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

void SetDefaults(config::v1::ServerConfig* config) {
  if (config->listen().empty()) config->set_listen("127.0.0.1:8443");
  if (config->origin().empty()) config->set_origin(absl::StrCat(config->trust_domain(), "/ledger"));
  if (config->terminal_certificate_days() == 0) config->set_terminal_certificate_days(825);
  if (config->wallet_cache_mib() == 0) config->set_wallet_cache_mib(96);
  if (config->block_cache_mib() == 0) config->set_block_cache_mib(128);
  if (config->disk_reserve_mib() == 0) config->set_disk_reserve_mib(256);
}

absl::Status MakeAbsolute(const std::filesystem::path& base, absl::string_view key,
                          std::string* path) {
  if (path->empty()) return Bad(key, "a path");
  *path = (base / *path).lexically_normal().string();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<config::v1::ServerConfig> ReadConfig(const std::string& path) {
  config::v1::ServerConfig config;
  // yaml-cpp reports by exceptions; they end here.
  try {
    PUHUI_RETURN_IF_ERROR(Fill(YAML::LoadFile(path), "", &config));
  } catch (const YAML::BadFile&) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", error.what()));
  }
  if (config.trust_domain().empty()) return Bad("trust_domain", "a name");
  SetDefaults(&config);
  const std::filesystem::path base = std::filesystem::absolute(path).parent_path();
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "data_dir", config.mutable_data_dir()));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "keys_dir", config.mutable_keys_dir()));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "tls.cert", config.mutable_tls()->mutable_cert()));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "tls.key", config.mutable_tls()->mutable_key()));
  PUHUI_RETURN_IF_ERROR(
      MakeAbsolute(base, "tls.client_ca", config.mutable_tls()->mutable_client_ca()));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "ca.cert", config.mutable_ca()->mutable_cert()));
  PUHUI_RETURN_IF_ERROR(MakeAbsolute(base, "ca.key", config.mutable_ca()->mutable_key()));
  return config;
}

}  // namespace puhui::services
