// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/crc32c.h"

#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::ledger {
namespace {

TEST(Crc32cTest, MatchesTheVectorsOfRfc3720) {
  std::string ascending;
  for (char c = 0; c < 32; ++c) ascending.push_back(c);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62A8AB43u);
  EXPECT_EQ(Crc32c(ascending), 0x46DD794Eu);
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(Crc32c(""), 0u);
}

TEST(Crc32cTest, InstructionAndTableAgreeAtEverySizeAndCut) {
  SeededRandom random(1);
  std::string bytes(300, '\0');
  for (char& c : bytes) c = static_cast<char>(random.Below(256));
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const absl::string_view part = absl::string_view(bytes).substr(0, size);
    const std::uint32_t crc = Crc32c(part);
    ASSERT_EQ(ExtendCrc32cByTable(0, part), crc) << size;
    const std::size_t cut = random.Below(size + 1);
    ASSERT_EQ(ExtendCrc32c(Crc32c(part.substr(0, cut)), part.substr(cut)), crc) << size;
  }
}

// Long ones are gone through in three stretches at a time, with a rest.
TEST(Crc32cTest, InstructionAndTableAgreeOnLongOnes) {
  SeededRandom random(2);
  std::string bytes(20'000, '\0');
  for (char& c : bytes) c = static_cast<char>(random.Below(256));
  for (const std::size_t size : {3'071U, 3'072U, 3'073U, 6'143U, 6'144U, 9'999U, 20'000U}) {
    const absl::string_view part = absl::string_view(bytes).substr(0, size);
    EXPECT_EQ(ExtendCrc32cByTable(7, part), ExtendCrc32c(7, part)) << size;
  }
}

}  // namespace
}  // namespace puhui::ledger
