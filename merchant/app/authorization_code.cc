// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/authorization_code.h"

#include "absl/strings/string_view.h"

#include <array>
#include <cstdint>

namespace puhui::merchant {

std::string NewAuthorizationCode(RandomSource& random) {
  constexpr absl::string_view kAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";  // 32 of them.
  std::array<std::uint8_t, 6> bytes{};
  random.Fill(absl::MakeSpan(bytes));
  std::string code;
  for (const std::uint8_t byte : bytes) code.push_back(kAlphabet[byte % kAlphabet.size()]);
  return code;
}

}  // namespace puhui::merchant
