// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/enrolment_code.h"

#include "ledger/base/check.h"

#include "absl/strings/ascii.h"

namespace puhui::merchant {
namespace {

constexpr absl::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kGroup = 4;

// Times x in GF(32), modulo x^5 + x^2 + 1: its powers differ up to the 31st, which is more than a
// code has places.
std::uint8_t TimesX(std::uint8_t value) {
  const unsigned shifted = static_cast<unsigned>(value) << 1U;
  return static_cast<std::uint8_t>((shifted & 0x20U) != 0 ? shifted ^ 0x25U : shifted);
}

// The character that makes the weighted sum of all of them zero, once `sum` is that of the others.
std::uint8_t CheckFor(std::uint8_t sum) { return TimesX(sum); }

std::uint8_t Add(std::uint8_t sum, std::uint8_t value) {
  return static_cast<std::uint8_t>(TimesX(sum) ^ value);
}

absl::optional<std::uint8_t> ValueOf(char typed) {
  char c = absl::ascii_toupper(static_cast<unsigned char>(typed));
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  const std::size_t at = kAlphabet.find(c);
  if (at == absl::string_view::npos) return absl::nullopt;
  return static_cast<std::uint8_t>(at);
}

}  // namespace

std::string EnrolmentCodeOf(absl::Span<const std::uint8_t> drawn) {
  PUHUI_CHECK(drawn.size() == kEnrolmentCodeDrawn);
  std::string code;
  std::uint8_t sum = 0;
  for (const std::uint8_t byte : drawn) {
    const auto value = static_cast<std::uint8_t>(byte & 0x1FU);
    code.push_back(kAlphabet[value]);
    sum = Add(sum, value);
  }
  code.push_back(kAlphabet[CheckFor(sum)]);
  return code;
}

std::string FormatEnrolmentCode(absl::string_view code) {
  std::string shown;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (i != 0 && i % kGroup == 0) shown.push_back('-');
    shown.push_back(code[i]);
  }
  return shown;
}

absl::optional<std::string> ReadEnrolmentCode(absl::string_view text) {
  std::string code;
  std::uint8_t sum = 0;
  for (const char c : text) {
    if (c == '-' || c == ' ') continue;
    const absl::optional<std::uint8_t> value = ValueOf(c);
    if (!value.has_value() || code.size() == kEnrolmentCodeCharacters) return absl::nullopt;
    code.push_back(kAlphabet[*value]);
    sum = Add(sum, *value);
  }
  if (code.size() != kEnrolmentCodeCharacters || sum != 0) return absl::nullopt;
  return code;
}

}  // namespace puhui::merchant
