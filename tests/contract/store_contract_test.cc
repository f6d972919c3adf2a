// SPDX-License-Identifier: Apache-2.0
// What every Store promises. A new store adds one type to the list at the end.
#include "ledger/storage/families.h"
#include "ledger/storage/store.h"
#include "tests/contract/store_factories.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Pairs = std::vector<std::pair<std::string, std::string>>;
using Value = absl::optional<std::string>;

Durability DurabilityOf(Family family) {
  return IsView(family) ? Durability::kView : Durability::kSynced;
}

template <class Factory>
class StoreContractTest : public ::testing::Test {
 protected:
  StoreContractTest() : store_(factory_.Open()) {}

  void Put(Family family, std::string key, std::string value) {
    WriteBatch batch;
    batch.Put(family, std::move(key), std::move(value));
    ASSERT_OK(store_->Commit(batch, DurabilityOf(family)));
  }
  void Delete(Family family, std::string key) {
    WriteBatch batch;
    batch.Delete(family, std::move(key));
    ASSERT_OK(store_->Commit(batch, DurabilityOf(family)));
  }
  Value Get(Family family, absl::string_view key) { return GetFrom(*store_, family, key); }
  static Value GetFrom(const Readable& from, Family family, absl::string_view key) {
    auto value = from.Get(family, key);
    EXPECT_OK(value);
    return value.ok() ? *value : Value();
  }
  Pairs All(Family family) { return AllFrom(*store_, family); }
  static Pairs AllFrom(const Readable& from, Family family) {
    Pairs rows;
    const std::unique_ptr<Cursor> cursor = from.NewCursor(family, CursorUse::kScan);
    for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
      rows.emplace_back(cursor->key(), cursor->value());
    }
    EXPECT_OK(cursor->status());
    return rows;
  }

  Factory factory_;
  std::unique_ptr<Store> store_;
};
TYPED_TEST_SUITE_P(StoreContractTest);

TYPED_TEST_P(StoreContractTest, GivesBackWhatWasPutInEveryFamily) {
  for (const Family family : kAllFamilies) {
    this->Put(family, "key", kFamilyNames[IndexOf(family)]);
  }
  for (const Family family : kAllFamilies) {
    EXPECT_EQ(this->Get(family, "key"), Value(kFamilyNames[IndexOf(family)]));
    EXPECT_EQ(this->Get(family, "ke"), Value());
  }
}

TYPED_TEST_P(StoreContractTest, KeepsEmptyValuesAndBinaryKeys) {
  const std::string binary("\0\xFF\0k", 4);
  this->Put(Family::kState, binary, "");
  EXPECT_EQ(this->Get(Family::kState, binary), Value(""));
  EXPECT_THAT(this->All(Family::kState), ElementsAre(Pair(binary, "")));
}

TYPED_TEST_P(StoreContractTest, LastPutOfAKeyWinsAndDeleteRemovesIt) {
  WriteBatch batch;
  batch.Put(Family::kState, "a", "1");
  batch.Put(Family::kState, "a", "2");
  batch.Put(Family::kState, "b", "3");
  batch.Delete(Family::kState, "b");
  batch.Delete(Family::kState, "never there");
  ASSERT_OK(this->store_->Commit(batch, Durability::kView));
  EXPECT_THAT(this->All(Family::kState), ElementsAre(Pair("a", "2")));
  this->Delete(Family::kState, "a");
  EXPECT_THAT(this->All(Family::kState), IsEmpty());
}

TYPED_TEST_P(StoreContractTest, EmptyBatchChangesNothing) {
  EXPECT_OK(this->store_->Commit(WriteBatch(), Durability::kView));
  EXPECT_OK(this->store_->Commit(WriteBatch(), Durability::kSynced));
}

TYPED_TEST_P(StoreContractTest, ABatchIsSeenWholeOrNotAtAll) {
  std::thread writer([this] {
    for (int i = 1; i <= 200; ++i) {
      WriteBatch batch;
      batch.Put(Family::kState, "n", absl::StrCat(i));
      batch.Put(Family::kMeta, "n", absl::StrCat(i));
      PUHUI_CHECK_OK(this->store_->Commit(batch, Durability::kView));
    }
  });
  for (int i = 0; i < 200; ++i) {
    const std::unique_ptr<Readable> moment = this->store_->TakeSnapshot();
    EXPECT_EQ(this->GetFrom(*moment, Family::kState, "n"),
              this->GetFrom(*moment, Family::kMeta, "n"));
  }
  writer.join();
}

TYPED_TEST_P(StoreContractTest, SyncedAndViewCommitsMayRunAtOnce) {
  std::thread journal([this] {
    for (int i = 0; i < 50; ++i) this->Put(Family::kJournal, absl::StrCat(i), "segment");
  });
  for (int i = 0; i < 50; ++i) this->Put(Family::kIndex, absl::StrCat(i), "row");
  journal.join();
  EXPECT_EQ(this->All(Family::kJournal).size(), 50u);
  EXPECT_EQ(this->All(Family::kIndex).size(), 50u);
}

TYPED_TEST_P(StoreContractTest, SnapshotAndCursorStandStill) {
  this->Put(Family::kState, "a", "old");
  this->Put(Family::kState, "b", "old");
  const std::unique_ptr<Readable> moment = this->store_->TakeSnapshot();
  const std::unique_ptr<Cursor> cursor = this->store_->NewCursor(Family::kState);
  this->Put(Family::kState, "a", "new");
  this->Delete(Family::kState, "b");
  this->Put(Family::kState, "c", "new");
  EXPECT_THAT(this->AllFrom(*moment, Family::kState),
              ElementsAre(Pair("a", "old"), Pair("b", "old")));
  EXPECT_EQ(this->GetFrom(*moment, Family::kState, "c"), Value());
  auto many = moment->MultiGet(Family::kState, std::vector<std::string>{"a", "b", "c"});
  ASSERT_OK(many);
  EXPECT_THAT(*many, ElementsAre(Value("old"), Value("old"), Value()));
  cursor->Seek("b");
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->value(), "old");
  EXPECT_THAT(this->All(Family::kState), ElementsAre(Pair("a", "new"), Pair("c", "new")));
}

TYPED_TEST_P(StoreContractTest, CursorWalksBothWaysInByteOrder) {
  for (const char* key : {"b", "d", "f", "\xFF", "\x01"}) this->Put(Family::kIndex, key, key);
  const std::unique_ptr<Cursor> cursor = this->store_->NewCursor(Family::kIndex);
  EXPECT_FALSE(cursor->Valid());
  cursor->Seek("c");
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->key(), "d");
  cursor->Prev();
  EXPECT_EQ(cursor->key(), "b");
  cursor->SeekBackward("e");
  EXPECT_EQ(cursor->key(), "d");
  cursor->SeekBackward("d");
  EXPECT_EQ(cursor->key(), "d");
  cursor->Next();
  EXPECT_EQ(cursor->key(), "f");
  cursor->SeekToLast();
  EXPECT_EQ(cursor->key(), "\xFF");
  cursor->Next();
  EXPECT_FALSE(cursor->Valid());
  cursor->SeekBackward(absl::string_view("\0", 1));
  EXPECT_FALSE(cursor->Valid());
  cursor->Seek("");
  EXPECT_EQ(cursor->key(), "\x01");
  cursor->Prev();
  EXPECT_FALSE(cursor->Valid());
  EXPECT_OK(cursor->status());
}

TYPED_TEST_P(StoreContractTest, CursorOverNothingIsNeverValid) {
  this->Put(Family::kState, "elsewhere", "");
  const std::unique_ptr<Cursor> cursor = this->store_->NewCursor(Family::kIndex);
  cursor->Seek("");
  EXPECT_FALSE(cursor->Valid());
  cursor->SeekToLast();
  EXPECT_FALSE(cursor->Valid());
  cursor->SeekBackward("z");
  EXPECT_FALSE(cursor->Valid());
  EXPECT_OK(cursor->status());
}

TYPED_TEST_P(StoreContractTest, MultiGetAnswersInTheOrderOfItsKeys) {
  for (int i = 0; i < 100; i += 2)
    this->Put(Family::kState, absl::StrCat(100 + i), absl::StrCat(i));
  ASSERT_OK(this->store_->FlushViews(/*wait=*/true));
  std::vector<std::string> keys;
  for (int i = 0; i < 100; ++i) keys.push_back(absl::StrCat(100 + i));
  auto values = this->store_->MultiGet(Family::kState, keys);
  ASSERT_OK(values);
  ASSERT_EQ(values->size(), keys.size());
  for (int i = 0; i < 100; ++i) {
    const Value expected = i % 2 == 0 ? Value(absl::StrCat(i)) : Value();
    EXPECT_EQ((*values)[static_cast<std::size_t>(i)], expected);
  }
}

TYPED_TEST_P(StoreContractTest, ClearFamilyEmptiesThatFamilyAndNoOther) {
  for (const char* key : {"", "a", "\xFF\xFF"}) {
    this->Put(Family::kState, key, "x");
    this->Put(Family::kIndex, key, "x");
  }
  ASSERT_OK(this->store_->FlushViews(/*wait=*/true));
  this->Put(Family::kState, "later", "x");
  ASSERT_OK(this->store_->ClearFamily(Family::kState));
  EXPECT_THAT(this->All(Family::kState), IsEmpty());
  EXPECT_EQ(this->Get(Family::kState, "a"), Value());
  EXPECT_EQ(this->All(Family::kIndex).size(), 3u);
  ASSERT_OK(this->store_->ClearFamily(Family::kState));
  this->Put(Family::kState, "a", "again");
  EXPECT_THAT(this->All(Family::kState), ElementsAre(Pair("a", "again")));
}

TYPED_TEST_P(StoreContractTest, DropsTheBeginningOfTheJournalAndNothingElse) {
  for (const char* key : {"a", "b", "c", "d"}) {
    this->Put(Family::kJournal, key, "x");
    this->Put(Family::kVault, key, "x");
  }
  ASSERT_OK(this->store_->DropJournalBefore("c"));
  EXPECT_THAT(this->All(Family::kJournal), ElementsAre(Pair("c", "x"), Pair("d", "x")));
  EXPECT_EQ(this->All(Family::kVault).size(), 4u);
  const auto first = this->store_->FirstJournalKey();
  ASSERT_OK(first);
  EXPECT_EQ(*first, "c");
  ASSERT_OK(this->store_->DropJournalBefore("c"));
  EXPECT_EQ(this->All(Family::kJournal).size(), 2u);
}

TYPED_TEST_P(StoreContractTest, WhatBeganBeforeADropGoesOnReadingWhatWasDropped) {
  for (const char* key : {"a", "b", "c", "d"}) this->Put(Family::kJournal, key, "x");
  const std::unique_ptr<Readable> moment = this->store_->TakeSnapshot();
  const std::unique_ptr<Cursor> amid = this->store_->NewCursor(Family::kJournal);
  amid->Seek("a");
  const std::unique_ptr<Cursor> unplaced = moment->NewCursor(Family::kJournal, CursorUse::kScan);
  ASSERT_OK(this->store_->DropJournalBefore("c"));
  EXPECT_THAT(this->AllFrom(*moment, Family::kJournal),
              ElementsAre(Pair("a", "x"), Pair("b", "x"), Pair("c", "x"), Pair("d", "x")));
  EXPECT_EQ(this->GetFrom(*moment, Family::kJournal, "b"), Value("x"));
  auto many = moment->MultiGet(Family::kJournal, std::vector<std::string>{"a", "c"});
  ASSERT_OK(many);
  EXPECT_THAT(*many, ElementsAre(Value("x"), Value("x")));
  std::string seen;
  for (; amid->Valid(); amid->Next()) seen.append(amid->key().data(), amid->key().size());
  EXPECT_OK(amid->status());
  EXPECT_EQ(seen, "abcd");
  unplaced->SeekBackward("b");
  ASSERT_TRUE(unplaced->Valid());
  EXPECT_EQ(unplaced->key(), "b");
  EXPECT_EQ(this->AllFrom(*this->store_->TakeSnapshot(), Family::kJournal).size(), 2u);
}

TYPED_TEST_P(StoreContractTest, AnEmptyJournalHasNoFirstKey) {
  const auto first = this->store_->FirstJournalKey();
  ASSERT_OK(first);
  EXPECT_EQ(*first, "");
}

TYPED_TEST_P(StoreContractTest, AppendsGoOnWhileTheBeginningIsDropped) {
  for (int i = 100; i < 150; ++i) this->Put(Family::kJournal, absl::StrCat(i), "segment");
  std::thread appends([this] {
    for (int i = 150; i < 200; ++i) this->Put(Family::kJournal, absl::StrCat(i), "segment");
  });
  for (int i = 101; i <= 150; ++i) {
    ASSERT_OK(this->store_->DropJournalBefore(absl::StrCat(i)));
  }
  appends.join();
  EXPECT_EQ(this->All(Family::kJournal).size(), 50u);
}

TYPED_TEST_P(StoreContractTest, FlushingChangesNothingThatCanBeRead) {
  this->Put(Family::kState, "a", "1");
  ASSERT_OK(this->store_->FlushViews(/*wait=*/false));
  this->Put(Family::kState, "b", "2");
  ASSERT_OK(this->store_->FlushViews(/*wait=*/true));
  ASSERT_OK(this->store_->FlushViews(/*wait=*/true));
  EXPECT_THAT(this->All(Family::kState), ElementsAre(Pair("a", "1"), Pair("b", "2")));
}

TYPED_TEST_P(StoreContractTest, BehavesLikeASortedMapUnderRandomWork) {
  SeededRandom random(20250101);
  std::map<std::string, std::string> model;
  for (int step = 0; step < 2000; ++step) {
    WriteBatch batch;
    for (std::uint64_t n = random.Below(4); n != 0; --n) {
      std::string key = absl::StrCat(random.Below(60));
      if (random.Below(3) == 0) {
        model.erase(key);
        batch.Delete(Family::kState, std::move(key));
      } else {
        model[key] = absl::StrCat(step);
        batch.Put(Family::kState, std::move(key), absl::StrCat(step));
      }
    }
    ASSERT_OK(this->store_->Commit(batch, Durability::kView));
    if (random.Below(400) == 0) {
      ASSERT_OK(this->store_->FlushViews(/*wait=*/true));
    }
  }
  EXPECT_EQ(this->All(Family::kState), Pairs(model.begin(), model.end()));
}

TYPED_TEST_P(StoreContractTest, HasNoDamageToTellOf) {
  this->Put(Family::kState, "a", "1");
  EXPECT_EQ(this->Get(Family::kState, "a"), Value("1"));
  EXPECT_OK(this->store_->ViewDamage());
}

TYPED_TEST_P(StoreContractTest, SaysHowMuchRoomThereIs) {
  const auto bytes = this->store_->FreeBytes();
  ASSERT_OK(bytes);
  EXPECT_GT(*bytes, 0u);
}

TYPED_TEST_P(StoreContractTest, ClosesCleanly) {
  this->Put(Family::kJournal, "a", "1");
  this->Put(Family::kState, "a", "1");
  EXPECT_OK(this->store_->Close());
}

TYPED_TEST_P(StoreContractTest, RefusesToMixDurabilitiesAndFamilies) {
  WriteBatch view;
  view.Put(Family::kState, "a", "1");
  WriteBatch log;
  log.Put(Family::kVault, "a", "1");
  EXPECT_DEATH(this->store_->Commit(view, Durability::kSynced).IgnoreError(), "IsView");
  EXPECT_DEATH(this->store_->Commit(log, Durability::kView).IgnoreError(), "IsView");
  EXPECT_DEATH(this->store_->ClearFamily(Family::kJournal).IgnoreError(), "IsView");
}

REGISTER_TYPED_TEST_SUITE_P(
    StoreContractTest, GivesBackWhatWasPutInEveryFamily, KeepsEmptyValuesAndBinaryKeys,
    LastPutOfAKeyWinsAndDeleteRemovesIt, EmptyBatchChangesNothing, ABatchIsSeenWholeOrNotAtAll,
    SyncedAndViewCommitsMayRunAtOnce, SnapshotAndCursorStandStill, CursorWalksBothWaysInByteOrder,
    CursorOverNothingIsNeverValid, MultiGetAnswersInTheOrderOfItsKeys,
    ClearFamilyEmptiesThatFamilyAndNoOther, DropsTheBeginningOfTheJournalAndNothingElse,
    WhatBeganBeforeADropGoesOnReadingWhatWasDropped, AnEmptyJournalHasNoFirstKey,
    AppendsGoOnWhileTheBeginningIsDropped, FlushingChangesNothingThatCanBeRead,
    BehavesLikeASortedMapUnderRandomWork, HasNoDamageToTellOf, SaysHowMuchRoomThereIs,
    ClosesCleanly, RefusesToMixDurabilitiesAndFamilies);

using Factories = ::testing::Types<MemoryFactory, RocksFactory, ArchivedFactory, WaitingFactory,
                                   WrittenBackFactory>;
INSTANTIATE_TYPED_TEST_SUITE_P(Each, StoreContractTest, Factories);

}  // namespace
}  // namespace puhui::ledger
