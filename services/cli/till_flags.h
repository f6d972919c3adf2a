// SPDX-License-Identifier: Apache-2.0
// Flags that many calls of a till have.
#ifndef PUHUI_SERVICES_CLI_TILL_FLAGS_H_
#define PUHUI_SERVICES_CLI_TILL_FLAGS_H_

#include "puhui/v1/pos_service.pb.h"
#include "services/cli/noun.h"

#include "google/protobuf/duration.pb.h"
#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace puhui::services {

inline constexpr std::uint32_t kTraceNumberMax = 999'999;

CLI::Option* AddTerminal(CLI::App& app, std::string* field);

// A number that counts from 1.
CLI::Option* AddNumber(CLI::App& app, const std::string& flag, std::uint32_t max,
                       std::function<void(std::uint32_t)> set);

// How long something lasts; `lifetime` makes the field where it is to stand.
void AddLifetime(CLI::App& app, std::function<google::protobuf::Duration*()> lifetime,
                 const std::string& about);

// The flags of `till`; what was not given comes from the clock.
Prepare BindTill(CLI::App& app, v1::Till& till);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_TILL_FLAGS_H_
