// SPDX-License-Identifier: Apache-2.0
#include "services/bank/bank_party.h"

#include "ledger/base/utf8.h"

#include "absl/strings/ascii.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace puhui::services {
namespace {

constexpr std::size_t kNameCharactersMax = 140;  // As ISO 20022 has names.
constexpr std::size_t kAccountDigitsMin = 6;
constexpr std::size_t kAccountDigitsMax = 34;
constexpr std::size_t kBankCodeDigits = 12;

struct CharacterRange {
  char32_t first;
  char32_t last;
};
constexpr std::array kNameRanges = {
    CharacterRange{' ', ' '},         CharacterRange{'&', ')'},  // & ' ( )
    CharacterRange{'+', ':'},                                    // + , - . / digits :
    CharacterRange{'?', '?'},         CharacterRange{'A', 'Z'},
    CharacterRange{'a', 'z'},         CharacterRange{0x00B7, 0x00B7},  // ·
    CharacterRange{0x3001, 0x3001},   CharacterRange{0x3007, 0x3007},  // 、 〇
    CharacterRange{0x3400, 0x4DBF},   CharacterRange{0x4E00, 0x9FFF},
    CharacterRange{0xF900, 0xFAFF},   CharacterRange{0xFF08, 0xFF09},  // （ ）
    CharacterRange{0xFF10, 0xFF19},   CharacterRange{0xFF21, 0xFF3A},
    CharacterRange{0xFF41, 0xFF5A},   CharacterRange{0x20000, 0x2FA1F},
    CharacterRange{0x30000, 0x323AF},
};

bool IsOfNames(char32_t character) {
  return std::any_of(kNameRanges.begin(), kNameRanges.end(), [character](const auto& range) {
    return range.first <= character && character <= range.last;
  });
}

// The character that these bytes are. Requires: they are one, in UTF-8.
char32_t CharacterOf(absl::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes.front());
  if (bytes.size() == 1) return lead;
  char32_t character = lead & (0xFFU >> (bytes.size() + 1));
  for (const char c : bytes.substr(1)) {
    character = character << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return character;
}

bool IsNumber(absl::string_view text, std::size_t digits_min, std::size_t digits_max) {
  return text.size() >= digits_min && text.size() <= digits_max &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

}  // namespace

bool IsHolderName(absl::string_view text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ') return false;
  std::size_t characters = 0;
  for (; !text.empty(); ++characters) {
    const std::size_t bytes = Utf8CharacterBytes(text);
    if (bytes == 0 || !IsOfNames(CharacterOf(text.substr(0, bytes)))) return false;
    text.remove_prefix(bytes);
  }
  return characters <= kNameCharactersMax;
}

bool IsAccountNumber(absl::string_view text) {
  return IsNumber(text, kAccountDigitsMin, kAccountDigitsMax);
}

bool IsBankCode(absl::string_view text) { return IsNumber(text, kBankCodeDigits, kBankCodeDigits); }

}  // namespace puhui::services
