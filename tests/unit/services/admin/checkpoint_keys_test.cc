// SPDX-License-Identifier: Apache-2.0
// The key that signs checkpoints is replaced in mid-period: both sign one ledger.
#include "services/admin/checkpoint_keys.h"

#include "issuing/app/union_commands.h"
#include "ledger/base/clock.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/engine/engine.h"
#include "ledger/journal/checkpoint_file.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/rocks_store.h"
#include "services/admin/verification.h"
#include "services/ledger/books.h"
#include "services/ledger/chores.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

class CheckpointKeysTest : public ::testing::Test {
 protected:
  CheckpointKeysTest() {
    std::filesystem::create_directory(keys());
    std::filesystem::create_directory(data());
  }
  std::string data() const { return directory_.Join("data"); }
  std::string keys() const { return directory_.Join("keys"); }

  // A server's life with the key that it finds: it writes one record, and signs.
  absl::Status Live(const std::string& union_id) {
    PUHUI_ASSIGN_OR_RETURN(const std::uint32_t number, CheckpointKeyNumber(data()));
    PUHUI_ASSIGN_OR_RETURN(
        const ledger::SigningKey key,
        ledger::SigningKey::ReadOrCreatePemFile(CheckpointKeyPath(keys(), number), random_));
    PUHUI_ASSIGN_OR_RETURN(ledger::KeyChain chain, ReadKeyChain(data(), key.verify_key()));
    PUHUI_ASSIGN_OR_RETURN(const auto store, ledger::RocksStore::Open({.path = StorePath(data())}));
    PUHUI_ASSIGN_OR_RETURN(const auto log, ledger::LocalLog::Open(store.get()));
    Books books(store.get(), std::size_t{1} << 20);
    Chores chores(&books);
    PUHUI_ASSIGN_OR_RETURN(
        const auto engine,
        ledger::Engine::Open(
            {.clock = &clock_,
             .store = store.get(),
             .log = log.get(),
             .fold = &books,
             .views = &books.views,
             .chores = &chores},
            {.data_directory = data(),
             .origin = "test",
             .key_name = "test/checkpoint",
             .on_failure = [](const absl::Status& status) { ADD_FAILURE() << status; },
             .key_chain = std::move(chain)},
            key));
    issuing::CreateUnionCommand::Wish wish;
    wish.id = *UnionId::Parse(union_id, "id");
    wish.time_zone = "Asia/Shanghai";
    PUHUI_RETURN_IF_ERROR(
        engine
            ->Run(std::make_unique<issuing::CreateUnionCommand>(&books.issuing, wish),
                  ledger::Priority::kInteractive)
            .status());
    PUHUI_RETURN_IF_ERROR(engine->Shutdown());
    PUHUI_RETURN_IF_ERROR(store->Close());
    return ledger::WriteFileDurably(
        absl::StrCat(data(), "/", kVerifierKeyFileName),
        absl::StrCat(ledger::VerifierKeyText("test/checkpoint", key.verify_key()), "\n"));
  }
  absl::StatusOr<KeySuccession> Rotate() {
    return RotateCheckpointKey(data(), keys(), random_, clock_.Now());
  }
  ledger::VerifyKey Key(std::uint32_t number) {
    return ledger::SigningKey::FromPemFile(CheckpointKeyPath(keys(), number))->verify_key();
  }
  void ExpectWholeFor(const ledger::VerifyKey& key) {
    ASSERT_OK_AND_ASSIGN(const auto report, VerifyDataDirectory(data(), &key, {}));
    EXPECT_TRUE(report.ok()) << report.findings.front();
  }

  const TempDir directory_;
  SystemClock clock_;
  SeededRandom random_{61};
};

TEST_F(CheckpointKeysTest, WhoeverHasEitherKeyVerifiesBeforeAndAfterTheNextStart) {
  ASSERT_OK(Live("fh-1"));
  ASSERT_OK_AND_ASSIGN(const KeySuccession made, Rotate());
  EXPECT_EQ(made.number, 2U);
  EXPECT_EQ(made.path, keys() + "/checkpoint-2.pem");
  EXPECT_EQ(made.text, ledger::VerifierKeyText("test/checkpoint", Key(2)));
  ExpectWholeFor(Key(1));  // The head is still by the first.
  ExpectWholeFor(Key(2));
  ASSERT_OK(Live("fh-2"));
  ASSERT_OK_AND_ASSIGN(const auto note, ledger::ReadPublishedCheckpoint(data()));
  EXPECT_OK(ledger::ParseCheckpoint(*note, Key(2)));
  EXPECT_THAT(ledger::ParseCheckpoint(*note, Key(1)), HasCode(absl::StatusCode::kDataLoss));
  ExpectWholeFor(Key(1));
  ExpectWholeFor(Key(2));
  // The first is not needed any more.
  const ledger::VerifyKey first = Key(1);
  std::filesystem::remove(CheckpointKeyPath(keys(), 1));
  ASSERT_OK_AND_ASSIGN(const KeySuccession third, Rotate());
  EXPECT_EQ(third.number, 3U);
  ASSERT_OK(Live("fh-3"));
  ExpectWholeFor(first);
}

TEST_F(CheckpointKeysTest, AStrangersKeyIsNotInTheChain) {
  ASSERT_OK(Live("fh-1"));
  ASSERT_OK(Rotate());
  ASSERT_OK(Live("fh-2"));
  const ledger::SigningKey stranger = ledger::SigningKey::Generate(random_);
  ASSERT_OK_AND_ASSIGN(const auto report, VerifyDataDirectory(data(), &stranger.verify_key(), {}));
  EXPECT_FALSE(report.ok());
}

TEST_F(CheckpointKeysTest, WithoutItsChainANewKeyIsNotBelieved) {
  ASSERT_OK(Live("fh-1"));
  const ledger::VerifyKey first = Key(1);
  ASSERT_OK(Rotate());
  ASSERT_OK(Live("fh-2"));
  std::filesystem::remove(absl::StrCat(data(), "/", ledger::kKeyChainFileName));
  ASSERT_OK_AND_ASSIGN(const auto report, VerifyDataDirectory(data(), &first, {}));
  EXPECT_FALSE(report.ok());
  EXPECT_THAT(Live("fh-3"), HasCode(absl::StatusCode::kDataLoss));
}

TEST_F(CheckpointKeysTest, ARotationThatBrokeOffIsMadeAgain) {
  ASSERT_OK(Live("fh-1"));
  // The key was written, the chain was not.
  ASSERT_OK(ledger::SigningKey::ReadOrCreatePemFile(CheckpointKeyPath(keys(), 2), random_));
  const std::string made_before = Key(2).bytes();
  ASSERT_OK(Rotate());
  EXPECT_EQ(Key(2).bytes(), made_before);
  ASSERT_OK(Live("fh-2"));
  ExpectWholeFor(Key(1));
}

TEST_F(CheckpointKeysTest, NothingIsHandedOverWithoutALedgerOrItsKey) {
  EXPECT_THAT(Rotate(), HasCode(absl::StatusCode::kNotFound));
  ASSERT_OK(Live("fh-1"));
  std::filesystem::remove(CheckpointKeyPath(keys(), 1));
  EXPECT_THAT(Rotate(), HasCode(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace puhui::services
