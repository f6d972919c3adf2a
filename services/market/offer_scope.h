// SPDX-License-Identifier: Apache-2.0
// Which offers a caller may see. What a caller may not see does not exist for it.
#ifndef PUHUI_SERVICES_MARKET_OFFER_SCOPE_H_
#define PUHUI_SERVICES_MARKET_OFFER_SCOPE_H_

#include "issuing/app/vault.h"
#include "ledger/storage/store.h"
#include "merchant/app/offer_rows.h"
#include "services/auth/identity.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace puhui::services {

struct SeenOffer {
  merchant::OfferNumber number{};
  merchant::OfferRow row{};
};
// Of anybody but a member: as AllowMerchant, of the offer's. Refuses: kInvalidField (at `field`),
// kNotFound.
absl::StatusOr<SeenOffer> SeeOffer(const Principal& principal, absl::string_view name,
                                   absl::string_view field, const ledger::Readable& store);
// The same of whoever may be a member: a member sees what is published and for this member, whether
// or not its days have come.
absl::StatusOr<SeenOffer> SeeOfferAsReader(const Principal& principal, absl::string_view name,
                                           const ledger::Readable& store,
                                           const issuing::Vault& vault);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_OFFER_SCOPE_H_
