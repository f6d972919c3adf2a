// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/typed_reads.h"

#include "ledger/storage/memory_store.h"
#include "tests/support/status_matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Key {
  std::uint8_t group = 0;
  std::uint8_t item = 0;
  template <class F>
  void Fields(F& f) {
    f(group, item);
  }
};

constexpr TypedTable<Key, std::string> kItems{static_cast<Table>(0xFE), Family::kIndex, "items"};
constexpr TypedTable<Key, std::string> kLastTable{static_cast<Table>(0xFF), Family::kIndex, "last"};
constexpr TypedTable<std::uint8_t, std::string> kBefore{static_cast<Table>(0xFD), Family::kIndex,
                                                        "before"};

class TypedReadsTest : public ::testing::Test {
 protected:
  TypedReadsTest() {
    WriteBatch batch;
    PutRow(batch, kBefore, std::uint8_t{9}, std::string("before"));
    for (const Key key : {Key{1, 1}, Key{1, 2}, Key{1, 3}, Key{2, 0}, Key{0xFF, 0xFF}}) {
      PutRow(batch, kItems, key, Name(key));
    }
    PutRow(batch, kLastTable, Key{0, 0}, std::string("0.0"));
    PUHUI_CHECK_OK(store_.Commit(batch, Durability::kView));
  }
  static std::string Name(const Key& key) { return absl::StrCat(key.group, ".", key.item); }
  std::vector<std::string> Names(Range range, std::size_t limit = 100) {
    auto rows = List(store_, kItems, std::move(range), limit);
    EXPECT_OK(rows);
    std::vector<std::string> names;
    for (const auto& row : *rows) {
      EXPECT_EQ(Name(row.key), row.value);
      names.push_back(row.value);
    }
    return names;
  }
  static std::string Group(std::uint8_t group) { return EncodeKeyPrefix(kItems.id, group); }
  static std::string At(Key key) { return EncodeKey(kItems.id, key); }

  MemoryStore store_;
};

TEST_F(TypedReadsTest, FindsARowOrNothing) {
  auto found = Find(store_, kItems, Key{1, 2});
  ASSERT_OK(found);
  EXPECT_EQ(*found, absl::optional<std::string>("1.2"));
  auto missing = Find(store_, kItems, Key{1, 9});
  ASSERT_OK(missing);
  EXPECT_FALSE(missing->has_value());
}

TEST_F(TypedReadsTest, FindsManyInTheirOrder) {
  const std::vector<Key> keys = {{0, 0}, {1, 1}, {1, 9}, {2, 0}};
  auto found = FindAll(store_, kItems, absl::MakeConstSpan(keys));
  ASSERT_OK(found);
  EXPECT_THAT(*found, ElementsAre(absl::nullopt, absl::optional<std::string>("1.1"), absl::nullopt,
                                  absl::optional<std::string>("2.0")));
}

TEST_F(TypedReadsTest, DeletedRowsAreGone) {
  WriteBatch batch;
  DeleteRow(batch, kItems, Key{1, 2});
  ASSERT_OK(store_.Commit(batch, Durability::kView));
  EXPECT_THAT(Names({.prefix = Group(1)}), ElementsAre("1.1", "1.3"));
}

TEST_F(TypedReadsTest, ScansTheWholeTableAndNoOtherBothWays) {
  EXPECT_THAT(Names({}), ElementsAre("1.1", "1.2", "1.3", "2.0", "255.255"));
  EXPECT_THAT(Names({.backward = true}), ElementsAre("255.255", "2.0", "1.3", "1.2", "1.1"));
}

TEST_F(TypedReadsTest, ScansOnePrefixBothWays) {
  EXPECT_THAT(Names({.prefix = Group(1)}), ElementsAre("1.1", "1.2", "1.3"));
  EXPECT_THAT(Names({.prefix = Group(1), .backward = true}), ElementsAre("1.3", "1.2", "1.1"));
  EXPECT_THAT(Names({.prefix = Group(0xFF), .backward = true}), ElementsAre("255.255"));
  EXPECT_THAT(Names({.prefix = Group(7)}), IsEmpty());
  EXPECT_THAT(Names({.prefix = Group(7), .backward = true}), IsEmpty());
}

TEST_F(TypedReadsTest, ABackwardScanLeavesOutTheKeyThatEqualsTheNextPrefix) {
  WriteBatch batch;
  batch.Put(Family::kIndex, Group(2), "not of this group");
  ASSERT_OK(store_.Commit(batch, Durability::kView));
  EXPECT_THAT(Names({.prefix = Group(1), .backward = true}), ElementsAre("1.3", "1.2", "1.1"));
}

TEST_F(TypedReadsTest, BeginsAtOrBehindTheGivenKey) {
  EXPECT_THAT(Names({.prefix = Group(1), .from = At({1, 2})}), ElementsAre("1.2", "1.3"));
  EXPECT_THAT(Names({.prefix = Group(1), .from = At({1, 2}), .after_from = true}),
              ElementsAre("1.3"));
  EXPECT_THAT(Names({.prefix = Group(1), .from = At({1, 2}), .backward = true}),
              ElementsAre("1.2", "1.1"));
  EXPECT_THAT(Names({.prefix = Group(1), .from = At({1, 2}), .after_from = true, .backward = true}),
              ElementsAre("1.1"));
}

TEST_F(TypedReadsTest, AKeyOutsideThePrefixDoesNotWidenIt) {
  EXPECT_THAT(Names({.prefix = Group(1), .from = At({0, 0})}), ElementsAre("1.1", "1.2", "1.3"));
  EXPECT_THAT(Names({.prefix = Group(1), .from = At({2, 0})}), IsEmpty());
  EXPECT_THAT(Names({.prefix = Group(1), .from = At({2, 0}), .backward = true}),
              ElementsAre("1.3", "1.2", "1.1"));
  EXPECT_THAT(Names({.prefix = Group(1), .from = At({0, 0}), .backward = true}), IsEmpty());
}

TEST_F(TypedReadsTest, StopsAtTheLimit) {
  EXPECT_THAT(Names({}, 2), ElementsAre("1.1", "1.2"));
  EXPECT_THAT(Names({}, 0), IsEmpty());
}

TEST_F(TypedReadsTest, TheLastTableOfAllScansBackward) {
  auto rows = List(store_, kLastTable, {.backward = true}, 10);
  ASSERT_OK(rows);
  EXPECT_EQ(rows->size(), 1u);
}

TEST_F(TypedReadsTest, MalformedRowsAreDataLossAndNameTheTable) {
  WriteBatch batch;
  batch.Put(Family::kIndex, At({1, 2}), "\x09z");
  ASSERT_OK(store_.Commit(batch, Durability::kView));
  const auto found = Find(store_, kItems, Key{1, 2});
  EXPECT_THAT(found, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(std::string(found.status().message()), ::testing::HasSubstr("items"));
  EXPECT_THAT(List(store_, kItems, {}, 100).status(), HasCode(absl::StatusCode::kDataLoss));
}

TEST_F(TypedReadsTest, AVisitorsErrorEndsTheScan) {
  int seen = 0;
  const absl::Status status =
      Scan(store_, kItems, {}, [&](const Key&, std::string&) -> absl::StatusOr<bool> {
        ++seen;
        return absl::AbortedError("enough");
      });
  EXPECT_THAT(status, HasCode(absl::StatusCode::kAborted));
  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace puhui::ledger
