// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_GEO_FLAGS_H_
#define PUHUI_SERVICES_CLI_GEO_FLAGS_H_

#include "puhui/v1/merchant_service.pb.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace puhui::services {

// "24.479834,118.089425": degrees of latitude and longitude. False when `text` is not that.
bool ParsePoint(const std::string& text, v1::GeoPoint* point);
std::string PointText(const v1::GeoPoint& point);

// A flag with a point; `set` is called when it is there.
CLI::Option* AddPoint(CLI::App& app, const std::string& flag,
                      std::function<void(const v1::GeoPoint&)> set, const std::string& help);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_GEO_FLAGS_H_
