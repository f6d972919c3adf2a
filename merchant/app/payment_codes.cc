// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/payment_codes.h"

#include "ledger/base/status_macros.h"
#include "merchant/core/payment_code.h"

#include <utility>

namespace puhui::merchant {

absl::StatusOr<ShownCode> PaymentCodes::Look(absl::string_view digits,
                                             const ledger::Readable& store, absl::Time now) const {
  ShownCode shown = shelf_.Look(digits, CodePurpose::kTill);
  if (shown.foreign) return shown;
  absl::StatusOr<absl::optional<ShownCode::Known>> found =
      keys_.Find(store, NumberOfCode(digits), now);
  // A device that cannot be read pays nothing, so a code that was made here can be nobody's but
  // the member's for whom it was.
  if (shown.known.has_value() && absl::IsDataLoss(found.status())) return shown;
  PUHUI_ASSIGN_OR_RETURN(auto of_device, std::move(found));
  if (!shown.known.has_value()) {
    shown.known = std::move(of_device);
  } else if (of_device.has_value()) {
    // Codes of one's own devices are no guesses. They would be, and without a bound, if one that
    // happens to be somebody's led there. Nor does it lead to the device: whoever was given it here
    // would pay with another's points.
    shown.known.reset();
  }
  return shown;
}

}  // namespace puhui::merchant
