// SPDX-License-Identifier: Apache-2.0
#include "services/cli/money.h"

#include "ledger/base/check.h"

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <cstddef>

namespace puhui::services {
namespace {

// As unsigned: negating the least int64 would overflow.
std::uint64_t Magnitude(std::int64_t points) {
  const auto magnitude = static_cast<std::uint64_t>(points);
  return points < 0 ? std::uint64_t{0} - magnitude : magnitude;
}

}  // namespace

std::string FormatCount(std::uint64_t count) {
  std::string text = absl::StrCat(count);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string FormatYuan(std::int64_t points, std::int64_t points_per_yuan) {
  PUHUI_CHECK(points_per_yuan > 0);
  const absl::uint128 fen =
      absl::uint128(Magnitude(points)) * 100 / static_cast<std::uint64_t>(points_per_yuan);
  return absl::StrFormat("%s¥%s.%02d", points < 0 ? "-" : "",
                         FormatCount(absl::Uint128Low64(fen / 100)), absl::Uint128Low64(fen % 100));
}

std::string FormatPoints(std::int64_t points, std::int64_t points_per_yuan) {
  const std::uint64_t magnitude = Magnitude(points);
  return absl::StrFormat("%s%s %s (%s)", points < 0 ? "-" : "", FormatCount(magnitude),
                         magnitude == 1 ? "point" : "points", FormatYuan(points, points_per_yuan));
}

}  // namespace puhui::services
