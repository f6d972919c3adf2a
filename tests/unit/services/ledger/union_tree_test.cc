// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/union_tree.h"

#include "issuing/app/tables.h"
#include "ledger/base/limits.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Family;

// One moment of a store, whose reads are counted and may be looked over.
class WatchedMoment final : public ledger::Readable {
 public:
  WatchedMoment(std::unique_ptr<ledger::Readable> moment, int* reads, std::function<void()> watch)
      : moment_(std::move(moment)), reads_(reads), watch_(std::move(watch)) {}
  absl::StatusOr<absl::optional<std::string>> Get(Family family,
                                                  absl::string_view key) const override {
    ++*reads_;
    if (watch_) watch_();
    return moment_->Get(family, key);
  }
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family family, absl::Span<const std::string> keys) const override {
    return moment_->MultiGet(family, keys);
  }
  std::unique_ptr<ledger::Cursor> NewCursor(Family family, ledger::CursorUse use) const override {
    return moment_->NewCursor(family, use);
  }

 private:
  const std::unique_ptr<ledger::Readable> moment_;
  int* const reads_;
  const std::function<void()> watch_;
};

class WatchedStore final : public ledger::Store {
 public:
  absl::StatusOr<absl::optional<std::string>> Get(Family family,
                                                  absl::string_view key) const override {
    return store_.Get(family, key);
  }
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family family, absl::Span<const std::string> keys) const override {
    return store_.MultiGet(family, keys);
  }
  std::unique_ptr<ledger::Cursor> NewCursor(Family family, ledger::CursorUse use) const override {
    return store_.NewCursor(family, use);
  }
  absl::Status Commit(const ledger::WriteBatch& batch, ledger::Durability durability) override {
    return store_.Commit(batch, durability);
  }
  std::unique_ptr<ledger::Readable> TakeSnapshot() const override {
    return std::make_unique<WatchedMoment>(store_.TakeSnapshot(), &reads, watch);
  }
  absl::Status FlushViews(bool wait) override { return store_.FlushViews(wait); }
  absl::Status ClearFamily(Family family) override { return store_.ClearFamily(family); }
  absl::StatusOr<std::string> FirstJournalKey() const override { return store_.FirstJournalKey(); }
  absl::Status DropJournalBefore(absl::string_view key) override {
    return store_.DropJournalBefore(key);
  }
  absl::StatusOr<std::uint64_t> FreeBytes() const override { return store_.FreeBytes(); }
  absl::Status ViewDamage() const override { return store_.ViewDamage(); }
  absl::Status Close() override { return store_.Close(); }

  mutable int reads = 0;
  std::function<void()> watch;  // Before each read of a moment.

 private:
  ledger::MemoryStore store_;
};

class UnionTreeTest : public ::testing::Test {
 protected:
  void Put(std::uint32_t number, std::uint32_t parent) {
    ledger::WriteBatch batch;
    const std::string id = absl::StrCat("u-", number);
    ledger::PutRow(batch, issuing::kUnionTable, UnionNumber{number},
                   issuing::UnionRow{.id = id, .parent = UnionNumber{parent}});
    ledger::PutRow(batch, issuing::kUnionIdTable, id, UnionNumber{number});
    ASSERT_OK(store_.Commit(batch, ledger::Durability::kView));
  }
  // 1 > 2 > 3, and 4.
  void PutTwoTrees() {
    Put(1, 0);
    Put(2, 1);
    Put(3, 2);
    Put(4, 0);
  }
  bool Covers(int ancestor, int number) const {
    return tree_.Covers(*UnionId::Parse(absl::StrCat("u-", ancestor), "id"),
                        *UnionId::Parse(absl::StrCat("u-", number), "id"));
  }

  WatchedStore store_;
  LedgerUnionTree tree_{&store_};
};

TEST_F(UnionTreeTest, ReachesFromTheLastLevelToTheRootInABoundedNumberOfReads) {
  for (std::uint32_t number = 1; number <= kUnionDepthMax; ++number) Put(number, number - 1);
  Put(99, 0);
  constexpr auto kBottom = static_cast<int>(kUnionDepthMax);
  for (int ancestor = 1; ancestor <= kBottom; ++ancestor) EXPECT_TRUE(Covers(ancestor, kBottom));
  for (int below = 2; below <= kBottom; ++below) EXPECT_FALSE(Covers(below, 1));
  EXPECT_FALSE(Covers(77, 1)) << "nobody covers anything";
  EXPECT_FALSE(Covers(1, 77)) << "nobody is covered";
  store_.reads = 0;
  EXPECT_FALSE(Covers(99, kBottom));
  EXPECT_EQ(store_.reads, kBottom + 2);
}

TEST_F(UnionTreeTest, FollowsTheTreeAsItIsNow) {
  PutTwoTrees();
  EXPECT_TRUE(Covers(1, 3));
  EXPECT_FALSE(Covers(4, 3));
  Put(2, 4);
  EXPECT_FALSE(Covers(1, 3));
  EXPECT_TRUE(Covers(4, 3));
  EXPECT_TRUE(Covers(2, 3)) << "what went along is where it was";
}

// First 3 leaves 2, then 2 comes under 4: 3 was never under 4. Whoever reads 3 before and 2 after
// would think so.
TEST_F(UnionTreeTest, TwoMovesBetweenItsReadsMakeNoPathThatNeverWas) {
  PutTwoTrees();
  int before = 3;  // The two ids and the row of 3 have been read.
  store_.watch = [&] {
    if (before-- != 0) return;
    Put(3, 1);
    Put(2, 4);
  };
  EXPECT_FALSE(Covers(4, 3));
}

}  // namespace
}  // namespace puhui::services
