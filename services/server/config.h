// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_CONFIG_H_
#define PUHUI_SERVICES_SERVER_CONFIG_H_

#include "puhui/config/v1/server_config.pb.h"

#include "absl/status/statusor.h"

#include <string>

namespace puhui::services {

// Reads the configuration from YAML, with defaults filled in. Paths that are not absolute are
// relative to the file. Fails: kInvalidArgument, naming the key, for one that is missing, and
// naming its line too for what ReadYaml refuses; kNotFound.
absl::StatusOr<config::v1::ServerConfig> ReadConfig(const std::string& path);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_CONFIG_H_
