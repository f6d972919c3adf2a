// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/campaign_scope.h"

#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "services/rpc/error.h"

namespace puhui::services {

absl::StatusOr<issuing::FoundCampaign> FindCampaignFor(const Principal& principal,
                                                       const CampaignId& id,
                                                       const ledger::Readable& store,
                                                       const UnionTree& tree) {
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindCampaign(store, id.text()));
  if (!found.has_value()) return NotFound("campaign");
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                         issuing::UnionByNumber(store, found->row.union_number));
  PUHUI_ASSIGN_OR_RETURN(const UnionId union_id, UnionId::Parse(of.id, "union"));
  if (!AllowUnion(principal, union_id, tree).ok()) return NotFound("campaign");
  return *found;
}

}  // namespace puhui::services
