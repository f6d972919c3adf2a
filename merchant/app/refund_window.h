// SPDX-License-Identifier: Apache-2.0
// Until when a purchase is given back, whether it is refunded or reversed.
#ifndef PUHUI_MERCHANT_APP_REFUND_WINDOW_H_
#define PUHUI_MERCHANT_APP_REFUND_WINDOW_H_

#include "ledger/base/limits.h"
#include "merchant/app/rows.h"

#include "absl/time/time.h"

namespace puhui::merchant {

inline bool IsPastRefunds(const PurchaseRow& purchase, absl::Time now) {
  return now - purchase.time > kRefundWindow;
}
// A closed merchant's payable is not netted for ever.
inline bool IsPastRefunds(const MerchantRow& merchant, absl::Time now) {
  return merchant.close_time.has_value() && *merchant.close_time + kRefundsAfterClosing <= now;
}

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_REFUND_WINDOW_H_
