// SPDX-License-Identifier: Apache-2.0
// What a voucher looks like, how it stands, and how long it is good. Pure.
#ifndef PUHUI_MERCHANT_CORE_VOUCHER_H_
#define PUHUI_MERCHANT_CORE_VOUCHER_H_

#include "merchant/core/offer.h"

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace puhui::merchant {

inline constexpr std::size_t kVoucherDigits = 16;
inline constexpr std::uint64_t kVoucherNumbers = 1'000'000'000'000'000;  // The digits but the last.

// The digits of the number, and behind them the check digit after Damm, which finds every wrong
// digit and every two that changed places. Requires: number < kVoucherNumbers (checked).
std::string VoucherDigitsOf(std::uint64_t number);
// Whether it is 16 digits of which the last one checks.
bool IsVoucherDigits(absl::string_view text);

// Stored; numbers are those of puhui.v1.VoucherState.
enum class VoucherState : std::uint8_t {
  kActive = 1,
  kRedeemed = 2,
  kExpired = 3,  // Never stored: it is what an active one is after its time.
  kVoid = 4,
};

// Of seats: whether the day of the journey is over, in the offer's zone. What else is sold has
// none.
bool IsJourneyOver(const OfferContent& offer, absl::Time now);

// From when on a voucher of an order that is placed at `now` is not good any more: by the number of
// days that the offer says, the day of the order in the offer's zone being the first; else with the
// journey's day, or with the offer's window.
absl::Time VoucherExpiry(const OfferContent& offer, absl::Time now);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_VOUCHER_H_
