// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/ledger_mandates.h"

#include "issuing/app/mandate_queries.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"

#include <utility>

namespace puhui::services {

absl::StatusOr<absl::optional<Mandate>> LedgerMandates::Of(const std::string& person,
                                                           absl::Time now) const {
  PUHUI_ASSIGN_OR_RETURN(auto row, issuing::FindMandate(store_, person));
  if (!row.has_value()) return absl::optional<Mandate>();
  Mandate mandate{.in_force = row->InForceAt(now),
                  .start = row->start,
                  .end = row->end,
                  .purposes = std::move(row->purposes)};
  if (row->union_number != UnionNumber{}) {
    PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                           issuing::UnionByNumber(store_, row->union_number));
    PUHUI_ASSIGN_OR_RETURN(mandate.union_id, UnionId::Parse(of.id, "union"));
  }
  return absl::make_optional(std::move(mandate));
}

}  // namespace puhui::services
