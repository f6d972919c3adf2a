// SPDX-License-Identifier: Apache-2.0
// What an ArchivedStore adds to the contract of every store: rows below its own.
#include "ledger/storage/archived_store.h"

#include "ledger/storage/rocks_store.h"
#include "tests/contract/cold_memory.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

using ::testing::ElementsAre;
using RowMap = std::map<std::string, std::string>;

class ArchivedStoreTest : public ::testing::Test {
 protected:
  static void PutHot(Store& store, std::string key, std::string value) {
    WriteBatch batch;
    batch.Put(Family::kJournal, std::move(key), std::move(value));
    ASSERT_OK(store.Commit(batch, Durability::kSynced));
  }
  std::vector<std::string> Forward(absl::string_view from) {
    std::vector<std::string> values;
    const auto cursor = store_.NewCursor(Family::kJournal, CursorUse::kScan);
    for (cursor->Seek(from); cursor->Valid(); cursor->Next()) values.emplace_back(cursor->value());
    last_ = cursor->status();
    return values;
  }
  std::vector<std::string> Backward(absl::string_view from) {
    std::vector<std::string> values;
    const auto cursor = store_.NewCursor(Family::kJournal);
    for (cursor->SeekBackward(from); cursor->Valid(); cursor->Prev()) {
      values.emplace_back(cursor->value());
    }
    last_ = cursor->status();
    return values;
  }

  MemoryStore hot_;
  ColdMemory cold_;
  ArchivedStore store_{&hot_, &cold_};
  absl::Status last_;
};

TEST_F(ArchivedStoreTest, SeesColdRowsBelowItsOwn) {
  cold_.Put("a", "cold a");
  cold_.Put("b", "cold b");
  PutHot(store_, "c", "hot c");
  EXPECT_THAT(Forward(""), ElementsAre("cold a", "cold b", "hot c"));
  EXPECT_THAT(Backward("z"), ElementsAre("hot c", "cold b", "cold a"));
  EXPECT_THAT(Forward("aa"), ElementsAre("cold b", "hot c"));
  EXPECT_OK(last_);
  const auto row = store_.Get(Family::kJournal, "a");
  ASSERT_OK(row);
  EXPECT_EQ(*row, absl::optional<std::string>("cold a"));
  const auto many = store_.MultiGet(Family::kJournal, std::vector<std::string>{"aa", "b", "c"});
  ASSERT_OK(many);
  EXPECT_THAT(*many, ElementsAre(absl::nullopt, "cold b", "hot c"));
}

TEST_F(ArchivedStoreTest, SeesNoColdRowInAnotherFamily) {
  cold_.Put("a", "cold a");
  const auto row = store_.Get(Family::kVault, "a");
  ASSERT_OK(row);
  EXPECT_FALSE(row->has_value());
  EXPECT_EQ(cold_.looks(), 0);
}

TEST_F(ArchivedStoreTest, TheHotRowCountsWhereBothHaveAKey) {
  for (const char* key : {"a", "b", "c"}) cold_.Put(key, absl::StrCat("cold ", key));
  for (const char* key : {"b", "c", "d"}) PutHot(store_, key, absl::StrCat("hot ", key));
  EXPECT_THAT(Forward("a"), ElementsAre("cold a", "hot b", "hot c", "hot d"));
  EXPECT_THAT(Backward("d"), ElementsAre("hot d", "hot c", "hot b", "cold a"));
}

TEST_F(ArchivedStoreTest, LooksAtNothingColdForWhatItsOwnRowsAnswer) {
  cold_.Put("a", "cold a");
  for (const char* key : {"b", "c", "d"}) PutHot(store_, key, key);
  const auto cursor = store_.NewCursor(Family::kJournal);
  cursor->SeekToLast();
  EXPECT_EQ(cursor->key(), "d");
  cursor->Prev();
  cursor->Prev();
  EXPECT_EQ(cursor->key(), "b");
  cursor->Next();
  EXPECT_EQ(cursor->key(), "c");
  cursor->Seek("b");
  cursor->SeekBackward("cc");
  EXPECT_EQ(cursor->key(), "c");
  EXPECT_OK(store_.Get(Family::kJournal, "b"));
  EXPECT_EQ(cold_.looks(), 0);
  cursor->SeekBackward("b");
  cursor->Prev();
  EXPECT_EQ(cursor->key(), "a");
  EXPECT_EQ(cold_.looks(), 1);
}

TEST_F(ArchivedStoreTest, ReadsThatGetToMissingRowsAreUnavailable) {
  cold_.Put("b", "cold b");
  cold_.Reach("c");
  for (const char* key : {"x", "y"}) PutHot(store_, key, key);
  EXPECT_THAT(Forward("x"), ElementsAre("x", "y"));
  EXPECT_OK(last_);
  EXPECT_THAT(Forward("xx"), ElementsAre("y"));
  EXPECT_OK(last_);
  EXPECT_THAT(Forward("b"), ElementsAre("cold b"));
  EXPECT_TRUE(absl::IsUnavailable(last_));
  EXPECT_THAT(Forward("m"), ElementsAre());
  EXPECT_TRUE(absl::IsUnavailable(last_));
  EXPECT_THAT(Backward("y"), ElementsAre("y", "x"));
  EXPECT_TRUE(absl::IsUnavailable(last_));
  EXPECT_THAT(Backward("m"), ElementsAre());
  EXPECT_TRUE(absl::IsUnavailable(last_));
  EXPECT_THAT(Backward("b"), ElementsAre("cold b"));
  EXPECT_OK(last_);
  EXPECT_TRUE(absl::IsUnavailable(store_.Get(Family::kJournal, "m").status()));
}

TEST_F(ArchivedStoreTest, AMomentKeepsRowsThatWentOver) {
  for (const char* key : {"a", "b", "c"}) PutHot(store_, key, key);
  const auto moment = store_.TakeSnapshot();
  const auto cursor = store_.NewCursor(Family::kJournal);
  for (const char* key : {"a", "b"}) cold_.Put(key, key);
  ASSERT_OK(store_.DropJournalBefore("c"));
  const auto first = store_.FirstJournalKey();
  ASSERT_OK(first);
  EXPECT_EQ(*first, "c");
  EXPECT_THAT(Forward(""), ElementsAre("a", "b", "c"));
  const auto row = moment->Get(Family::kJournal, "a");
  ASSERT_OK(row);
  EXPECT_EQ(*row, absl::optional<std::string>("a"));
  std::vector<std::string> seen;
  for (cursor->Seek(""); cursor->Valid(); cursor->Next()) seen.emplace_back(cursor->key());
  EXPECT_THAT(seen, ElementsAre("a", "b", "c"));
}

// Rows are spread over both at random, some in both; a cursor must walk as over the map of all.
TEST_F(ArchivedStoreTest, WalksAsOverOneSortedMap) {
  SeededRandom random(20270101);
  RowMap model;
  for (int i = 0; i < 60; ++i) {
    const std::string key = absl::StrCat(100 + i);
    const std::uint64_t where = random.Below(4);
    if (where == 0) continue;
    if (where != 1) cold_.Put(key, where == 3 ? "hot" : "cold");
    if (where != 2) PutHot(store_, key, "hot");
    model[key] = where == 2 ? "cold" : "hot";
  }
  const auto cursor = store_.NewCursor(Family::kJournal);
  auto at = model.end();
  for (int step = 0; step < 3'000; ++step) {
    const std::string key = absl::StrCat(100 + random.Below(60));
    const std::uint64_t what = at == model.end() ? random.Below(3) : random.Below(10);
    if (what == 0) {
      cursor->Seek(key);
      at = model.lower_bound(key);
    } else if (what == 1) {
      cursor->SeekBackward(key);
      at = model.upper_bound(key);
      at = at == model.begin() ? model.end() : std::prev(at);
    } else if (what == 2) {
      cursor->SeekToLast();
      at = std::prev(model.end());
    } else if (what < 6) {
      cursor->Prev();
      at = at == model.begin() ? model.end() : std::prev(at);
    } else {
      cursor->Next();
      ++at;
    }
    ASSERT_OK(cursor->status());
    ASSERT_EQ(cursor->Valid(), at != model.end()) << "step " << step;
    if (at == model.end()) continue;
    ASSERT_EQ(cursor->key(), at->first) << "step " << step;
    ASSERT_EQ(cursor->value(), at->second) << "step " << step;
  }
}

// A range that is dropped is dropped for good.
TEST(RocksStoreDropTest, DroppedRowsStayDropped) {
  TempDir dir;
  const auto open = [&dir] {
    auto store = RocksStore::Open({.path = dir.Join("db")});
    PUHUI_CHECK_OK(store.status());
    return *std::move(store);
  };
  auto store = open();
  WriteBatch batch;
  for (int i = 100; i < 200; ++i) batch.Put(Family::kJournal, absl::StrCat(i), "segment");
  ASSERT_OK(store->Commit(batch, Durability::kSynced));
  ASSERT_OK(store->Close());
  store = open();
  ASSERT_OK(store->DropJournalBefore("150"));
  store.reset();  // As a crash would leave it.
  store = open();
  auto first = store->FirstJournalKey();
  ASSERT_OK(first);
  EXPECT_EQ(*first, "150");
  const auto gone = store->Get(Family::kJournal, "149");
  ASSERT_OK(gone);
  EXPECT_FALSE(gone->has_value());
}

}  // namespace
}  // namespace puhui::ledger
