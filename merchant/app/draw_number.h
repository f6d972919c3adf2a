// SPDX-License-Identifier: Apache-2.0
// Internal to this room.
#ifndef PUHUI_MERCHANT_APP_DRAW_NUMBER_H_
#define PUHUI_MERCHANT_APP_DRAW_NUMBER_H_

#include "ledger/base/random.h"

#include "absl/types/span.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace puhui::merchant {

// A number from 0 to below `numbers`, each as likely as any other: what is left of 2^64 above the
// last whole round is drawn again. Requires: numbers > 0.
inline std::uint64_t DrawNumber(std::uint64_t numbers, RandomSource& random) {
  const std::uint64_t below = UINT64_MAX - UINT64_MAX % numbers;
  std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
  std::uint64_t drawn = 0;
  do {
    random.Fill(absl::MakeSpan(bytes));
    std::memcpy(&drawn, bytes.data(), sizeof(drawn));
  } while (drawn >= below);
  return drawn % numbers;
}

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_DRAW_NUMBER_H_
