// SPDX-License-Identifier: Apache-2.0
// How orders stand, and what may become of them. Pure.
#ifndef PUHUI_MERCHANT_CORE_ORDER_H_
#define PUHUI_MERCHANT_CORE_ORDER_H_

#include "absl/strings/string_view.h"

#include <cstdint>

namespace puhui::merchant {

// Stored; numbers are those of puhui.v1.OrderState. Goes down the list and ends once, but that what
// was had may come back.
enum class OrderState : std::uint8_t {
  kPlaced = 1,
  kAccepted = 2,
  kShipped = 3,
  kFulfilled = 4,
  kCancelled = 5,
  kDeclined = 6,
  kLapsed = 7,
  kReturned = 8,
};

// For example "PLACED".
absl::string_view OrderStateName(OrderState state);

// The merchant has its points, and nobody has them back yet.
constexpr bool IsSold(OrderState state) {
  return state == OrderState::kAccepted || state == OrderState::kShipped ||
         state == OrderState::kFulfilled;
}
// It is waited for.
constexpr bool IsUnderWay(OrderState state) {
  return state == OrderState::kAccepted || state == OrderState::kShipped;
}

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_ORDER_H_
