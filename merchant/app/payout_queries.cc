// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/payout_queries.h"

#include "ledger/base/status_macros.h"
#include "merchant/app/statement_queries.h"

#include <utility>

namespace puhui::merchant {

absl::StatusOr<absl::optional<std::vector<OriginSum>>> CameTo(const ledger::Readable& from,
                                                              const StatementKey& key,
                                                              const StatementRow& row) {
  if (row.state == StatementState::kOpen) return absl::optional<std::vector<OriginSum>>();
  PUHUI_ASSIGN_OR_RETURN(const auto parts, ChangesOf(from, key, row));
  std::vector<OriginSum> sums;
  for (const auto& [origin, part] : parts) {
    // What was paid meanwhile is no part of what the day came to.
    const std::int64_t points = part.figures.Payable() + part.figures.paid;
    if (points != 0) sums.push_back({origin, points});
  }
  return absl::make_optional(std::move(sums));
}

}  // namespace puhui::merchant
