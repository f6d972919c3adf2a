// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_MODEL_MERCHANTS_H_
#define PUHUI_TESTS_MODEL_MODEL_MERCHANTS_H_

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <map>
#include <utility>

namespace puhui::testing {

// What the model keeps of who sells, and where.
struct ModelMerchants {
  enum class MerchantStanding { kActive = 1, kSuspended, kClosed };
  struct Merchant {
    std::uint32_t category = 0;
    std::int64_t rate = 0;  // As registered.
    MerchantStanding standing = MerchantStanding::kActive;
    absl::Time refunds_until = absl::InfiniteFuture();
    // By their first moments: until when, if that was said, and what is charged.
    std::map<absl::Time, std::pair<absl::optional<absl::Time>, std::int64_t>> agreements{};
  };
  struct Terminal {
    std::uint32_t merchant = 0;
    bool blocked = false;
    bool retired = false;
    std::uint32_t region = 0;  // Of its store; 0: not known.
  };
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MODEL_MERCHANTS_H_
