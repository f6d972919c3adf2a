// SPDX-License-Identifier: Apache-2.0
#include "services/audit/known_records.h"

#include "ledger/base/status_macros.h"

#include <algorithm>

namespace puhui::services {

absl::StatusOr<KnownRecords> KnownTo(const Principal& principal, const audit::IndexMoment& moment) {
  KnownRecords known{.last = moment.last};
  if (!principal.mandate.has_value()) return known;
  PUHUI_ASSIGN_OR_RETURN(known.first, audit::FirstSince(moment, principal.mandate->start));
  PUHUI_ASSIGN_OR_RETURN(const Sequence after, audit::FirstSince(moment, principal.mandate->end));
  known.last = std::max(after, known.first) - 1;
  return known;
}

}  // namespace puhui::services
