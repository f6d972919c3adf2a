// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_MEMBER_PROFILES_H_
#define PUHUI_MERCHANT_APP_MEMBER_PROFILES_H_

#include "ledger/base/id.h"
#include "merchant/core/audience.h"

#include "absl/types/optional.h"

namespace puhui::merchant {

// What is known of members on the issuing side, which this side does not see: deciders that judge
// an audience ask here. As everything that has been decided left it, durable or not.
// Threads: the writer's alone.
class MemberProfiles {
 public:
  virtual ~MemberProfiles() = default;
  // As far as `audience` asks for it, so that what it does not ask for costs nothing. Nothing when
  // there is no such member, or the member left.
  virtual absl::optional<MemberProfile> Read(MemberId member, const Audience& audience) = 0;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_MEMBER_PROFILES_H_
