// SPDX-License-Identifier: Apache-2.0
#include "services/audit/subtrees.h"

#include "issuing/app/tables.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/refusal_matchers.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace puhui::services::subtrees_test {
namespace {

using ::testing::ElementsAre;

class EverythingBelow final : public UnionTree {
 public:
  bool Covers(const UnionId& /*ancestor*/, const UnionId& /*union_id*/) const override {
    return true;
  }
};

// Unions 1 > 2, 3 and 4, by rows that are written by hand: what is kept is told from what is walked
// by a row that changes without a word.
class SubtreesTest : public ::testing::Test {
 protected:
  SubtreesTest() {
    for (std::uint32_t number = 1; number <= 4; ++number) {
      ledger::WriteBatch batch;
      const std::string id = absl::StrCat("u-", number);
      ledger::PutRow(batch, issuing::kUnionTable, UnionNumber{number}, issuing::UnionRow{.id = id});
      ledger::PutRow(batch, issuing::kUnionIdTable, id, UnionNumber{number});
      Commit(batch);
    }
    Put(1, 2);
  }
  void Commit(const ledger::WriteBatch& batch) {
    EXPECT_OK(store_.Commit(batch, ledger::Durability::kView));
  }
  // The row alone, as no ledger does it.
  void Put(std::uint32_t parent, std::uint32_t child) {
    ledger::WriteBatch batch;
    ledger::PutRow(batch, issuing::kUnionChildTable,
                   issuing::UnionChildKey{UnionNumber{parent}, UnionNumber{child}}, true);
    // The walk looks for children of those alone that have some.
    ledger::PutRow(batch, issuing::kUnionTable, UnionNumber{parent},
                   issuing::UnionRow{.id = absl::StrCat("u-", parent), .below = {1}});
    Commit(batch);
  }
  // What the store has is as record `sequence` left it.
  void SetApplied(Sequence sequence) {
    ledger::WriteBatch batch;
    ledger::PutRow(batch, ledger::kAppliedTable, std::uint8_t{0}, sequence);
    Commit(batch);
  }

  std::vector<UnionNumber> Below(int number, const ledger::Readable& store) {
    auto found = subtrees_.Of(auditor_, absl::StrCat("unions/u-", number), "in_union", store);
    EXPECT_OK(found);
    return found.ok() ? *std::move(found) : std::vector<UnionNumber>{};
  }
  std::vector<UnionNumber> Below(int number) { return Below(number, *store_.TakeSnapshot()); }
  std::vector<UnionNumber> BelowFirst() { return Below(1); }

  ledger::MemoryStore store_;
  EverythingBelow tree_;
  const Principal auditor_ = *ParseSpiffeUri("spiffe://d/auditor", "d");
  Sequence changed_ = 0;
  Subtrees subtrees_{{.tree = &tree_, .changed = [this] { return changed_; }, .unions_max = 4}};
};

constexpr UnionNumber kOne{1};
constexpr UnionNumber kTwo{2};
constexpr UnionNumber kThree{3};
constexpr UnionNumber kFour{4};

TEST_F(SubtreesTest, AreKeptUntilTheTreeChanges) {
  SetApplied(5);
  EXPECT_THAT(BelowFirst(), ElementsAre(kOne, kTwo));
  Put(1, 3);
  SetApplied(6);
  EXPECT_THAT(BelowFirst(), ElementsAre(kOne, kTwo)) << "was kept";
  changed_ = 6;
  EXPECT_THAT(BelowFirst(), ElementsAre(kOne, kTwo, kThree)) << "at once";
}

// A change is told before its group is in the store.
TEST_F(SubtreesTest, NothingIsKeptWhileAChangeIsOnItsWay) {
  SetApplied(5);
  changed_ = 6;
  const std::unique_ptr<ledger::Readable> before = store_.TakeSnapshot();
  EXPECT_THAT(Below(1, *before), ElementsAre(kOne, kTwo));
  Put(1, 3);
  SetApplied(6);
  EXPECT_THAT(BelowFirst(), ElementsAre(kOne, kTwo, kThree)) << "as the change left it";
  EXPECT_THAT(Below(1, *before), ElementsAre(kOne, kTwo)) << "an earlier moment stays what it was";
}

TEST_F(SubtreesTest, ASnapshotFromBeforeTheChangeIsNotTakenForLater) {
  SetApplied(5);
  const std::unique_ptr<ledger::Readable> before = store_.TakeSnapshot();
  Put(1, 3);
  SetApplied(6);
  changed_ = 6;
  EXPECT_THAT(BelowFirst(), ElementsAre(kOne, kTwo, kThree));
  EXPECT_THAT(Below(1, *before), ElementsAre(kOne, kTwo));
  EXPECT_THAT(BelowFirst(), ElementsAre(kOne, kTwo, kThree));
}

TEST_F(SubtreesTest, ThoseThatWereAskedForLastAreKept) {
  SetApplied(5);
  EXPECT_THAT(BelowFirst(), ElementsAre(kOne, kTwo));
  EXPECT_THAT(Below(3), ElementsAre(kThree));
  EXPECT_THAT(BelowFirst(), ElementsAre(kOne, kTwo));
  EXPECT_THAT(Below(2), ElementsAre(kTwo)) << "all four fit";
  EXPECT_THAT(Below(3), ElementsAre(kThree));
  EXPECT_THAT(Below(4), ElementsAre(kFour)) << "the first has to go";
  Put(1, 3);
  Put(3, 4);
  EXPECT_THAT(Below(3), ElementsAre(kThree));
  EXPECT_THAT(BelowFirst(), ElementsAre(kOne, kTwo, kThree, kFour));
}

// Else an auditor who asks of every union by itself would leave a million of them to look through.
TEST_F(SubtreesTest, ThereAreNotMoreOfThemThanMayBeHoweverSmall) {
  SetApplied(5);
  Subtrees few({.tree = &tree_, .changed = [] { return Sequence{0}; }, .subtrees_max = 2});
  const auto below = [&](int number) {
    const auto found =
        few.Of(auditor_, absl::StrCat("unions/u-", number), "in_union", *store_.TakeSnapshot());
    EXPECT_OK(found);
    return found.ok() ? found->size() : 0;
  };
  for (const int number : {2, 3, 4}) EXPECT_EQ(below(number), 1U);
  Put(4, 1);
  EXPECT_EQ(below(4), 1U) << "was kept";
  Put(2, 3);
  EXPECT_EQ(below(2), 2U) << "had to go";
}

TEST_F(SubtreesTest, WhatDoesNotFitIsNotKept) {
  ledger::WriteBatch batch;
  for (std::uint32_t number = 10; number < 14; ++number) {
    ledger::PutRow(batch, issuing::kUnionTable, UnionNumber{number},
                   issuing::UnionRow{.id = absl::StrCat("u-", number)});
    ledger::PutRow(batch, issuing::kUnionChildTable,
                   issuing::UnionChildKey{kOne, UnionNumber{number}}, true);
  }
  Commit(batch);
  SetApplied(5);
  EXPECT_EQ(BelowFirst().size(), 6U);
  Put(1, 3);
  EXPECT_EQ(BelowFirst().size(), 7U);
}

TEST_F(SubtreesTest, WhoMayNotSeeTheUnionIsNotHelpedByWhatWasKept) {
  class OpenOrClosed final : public UnionTree {
   public:
    bool Covers(const UnionId& /*ancestor*/, const UnionId& /*union_id*/) const override {
      return !closed;
    }
    bool closed = false;
  } tree;
  Subtrees subtrees({.tree = &tree, .changed = [] { return Sequence{0}; }});
  const Principal auditor = *ParseSpiffeUri("spiffe://d/auditor/unions/u-9", "d");
  EXPECT_OK(subtrees.Of(auditor, "unions/u-1", "in_union", *store_.TakeSnapshot()));
  tree.closed = true;
  EXPECT_THAT(subtrees.Of(auditor, "unions/u-1", "in_union", *store_.TakeSnapshot()),
              Refuses(ledger::Reason::kNotFound));
}

TEST_F(SubtreesTest, ManyMayAskAtOnce) {
  SetApplied(5);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this, i] {
      for (int j = 0; j < 200; ++j) EXPECT_FALSE(Below(1 + (i + j) % 3).empty());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(BelowFirst(), ElementsAre(kOne, kTwo));
}

}  // namespace
}  // namespace puhui::services::subtrees_test
