// SPDX-License-Identifier: Apache-2.0
// `archive`: what the service is asked for, and what is done without it.
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace puhui::services {
namespace {

using ArchiveNounsTest = CommandsTest;
using ::testing::HasSubstr;

// Records 6 to 8; the fuzzer begins with it too.
constexpr const char* kSoundArchive = "tests/fuzz/corpus/archive_fuzz/of-two-segments";

TEST_F(ArchiveNounsTest, AsksForAPeriodAndShowsWhatCameOfIt) {
  EXPECT_EQ(Run({"archive", "create", "2027-01"}), 0);
  EXPECT_THAT(out_, HasSubstr("segments-1-20.archive"));
  EXPECT_THAT(out_, HasSubstr("1 to 20"));
  EXPECT_THAT(out_, HasSubstr("from record 21"));
  EXPECT_EQ(Run({"archive", "create"}), 2);
}

TEST_F(ArchiveNounsTest, SaysThatAnotherPeriodWasUnderWay) {
  EXPECT_EQ(Run({"archive", "create", "2027-02"}), 6);
  EXPECT_THAT(err_, HasSubstr("2027-01"));
}

TEST_F(ArchiveNounsTest, ListsWhatIsThereAndWhatIsMissing) {
  EXPECT_EQ(Run({"archive", "list"}), 0);
  EXPECT_THAT(out_, HasSubstr("segments-1-20.archive"));
  EXPECT_THAT(out_, HasSubstr("records 21 to 30"));
}

TEST_F(ArchiveNounsTest, ReadsAFileWithoutTheService) {
  EXPECT_EQ(Run({"archive", "verify", kSoundArchive}), 0);
  EXPECT_THAT(out_, HasSubstr("6 to 8"));
  EXPECT_EQ(script_.calls, 0);
  EXPECT_EQ(Run({"archive", "verify", "nowhere.archive"}), 4);
}

TEST_F(ArchiveNounsTest, DamageIsAFindingThatNamesTheRecordAndTheOthersAreRead) {
  std::ifstream file(kSoundArchive, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  ASSERT_GT(bytes.size(), 200U);
  bytes[170] ^= 1;  // Within the frame.
  const std::string path = WriteFile("damaged", bytes);
  EXPECT_EQ(Run({"archive", "verify", path, kSoundArchive}), 8);
  EXPECT_THAT(out_, HasSubstr("damaged: journal at sequence 6"));
  EXPECT_THAT(out_, HasSubstr("6 to 8"));
}

TEST_F(ArchiveNounsTest, RestoresNothingWhereThereIsNoLedger) {
  EXPECT_EQ(Run({"archive", "restore", "--data-dir", "nowhere"}), 4);
  EXPECT_EQ(Run({"archive", "restore"}), 2);
}

}  // namespace
}  // namespace puhui::services
