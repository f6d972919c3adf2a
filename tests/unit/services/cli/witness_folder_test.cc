// SPDX-License-Identifier: Apache-2.0
// `witness --from-folder`: heads from a copy of published files, without the service.
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/cosignature.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/prover.h"
#include "ledger/journal/published_tiles.h"
#include "tests/support/stored_log.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace puhui::services::witness_folder_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ledger::SigningKey KeyOf(char seed) { return ledger::SigningKey::FromSeed(std::string(32, seed)); }
ledger::SigningKey LogKey() { return KeyOf('l'); }

class WitnessFolderTest : public CommandsTest {
 protected:
  std::string Folder() const { return folder_.Join("published"); }
  // As the service does it.
  void Publish(const ledger::StoredLog& log) {
    ledger::Prover prover([](const absl::Status& damage) { ADD_FAILURE() << damage; });
    ledger::TilePublisher publisher(
        {.folder = Folder(), .entries = false, .keys = ledger::KeyChain(LogKey().verify_key())},
        &prover);
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
    text << std::ifstream(folder_.Join(name), std::ios::binary).rdbuf();
    return text.str();
  }
  // Into the folder.
  void Write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories(Folder());
    std::ofstream(absl::StrCat(Folder(), "/", name), std::ios::binary) << bytes;
  }
  void ExpectToBeLookedAtAgain() {
    const std::string signed_before = Read("signed");
    EXPECT_EQ(Look(), 7);
    EXPECT_THAT(err_, Not(HasSubstr("ALARM")));
    EXPECT_FALSE(std::filesystem::exists(folder_.Join("state.evidence")));
    EXPECT_EQ(Read("signed"), signed_before);
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

TEST_F(WitnessFolderTest, AChangedTileIsNoFork) {
  ledger::StoredLog log;
  log.Grow(30'000);
  Write("checkpoint", log.Note(LogKey()));  // The first head that is seen needs no path.
  ASSERT_EQ(Look(), 0) << err_;
  log.Grow(70'000);
  ASSERT_NO_FATAL_FAILURE(Publish(log));
  // Under a complete tile of level 1, so the root of the files does not show it.
  const std::string whole = Read("published/tile/0/117");
  ASSERT_EQ(whole.size(), ledger::kTileBytes);
  std::string changed = whole;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  Write("tile/0/117", changed);
  ExpectToBeLookedAtAgain();
  EXPECT_THAT(err_, HasSubstr("do not lead from 30000 to 70000 records"));
  Write("tile/0/117", whole);
  EXPECT_EQ(Look(), 0) << err_;
  EXPECT_THAT(Read("signed"), HasSubstr("\n70000\n"));
}

TEST_F(WitnessFolderTest, AnOlderCopyIsNotPutBack) {
  ledger::StoredLog log;
  log.Grow(300);
  const std::string older = log.Note(LogKey());
  ASSERT_NO_FATAL_FAILURE(Publish(log));
  log.Grow(1'000);
  ASSERT_NO_FATAL_FAILURE(Publish(log));
  ASSERT_EQ(Look(), 0) << err_;
  Write("checkpoint", older);
  ExpectToBeLookedAtAgain();
  EXPECT_THAT(err_, HasSubstr("300 records after 1000"));
  Write("checkpoint", log.Note(LogKey()));
  EXPECT_EQ(Look(), 0) << err_;
}

TEST_F(WitnessFolderTest, AChainThatIsCutOrOlderIsNoOtherLedgers) {
  const std::string first =
      ledger::SignSuccession(2, "k", LogKey(), KeyOf('m'), absl::FromUnixSeconds(1));
  const std::string second =
      ledger::SignSuccession(3, "k", KeyOf('m'), KeyOf('n'), absl::FromUnixSeconds(2));
  const std::string third =
      ledger::SignSuccession(4, "k", KeyOf('n'), KeyOf('o'), absl::FromUnixSeconds(3));
  ledger::StoredLog log;
  log.Grow(300);
  Write("checkpoint", log.Note(KeyOf('n')));
  Write("checkpoint.chain", absl::StrCat(first, second));
  ASSERT_EQ(Look(), 0) << err_;
  const std::string half = third.substr(0, third.size() / 2);
  for (const std::string& chain : {first, absl::StrCat(first, second, half), half}) {
    Write("checkpoint.chain", chain);
    ExpectToBeLookedAtAgain();
  }
  Write("checkpoint.chain", absl::StrCat(first, second, third));
  EXPECT_EQ(Look(), 0) << err_;
}

}  // namespace
}  // namespace puhui::services::witness_folder_test
