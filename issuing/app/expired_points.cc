// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/expired_points.h"

#include "issuing/app/records.h"
#include "ledger/base/check.h"

namespace puhui::issuing {

ledger::AccountKey CampaignExpiredPoints::AccountOf(CampaignNumber campaign, UnionNumber origin) {
  const absl::optional<CampaignRef> found = tables_.FindCampaign(campaign);
  PUHUI_CHECK(found.has_value());
  const UnionNumber of = found->row->union_number;
  return views_.TermsOf(campaign).expire_to_union ? ExpiredAccount(of, origin)
                                                  : tables_.HomeAccount(of, origin);
}

}  // namespace puhui::issuing
