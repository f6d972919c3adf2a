// SPDX-License-Identifier: Apache-2.0
#include "services/cli/request_id.h"

#include "ledger/crypto/hash.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace puhui::services {
namespace {

constexpr std::size_t kLength = 36;

bool IsHyphenPlace(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

}  // namespace

std::string MakeRequestId(RandomSource& random) {
  std::array<std::uint8_t, 16> bytes{};
  random.Fill(absl::MakeSpan(bytes));
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);  // Version 4.
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);  // The RFC's variant.
  const std::string hex = ledger::ToHex(absl::MakeConstSpan(bytes));
  const absl::string_view view = hex;
  return absl::StrCat(view.substr(0, 8), "-", view.substr(8, 4), "-", view.substr(12, 4), "-",
                      view.substr(16, 4), "-", view.substr(20));
}

bool IsRequestId(absl::string_view text) {
  if (text.size() != kLength) return false;
  for (std::size_t at = 0; at < kLength; ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (IsHyphenPlace(at) ? c != '-' : !absl::ascii_isxdigit(c)) return false;
  }
  return true;
}

}  // namespace puhui::services
