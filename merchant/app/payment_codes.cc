// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/payment_codes.h"

#include "ledger/base/status_macros.h"
#include "merchant/core/payment_code.h"

namespace puhui::merchant {

absl::StatusOr<ShownCode> PaymentCodes::Look(absl::string_view digits,
                                             const ledger::Readable& store, absl::Time now) const {
  ShownCode shown = shelf_.Look(digits, CodePurpose::kTill);
  if (shown.foreign || shown.known.has_value()) return shown;
  PUHUI_ASSIGN_OR_RETURN(shown.known, keys_.Find(store, NumberOfCode(digits), now));
  return shown;
}

}  // namespace puhui::merchant
