// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_OFFER_REACH_H_
#define PUHUI_SERVICES_MARKET_OFFER_REACH_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "merchant/core/audience.h"
#include "services/market/union_path.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <vector>

namespace puhui::services {

// Which offers are for members of a union or of those below it, and for how many of them.
// Threads: none; make one per call. Borrows: the moment that it reads. Fail: as Readable.
class OfferReach {
 public:
  OfferReach(const ledger::Readable* from, UnionNumber of) : from_(*from), of_(of), paths_(from) {}

  // False when the audience is of other unions alone.
  absl::StatusOr<bool> Touches(const merchant::Audience& audience);
  // How many members are in the unions that the audience names and that are within this one, or in
  // this one when it names none. What else it asks of members is not asked here. Nothing when there
  // are more than kUnionsPerOfferReportMax unions.
  absl::StatusOr<absl::optional<std::int64_t>> MembersIn(const merchant::Audience& audience);

 private:
  // The tops of the subtrees that count, none within another.
  absl::StatusOr<std::vector<UnionNumber>> TopsOf(const merchant::Audience& audience);

  const ledger::Readable& from_;
  const UnionNumber of_;
  UnionPaths paths_;
};

// Whether it asks a member for more than a union.
bool AsksForMore(const merchant::Audience& audience);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_OFFER_REACH_H_
