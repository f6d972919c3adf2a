// SPDX-License-Identifier: Apache-2.0
// What the model keeps of payment codes.
#ifndef PUHUI_TESTS_MODEL_MODEL_CODES_H_
#define PUHUI_TESTS_MODEL_MODEL_CODES_H_

#include "ledger/base/id.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::testing {

// A code, whoever may show it.
struct ModelCode {
  MemberId member{};
  absl::Time expiry{};
  bool used = false;
  absl::optional<std::uint32_t> device{};  // That computed it; else it was made here.
};

// What computes codes.
struct ModelDevice {
  MemberId member{};
  bool revoked = false;
};

// What a terminal sent that does not exist.
struct ModelGuesses {
  std::vector<absl::Time> counted{};  // Since the last block.
  std::vector<absl::Time> hidden{};   // Codes of devices that it was told nothing of.
  absl::Time day_start{};
  std::size_t in_day = 0;
  absl::Time doubted_until{};
  absl::Time blocked_until{};
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MODEL_CODES_H_
