// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_CAMPAIGN_SCOPE_H_
#define PUHUI_SERVICES_ISSUING_CAMPAIGN_SCOPE_H_

#include "issuing/app/queries.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "services/auth/identity.h"
#include "services/auth/policy.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// A campaign that the caller may see. Refuses: kNotFound, in the same words whether there is no
// such campaign or its union is outside the caller's scope.
absl::StatusOr<issuing::FoundCampaign> FindCampaignFor(const Principal& principal,
                                                       const CampaignId& id,
                                                       const ledger::Readable& store,
                                                       const UnionTree& tree);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_CAMPAIGN_SCOPE_H_
