// SPDX-License-Identifier: Apache-2.0
#include "services/market/offer_reach.h"

#include "issuing/app/union_walk.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"

#include <cstddef>

namespace puhui::services {

bool AsksForMore(const merchant::Audience& audience) {
  return audience.AsksForPersonalData() || !audience.campaigns.empty() ||
         audience.joined_from.has_value() || audience.joined_to.has_value();
}

absl::StatusOr<std::vector<UnionNumber>> OfferReach::TopsOf(const merchant::Audience& audience) {
  if (audience.unions.empty()) return std::vector<UnionNumber>{of_};
  std::vector<UnionNumber> within;
  for (const UnionNumber named : audience.unions) {
    PUHUI_ASSIGN_OR_RETURN(const bool is_above, paths_.IsWithin(of_, named));
    if (is_above) return std::vector<UnionNumber>{of_};
    PUHUI_ASSIGN_OR_RETURN(const bool is_below, paths_.IsWithin(named, of_));
    if (is_below) within.push_back(named);
  }
  std::vector<UnionNumber> tops;
  for (const UnionNumber named : within) {
    bool is_covered = false;
    for (const UnionNumber other : within) {
      if (other == named) continue;
      PUHUI_ASSIGN_OR_RETURN(const bool below, paths_.IsWithin(named, other));
      is_covered = is_covered || below;
    }
    if (!is_covered) tops.push_back(named);
  }
  return tops;
}

absl::StatusOr<bool> OfferReach::Touches(const merchant::Audience& audience) {
  PUHUI_ASSIGN_OR_RETURN(const std::vector<UnionNumber> tops, TopsOf(audience));
  return !tops.empty();
}

absl::StatusOr<absl::optional<std::int64_t>> OfferReach::MembersIn(
    const merchant::Audience& audience) {
  PUHUI_ASSIGN_OR_RETURN(const std::vector<UnionNumber> tops, TopsOf(audience));
  std::int64_t members = 0;
  std::size_t looked_at = 0;
  for (const UnionNumber top : tops) {
    issuing::UnionWalk walk(&from_, top, 0);
    while (true) {
      PUHUI_ASSIGN_OR_RETURN(const auto step, walk.Next());
      if (!step.has_value()) break;
      if (++looked_at > kUnionsPerOfferReportMax) return absl::optional<std::int64_t>();
      members += step->row.members;
    }
  }
  return absl::make_optional(members);
}

}  // namespace puhui::services
