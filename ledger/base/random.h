// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_BASE_RANDOM_H_
#define PUHUI_LEDGER_BASE_RANDOM_H_

#include "absl/types/span.h"

#include <cstdint>

namespace puhui {

// Where ids, keys, salts and codes come from. Threads: safe.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void Fill(absl::Span<std::uint8_t> bytes) = 0;
};

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_RANDOM_H_
