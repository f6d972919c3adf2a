// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/payer_convert.h"

#include "merchant/core/payment_code.h"
#include "services/merchant/pos_convert.h"
#include "services/rpc/error.h"

namespace puhui::services {

absl::Status CheckPayer(const ShownPayer& shown) {
  if (shown.payment_code.empty()) return CheckCardNumber(shown.card_number);
  if (!shown.card_number.empty()) {
    return InvalidField("payment_code", "want a card number or a payment code, got both");
  }
  if (merchant::IsPaymentCode(shown.payment_code)) return absl::OkStatus();
  return InvalidField("payment_code", "want 18 digits");
}

}  // namespace puhui::services
