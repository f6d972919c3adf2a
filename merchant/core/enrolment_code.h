// SPDX-License-Identifier: Apache-2.0
// What an enrolment code looks like: sixteen characters of Crockford's base 32, shown in fours.
// Fifteen are drawn, which is 75 bits; the last is a check that catches one wrong character and two
// that changed places, so that a typing error is never taken for a guess.
#ifndef PUHUI_MERCHANT_CORE_ENROLMENT_CODE_H_
#define PUHUI_MERCHANT_CORE_ENROLMENT_CODE_H_

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace puhui::merchant {

inline constexpr std::size_t kEnrolmentCodeDrawn = 15;
inline constexpr std::size_t kEnrolmentCodeCharacters = kEnrolmentCodeDrawn + 1;

// The code, without hyphens, of the low five bits of each byte. Requires: kEnrolmentCodeDrawn
// random bytes (checked).
std::string EnrolmentCodeOf(absl::Span<const std::uint8_t> drawn);

// As people write it: "7K3M-Q0ZD-XW9B-4T67".
std::string FormatEnrolmentCode(absl::string_view code);

// The code as EnrolmentCodeOf made it, of what somebody typed: case, blanks and hyphens do not
// matter, O is 0, and I and L are 1. Nothing when no code is written so.
absl::optional<std::string> ReadEnrolmentCode(absl::string_view text);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_ENROLMENT_CODE_H_
