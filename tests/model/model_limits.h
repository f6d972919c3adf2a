// SPDX-License-Identifier: Apache-2.0
// What the model keeps of velocity limits.
#ifndef PUHUI_TESTS_MODEL_MODEL_LIMITS_H_
#define PUHUI_TESTS_MODEL_MODEL_LIMITS_H_

#include "ledger/base/id.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <tuple>

namespace puhui::testing {

// In the order in which they are asked.
enum class Limited { kTerminal = 1, kMerchant, kMember, kCard };

// Whom limits are for: the number of a terminal or a merchant, a member, or a card. With neither:
// everyone of the kind without limits of their own.
using LimitedWhom = std::tuple<Limited, std::uint32_t, MemberId, std::uint64_t>;

enum class Within { kMinute = 1, kHour, kDay };

struct ModelLimit {
  Within within = Within::kMinute;
  absl::optional<std::int64_t> count{};
  absl::optional<std::int64_t> points{};
};

// Something that was paid or reserved.
struct ModelPayment {
  absl::Time time{};
  std::int64_t points = 0;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MODEL_LIMITS_H_
