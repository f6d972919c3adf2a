// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/text_field.h"

#include "ledger/base/limits.h"
#include "ledger/base/utf8.h"
#include "ledger/core/terms.h"
#include "services/rpc/error.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <algorithm>
#include <cstddef>

namespace puhui::services {
namespace {

constexpr std::size_t kBankReferenceBytesMax = 64;

constexpr std::size_t kDigitsMax = 5;  // On end. Case numbers have fewer, people's have more.

// How many characters `text` has; 0 when it is not UTF-8.
std::size_t CharactersOf(absl::string_view text) {
  std::size_t characters = 0;
  while (!text.empty()) {
    const std::size_t bytes = Utf8CharacterBytes(text);
    if (bytes == 0) return 0;
    text.remove_prefix(bytes);
    ++characters;
  }
  return characters;
}

// A character as ASCII when it is one of ASCII's at another width; itself when it is ASCII; ' ' for
// the marks of U+2000 to U+207F and U+3000 to U+303F; 'x' for any other.
char Folded(absl::string_view character) {
  const auto byte = [&character](std::size_t at) {
    return static_cast<unsigned char>(character[at]);
  };
  if (character.size() == 1) return character[0];
  if (character.size() != 3) return 'x';
  if (byte(0) == 0xE2 && (byte(1) == 0x80 || byte(1) == 0x81)) return ' ';
  if (byte(0) == 0xE3 && byte(1) == 0x80) return ' ';
  if (byte(0) == 0xEF && byte(1) == 0xBC) return static_cast<char>(byte(2) - 0x81 + '!');
  if (byte(0) == 0xEF && byte(1) == 0xBD && byte(2) <= 0x9E) {
    return static_cast<char>(byte(2) - 0x80 + '`');
  }
  return 'x';
}

// The longest run of digits, with what people write between them left out. Requires: UTF-8.
std::size_t LongestNumber(absl::string_view text) {
  std::size_t longest = 0;
  std::size_t digits = 0;
  while (!text.empty()) {
    const std::size_t bytes = Utf8CharacterBytes(text);
    const auto c = static_cast<unsigned char>(Folded(text.substr(0, bytes)));
    text.remove_prefix(bytes);
    if (absl::ascii_isdigit(c)) longest = std::max(longest, ++digits);
    if (absl::ascii_isalpha(c)) digits = 0;
  }
  return longest;
}

}  // namespace

absl::Status CheckReason(absl::string_view text, absl::string_view field) {
  const std::size_t characters = CharactersOf(text);
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
  if (characters == 0 || characters > kReasonCharactersMax || !plain) {
    return InvalidField(field, absl::StrCat("want 1 to ", kReasonCharactersMax,
                                            " characters in one line, got ", characters));
  }
  if (LongestNumber(text) > kDigitsMax) {
    return InvalidField(field, "want no personal data, got a number of six digits or more");
  }
  return absl::OkStatus();
}

absl::Status CheckDisplayName(absl::string_view text, absl::string_view field) {
  // Protobuf has checked that it is UTF-8.
  bool good = !text.empty() && text.size() <= kNameBytesMax;
  for (const char c : text) good = good && !absl::ascii_iscntrl(static_cast<unsigned char>(c));
  if (good) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("want 1 to ", kNameBytesMax,
                                          " bytes without control characters, got ", text.size()));
}

absl::Status CheckBankReference(absl::string_view text, absl::string_view field) {
  const bool good = !text.empty() && text.size() <= kBankReferenceBytesMax &&
                    std::all_of(text.begin(), text.end(), [](char c) {
                      return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
                             c == '_' || c == '/';
                    });
  if (good) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("want 1 to ", kBankReferenceBytesMax,
                                          " of A-Z, a-z, 0-9, '-', '_' and '/'"));
}

absl::StatusOr<std::uint32_t> ParseCategory(absl::string_view text, absl::string_view field) {
  std::uint32_t category = 0;
  if (text.size() != 4 || text.find_first_not_of("0123456789") != absl::string_view::npos ||
      !absl::SimpleAtoi(text, &category)) {
    return InvalidField(field, "want a merchant category of four digits");
  }
  return category;
}

std::string FormatCategory(std::uint32_t category) { return absl::StrFormat("%04d", category); }

absl::StatusOr<std::uint32_t> ParseRegion(absl::string_view text, absl::string_view field) {
  std::uint32_t region = 0;
  if (text.size() != 6 || text.find_first_not_of("0123456789") != absl::string_view::npos ||
      !absl::SimpleAtoi(text, &region) || !ledger::IsRegion(region)) {
    return InvalidField(field, "want a region of GB/T 2260, six digits");
  }
  return region;
}

std::string FormatRegion(std::uint32_t region) { return absl::StrFormat("%06d", region); }

}  // namespace puhui::services
