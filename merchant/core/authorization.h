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

// What an authorisation holds, and for which lines.
struct Reserved {
  std::vector<ledger::LotSlice> slices{};
  std::vector<PaidLine> lines{};  // Of a basket.

  std::int64_t Points() const;
};

// What is to be taken of one line.
struct LineCapture {
  std::size_t line = 0;
  std::int64_t points = 0;
};

// The part of `held` that a capture takes: for the lines that are named so much of each, or else
// the first points, which leaves the last line, or the last slice, to go back first. Of a line it
// is what was to pay for it first. Every line keeps its place, with the parts that pay for it.
// Requires: so much is held, and the lines add up to the points (checked).
Reserved CapturedPart(const Reserved& held, std::int64_t points,
                      const std::vector<LineCapture>& of);

// held → payable and fee for `captured`, and the rest → wallet, by origin: all is released, and a
// purchase made of what is captured, whose fee is that of a purchase of so much. At most four
// postings of each origin. Requires: `captured` is a part of `taken`, and something (checked).
std::vector<ledger::Posting> CapturePostings(const Parties& parties,
                                             const std::vector<ledger::LotSlice>& taken,
                                             const std::vector<ledger::LotSlice>& captured);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_AUTHORIZATION_H_
