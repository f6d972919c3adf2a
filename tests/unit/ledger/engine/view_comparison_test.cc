// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/view_comparison.h"

#include "ledger/engine/cached_table.h"
#include "ledger/engine/index_table.h"
#include "ledger/storage/memory_store.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace puhui::ledger {
namespace {

constexpr TypedTable<Sequence, std::int64_t> kNumbers{Table::kFundings, Family::kState, "numbers"};
constexpr TypedTable<std::string, std::int64_t> kNames{Table::kUnionIds, Family::kState, "names"};
constexpr TypedTable<Sequence, std::int64_t> kPlaces{Table::kNotices, Family::kIndex, "places"};
constexpr TypedTable<Sequence, bool> kMarks{Table::kTimers, Family::kIndex, "marks"};
constexpr TypedTable<Sequence, bool> kLines{Table::kActivity, Family::kIndex, "lines"};

// Tables with rows, some of which were changed and erased again.
struct Rebuilt {
  explicit Rebuilt(const Readable* store) : set(store) {}

  void Fill(SeededRandom& random, int changes) {
    for (int i = 0; i < changes; ++i) {
      const Sequence key = random.Below(300);
      const auto value = static_cast<std::int64_t>(random.Below(1'000));
      switch (random.Below(8)) {
        case 0:
          numbers.Erase(key);
          break;
        case 1:
          marks.Erase(key);
          break;
        case 2:
          numbers.Edit(key) += value;
          break;
        case 3:
          names.Put("name-" + std::to_string(key), value);
          break;
        case 4:
          places.Put(key, value);
          break;
        case 5:
          marks.Put(key, value % 2 == 0);
          break;
        case 6:
          lines.Put(key, value % 2 == 0);
          break;
        default:
          numbers.Put(key, value);
      }
      if (random.Below(100) == 0) set.KeepGroup();
    }
    set.KeepGroup();
  }

  void FillNumbers(Sequence count) {
    for (Sequence key = 0; key < count; ++key) numbers.Put(key, 1);
    set.KeepGroup();
  }

  TableSet set;
  CachedTable<Sequence, std::int64_t> numbers{&set, kNumbers, 1 << 10};
  CachedTable<std::string, std::int64_t> names{&set, kNames, 1 << 10};
  CachedTable<Sequence, std::int64_t> places{&set, kPlaces, 1 << 10};
  IndexTable<Sequence, bool> marks{&set, kMarks};
  IndexTable<Sequence, bool> lines{&set, kLines};
};

// Changes rows of `store` at random, drops some and adds others, also such as no table can have.
void Alter(SeededRandom& random, std::uint64_t times, MemoryStore& store) {
  for (std::uint64_t i = 0; i < times; ++i) {
    const Family family = random.Below(2) == 0 ? Family::kState : Family::kIndex;
    const auto cursor = store.NewCursor(family);
    std::vector<std::string> keys;
    for (cursor->Seek(""); cursor->Valid(); cursor->Next()) keys.emplace_back(cursor->key());
    if (keys.empty()) return;
    const std::string& key = keys[random.Below(keys.size())];
    WriteBatch batch;
    switch (random.Below(4)) {
      case 0:
        batch.Put(family, key, "altered");
        break;
      case 1:
        batch.Delete(family, key);
        break;
      case 2:
        batch.Put(family, key + "added", "x");
        break;
      default:
        batch.Put(family, std::string(1, static_cast<char>(random.Below(256))), "x");
    }
    ASSERT_OK(store.Commit(batch, Durability::kView));
  }
}

using Found = std::set<std::tuple<Family, std::string, RowDifference::Kind>>;

Found Of(const ComparedRows& compared) {
  Found found;
  for (const RowDifference& row : compared.differences)
    found.insert({row.family, row.key, row.kind});
  return found;
}

TEST(ViewComparisonTest, FindsInTablesWhatAWalkOfTwoStoresFinds) {
  std::uint64_t differences = 0;
  std::uint64_t rounds_without = 0;
  for (std::uint64_t round = 0; round < 200; ++round) {
    SeededRandom random(round);
    MemoryStore nothing;
    Rebuilt kept(&nothing);
    const int changes = static_cast<int>(random.Below(2'000));
    SeededRandom filling(round + 1'000);
    kept.Fill(filling, changes);

    // The same rows, written.
    MemoryStore written;
    Rebuilt again(&written);
    SeededRandom filling_again(round + 1'000);
    again.Fill(filling_again, changes);
    MemoryStore stored;
    ASSERT_OK(again.set.WriteKept([&](const WriteBatch& piece) -> absl::Status {
      if (absl::Status status = stored.Commit(piece, Durability::kView); !status.ok())
        return status;
      return written.Commit(piece, Durability::kView);
    }));
    EXPECT_EQ(again.numbers.cached_rows() + again.names.cached_rows(), 0U);
    ASSERT_NO_FATAL_FAILURE(Alter(random, random.Below(4) * random.Below(10), stored));

    ComparedRows walked;
    for (const Family family : {Family::kState, Family::kIndex}) {
      ASSERT_OK(CompareInStep(stored, written, family, nullptr, &walked));
    }
    for (const int threads : {1, 2}) {
      ComparedRows in_tables;
      ASSERT_OK(CompareWithTables(stored, kept.set, threads, nullptr, &in_tables));
      EXPECT_EQ(Of(in_tables), Of(walked)) << "round " << round;
      EXPECT_EQ(in_tables.difference_count, walked.difference_count);
      EXPECT_EQ(in_tables.rows, walked.rows);
    }
    differences += walked.difference_count;
    if (walked.difference_count == 0) ++rounds_without;
  }
  EXPECT_GT(differences, 500U);
  EXPECT_GT(rounds_without, 10U);
}

TEST(ViewComparisonTest, ShowsTheFirstOfManyAndCountsAll) {
  MemoryStore stored;
  Rebuilt kept(&stored);
  kept.FillNumbers(1'000);
  ComparedRows compared;
  ASSERT_OK(CompareWithTables(stored, kept.set, 2, nullptr, &compared));
  EXPECT_EQ(compared.difference_count, 1'000U);
  EXPECT_EQ(compared.rows, 1'000U);
  EXPECT_EQ(compared.differences.size(), ComparedRows::kShownMax);
}

TEST(ViewComparisonTest, KeepsThePaceAndEndsWithIt) {
  MemoryStore stored;
  Rebuilt kept(&stored);
  kept.FillNumbers(5'000);
  MemoryStore nothing;
  Rebuilt other(&nothing);
  other.FillNumbers(5'000);
  ASSERT_OK(other.set.WriteKept(
      [&](const WriteBatch& piece) { return stored.Commit(piece, Durability::kView); }));
  std::uint64_t work = 0;
  const auto pace = [&work](std::uint64_t rows) {
    work += rows;
    return absl::OkStatus();
  };
  ComparedRows compared;
  ASSERT_OK(CompareWithTables(stored, kept.set, 1, pace, &compared));
  EXPECT_EQ(compared.difference_count, 0U);
  EXPECT_EQ(work, 4'096U);
  int calls = 0;
  const auto enough = [&calls](std::uint64_t) {
    ++calls;
    return absl::CancelledError("enough");
  };
  EXPECT_THAT(CompareWithTables(stored, kept.set, 1, enough, &compared),
              HasCode(absl::StatusCode::kCancelled));
  EXPECT_EQ(calls, 1);
  // What is missing is looked for at that pace, too.
  MemoryStore empty;
  work = 0;
  ASSERT_OK(CompareWithTables(empty, kept.set, 1, pace, &compared));
  EXPECT_EQ(work, 4'096U);
}

}  // namespace
}  // namespace puhui::ledger
