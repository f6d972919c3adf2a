// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/occasion.h"

#include "issuing/core/rule_pack.h"

namespace puhui::services {

bool HidesOccasion(const Principal& principal, const issuing::CampaignRow& campaign) {
  const bool decides = principal.role == Role::kHr || principal.role == Role::kUnionAdmin ||
                       principal.role == Role::kApprover;
  return !decides && (campaign.personal || issuing::IsPersonalOccasion(campaign.occasion));
}

void HideText(std::string* text) {
  if (!text->empty()) *text = std::string(kNeutralOccasion);
}

}  // namespace puhui::services
