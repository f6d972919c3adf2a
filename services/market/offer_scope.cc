// SPDX-License-Identifier: Apache-2.0
#include "services/market/offer_scope.h"

#include "ledger/base/status_macros.h"
#include "merchant/app/offer_queries.h"
#include "merchant/app/queries.h"
#include "services/auth/policy.h"
#include "services/ledger/member_profiles.h"
#include "services/ledger/names.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include <string>
#include <utility>

namespace puhui::services {
namespace {

absl::StatusOr<SeenOffer> FindNamed(absl::string_view name, absl::string_view field,
                                    const ledger::Readable& store) {
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t number, ParseOfferName(name, field));
  PUHUI_ASSIGN_OR_RETURN(auto row, merchant::FindOffer(store, merchant::OfferNumber{number}));
  if (!row.has_value()) return NotFound("offer");
  return SeenOffer{.number = merchant::OfferNumber{number}, .row = *std::move(row)};
}

}  // namespace

absl::StatusOr<SeenOffer> SeeOffer(const Principal& principal, absl::string_view name,
                                   absl::string_view field, const ledger::Readable& store) {
  PUHUI_ASSIGN_OR_RETURN(SeenOffer offer, FindNamed(name, field, store));
  PUHUI_ASSIGN_OR_RETURN(const std::string of, Names(&store).OfMerchant(offer.row.merchant));
  PUHUI_ASSIGN_OR_RETURN(const MerchantId merchant, ParseMerchantName(of, "merchant"));
  if (!AllowMerchant(principal, merchant).ok()) return NotFound("offer");
  return offer;
}

absl::StatusOr<SeenOffer> SeeOfferAsReader(const Principal& principal, absl::string_view name,
                                           const ledger::Readable& store,
                                           const issuing::Vault& vault) {
  if (principal.role != Role::kMember) return SeeOffer(principal, name, "name", store);
  PUHUI_ASSIGN_OR_RETURN(SeenOffer offer, FindNamed(name, "name", store));
  if (offer.row.state != merchant::OfferState::kPublished) return NotFound("offer");
  PUHUI_ASSIGN_OR_RETURN(
      const bool is_for,
      MemberProfileReader(&store, &vault, principal.member_id).IsFor(offer.row.content.audience));
  if (!is_for) return NotFound("offer");
  return offer;
}

}  // namespace puhui::services
