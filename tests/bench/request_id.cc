// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/request_id.h"

#include "absl/strings/str_format.h"

#include <cstdint>

namespace puhui::bench {

std::string NewRequestId(std::mt19937_64& random) {
  const std::uint64_t high = random();
  const std::uint64_t low = random();
  return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", high >> 32, (high >> 16) & 0xffff,
                         high & 0xfff, low >> 52, low & 0xffff'ffff'ffff);
}

}  // namespace puhui::bench
