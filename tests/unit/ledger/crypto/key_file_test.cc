// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/key_file.h"

#include "ledger/crypto/hash.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

namespace puhui::ledger {
namespace {

void WriteSecret(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
}

TEST(KeyFileTest, CreatesAKeyOnceAndKeepsIt) {
  const TempDir dir;
  const std::string path = dir.Join("member.key");
  SeededRandom random(1);
  ASSERT_OK_AND_ASSIGN(const std::string first, ReadOrCreateKeyFile(path, random));
  ASSERT_OK_AND_ASSIGN(const std::string second, ReadOrCreateKeyFile(path, random));
  ASSERT_OK_AND_ASSIGN(const std::string read, ReadKeyFile(path));
  EXPECT_EQ(first.size(), 32u);
  EXPECT_EQ(second, first);
  EXPECT_EQ(read, first);
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(), ToHex(first) + "\n");
}

TEST(KeyFileTest, AbsentFileIsNotFound) {
  const TempDir dir;
  EXPECT_THAT(ReadKeyFile(dir.Join("no.key")), HasCode(absl::StatusCode::kNotFound));
}

TEST(KeyFileTest, NeverReplacesADamagedKey) {
  const TempDir dir;
  const std::string path = dir.Join("member.key");
  SeededRandom random(1);
  for (const std::string& bad : {std::string(), std::string(62, 'a'), std::string(66, 'a'),
                                 std::string(64, 'g'), std::string(64, 'a') + "\n\n"}) {
    WriteSecret(path, bad);
    EXPECT_THAT(ReadOrCreateKeyFile(path, random), HasCode(absl::StatusCode::kDataLoss)) << bad;
  }
}

TEST(KeyFileTest, ErrorsNameThePathAndNeverTheContent) {
  const TempDir dir;
  const std::string path = dir.Join("member.key");
  WriteSecret(path, "5ec4e7");
  const std::string message(ReadKeyFile(path).status().message());
  EXPECT_NE(message.find(path), std::string::npos);
  EXPECT_EQ(message.find("5ec4e7"), std::string::npos);
}

TEST(KeyFileTest, RefusesAKeyThatOthersCanRead) {
  const TempDir dir;
  const std::string path = dir.Join("member.key");
  SeededRandom random(1);
  ASSERT_OK(ReadOrCreateKeyFile(path, random));
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_THAT(ReadKeyFile(path), HasCode(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace puhui::ledger
