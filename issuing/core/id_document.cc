// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/id_document.h"

#include <algorithm>
#include <cstddef>

namespace puhui::issuing {
namespace {

constexpr std::size_t kNumberCharactersMin = 5;
constexpr std::size_t kNumberCharactersMax = 9;
constexpr std::size_t kCountryLetters = 3;

bool Digit(char c) { return c >= '0' && c <= '9'; }
bool Letter(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

PassportDefect CheckPassportNumber(absl::string_view number) {
  if (number.size() < kNumberCharactersMin || number.size() > kNumberCharactersMax) {
    return PassportDefect::kLength;
  }
  const bool plain =
      std::all_of(number.begin(), number.end(), [](char c) { return Digit(c) || Letter(c); });
  const bool numbered = std::any_of(number.begin(), number.end(), Digit);
  return plain && numbered ? PassportDefect::kNone : PassportDefect::kCharacters;
}

bool IssuesForeignPassports(absl::string_view country) {
  return country.size() == kCountryLetters && std::all_of(country.begin(), country.end(), Letter) &&
         country != "CHN";
}

}  // namespace puhui::issuing
