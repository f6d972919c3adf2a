// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/payment_codes.h"

#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "merchant/core/payment_code.h"

#include "absl/types/variant.h"

#include <utility>

namespace puhui::merchant {

// Of the numbers of destroyed devices there are ever more, and of each all codes are a device's.
absl::StatusOr<CodeShelf::Made> PaymentCodes::Make(MemberId member, CodePurpose purpose,
                                                   const ledger::Readable& store, absl::Time now) {
  while (true) {
    const auto made = shelf_.Make(member, purpose, now);
    if (const auto* refusal = absl::get_if<ledger::Refusal>(&made)) {
      return ledger::ToStatus(*refusal);
    }
    const auto& code = absl::get<CodeShelf::Made>(made);
    if (purpose != CodePurpose::kTill) return code;
    PUHUI_ASSIGN_OR_RETURN(const ShownCode shown, Look(code.digits, store, now));
    if (shown.known.has_value()) return code;
    shelf_.Remove(shown.tag);
  }
}

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
