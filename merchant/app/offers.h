// SPDX-License-Identifier: Apache-2.0
// Who may use an offer, and when: asked here by the till, by whoever orders, and by whoever says
// beforehand what they would hear. Refusals are in the order of precedence.
#ifndef PUHUI_MERCHANT_APP_OFFERS_H_
#define PUHUI_MERCHANT_APP_OFFERS_H_

#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "merchant/app/member_profiles.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/order_rows.h"
#include "merchant/app/tables.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>

namespace puhui::merchant {

// Changes with every change of the offer.
std::string EtagOf(OfferNumber number, std::uint32_t version);

// How many of an item or of seats can be ordered: of what is sold as codes from elsewhere no more
// than there are codes left, whatever its stock was set to. Without a row none.
std::int64_t AvailableOf(const OfferContent& offer, const OfferStockRow* stock,
                         const OfferCodeCounts* codes);

// OFFER_NOT_PUBLISHED.
absl::optional<ledger::Refusal> RefuseOfferState(const OfferRow& offer);
// OFFER_CHANGED, with the version that it is now in metadata "version".
absl::optional<ledger::Refusal> RefuseOfferVersion(const OfferRow& offer, std::uint32_t version);
// OFFER_NOT_OPEN, with its days in metadata "first_day" and "last_day".
absl::optional<ledger::Refusal> RefuseOfferTime(const OfferRow& offer, absl::Time now);
// OFFER_NOT_FOR_MEMBER, without saying why.
absl::optional<ledger::Refusal> RefuseAudience(const Audience& audience, MemberId member,
                                               MemberProfiles& profiles);
// OFFER_LIMIT_REACHED, with what one member may in metadata "limit", when there would be `more`
// uses of it by the member.
absl::optional<ledger::Refusal> RefuseUses(Tables& tables, OfferNumber number,
                                           const OfferRow& offer, MemberId member,
                                           std::uint32_t more);

// Appliers only. So many uses more of the offer by the member, or less. Fails: kDataLoss when there
// were not so many.
absl::Status CountUses(Tables& tables, const OfferUseKey& key, std::int64_t change);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_OFFERS_H_
