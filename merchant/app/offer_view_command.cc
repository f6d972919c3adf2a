// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/offer_view_command.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"

namespace puhui::merchant {

absl::optional<ledger::Refusal> CountOfferViewsCommand::Decide(
    const ledger::DecideContext& /*context*/, ledger::Decision& decision) {
  PUHUI_CHECK(!counts_.empty() && counts_.size() <= kOfferViewsPerRecordMax);
  journal::v1::OffersViewed& viewed = *decision.Add().mutable_offers_viewed();
  for (const OfferViewCount& count : counts_) {
    journal::v1::OfferViews& line = *viewed.add_offers();
    line.set_offer(count.offer);
    line.set_merchant(static_cast<std::uint32_t>(count.merchant));
    for (const UnionNumber at : count.unions) line.add_unions(static_cast<std::uint32_t>(at));
    line.set_views(count.views);
  }
  return absl::nullopt;
}

}  // namespace puhui::merchant
