// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/order.h"

#include <cstdlib>

namespace puhui::merchant {

absl::string_view OrderStateName(OrderState state) {
  switch (state) {
    case OrderState::kPlaced:
      return "PLACED";
    case OrderState::kAccepted:
      return "ACCEPTED";
    case OrderState::kShipped:
      return "SHIPPED";
    case OrderState::kFulfilled:
      return "FULFILLED";
    case OrderState::kCancelled:
      return "CANCELLED";
    case OrderState::kDeclined:
      return "DECLINED";
    case OrderState::kLapsed:
      return "LAPSED";
    case OrderState::kReturned:
      return "RETURNED";
  }
  std::abort();
}

}  // namespace puhui::merchant
