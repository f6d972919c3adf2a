// SPDX-License-Identifier: Apache-2.0
// What only the store on disk promises: what survives, what it says when the disk fails, and who
// may open it.
#include "ledger/storage/rocks_store.h"

#include "tests/contract/rocks_store_fixture.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/status_matchers.h"
#include "tests/support/store_files.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

TEST_F(RocksStoreTest, EverythingSurvivesAClose) {
  auto store = Open();
  for (const Family family : {Family::kJournal, Family::kVault, Family::kState, Family::kMeta}) {
    ASSERT_OK(Put(*store, family, "k", "v"));
  }
  ASSERT_OK(store->Close());
  store = Open();
  for (const Family family : {Family::kJournal, Family::kVault, Family::kState, Family::kMeta}) {
    EXPECT_EQ(Get(*store, family, "k"), Value("v"));
  }
}

TEST_F(RocksStoreTest, SyncedCommitsSurviveAPowerCut) {
  auto store = Open();
  for (int i = 0; i < 50; ++i) {
    ASSERT_OK(Put(*store, Family::kJournal, absl::StrCat(1000 + i), std::string(5000, 'j')));
  }
  ASSERT_OK(Put(*store, Family::kVault, "k", "v"));
  PowerCut(std::move(store));
  store = Open();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(Get(*store, Family::kJournal, absl::StrCat(1000 + i)), Value(std::string(5000, 'j')));
  }
  EXPECT_EQ(Get(*store, Family::kVault, "k"), Value("v"));
}

TEST_F(RocksStoreTest, ViewsAreOneMomentAfterAPowerCutAndNeverAheadOfTheJournal) {
  auto store = Open();
  for (int i = 0; i < 400; ++i) {
    const std::string n = absl::StrCat(10'000 + i);
    ASSERT_OK(Put(*store, Family::kJournal, n, std::string(8000, 'j')));
    WriteBatch views;
    views.Put(Family::kState, n, std::string(4000, 's'));
    views.Put(Family::kIndex, n, "");
    views.Put(Family::kTiles, n, "");
    views.Put(Family::kMeta, "applied", n);
    ASSERT_OK(store->Commit(views, Durability::kView));
    if (i == 350) {
      ASSERT_OK(store->FlushViews(/*wait=*/true));
    }
  }
  PowerCut(std::move(store));
  store = Open();
  const Value applied = Get(*store, Family::kMeta, "applied");
  ASSERT_TRUE(applied.has_value());
  EXPECT_GE(*applied, "10350");
  for (int i = 0; i < 400; ++i) {
    const std::string n = absl::StrCat(10'000 + i);
    const bool expected = n <= *applied;
    EXPECT_TRUE(Get(*store, Family::kJournal, n).has_value());
    for (const Family view : {Family::kState, Family::kIndex, Family::kTiles}) {
      EXPECT_EQ(Get(*store, view, n).has_value(), expected) << n;
    }
  }
}

TEST_F(RocksStoreTest, UnflushedViewsAreGoneAfterAPowerCut) {
  auto store = Open();
  ASSERT_OK(Put(*store, Family::kState, "flushed", "v"));
  ASSERT_OK(store->FlushViews(/*wait=*/true));
  ASSERT_OK(Put(*store, Family::kState, "later", "v"));
  PowerCut(std::move(store));
  store = Open();
  EXPECT_EQ(Get(*store, Family::kState, "flushed"), Value("v"));
  EXPECT_EQ(Get(*store, Family::kState, "later"), Value());
}

TEST_F(RocksStoreTest, AClearSurvivesAPowerCutAndTakesTheFilesWithIt) {
  auto store = Open();
  ASSERT_OK(Put(*store, Family::kState, "k", "v"));
  ASSERT_OK(store->FlushViews(/*wait=*/true));
  ASSERT_EQ(Files(".sst").size(), 1u);
  ASSERT_OK(store->ClearFamily(Family::kState));
  EXPECT_EQ(Get(*store, Family::kState, "k"), Value());
  ASSERT_OK(Put(*store, Family::kState, "unflushed", "v"));
  PowerCut(std::move(store));
  store = Open();
  EXPECT_EQ(Get(*store, Family::kState, "k"), Value());
  EXPECT_EQ(Get(*store, Family::kState, "unflushed"), Value());
  EXPECT_TRUE(Files(".sst").empty());
}

TEST_F(RocksStoreTest, ASecondOpenIsRefusedAndNamesTheDirectory) {
  const auto store = Open();
  const auto second = RocksStore::Open(Options());
  EXPECT_THAT(second, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_TRUE(absl::StrContains(second.status().message(), dir_.Join("db")));
}

TEST_F(RocksStoreTest, AFailedSyncIsUnavailableAndStopsWrites) {
  auto store = Open();
  disk_.FailSyncAt(1, Fault::kIoError);
  EXPECT_THAT(Put(*store, Family::kJournal, "a", "1"), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(disk_.failed());
  disk_.Heal();
  EXPECT_THAT(Put(*store, Family::kJournal, "b", "1"), HasCode(absl::StatusCode::kUnavailable));
  store.reset();
  EXPECT_OK(Put(*Open(), Family::kJournal, "b", "1"));
}

TEST_F(RocksStoreTest, AFullDiskIsResourceExhausted) {
  auto store = Open();
  disk_.FailAt(1, Fault::kNoSpace, /*for_good=*/true);
  EXPECT_THAT(Put(*store, Family::kJournal, "a", std::string(100'000, 'x')),
              HasCode(absl::StatusCode::kResourceExhausted));
  disk_.Heal();
}

TEST_F(RocksStoreTest, AFlippedBitInsideTheLogIsRefusedAndATornTailIsNot) {
  auto store = Open();
  for (int i = 0; i < 20; ++i) {
    ASSERT_OK(Put(*store, Family::kJournal, absl::StrCat(10 + i), std::string(1000, 'j')));
  }
  store.reset();
  const std::vector<std::string> logs = Files(".log");
  ASSERT_EQ(logs.size(), 1u);
  const std::uintmax_t size = std::filesystem::file_size(logs[0]);
  Flip(logs[0], size / 2);
  EXPECT_THAT(RocksStore::Open(Options()), HasCode(absl::StatusCode::kDataLoss));
  Flip(logs[0], size / 2);
  std::filesystem::resize_file(logs[0], size - 10);
  store = Open();
  EXPECT_TRUE(Get(*store, Family::kJournal, "28").has_value());
  EXPECT_FALSE(Get(*store, Family::kJournal, "29").has_value());
}

TEST_F(RocksStoreTest, ReadOnlyOpenSeesTheLogAndChangesNothing) {
  auto store = Open();
  ASSERT_OK(Put(*store, Family::kState, "k", "v"));
  ASSERT_OK(store->FlushViews(/*wait=*/true));
  ASSERT_OK(Put(*store, Family::kJournal, "k", "v"));
  store.reset();
  const std::vector<std::string> before = Files("");
  const std::uint64_t operations = disk_.operations();
  RocksOptions options = Options();
  options.read_only = true;
  auto reader = RocksStore::Open(options);
  ASSERT_OK(reader);
  EXPECT_EQ(Get(**reader, Family::kJournal, "k"), Value("v"));
  EXPECT_EQ(Get(**reader, Family::kState, "k"), Value("v"));
  EXPECT_FALSE(Put(**reader, Family::kState, "k", "w").ok());
  EXPECT_OK((*reader)->Close());
  EXPECT_EQ(disk_.operations(), operations);
  EXPECT_EQ(Files(""), before);
}

TEST_F(RocksStoreTest, ReadOnlyOpenOfNothingFailsAndMakesNothing) {
  RocksOptions options = Options();
  options.read_only = true;
  EXPECT_FALSE(RocksStore::Open(options).ok());
  EXPECT_FALSE(std::filesystem::exists(dir_.Join("db")));
}

class RocksStoreDropTest : public RocksStoreTest {
 protected:
  // Journal rows 100 to 149 in a closed store, below level 0; their files.
  std::vector<std::string> Settled() {
    const auto store = Open();
    for (int i = 100; i < 150; ++i) {
      PUHUI_CHECK_OK(Put(*store, Family::kJournal, absl::StrCat(i), "j"));
    }
    PUHUI_CHECK_OK(store->Close());
    SettleJournal(dir_.Join("db"));
    return FilesOf(Family::kJournal, dir_.Join("db"));
  }
};

TEST_F(RocksStoreDropTest, FilesOfDroppedRowsStayAsLongAsAnEarlierMomentIsRead) {
  ASSERT_FALSE(Settled().empty());
  auto store = Open();
  ASSERT_OK(Put(*store, Family::kJournal, "150", "j"));
  std::unique_ptr<Readable> moment = store->TakeSnapshot();
  const std::size_t files = Files(".sst").size();
  ASSERT_OK(store->DropJournalBefore("150"));
  EXPECT_EQ(Files(".sst").size(), files);
  int rows = 0;
  {
    const std::unique_ptr<Cursor> cursor = moment->NewCursor(Family::kJournal);
    for (cursor->Seek(""); cursor->Valid(); cursor->Next()) ++rows;
    EXPECT_OK(cursor->status());
  }
  EXPECT_EQ(rows, 51);
  EXPECT_EQ(Get(*moment, Family::kJournal, "100"), Value("j"));
  EXPECT_EQ(Get(*store, Family::kJournal, "149"), Value());
  moment.reset();
  ASSERT_OK(store->DropJournalBefore("150"));
  EXPECT_LT(Files(".sst").size(), files);
  EXPECT_EQ(Get(*store, Family::kJournal, "150"), Value("j"));
}

// Somebody always reads a server.
TEST_F(RocksStoreDropTest, FilesOfDroppedRowsGoWhenOnlyLaterMomentsAreRead) {
  const std::vector<std::string> settled = Settled();
  ASSERT_FALSE(settled.empty());
  auto store = Open();
  ASSERT_OK(Put(*store, Family::kJournal, "150", "j"));
  std::unique_ptr<Readable> earlier = store->TakeSnapshot();
  ASSERT_OK(store->DropJournalBefore("150"));
  const std::unique_ptr<Readable> later = store->TakeSnapshot();
  ASSERT_OK(Put(*store, Family::kJournal, "151", "j"));
  ASSERT_OK(store->DropJournalBefore("150"));
  for (const std::string& file : settled) EXPECT_TRUE(std::filesystem::exists(file)) << file;
  EXPECT_EQ(Get(*earlier, Family::kJournal, "100"), Value("j"));
  earlier.reset();
  ASSERT_OK(store->DropJournalBefore("150"));
  for (const std::string& file : settled) EXPECT_FALSE(std::filesystem::exists(file)) << file;
  EXPECT_EQ(Get(*later, Family::kJournal, "100"), Value());
  EXPECT_EQ(Get(*later, Family::kJournal, "150"), Value("j"));
}

// The process ended before the files could go.
TEST_F(RocksStoreDropTest, FilesOfRowsThatWereDroppedBeforeARestartGoToo) {
  const std::vector<std::string> settled = Settled();
  ASSERT_FALSE(settled.empty());
  auto store = Open();
  std::unique_ptr<Readable> moment = store->TakeSnapshot();
  ASSERT_OK(store->DropJournalBefore("150"));
  moment.reset();
  PowerCut(std::move(store));
  store = Open();
  for (const std::string& file : settled) EXPECT_TRUE(std::filesystem::exists(file)) << file;
  moment = store->TakeSnapshot();
  ASSERT_OK(Put(*store, Family::kJournal, "150", "j"));
  ASSERT_OK(store->DropJournalBefore("150"));
  for (const std::string& file : settled) EXPECT_FALSE(std::filesystem::exists(file)) << file;
}

TEST_F(RocksStoreTest, FreeBytesIsWhatTheDiskSays) {
  const auto store = Open();
  disk_.SetFreeBytes(4321);
  const auto bytes = store->FreeBytes();
  ASSERT_OK(bytes);
  EXPECT_EQ(*bytes, 4321u);
}

}  // namespace
}  // namespace puhui::ledger
