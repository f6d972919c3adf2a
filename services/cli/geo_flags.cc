// SPDX-License-Identifier: Apache-2.0
#include "services/cli/geo_flags.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

#include <cmath>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

constexpr double kMicros = 1'000'000;
constexpr double kLatitudeMax = 90;
constexpr double kLongitudeMax = 180;

bool ParseDegrees(absl::string_view text, double most, std::int32_t* micros) {
  double degrees = 0;
  if (!absl::SimpleAtod(absl::StripAsciiWhitespace(text), &degrees)) return false;
  if (!(std::abs(degrees) <= most)) return false;  // Nor what is not a number.
  *micros = static_cast<std::int32_t>(std::lround(degrees * kMicros));
  return true;
}

}  // namespace

bool ParsePoint(const std::string& text, v1::GeoPoint* point) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  std::int32_t latitude = 0;
  std::int32_t longitude = 0;
  if (parts.size() != 2 || !ParseDegrees(parts[0], kLatitudeMax, &latitude) ||
      !ParseDegrees(parts[1], kLongitudeMax, &longitude)) {
    return false;
  }
  point->set_latitude_micros(latitude);
  point->set_longitude_micros(longitude);
  return true;
}

std::string PointText(const v1::GeoPoint& point) {
  return absl::StrFormat("%.6f,%.6f", point.latitude_micros() / kMicros,
                         point.longitude_micros() / kMicros);
}

CLI::Option* AddPoint(CLI::App& app, const std::string& flag,
                      std::function<void(const v1::GeoPoint&)> set, const std::string& help) {
  return app
      .add_option_function<std::string>(
          flag,
          [set = std::move(set)](const std::string& text) {
            v1::GeoPoint point;
            if (ParsePoint(text, &point)) set(point);
          },
          help)
      ->check([](const std::string& text) {
        v1::GeoPoint point;
        return ParsePoint(text, &point) ? std::string()
                                        : "wanted LATITUDE,LONGITUDE in degrees, got " + text;
      });
}

}  // namespace puhui::services
