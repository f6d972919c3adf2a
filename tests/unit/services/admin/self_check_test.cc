// SPDX-License-Identifier: Apache-2.0
// The ledger's looks at itself, over a store on a disk.
#include "services/admin/self_check.h"

#include "audit/index/audit_index.h"
#include "audit/index/index_rows.h"
#include "issuing/app/union_commands.h"
#include "ledger/base/check.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/journal/local_log.h"
#include "ledger/journal/tile.h"
#include "ledger/storage/rocks_store.h"
#include "ledger/storage/typed_reads.h"
#include "services/admin/index_verification.h"
#include "services/admin/scratch_directory.h"
#include "services/ledger/books.h"
#include "services/ledger/chores.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using IndexState = audit::IndexReport::State;

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
            .index = index_.get(),
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

  // The index of auditors, followed to the end.
  void FollowIndex() {
    if (index_ == nullptr) {
      index_ = std::make_unique<audit::AuditIndex>(
          store_.get(),
          audit::AuditIndex::Options{.directory = AuditIndexPath(directory_.path()),
                                     .open = [this](const std::string& path) {
                                       auto opened = OpenStore(path);
                                       index_store_ = opened.get();
                                       return absl::StatusOr<std::unique_ptr<ledger::Store>>(
                                           std::move(opened));
                                     }});
    }
    do {
      ASSERT_OK(index_->Follow());
    } while (index_->figures().sequence < engine_->durable().sequence);
  }
  // A posting that the journal knows nothing of.
  static void AddPosting(ledger::Store& index) {
    ledger::WriteBatch batch;
    ledger::PutRow(batch, audit::kPostingsTable, kStranger, audit::PackSequences({kStrangerAt}));
    ASSERT_OK(index.Commit(batch, ledger::Durability::kView));
  }
  std::vector<std::string> ScratchDirectories() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      const std::string name = entry.path().filename().string();
      if (name.rfind("puhui-verify", 0) == 0) names.push_back(name);
    }
    return names;
  }
  audit::IndexReport VerifyClosedIndex() {
    const auto report = VerifyIndexDirectory(directory_.path(), "", {});
    PUHUI_CHECK_OK(report.status());
    EXPECT_THAT(ScratchDirectories(), IsEmpty());
    return *report;
  }

  static constexpr Sequence kStrangerAt = 2;
  static constexpr audit::PostingsKey kStranger{
      .list = {.dimension = audit::Dimension::kReason, .low = 999'999}, .first = kStrangerAt};

  const TempDir directory_;
  SystemClock clock_;
  SeededRandom random_{71};
  const ledger::SigningKey key_ = ledger::SigningKey::Generate(random_);
  const std::unique_ptr<ledger::RocksStore> store_ = OpenStore(directory_.Join("store"));
  const std::unique_ptr<ledger::LocalLog> log_ = *ledger::LocalLog::Open(store_.get());
  Books books_{store_.get(), std::size_t{1} << 20};
  Chores chores_{&books_};
  std::unique_ptr<ledger::Engine> engine_;
  std::unique_ptr<audit::AuditIndex> index_;
  ledger::Store* index_store_ = nullptr;  // The one that it opened last.
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

TEST_F(SelfCheckTest, TheIndexIsGoneOverWhenItIsAskedFor) {
  for (int number = 0; number < 3; ++number) ASSERT_OK(CreateUnion(number));
  {
    SelfCheck without(Parts());
    ASSERT_OK_AND_ASSIGN(const auto run, without.Verify(0, /*indexes=*/true));
    EXPECT_TRUE(ResultOf(*run).ok());
    ASSERT_TRUE(run->index_report().has_value());
    EXPECT_EQ(run->index_report()->state, IndexState::kMissing);
  }
  FollowIndex();
  SelfCheck check(Parts());
  {
    ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0));
    EXPECT_TRUE(ResultOf(*run).ok());
    EXPECT_FALSE(run->index_report().has_value());
  }
  ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0, /*indexes=*/true));
  EXPECT_TRUE(ResultOf(*run).ok());
  ASSERT_TRUE(run->index_report().has_value());
  EXPECT_EQ(run->index_report()->state, IndexState::kCompared);
  EXPECT_EQ(run->index_report()->records, 3U);
  EXPECT_EQ(run->progress().done, 6U);
  EXPECT_EQ(run->progress().all, 6U);
  EXPECT_EQ(index_->figures().rebuilds, 0U);
  EXPECT_THAT(ScratchDirectories(), IsEmpty());
}

TEST_F(SelfCheckTest, AnIndexThatDiffersIsNamedSaidAndBuiltAnewAndBlocksNothing) {
  for (int number = 0; number < 3; ++number) ASSERT_OK(CreateUnion(number));
  FollowIndex();
  AddPosting(*index_store_);
  SelfCheck check(Parts());
  {
    ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0, /*indexes=*/true));
    const ledger::VerifyReport report = ResultOf(*run);
    ASSERT_THAT(report.differences, SizeIs(1));
    EXPECT_EQ(report.differences[0].family, "audit-index");
    EXPECT_EQ(report.differences[0].table, 0x91);
    EXPECT_EQ(report.differences[0].sequence, kStrangerAt);
    EXPECT_EQ(report.differences[0].key,
              ledger::ToHex(ledger::EncodeKey(audit::kPostingsTable.id, kStranger)));
    EXPECT_EQ(check.figures().verify_findings, 1U);
    ASSERT_THAT(alerts_, SizeIs(1));
    EXPECT_THAT(alerts_[0], HasSubstr("of audit-index, table 0x91, record 2"));
  }
  EXPECT_OK(CreateUnion(9));
  FollowIndex();
  EXPECT_EQ(index_->figures().rebuilds, 1U);
  ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0, /*indexes=*/true));
  EXPECT_TRUE(ResultOf(*run).ok());
}

TEST_F(SelfCheckTest, AClosedIndexIsVerifiedAsFarAsItIs) {
  for (int number = 0; number < 3; ++number) ASSERT_OK(CreateUnion(number));
  EXPECT_EQ(VerifyClosedIndex().state, IndexState::kMissing);
  FollowIndex();
  index_ = nullptr;
  audit::IndexReport report = VerifyClosedIndex();
  EXPECT_EQ(report.state, IndexState::kCompared);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.last, 3U);
  ASSERT_OK(CreateUnion(9));
  report = VerifyClosedIndex();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.last, 3U);
  EXPECT_EQ(report.journal_last, 4U);
  {
    const auto opened = OpenStore(*audit::StoredIndexPath(AuditIndexPath(directory_.path())));
    AddPosting(*opened);
    ASSERT_OK(opened->Close());
  }
  report = VerifyClosedIndex();
  ASSERT_THAT(report.differences, SizeIs(1));
  EXPECT_EQ(report.differences[0].sequence, kStrangerAt);
  const std::string place = *audit::StoredIndexPath(AuditIndexPath(directory_.path()));
  std::filesystem::remove(place + "/CURRENT");
  report = VerifyClosedIndex();
  EXPECT_FALSE(report.ok());
  EXPECT_FALSE(report.damage.empty());
}

TEST_F(SelfCheckTest, AnIndexThatCannotBeComparedTakesNoFindingAway) {
  const absl::StatusOr<audit::IndexReport> unread = absl::UnavailableError("no room");
  ledger::VerifyReport report;
  EXPECT_THAT(AddIndexFindings(unread, &report), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(report.ok());
  report.Add("record 7 differs");
  EXPECT_OK(AddIndexFindings(unread, &report));
  EXPECT_THAT(report.findings,
              ::testing::ElementsAre("record 7 differs",
                                     "the index of auditors could not be compared: no room"));
  EXPECT_THAT(AddIndexFindings(absl::CancelledError("enough"), &report),
              HasCode(absl::StatusCode::kCancelled));
  ledger::VerifyReport damaged;
  EXPECT_OK(AddIndexFindings(absl::DataLossError("record 3 is gone"), &damaged));
  EXPECT_THAT(damaged.findings, SizeIs(1));
}

// A ledger that has no more takes no writes.
TEST_F(SelfCheckTest, AnIndexIsNotRebuiltOnTheReserveOfTheDisk) {
  for (int number = 0; number < 3; ++number) ASSERT_OK(CreateUnion(number));
  FollowIndex();
  SelfCheck::Parts parts = Parts();
  parts.disk_reserve_bytes = UINT64_MAX / 2;
  SelfCheck check(parts);
  ASSERT_OK_AND_ASSIGN(auto run, check.Verify(0, /*indexes=*/true));
  while (!run->result().has_value()) std::this_thread::yield();
  EXPECT_THAT(run->result()->status(), HasCode(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(ScratchDirectories(), IsEmpty());
  EXPECT_EQ(index_->figures().rebuilds, 0U);
  ASSERT_OK_AND_ASSIGN(run, check.Verify(0));
  EXPECT_TRUE(ResultOf(*run).ok());
}

// As when a verification was killed; one that goes on keeps its own.
TEST_F(SelfCheckTest, WhatAKilledVerificationLeftIsRemovedAndWhatIsInUseIsNot) {
  ASSERT_OK(CreateUnion(1));
  std::filesystem::create_directories(directory_.Join("puhui-verify-killed/below"));
  EXPECT_EQ(VerifyClosedIndex().state, IndexState::kMissing);
  std::filesystem::create_directories(directory_.Join("puhui-verify-killed/below"));
  ASSERT_OK_AND_ASSIGN(auto ours, ScratchDirectory::Make(directory_.path()));
  const std::string name = std::filesystem::path(ours->path()).filename().string();
  ScratchDirectory::RemoveLeft(directory_.path());
  EXPECT_THAT(ScratchDirectories(), ::testing::ElementsAre(name));
  ours = nullptr;
  EXPECT_THAT(ScratchDirectories(), IsEmpty());
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
