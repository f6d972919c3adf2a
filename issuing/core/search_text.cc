// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/search_text.h"

#include "ledger/base/check.h"
#include "ledger/base/utf8.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace puhui::issuing {
namespace {

constexpr UChar32 kMiddleDot = 0x00B7;

// What is set between the parts of a name that was written in another script.
bool JoinsParts(UChar32 character) {
  switch (character) {
    case kMiddleDot:
    case 0x0387:  // Greek ano teleia
    case 0x2022:  // bullet
    case 0x2027:  // hyphenation point
    case 0x22C5:  // dot operator
    case 0x30FB:  // katakana middle dot
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string SearchText(absl::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const form = icu::Normalizer2::getNFKCCasefoldInstance(status);
  PUHUI_CHECK(U_SUCCESS(status));
  const icu::UnicodeString folded = form->normalize(
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size()))),
      status);
  PUHUI_CHECK(U_SUCCESS(status));
  icu::UnicodeString kept;
  for (int at = 0; at < folded.length(); at = folded.moveIndex32(at, 1)) {
    const UChar32 character = folded.char32At(at);
    if (u_isUWhiteSpace(character) || u_iscntrl(character)) continue;
    kept.append(JoinsParts(character) ? kMiddleDot : character);
  }
  std::string result;
  kept.toUTF8String(result);
  return result;
}

std::vector<absl::string_view> Prefixes(absl::string_view text, std::size_t characters_max) {
  std::vector<absl::string_view> prefixes;
  for (std::size_t end = 0; end < text.size() && prefixes.size() < characters_max;) {
    const std::size_t bytes = Utf8CharacterBytes(text.substr(end));
    PUHUI_CHECK(bytes > 0);
    end += bytes;
    prefixes.push_back(text.substr(0, end));
  }
  return prefixes;
}

}  // namespace puhui::issuing
