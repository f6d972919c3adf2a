// SPDX-License-Identifier: Apache-2.0
// Points as people read them.
#ifndef PUHUI_SERVICES_CLI_MONEY_H_
#define PUHUI_SERVICES_CLI_MONEY_H_

#include <cstdint>
#include <string>

namespace puhui::services {

inline constexpr std::int64_t kPointsPerYuanDefault = 100;

// A whole number with separators: 60,000.
std::string FormatCount(std::uint64_t count);

// What points are worth: "¥600.00", cut as below. Requires: points_per_yuan > 0 (checked).
std::string FormatYuan(std::int64_t points, std::int64_t points_per_yuan);

// Points with what they are worth: "60,000 points (¥600.00)". The yuan are cut, towards zero, to
// whole fen; only the display is.
// Requires: points_per_yuan > 0 (checked).
std::string FormatPoints(std::int64_t points, std::int64_t points_per_yuan);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_MONEY_H_
