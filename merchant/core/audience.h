// SPDX-License-Identifier: Apache-2.0
// Whom an offer or a notice is for. Whoever asks "is this for that member" asks Admits, so that
// till, order, search and list cannot differ. Pure.
#ifndef PUHUI_MERCHANT_CORE_AUDIENCE_H_
#define PUHUI_MERCHANT_CORE_AUDIENCE_H_

#include "ledger/base/id.h"

#include "absl/time/civil_time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::merchant {

// Every condition that is set has to hold; of a list, one of it. Lists are sorted, each value once
// (SortLists); an empty list asks nothing.
struct Audience {
  std::vector<UnionNumber> unions{};  // The member's, or one above it.
  std::vector<std::string> employments{};
  std::vector<std::string> departments{};
  absl::optional<absl::CivilDay> joined_from{};  // In the zone of the member's union.
  absl::optional<absl::CivilDay> joined_to{};
  std::vector<CampaignNumber> campaigns{};  // By which the member was granted points.

  // Whether it asks for anything that only the vault knows.
  bool AsksForPersonalData() const { return !employments.empty() || !departments.empty(); }
  std::size_t HeapBytes() const;
  friend bool operator==(const Audience&, const Audience&) = default;
};

void SortLists(Audience* audience);

// What audiences ask about a member.
struct MemberProfile {
  std::vector<UnionNumber> unions{};  // The member's, the one above it, and so on up to the root.
  absl::CivilDay joined{};            // In the zone of the member's union.
  std::string employment{};           // Both empty when nobody asked, and after erasure.
  std::string department{};
  // Of the campaigns that were asked about, those that granted the member points, sorted.
  std::vector<CampaignNumber> campaigns{};
};

// Requires: the lists of `audience` are sorted.
bool Admits(const Audience& audience, const MemberProfile& member);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_AUDIENCE_H_
