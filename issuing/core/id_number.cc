// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/id_number.h"

#include "ledger/base/check.h"

#include "absl/strings/ascii.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace puhui::issuing {
namespace {

constexpr std::size_t kNumberCharacters = 18;
constexpr std::size_t kDigits = 17;
constexpr std::array<int, kDigits> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
constexpr absl::string_view kCheckCharacters = "10X98765432";  // By weighted sum mod 11.

int NumberIn(absl::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool PlausibleBirthDate(absl::string_view yyyymmdd, absl::CivilDay today) {
  const int year = NumberIn(yyyymmdd.substr(0, 4));
  const int month = NumberIn(yyyymmdd.substr(4, 2));
  const int day = NumberIn(yyyymmdd.substr(6, 2));
  const absl::CivilDay birth(year, month, day);
  // CivilDay turns February 30th into March 1st or 2nd; a date that exists stays what it was.
  const bool exists = birth.year() == year && birth.month() == month && birth.day() == day;
  return exists && year >= 1900 && birth <= today;
}

}  // namespace

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

IdNumberDefect CheckIdNumber(absl::string_view number, absl::CivilDay today) {
  if (number.size() != kNumberCharacters) return IdNumberDefect::kLength;
  const absl::string_view digits = number.substr(0, kDigits);
  const char last = absl::ascii_toupper(static_cast<unsigned char>(number.back()));
  const bool last_is_legal = last == 'X' || absl::ascii_isdigit(static_cast<unsigned char>(last));
  if (!AllDigits(digits) || !last_is_legal) return IdNumberDefect::kCharacters;
  if (!PlausibleBirthDate(digits.substr(6, 8), today)) return IdNumberDefect::kBirthDate;
  if (IdNumberCheckCharacter(digits) != last) return IdNumberDefect::kCheckDigit;
  return IdNumberDefect::kNone;
}

char IdNumberCheckCharacter(absl::string_view digits) {
  PUHUI_CHECK(digits.size() == kDigits && AllDigits(digits));
  int sum = 0;
  for (std::size_t i = 0; i < kDigits; ++i) sum += (digits[i] - '0') * kWeights[i];
  return kCheckCharacters[static_cast<std::size_t>(sum % 11)];
}

}  // namespace puhui::issuing
