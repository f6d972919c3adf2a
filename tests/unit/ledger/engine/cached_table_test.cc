// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/cached_table.h"

#include "ledger/engine/index_table.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

struct TextRow {
  std::string text{};

  std::size_t HeapBytes() const { return text.capacity(); }
  template <class F>
  void Fields(F& f) {
    f(text);
  }
};

constexpr TypedTable<Sequence, std::int64_t> kNumbers{Table::kFundings, Family::kState, "numbers"};
constexpr TypedTable<Sequence, TextRow> kTexts{Table::kPurchases, Family::kState, "texts"};
constexpr TypedTable<Sequence, TextRow> kSecrets{Table::kPersonalData, Family::kVault, "secrets"};
constexpr TypedTable<Sequence, bool> kMarks{Table::kTimers, Family::kIndex, "marks"};

class CachedTableTest : public ::testing::Test {
 protected:
  // Ends the group; its rows are in the store, but pinned until Retire.
  void CloseGroup() {
    closed_ = set_.group();
    WriteBatch views;
    WriteBatch vault;
    set_.CloseGroup(&views, &vault);
    ASSERT_OK(store_.Commit(vault, Durability::kSynced));
    ASSERT_OK(store_.Commit(views, Durability::kView));
  }
  void Commit() {
    CloseGroup();
    set_.Retire(closed_);
  }

  MemoryStore store_;
  TableSet set_{&store_};
  std::uint64_t closed_ = 0;
};

TEST_F(CachedTableTest, ShowsWhatWasChangedBeforeItIsStored) {
  CachedTable<Sequence, std::int64_t> table(&set_, kNumbers, 1 << 20);
  EXPECT_EQ(table.Find(1), nullptr);
  table.Put(1, 10);
  table.Edit(1) += 5;
  ASSERT_NE(table.Find(1), nullptr);
  EXPECT_EQ(*table.Find(1), 15);
  table.Edit(2) += 7;  // Begins as a default row.
  EXPECT_EQ(*table.Find(2), 7);
  ASSERT_OK_AND_ASSIGN(auto stored, Find(store_, kNumbers, Sequence{1}));
  EXPECT_FALSE(stored.has_value());
  Commit();
  ASSERT_OK_AND_ASSIGN(stored, Find(store_, kNumbers, Sequence{1}));
  EXPECT_EQ(stored, 15);
}

TEST_F(CachedTableTest, AnErasedRowIsGoneAtOnceAndInTheStoreLater) {
  CachedTable<Sequence, std::int64_t> table(&set_, kNumbers, 1 << 20);
  table.Put(1, 10);
  Commit();
  table.Erase(1);
  EXPECT_EQ(table.Find(1), nullptr);
  Commit();
  ASSERT_OK_AND_ASSIGN(const auto stored, Find(store_, kNumbers, Sequence{1}));
  EXPECT_FALSE(stored.has_value());
  table.Edit(1) += 1;
  EXPECT_EQ(*table.Find(1), 1);
}

TEST_F(CachedTableTest, ARowIsPinnedUntilItsGroupIsRetired) {
  constexpr std::size_t kNoRoom = 1;
  CachedTable<Sequence, std::int64_t> table(&set_, kNumbers, kNoRoom);
  for (Sequence key = 1; key <= 100; ++key) table.Put(key, static_cast<std::int64_t>(key));
  // Closed and written to a batch that the store does not have yet.
  WriteBatch views;
  WriteBatch vault;
  const std::uint64_t group = set_.group();
  set_.CloseGroup(&views, &vault);
  for (Sequence key = 101; key <= 120; ++key) table.Find(key);
  for (Sequence key = 1; key <= 100; ++key) {
    ASSERT_NE(table.Find(key), nullptr) << key;
    ASSERT_EQ(*table.Find(key), static_cast<std::int64_t>(key));
  }
  ASSERT_OK(store_.Commit(views, Durability::kView));
  set_.Retire(group);
  for (Sequence key = 1'000; key < 1'200; ++key) table.Find(key);
  EXPECT_LE(table.cached_rows(), 2U);
  EXPECT_EQ(*table.Find(7), 7);
}

TEST_F(CachedTableTest, ARowChangedAgainIsPinnedByTheLaterGroup) {
  CachedTable<Sequence, std::int64_t> table(&set_, kNumbers, 1);
  table.Put(1, 10);
  const std::uint64_t first = set_.group();
  CloseGroup();
  table.Edit(1) = 20;
  WriteBatch later;
  WriteBatch vault;
  set_.CloseGroup(&later, &vault);
  set_.Retire(first);  // The store has 10.
  for (Sequence key = 100; key < 200; ++key) table.Find(key);
  EXPECT_EQ(*table.Find(1), 20);
}

TEST_F(CachedTableTest, StaysWithinItsBoundInBytes) {
  constexpr std::size_t kBound = std::size_t{64} << 10;
  constexpr std::size_t kRowBytes = 1'000;
  CachedTable<Sequence, TextRow> table(&set_, kTexts, kBound);
  for (Sequence key = 0; key < 1'000; ++key) {
    table.Put(key, {std::string(kRowBytes, 'x')});
    Commit();
  }
  EXPECT_LE(table.cached_rows(), kBound / kRowBytes + 1);
  // Rows that are read count with what they hold, too.
  for (Sequence key = 0; key < 1'000; ++key) ASSERT_NE(table.Find(key), nullptr);
  EXPECT_LE(table.cached_rows(), kBound / kRowBytes + 1);
  EXPECT_GE(table.cached_rows(), kBound / kRowBytes / 2);
}

TEST_F(CachedTableTest, KeepsWhatWasUsedLast) {
  CachedTable<Sequence, TextRow> table(&set_, kTexts, 16'000);
  for (Sequence key = 0; key < 100; ++key) {
    table.Put(key, {std::string(1'000, 'x')});
    Commit();
    table.Find(0);
  }
  const std::size_t rows = table.cached_rows();
  // Row 0 is still here: the store's is never asked for.
  WriteBatch gone;
  DeleteRow(gone, kTexts, Sequence{0});
  ASSERT_OK(store_.Commit(gone, Durability::kView));
  EXPECT_NE(table.Find(0), nullptr);
  EXPECT_EQ(table.cached_rows(), rows);
}

TEST_F(CachedTableTest, PrefetchReadsWhatIsStoredAndRespectsWhatIsNot) {
  CachedTable<Sequence, std::int64_t> writer(&set_, kNumbers, 1 << 20);
  for (Sequence key = 1; key <= 50; ++key) writer.Put(key, static_cast<std::int64_t>(key));
  Commit();
  TableSet other(&store_);
  CachedTable<Sequence, std::int64_t> table(&other, kNumbers, 1 << 20);
  table.Edit(3) = 300;
  table.Erase(4);
  table.Prefetch({60, 5, 4, 3, 2, 1});
  EXPECT_EQ(table.cached_rows(), 6U);
  EXPECT_EQ(*table.Find(1), 1);
  EXPECT_EQ(*table.Find(5), 5);
  EXPECT_EQ(*table.Find(3), 300);
  EXPECT_EQ(table.Find(4), nullptr);
  EXPECT_EQ(table.Find(60), nullptr);
}

TEST_F(CachedTableTest, WhatWasReadAheadIsNotReadAgain) {
  CachedTable<Sequence, std::int64_t> writer(&set_, kNumbers, 1 << 20);
  for (Sequence key = 1; key <= 3; ++key) writer.Put(key, 10);
  Commit();
  TableSet other(&store_);
  CachedTable<Sequence, std::int64_t> table(&other, kNumbers, 1 << 20);
  ASSERT_OK_AND_ASSIGN(auto ahead, table.ReadAhead({1, 2, 3, 4}));
  EXPECT_EQ(table.cached_rows(), 0U);
  table.Edit(2) = 20;
  table.Adopt(std::move(ahead));
  EXPECT_EQ(table.cached_rows(), 4U);
  WriteBatch gone;
  DeleteRow(gone, kNumbers, Sequence{1});
  PutRow(gone, kNumbers, Sequence{4}, std::int64_t{40});
  ASSERT_OK(store_.Commit(gone, Durability::kView));
  ASSERT_NE(table.Find(1), nullptr);
  EXPECT_EQ(*table.Find(1), 10);
  EXPECT_EQ(*table.Find(2), 20);
  EXPECT_EQ(table.Find(4), nullptr);
}

TEST_F(CachedTableTest, WhatWasReadBeforeAChangeThatHasBeenDroppedIsNotTakenIn) {
  constexpr std::size_t kNoRoom = 1;
  CachedTable<Sequence, std::int64_t> table(&set_, kNumbers, kNoRoom);
  table.Put(1, 10);
  Commit();
  ASSERT_OK_AND_ASSIGN(auto before, table.ReadAhead({1}));
  table.Put(1, 11);
  Commit();
  table.Find(100);  // Row 1 makes room.
  ASSERT_EQ(table.cached_rows(), 1U);
  table.Adopt(std::move(before));
  EXPECT_EQ(*table.Find(1), 11);
  // What is read since is as good as any.
  ASSERT_OK_AND_ASSIGN(auto after, table.ReadAhead({1}));
  table.Find(100);
  table.Adopt(std::move(after));
  WriteBatch gone;
  DeleteRow(gone, kNumbers, Sequence{1});
  ASSERT_OK(store_.Commit(gone, Durability::kView));
  ASSERT_NE(table.Find(1), nullptr);
  EXPECT_EQ(*table.Find(1), 11);
}

TEST_F(CachedTableTest, PersonalDataGoesToTheVaultsBatchAlone) {
  CachedTable<Sequence, TextRow> table(&set_, kSecrets, 1 << 20);
  table.Put(1, {"sealed"});
  WriteBatch views;
  WriteBatch vault;
  set_.CloseGroup(&views, &vault);
  EXPECT_TRUE(views.empty());
  ASSERT_EQ(vault.changes().size(), 1U);
  EXPECT_EQ(vault.changes()[0].family, Family::kVault);
}

// Keys that are short, that begin alike for long, and that are written more than once.
TEST_F(CachedTableTest, AGroupComesInKeyOrderAndWritesOfAKeyInTheirs) {
  constexpr TypedTable<std::string, std::string> kNames{Table::kUnionIds, Family::kState, "names"};
  constexpr absl::string_view kLetters = "\001a\377";
  constexpr int kWrites = 2'000;
  IndexTable<std::string, std::string> names(&set_, kNames);
  IndexTable<Sequence, bool> marks(&set_, kMarks);
  SeededRandom random(11);
  for (int i = 0; i < kWrites; ++i) {
    std::string name(random.Below(3) * 5, 'a');
    for (std::size_t left = random.Below(4); left > 0; --left) {
      name.push_back(kLetters[random.Below(kLetters.size())]);
    }
    names.Put(name, absl::StrCat(absl::Dec(i, absl::kZeroPad6)));
    marks.Put(random.Below(1'000), true);
  }
  WriteBatch views;
  WriteBatch vault;
  set_.CloseGroup(&views, &vault);
  const std::vector<WriteBatch::Change>& changes = views.changes();
  ASSERT_EQ(changes.size(), 2U * kWrites);
  for (std::size_t i = 1; i < changes.size(); ++i) {
    const auto& [family, key, value] = changes[i - 1];
    ASSERT_LE(std::tie(family, key), std::tie(changes[i].family, changes[i].key)) << i;
    if (family == Family::kState && key == changes[i].key) {
      ASSERT_LT(*value, *changes[i].value) << i;
    }
  }
}

TEST_F(CachedTableTest, AnIndexRowThatComesAndGoesInOneGroupIsGone) {
  IndexTable<Sequence, bool> marks(&set_, kMarks);
  marks.Put(1, true);
  marks.Erase(1);
  marks.Erase(2);
  marks.Put(2, true);
  Commit();
  ASSERT_OK_AND_ASSIGN(const auto first, Find(store_, kMarks, Sequence{1}));
  ASSERT_OK_AND_ASSIGN(const auto second, Find(store_, kMarks, Sequence{2}));
  EXPECT_FALSE(first.has_value());
  EXPECT_TRUE(second.has_value());
}

TEST_F(CachedTableTest, AnswersAsAMapWouldWhateverIsEvictedOrUndurable) {
  CachedTable<Sequence, std::int64_t> table(&set_, kNumbers, 2'000);
  std::map<Sequence, std::int64_t> model;
  RowsAhead<Sequence, std::int64_t> ahead;
  SeededRandom random(10);
  for (int step = 0; step < 50'000; ++step) {
    const Sequence key = random.Below(200);
    switch (random.Below(8)) {
      case 0:
        table.Put(key, step);
        model[key] = step;
        break;
      case 1:
        table.Edit(key) += 3;
        model[key] += 3;
        break;
      case 2:
        table.Erase(key);
        model.erase(key);
        break;
      case 3:
        if (random.Below(10) == 0) CloseGroup();
        break;
      case 4:
        if (random.Below(10) == 0) set_.Retire(closed_);
        break;
      case 5:
        if (random.Below(10) == 0) {
          ASSERT_OK_AND_ASSIGN(ahead, table.ReadAhead({key, key + 1, key + 2, key + 3}));
        }
        break;
      case 6:
        table.Adopt(ahead);  // Of whatever time it is.
        break;
      default:
        const std::int64_t* row = table.Find(key);
        const auto expected = model.find(key);
        ASSERT_EQ(row != nullptr, expected != model.end()) << step;
        if (row != nullptr) {
          ASSERT_EQ(*row, expected->second) << step;
        }
    }
  }
}

TEST_F(CachedTableTest, KeptRowsStayUntilTheyAreWrittenAndAreDroppedThen) {
  CachedTable<Sequence, std::int64_t> numbers(&set_, kNumbers, 0);
  CachedTable<Sequence, TextRow> texts(&set_, kTexts, 0);
  CachedTable<Sequence, TextRow> secrets(&set_, kSecrets, 0);
  IndexTable<Sequence, bool> marks(&set_, kMarks);
  for (Sequence key = 0; key < 100; ++key) {
    numbers.Put(key, 1);
    texts.Put(key, {.text = "text"});
    secrets.Put(key, {.text = "secret"});
    marks.Put(key, true);
  }
  const std::size_t bytes = set_.KeepGroup();
  EXPECT_GT(bytes, 400U * 16);
  for (Sequence key = 0; key < 100; ++key) numbers.Edit(key) += 1;
  texts.Edit(3).text = std::string(10'000, 'x');
  texts.Erase(4);
  marks.Erase(5);
  EXPECT_GE(set_.KeepGroup(), bytes + 9'000);
  EXPECT_EQ(numbers.CountRows(), 100U);
  EXPECT_EQ(texts.CountRows(), 99U);
  EXPECT_EQ(numbers.SomeKeys(7).size(), 7U);
  EXPECT_EQ(numbers.Encoded(EncodeKey(kNumbers.id, Sequence{9})), EncodeValue(std::int64_t{2}));
  EXPECT_EQ(texts.Encoded(EncodeKey(kTexts.id, Sequence{4})), absl::nullopt);
  EXPECT_EQ(numbers.Encoded("no key"), absl::nullopt);
  ASSERT_OK_AND_ASSIGN(auto stored, Find(store_, kNumbers, Sequence{9}));
  EXPECT_FALSE(stored.has_value());

  ASSERT_OK(set_.WriteKept(
      [this](const WriteBatch& piece) { return store_.Commit(piece, Durability::kView); }));
  EXPECT_EQ(numbers.cached_rows() + texts.cached_rows() + secrets.cached_rows(), 0U);
  ASSERT_OK_AND_ASSIGN(stored, Find(store_, kNumbers, Sequence{9}));
  EXPECT_EQ(stored, 2);
  ASSERT_OK_AND_ASSIGN(const auto erased, Find(store_, kTexts, Sequence{4}));
  EXPECT_FALSE(erased.has_value());
  ASSERT_OK_AND_ASSIGN(const auto mark, Find(store_, kMarks, Sequence{5}));
  EXPECT_FALSE(mark.has_value());
  ASSERT_OK_AND_ASSIGN(const auto secret, Find(store_, kSecrets, Sequence{5}));
  EXPECT_FALSE(secret.has_value());  // The vault is no view.
  EXPECT_EQ(*numbers.Find(9), 2);
  EXPECT_EQ(texts.Find(4), nullptr);
}

TEST_F(CachedTableTest, WhatCouldNotBeWrittenIsNotDropped) {
  CachedTable<Sequence, std::int64_t> numbers(&set_, kNumbers, 0);
  numbers.Put(1, 10);
  set_.KeepGroup();
  EXPECT_THAT(set_.WriteKept([](const WriteBatch&) { return absl::UnavailableError("disk"); }),
              HasCode(absl::StatusCode::kUnavailable));
  EXPECT_EQ(*numbers.Find(1), 10);
}

}  // namespace
}  // namespace puhui::ledger
