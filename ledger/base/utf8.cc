// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/utf8.h"

#include <algorithm>
#include <array>

namespace puhui {
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

}  // namespace

std::size_t Utf8CharacterBytes(absl::string_view text) {
  if (Between(text[0], 0x00, 0x7F)) return 1;
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

}  // namespace puhui
