// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/random.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace puhui::ledger {
namespace {

TEST(OpenSslRandomTest, NeverRepeatsAndFillsEveryByte) {
  OpenSslRandom random;
  std::set<std::array<std::uint8_t, 16>> seen;
  std::array<bool, 16> touched{};
  for (int i = 0; i < 100; ++i) {
    std::array<std::uint8_t, 16> bytes{};
    random.Fill(absl::MakeSpan(bytes));
    seen.insert(bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at) touched[at] |= bytes[at] != 0;
  }
  EXPECT_EQ(seen.size(), 100u);
  for (const bool byte : touched) EXPECT_TRUE(byte);
}

}  // namespace
}  // namespace puhui::ledger
