// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/voucher.h"

#include "ledger/base/check.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

#include <algorithm>
#include <array>

namespace puhui::merchant {
namespace {

using DammRow = std::array<int, 10>;

// A quasigroup of order ten that is totally anti-symmetric: what makes the check find transposed
// digits.
constexpr std::array<DammRow, 10> kDamm = {{{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
                                            {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
                                            {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
                                            {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
                                            {6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
                                            {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
                                            {5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
                                            {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
                                            {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
                                            {2, 5, 8, 1, 4, 3, 6, 7, 9, 0}}};

// The digit that makes the whole come to nothing; 0 when it does.
int Damm(absl::string_view digits) {
  int interim = 0;
  for (const char digit : digits) {
    interim = kDamm.at(static_cast<std::size_t>(interim)).at(static_cast<std::size_t>(digit - '0'));
  }
  return interim;
}

}  // namespace

std::string VoucherDigitsOf(std::uint64_t number) {
  PUHUI_CHECK(number < kVoucherNumbers);
  std::string digits = absl::StrFormat("%015d", number);
  digits.push_back(static_cast<char>('0' + Damm(digits)));
  return digits;
}

bool IsVoucherDigits(absl::string_view text) {
  const bool is_number =
      text.size() == kVoucherDigits && std::all_of(text.begin(), text.end(), [](char c) {
        return absl::ascii_isdigit(static_cast<unsigned char>(c));
      });
  return is_number && Damm(text) == 0;
}

bool IsJourneyOver(const OfferContent& offer, absl::Time now) {
  absl::TimeZone zone;
  if (offer.kind != OfferKind::kSeats || !absl::LoadTimeZone(offer.window.time_zone, &zone)) {
    return false;
  }
  return now >= absl::FromCivil(offer.journey.day + 1, zone);
}

absl::Time VoucherExpiry(const OfferContent& offer, absl::Time now) {
  const bool is_journey = offer.kind == OfferKind::kSeats;
  if (offer.voucher_days == 0 && !is_journey) return offer.window.end;
  absl::TimeZone zone;  // Kept by the library once it was read.
  // Where its rules are not known any more, its days are not either: the window is.
  if (!absl::LoadTimeZone(offer.window.time_zone, &zone)) return offer.window.end;
  const absl::CivilDay last = offer.voucher_days == 0
                                  ? offer.journey.day
                                  : absl::ToCivilDay(now, zone) + (offer.voucher_days - 1);
  return absl::FromCivil(last + 1, zone);
}

}  // namespace puhui::merchant
