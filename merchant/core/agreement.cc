// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/agreement.h"

namespace puhui::merchant {

const Agreement* AgreementAt(absl::Span<const Agreement> agreements, absl::Time now) {
  const Agreement* begun = nullptr;
  for (const Agreement& agreement : agreements) {
    if (agreement.start > now) break;
    begun = &agreement;
  }
  if (begun == nullptr || (begun->end.has_value() && *begun->end <= now)) return nullptr;
  return begun;
}

const Agreement* OverlappedBy(const Agreement& wish, absl::Span<const Agreement> agreements) {
  for (const Agreement& other : agreements) {
    const Agreement& first = other.start < wish.start ? other : wish;
    const Agreement& second = other.start < wish.start ? wish : other;
    const bool runs_into = first.end.has_value() && *first.end > second.start;
    if (first.start == second.start || runs_into) return &other;
  }
  return nullptr;
}

}  // namespace puhui::merchant
