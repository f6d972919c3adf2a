// SPDX-License-Identifier: Apache-2.0
// What an authorisation holds of whom, and where it goes when the authorisation ends. Pure
// arithmetic: held points are the member's until they are captured.
#ifndef PUHUI_MERCHANT_CORE_AUTHORIZATION_H_
#define PUHUI_MERCHANT_CORE_AUTHORIZATION_H_

#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/core/wallet.h"
#include "merchant/core/purchase.h"

#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::merchant {

// Ends once: from kHeld to one of the others. Stored.
enum class AuthorizationState : std::uint8_t {
  kHeld = 1,
  kCaptured = 2,
  kVoided = 3,
  kExpired = 4,
};

// The first whole second that is `lifetime` away: what ends in the same second shares a timer.
absl::Time ExpiryOfAuthorization(absl::Time now, absl::Duration lifetime);

// How many unions' money `taken` is.
std::size_t OriginsOf(const std::vector<ledger::LotSlice>& taken);

// wallet → held, by origin. Requires: `taken` is not empty (checked).
std::vector<ledger::Posting> HoldPostings(MemberId member,
                                          const std::vector<ledger::LotSlice>& taken);

// held → wallet, by origin: all of it. Requires: as HoldPostings.
std::vector<ledger::Posting> ReleasePostings(MemberId member,
                                             const std::vector<ledger::LotSlice>& taken);

// held → payable and fee for the first `points`, and the rest → wallet, by origin: all is released,
// and a purchase made of what a purchase would have taken first. Its fee is that of a purchase of
// `points`. At most four postings of each origin.
// Requires: 0 < points <= the sum of `taken` (checked).
std::vector<ledger::Posting> CapturePostings(const Parties& parties,
                                             const std::vector<ledger::LotSlice>& taken,
                                             std::int64_t points);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_AUTHORIZATION_H_
