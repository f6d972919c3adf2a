// SPDX-License-Identifier: Apache-2.0
#include "services/cli/money.h"

#include "ledger/base/check.h"

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <cstddef>

namespace puhui::services {

std::string FormatCount(std::uint64_t count) {
  std::string text = absl::StrCat(count);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string FormatPoints(std::int64_t points, std::int64_t points_per_yuan) {
  PUHUI_CHECK(points_per_yuan > 0);
  const bool negative = points < 0;
  // The magnitude as unsigned: negating the least int64 would overflow.
  const std::uint64_t magnitude = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(points)
                                           : static_cast<std::uint64_t>(points);
  const absl::uint128 fen =
      absl::uint128(magnitude) * 100 / static_cast<std::uint64_t>(points_per_yuan);
  const char* const sign = negative ? "-" : "";
  return absl::StrFormat("%s%s %s (%s¥%s.%02d)", sign, FormatCount(magnitude),
                         magnitude == 1 ? "point" : "points", sign,
                         FormatCount(absl::Uint128Low64(fen / 100)), absl::Uint128Low64(fen % 100));
}

}  // namespace puhui::services
