// SPDX-License-Identifier: Apache-2.0
// `witness --from-folder`: heads from a copy of published files, without the service.
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/cosignature.h"
#include "ledger/journal/prover.h"
#include "ledger/journal/published_tiles.h"
#include "tests/support/stored_log.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace puhui::services::witness_folder_test {
namespace {

using ::testing::HasSubstr;

ledger::SigningKey LogKey() { return ledger::SigningKey::FromSeed(std::string(32, 'l')); }

class WitnessFolderTest : public CommandsTest {
 protected:
  std::string Folder() const { return folder_.Join("published"); }
  // As the service does it.
  void Publish(const ledger::StoredLog& log) {
    ledger::Prover prover([](const absl::Status& damage) { ADD_FAILURE() << damage; });
    ledger::TilePublisher publisher(
        {.folder = Folder(), .entries = false, .key = LogKey().verify_key()}, &prover);
    absl::StatusOr<bool> reached = false;
    while (reached.ok() && !*reached) reached = publisher.Step(log.store(), log.Note(LogKey()));
    ASSERT_OK(reached);
  }
  int Look() {
    return Run({"witness", "--name", "union.example/witness", "--key-file",
                folder_.Join("witness.pem"), "--log-key",
                ledger::VerifierKeyText("k", LogKey().verify_key()), "--state",
                folder_.Join("state"), "--from-folder", Folder(), "--out", folder_.Join("signed"),
                "--once"});
  }
  std::string Read(const std::string& name) const {
    std::stringstream text;
    text << std::ifstream(folder_.Join(name)).rdbuf();
    return text.str();
  }
};

TEST_F(WitnessFolderTest, SignsHeadsAsLongAsTheFilesGrow) {
  ledger::StoredLog log;
  for (const std::uint64_t size : {300U, 1'000U, 1'000U}) {
    log.Grow(size);
    ASSERT_NO_FATAL_FAILURE(Publish(log));
    ASSERT_EQ(Look(), 0) << err_;
    EXPECT_THAT(Read("signed"), HasSubstr(absl::StrCat("\n", size, "\n")));
    EXPECT_THAT(Read("signed"), HasSubstr("union.example/witness "));
  }
  EXPECT_EQ(connected_, "");
}

TEST_F(WitnessFolderTest, AnotherHistoryIsAnAlarm) {
  ledger::StoredLog log;
  log.Grow(300);
  ASSERT_NO_FATAL_FAILURE(Publish(log));
  ASSERT_EQ(Look(), 0) << err_;
  std::filesystem::remove_all(Folder());
  ledger::StoredLog other;
  other.Grow(1'000, [](Sequence sequence) { return absl::StrCat("x", sequence); });
  ASSERT_NO_FATAL_FAILURE(Publish(other));
  EXPECT_EQ(Look(), 8);
  EXPECT_THAT(err_, HasSubstr("ALARM"));
  EXPECT_THAT(Read("state.evidence"), HasSubstr("\n1000\n"));
  EXPECT_THAT(Read("signed"), HasSubstr("\n300\n"));
}

TEST_F(WitnessFolderTest, WaitsForFilesThatAreNotThereYet) {
  EXPECT_EQ(Look(), 7);
  std::filesystem::create_directories(Folder());
  std::ofstream(absl::StrCat(Folder(), "/checkpoint")) << "half of a no";
  EXPECT_EQ(Look(), 7);
  std::filesystem::remove(absl::StrCat(Folder(), "/checkpoint"));
  ledger::StoredLog log;
  log.Grow(300);
  ASSERT_NO_FATAL_FAILURE(Publish(log));
  ASSERT_EQ(Look(), 0) << err_;
  log.Grow(1'000);
  ASSERT_NO_FATAL_FAILURE(Publish(log));
  const std::string tile = absl::StrCat(Folder(), "/tile/0/001");
  std::filesystem::rename(tile, folder_.Join("tile"));
  EXPECT_EQ(Look(), 7);
  EXPECT_THAT(Read("signed"), HasSubstr("\n300\n"));
  std::filesystem::rename(folder_.Join("tile"), tile);
  EXPECT_EQ(Look(), 0) << err_;
}

}  // namespace
}  // namespace puhui::services::witness_folder_test
