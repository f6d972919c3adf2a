// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_MEMBER_PLACES_H_
#define PUHUI_MERCHANT_APP_MEMBER_PLACES_H_

#include "ledger/base/id.h"

#include <vector>

namespace puhui::merchant {

// Where members are in the tree of unions, which this side does not see: whoever counts for unions
// asks here. As the records before have left it, so that folding them again gives the same.
// Threads: the writer's alone.
class MemberPlaces {
 public:
  virtual ~MemberPlaces() = default;
  // The member's union, the one above it, and so on up to the root; of who left it is the last one.
  // Empty when there is no such member.
  virtual std::vector<UnionNumber> Of(MemberId member) = 0;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_MEMBER_PLACES_H_
