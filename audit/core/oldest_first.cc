// SPDX-License-Identifier: Apache-2.0
#include "audit/core/oldest_first.h"

#include <algorithm>

namespace puhui::audit {

std::int64_t CameWith::Before(std::int64_t points) {
  const std::int64_t below = std::max<std::int64_t>(above_ - points, 0);
  const std::int64_t common = std::min(above_, out_) - below;
  above_ = below;
  return std::max<std::int64_t>(common, 0);
}

std::int64_t WentWith::Next(std::int64_t points) {
  const std::int64_t passed = std::min(first_, points);
  first_ -= passed;
  const std::int64_t common = std::min(in_, points - passed);
  in_ -= common;
  return common;
}

}  // namespace puhui::audit
