// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/mall_tokens.h"

#include "absl/strings/escaping.h"
#include "absl/types/span.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace puhui::merchant {
namespace {

constexpr std::size_t kTokenBytes = 16;

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

MallTokens::Fresh MallTokens::Make() const {
  std::array<std::uint8_t, kTokenBytes> bytes{};
  random_.Fill(absl::MakeSpan(bytes));
  Fresh fresh{.nonce = std::string(bytes.begin(), bytes.end())};
  fresh.hash = *Read(TextOf(fresh.nonce));
  return fresh;
}

std::string MallTokens::TextOf(absl::string_view nonce) const {
  return absl::BytesToHexString(keyed_hash_.Tag16("mall", nonce));
}

absl::optional<ledger::Tag> MallTokens::Read(absl::string_view text) const {
  if (text.size() != 2 * kTokenBytes || !std::all_of(text.begin(), text.end(), IsHexDigit)) {
    return absl::nullopt;
  }
  return ledger::TagFromBytes(keyed_hash_.Tag16("mall_token", absl::HexStringToBytes(text)));
}

}  // namespace puhui::merchant
