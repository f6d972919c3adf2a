// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/json_text.h"

#include "absl/strings/str_format.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace puhui::services {
namespace {

// A well-formed sequence by its first byte: how long it is, and what the second byte may be
// (Unicode, table 3-7). Later bytes are 80 to BF.
struct Lead {
  unsigned char first;
  unsigned char last;
  std::size_t size;
  unsigned char second_min;
  unsigned char second_max;
};
constexpr std::array<Lead, 8> kLeads = {{{0xC2, 0xDF, 2, 0x80, 0xBF},
                                         {0xE0, 0xE0, 3, 0xA0, 0xBF},
                                         {0xE1, 0xEC, 3, 0x80, 0xBF},
                                         {0xED, 0xED, 3, 0x80, 0x9F},
                                         {0xEE, 0xEF, 3, 0x80, 0xBF},
                                         {0xF0, 0xF0, 4, 0x90, 0xBF},
                                         {0xF1, 0xF3, 4, 0x80, 0xBF},
                                         {0xF4, 0xF4, 4, 0x80, 0x8F}}};

bool Between(char c, unsigned char low, unsigned char high) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= low && byte <= high;
}

// The bytes of the character beyond ASCII that `text` begins with; 0 when there is none.
std::size_t CharacterBytes(absl::string_view text) {
  const auto* const lead = std::find_if(kLeads.begin(), kLeads.end(), [&](const Lead& one) {
    return Between(text[0], one.first, one.last);
  });
  if (lead == kLeads.end() || text.size() < lead->size) return 0;
  if (!Between(text[1], lead->second_min, lead->second_max)) return 0;
  for (std::size_t i = 2; i < lead->size; ++i) {
    if (!Between(text[i], 0x80, 0xBF)) return 0;
  }
  return lead->size;
}

}  // namespace

void AppendJsonText(absl::string_view text, std::string* out) {
  std::size_t plain = 0;  // Where the characters begin that need no escape.
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t whole = byte < 0x80 ? 1 : CharacterBytes(text.substr(i));
    if (whole > 0 && byte >= 0x20 && byte != '"' && byte != '\\') {
      i += whole;
      continue;
    }
    out->append(text.data() + plain, i - plain);
    if (whole == 0) {
      *out += "\\ufffd";
    } else if (byte < 0x20) {
      absl::StrAppendFormat(out, "\\u%04x", static_cast<unsigned>(byte));
    } else {
      *out += '\\';
      *out += text[i];
    }
    plain = ++i;
  }
  out->append(text.data() + plain, text.size() - plain);
}

}  // namespace puhui::services
