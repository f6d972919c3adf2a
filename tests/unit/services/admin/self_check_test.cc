// SPDX-License-Identifier: Apache-2.0
// The ledger's looks at itself, over a store on a disk.
#include "services/admin/self_check.h"

#include "issuing/app/union_commands.h"
#include "ledger/base/check.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/journal/local_log.h"
#include "ledger/journal/tile.h"
#include "ledger/storage/rocks_store.h"
#include "services/ledger/books.h"
#include "services/ledger/chores.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::HasSubstr;

class SelfCheckTest : public ::testing::Test {
 protected:
  SelfCheckTest() {
    auto opened = ledger::Engine::Open(
        {.clock = &clock_,
         .store = store_.get(),
         .log = log_.get(),
         .fold = &books_,
         .views = &books_.views,
         .chores = &chores_},
        {.data_directory = directory_.path(),
         .origin = "test",
         .key_name = "test",
         .on_failure = [](const absl::Status& status) { ADD_FAILURE() << status; }},
        key_);
    PUHUI_CHECK_OK(opened.status());
    engine_ = *std::move(opened);
  }
  static std::unique_ptr<ledger::RocksStore> OpenStore(const std::string& path) {
    auto store = ledger::RocksStore::Open({.path = path});
    PUHUI_CHECK_OK(store.status());
    return *std::move(store);
  }
  absl::Status CreateUnion(int number) {
    issuing::CreateUnionCommand::Wish wish;
    wish.id = *UnionId::Parse(absl::StrCat("fh-", number), "id");
    wish.time_zone = "Asia/Shanghai";
    return engine_
        ->Run(std::make_unique<issuing::CreateUnionCommand>(&books_.issuing, wish),
              ledger::Priority::kInteractive)
        .status();
  }
  SelfCheck::Parts Parts() {
    return {.engine = engine_.get(),
            .key = key_.verify_key(),
            .data_directory = directory_.path(),
            .alert = [this](absl::string_view what) { alerts_.emplace_back(what); }};
  }
  static ledger::VerifyReport ResultOf(const VerificationRun& run) {
    while (!run.result().has_value()) std::this_thread::yield();
    PUHUI_CHECK_OK(run.result()->status());
    return **run.result();
  }
  void Put(ledger::Family family, const std::string& key, const std::string& value) {
    ledger::WriteBatch batch;
    batch.Put(family, key, value);
    ASSERT_OK(store_->Commit(batch, ledger::Durability::kView));
  }

  const TempDir directory_;
  SystemClock clock_;
  SeededRandom random_{71};
  const ledger::SigningKey key_ = ledger::SigningKey::Generate(random_);
  const std::unique_ptr<ledger::RocksStore> store_ = OpenStore(directory_.Join("store"));
  const std::unique_ptr<ledger::LocalLog> log_ = *ledger::LocalLog::Open(store_.get());
  Books books_{store_.get(), std::size_t{1} << 20};
  Chores chores_{&books_};
  std::unique_ptr<ledger::Engine> engine_;
  std::vector<std::string> alerts_;
};

TEST_F(SelfCheckTest, AVerificationCountsWhatItDidAndFoundNothing) {
  ASSERT_OK(CreateUnion(1));
  SelfCheck check(Parts());
  EXPECT_EQ(check.figures().verified, absl::InfinitePast());
  ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0));
  EXPECT_TRUE(ResultOf(*run).ok());
  const SelfCheck::Figures figures = check.figures();
  EXPECT_FALSE(figures.verifying);
  EXPECT_EQ(figures.verify_findings, 0U);
  EXPECT_GT(figures.verified, absl::InfinitePast());
  EXPECT_TRUE(alerts_.empty());
}

TEST_F(SelfCheckTest, ADifferenceIsNamedCountedAndSaidAndBlocksNothing) {
  ASSERT_OK(CreateUnion(1));
  Put(ledger::Family::kIndex, "\x08nobody", "wrote this");
  SelfCheck check(Parts());
  ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0));
  const ledger::VerifyReport report = ResultOf(*run);
  ASSERT_EQ(report.differences.size(), 1U);
  EXPECT_EQ(report.differences[0].table, 8);
  EXPECT_EQ(report.differences[0].key, "086e6f626f6479");
  EXPECT_EQ(report.differences[0].sequence, 1U);
  EXPECT_EQ(check.figures().verify_findings, 1U);
  ASSERT_EQ(alerts_.size(), 1U);
  EXPECT_THAT(alerts_[0], HasSubstr("row 086e6f626f6479 of index, table 0x08"));
  EXPECT_OK(CreateUnion(2));
}

TEST_F(SelfCheckTest, OneVerificationRunsAtATimeAndEndsWithWhoWatches) {
  for (int number = 0; number < 100; ++number) ASSERT_OK(CreateUnion(number));
  SelfCheck check(Parts());
  // A record in a second: it would take minutes.
  ASSERT_OK_AND_ASSIGN(auto first, check.Verify(1));
  ASSERT_OK_AND_ASSIGN(auto second, check.Verify(0));
  EXPECT_EQ(first, second);
  EXPECT_TRUE(check.figures().verifying);
  second = nullptr;
  EXPECT_FALSE(first->result().has_value());
  first = nullptr;  // Waits for its thread, and so for nothing long.
  EXPECT_FALSE(check.figures().verifying);
  EXPECT_TRUE(alerts_.empty());
  ASSERT_OK_AND_ASSIGN(const auto next, check.Verify(0));
  EXPECT_TRUE(ResultOf(*next).ok());
}

TEST_F(SelfCheckTest, TheScrubFindsADamagedTileAndItsPlaceOutlivesAProcess) {
  for (int number = 0; number < 300; ++number) ASSERT_OK(CreateUnion(number));
  ASSERT_OK(engine_->Shutdown());  // The views are as far as the journal.
  ASSERT_OK_AND_ASSIGN(std::string tile, ledger::ReadTile(*store_, {0, 0}));
  tile[99 * sizeof(ledger::Hash)] = static_cast<char>(tile[99 * sizeof(ledger::Hash)] ^ 1);
  Put(ledger::Family::kTiles, ledger::TileKey({0, 0}), tile);
  {
    SelfCheck::Parts parts = Parts();
    parts.scrub_records_per_hour = 1;  // The thread waits, and notes the place when it stops.
    SelfCheck check(parts);
    ASSERT_OK(check.ScrubOnce());
    ASSERT_EQ(alerts_.size(), 1U);
    EXPECT_THAT(alerts_[0], HasSubstr("record 100 is not what row 000000000000000000 of tiles"));
    EXPECT_EQ(check.figures().scrub_findings, 1U);
    EXPECT_EQ(check.figures().scrub_sequence, 256U);
    EXPECT_EQ(check.figures().scrub_passes, 0U);
    check.Start();
    check.Stop();
  }
  SelfCheck check(Parts());
  ASSERT_OK(check.ScrubOnce());
  EXPECT_EQ(check.figures().scrub_passes, 1U) << "it went on with the second step";
}

TEST(WaitForTest, IsWhatTheWorkMayTakeLessWhatItTook) {
  EXPECT_EQ(WaitFor(1'000, absl::ZeroDuration(), 1'000), absl::Seconds(1));
  EXPECT_EQ(WaitFor(1'000, absl::Milliseconds(400), 1'000), absl::Milliseconds(600));
  EXPECT_EQ(WaitFor(1'000, absl::Seconds(2), 1'000), absl::ZeroDuration());
  EXPECT_EQ(WaitFor(1'000, absl::ZeroDuration(), 0), absl::ZeroDuration());
}

}  // namespace
}  // namespace puhui::services
