// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/high_water.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace puhui::ledger {
namespace {

HighWater MarkOf(Sequence sequence) {
  HighWater mark{sequence, {}};
  mark.root.fill(static_cast<std::uint8_t>(sequence));
  return mark;
}

class HighWaterTest : public ::testing::Test {
 protected:
  HighWaterFile Open() {
    absl::StatusOr<HighWaterFile> file = HighWaterFile::Open(dir_.path());
    EXPECT_OK(file);
    return *std::move(file);
  }
  std::string Bytes() {
    std::stringstream bytes;
    bytes << std::ifstream(dir_.Join("head")).rdbuf();
    return bytes.str();
  }
  void Overwrite(const std::string& bytes) { std::ofstream(dir_.Join("head")) << bytes; }

  TempDir dir_;
};

TEST_F(HighWaterTest, SlotBytesAreFrozen) {
  EXPECT_EQ(ToHex(EncodeHighWater(MarkOf(0x11))),
            "50485701"
            "00000000"
            "1100000000000000"
            "1111111111111111111111111111111111111111111111111111111111111111"
            "000000000000000000000000"
            "324355cf");
}

TEST_F(HighWaterTest, IsAbsentAtFirst) { EXPECT_FALSE(Open().last().has_value()); }

TEST_F(HighWaterTest, RemembersTheLastMarkAcrossReopening) {
  for (Sequence sequence = 1; sequence <= 7; ++sequence) {
    HighWaterFile file = Open();
    ASSERT_OK(file.Write(MarkOf(sequence)));
    EXPECT_EQ(file.last(), MarkOf(sequence));
    EXPECT_EQ(Open().last(), MarkOf(sequence));
  }
  EXPECT_EQ(Bytes().size(), 2 * HighWaterFile::kSlotBytes);
}

TEST_F(HighWaterTest, NeverOverwritesTheLatestSlot) {
  HighWaterFile file = Open();
  for (Sequence sequence = 1; sequence <= 6; ++sequence) {
    const std::string before = Bytes();
    ASSERT_OK(file.Write(MarkOf(sequence)));
    const std::string after = Bytes();
    const std::size_t kept = sequence % 2 == 1 ? HighWaterFile::kSlotBytes : 0;
    EXPECT_EQ(after.substr(kept, HighWaterFile::kSlotBytes),
              before.substr(kept, HighWaterFile::kSlotBytes));
  }
}

TEST_F(HighWaterTest, FallsBackToTheOlderSlotWhenABitIsTorn) {
  {
    HighWaterFile file = Open();
    ASSERT_OK(file.Write(MarkOf(1)));
    ASSERT_OK(file.Write(MarkOf(2)));
  }
  const std::string good = Bytes();
  for (std::size_t bit = 0; bit < HighWaterFile::kSlotBytes * 8; bit += 11) {
    std::string torn = good;
    char& byte = torn[HighWaterFile::kSlotBytes + bit / 8];
    byte = static_cast<char>(byte ^ (1 << (bit % 8)));
    Overwrite(torn);
    ASSERT_EQ(Open().last(), MarkOf(1)) << bit;
  }
}

TEST_F(HighWaterTest, IsAbsentWhenBothSlotsAreTorn) {
  Overwrite(std::string(2 * HighWaterFile::kSlotBytes, 'x'));
  EXPECT_FALSE(Open().last().has_value());
  Overwrite("short");
  HighWaterFile file = Open();
  EXPECT_FALSE(file.last().has_value());
  ASSERT_OK(file.Write(MarkOf(9)));
  EXPECT_EQ(Open().last(), MarkOf(9));
}

TEST_F(HighWaterTest, FailsWithoutItsDirectory) {
  EXPECT_THAT(HighWaterFile::Open(dir_.Join("no")), HasCode(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace puhui::ledger
