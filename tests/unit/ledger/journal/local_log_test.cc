// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/local_log.h"

#include "tests/support/status_matchers.h"
#include "tests/support/watched_store.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <utility>

namespace puhui::ledger {
namespace {

// Whatever a log appends is durable before it is told of.
class FaultyStore final : public WatchedStore {
 public:
  absl::Status Commit(const WriteBatch& batch, Durability durability) override {
    EXPECT_EQ(durability, Durability::kSynced);
    return WatchedStore::Commit(batch, durability);
  }
};

class LocalLogTest : public ::testing::Test {
 protected:
  LocalLogTest() { Reopen(); }
  void Reopen() {
    absl::StatusOr<std::unique_ptr<LocalLog>> log = LocalLog::Open(&store_);
    ASSERT_OK(log);
    log_ = *std::move(log);
  }
  // Segments with so many records each, from the end of the log on.
  std::vector<SealedSegment> Segments(std::initializer_list<int> sizes, std::uint64_t epoch = 1) {
    SegmentBuilder builder(0, epoch, log_->next_sequence());
    std::vector<SealedSegment> segments;
    for (const int size : sizes) {
      for (int i = 0; i < size; ++i) builder.Add(absl::StrCat("r", builder.next_sequence()));
      segments.push_back(builder.Seal(Hash{}));
    }
    return segments;
  }
  AppendOutcome Append(std::initializer_list<int> sizes, std::uint64_t epoch = 1) {
    return log_->Append(epoch, Segments(sizes, epoch), {}).outcome;
  }
  absl::StatusOr<int> CountRead(Sequence from) {
    int segments = 0;
    absl::Status status = log_->Read(from, [&](absl::string_view) -> absl::StatusOr<bool> {
      ++segments;
      return true;
    });
    if (!status.ok()) return status;
    return segments;
  }

  FaultyStore store_;
  std::unique_ptr<LocalLog> log_;
};

TEST_F(LocalLogTest, BeginsEmptyAtOne) {
  EXPECT_EQ(log_->next_sequence(), 1u);
  EXPECT_EQ(log_->epoch(), 0u);
  ASSERT_OK_AND_ASSIGN(const int read, CountRead(1));
  EXPECT_EQ(read, 0);
}

TEST_F(LocalLogTest, MakesSegmentsAndVaultDurableInOneCommit) {
  WriteBatch vault;
  vault.Put(Family::kVault, "m-1", "sealed");
  EXPECT_EQ(log_->Append(1, Segments({2, 3}), vault).outcome, AppendOutcome::kCommitted);
  EXPECT_EQ(store_.commits, 1);
  EXPECT_EQ(log_->next_sequence(), 6u);
  ASSERT_OK_AND_ASSIGN(const auto sealed, store_.Get(Family::kVault, "m-1"));
  EXPECT_EQ(sealed, "sealed");
  ASSERT_OK_AND_ASSIGN(const std::string record, log_->ReadRecord(4));
  EXPECT_EQ(record, "r4");
  ASSERT_OK_AND_ASSIGN(const int read, CountRead(1));
  EXPECT_EQ(read, 2);
}

TEST_F(LocalLogTest, TakesVaultChangesAloneAndNothingForNothing) {
  WriteBatch vault;
  vault.Delete(Family::kVault, "m-1");
  EXPECT_EQ(log_->Append(1, {}, vault).outcome, AppendOutcome::kCommitted);
  EXPECT_EQ(store_.commits, 1);
  EXPECT_EQ(log_->Append(1, {}, {}).outcome, AppendOutcome::kCommitted);
  EXPECT_EQ(store_.commits, 1);
  EXPECT_EQ(log_->next_sequence(), 1u);
}

TEST_F(LocalLogTest, FindsItsEndAgain) {
  EXPECT_EQ(Append({2, 3}, 7), AppendOutcome::kCommitted);
  Reopen();
  EXPECT_EQ(log_->next_sequence(), 6u);
  EXPECT_EQ(log_->epoch(), 7u);
  EXPECT_EQ(Append({1}, 7), AppendOutcome::kCommitted);
  EXPECT_EQ(log_->next_sequence(), 7u);
}

TEST_F(LocalLogTest, FencesAnOlderEpoch) {
  EXPECT_EQ(Append({1}, 7), AppendOutcome::kCommitted);
  EXPECT_EQ(Append({1}, 6), AppendOutcome::kFenced);
  EXPECT_EQ(store_.commits, 1);
  EXPECT_EQ(log_->next_sequence(), 2u);
  EXPECT_EQ(Append({1}, 8), AppendOutcome::kCommitted);
}

TEST_F(LocalLogTest, FailedCommitIsUnknownUntilReopened) {
  store_.fault = absl::ResourceExhaustedError("full");
  const CommitLog::AppendResult result = log_->Append(1, Segments({1}), {});
  EXPECT_EQ(result.outcome, AppendOutcome::kUnknown);
  EXPECT_THAT(result.status, HasCode(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(log_->next_sequence(), 1u);

  store_.fault = absl::OkStatus();
  EXPECT_EQ(Append({1}), AppendOutcome::kUnknown);
  EXPECT_EQ(store_.commits, 1) << "a log that does not know its end must not write";
  Reopen();
  EXPECT_EQ(Append({1}), AppendOutcome::kCommitted);
}

TEST_F(LocalLogTest, MissesALostTail) {
  EXPECT_EQ(Append({2, 3}), AppendOutcome::kCommitted);
  WriteBatch loss;
  loss.Delete(Family::kJournal, SegmentKey(3));
  ASSERT_OK(store_.Commit(loss, Durability::kSynced));
  for (const Sequence from : {1u, 3u, 5u}) {
    EXPECT_THAT(CountRead(from), HasCode(absl::StatusCode::kDataLoss)) << from;
  }
  EXPECT_OK(CountRead(6));
}

TEST_F(LocalLogTest, RefusesToOpenOnADamagedEnd) {
  EXPECT_EQ(Append({2, 3}), AppendOutcome::kCommitted);
  WriteBatch damage;
  damage.Put(Family::kJournal, SegmentKey(3), "torn");
  ASSERT_OK(store_.Commit(damage, Durability::kSynced));
  const absl::Status status = LocalLog::Open(&store_).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_NE(status.message().find("sequence 3:"), absl::string_view::npos);
}

using LocalLogDeathTest = LocalLogTest;

TEST_F(LocalLogDeathTest, RefusesAGap) {
  std::vector<SealedSegment> segments = Segments({1, 1, 1});
  EXPECT_DEATH(log_->Append(1, {segments[1]}, {}), "first == next");
  EXPECT_DEATH(log_->Append(1, {segments[0], segments[2]}, {}), "first == next");
}

TEST_F(LocalLogDeathTest, RefusesAnEpochThatTheSegmentsDoNotBear) {
  EXPECT_DEATH(log_->Append(2, Segments({1}, 1), {}), "epoch");
}

TEST_F(LocalLogDeathTest, RefusesViewsInTheVaultBatch) {
  WriteBatch views;
  views.Put(Family::kState, "k", "v");
  EXPECT_DEATH(log_->Append(1, Segments({1}), views), "kVault");
}

}  // namespace
}  // namespace puhui::ledger
