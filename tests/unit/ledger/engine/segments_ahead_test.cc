// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/segments_ahead.h"

#include "ledger/storage/memory_store.h"
#include "tests/support/status_matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace puhui::ledger {
namespace {

using ::testing::HasSubstr;

constexpr Sequence kSegmentRecords = 3;

class SegmentsAheadTest : public ::testing::Test {
 protected:
  // Segments of three records each; `tree_` has what it should come to.
  void Write(Sequence segments) {
    for (Sequence i = 0; i < segments; ++i) {
      SegmentBuilder builder(0, 1, tree_.size() + 1);
      const Hash before = tree_.Root();
      for (Sequence k = 0; k < kSegmentRecords; ++k) {
        journal::v1::Record record;
        record.set_sequence(tree_.size() + 1);
        record.set_time_micros(static_cast<std::int64_t>(tree_.size() + 1));
        const std::string bytes = record.SerializeAsString();
        builder.Add(bytes);
        tree_.Append(LeafHash(bytes));
      }
      Put(builder.Seal(before));
    }
  }
  void Put(SealedSegment sealed) {
    WriteBatch batch;
    batch.Put(Family::kJournal, SegmentKey(sealed.first), std::move(sealed.bytes));
    ASSERT_OK(store_.Commit(batch, Durability::kSynced));
  }
  // Ends the journal with a segment that says it follows `before`: a record, and then `wrong` ones
  // that say they are others.
  void WriteBroken(const Hash& before, int wrong) {
    SegmentBuilder builder(0, 1, tree_.size() + 1);
    journal::v1::Record record;
    record.set_sequence(tree_.size() + 1);
    builder.Add(record.SerializeAsString());
    record.set_sequence(7);
    for (int i = 0; i < wrong; ++i) builder.Add(record.SerializeAsString());
    Put(builder.Seal(before));
  }
  // Takes everything. Returns how it ended; `last` is the last record.
  absl::Status TakeAll(Sequence to, Sequence* last) {
    *last = read_.size();
    SegmentsAhead segments(store_, &read_, to);
    while (true) {
      const auto segment = segments.Next();
      if (!segment.ok() || *segment == nullptr) return segment.status();
      for (const ParsedSegment::Record& record : (*segment)->records) {
        EXPECT_EQ(record.record->sequence(), ++*last);
        EXPECT_EQ(record.leaf, LeafHash(record.record->SerializeAsString()));
      }
      if (!(*segment)->broken.ok()) return (*segment)->broken;
    }
  }

  MemoryStore store_;
  MerkleTree tree_;
  MerkleTree read_;
};

TEST_F(SegmentsAheadTest, GivesEveryRecordInOrderAndGrowsTheTree) {
  Write(1'000);
  Sequence last = 0;
  ASSERT_OK(TakeAll(UINT64_MAX, &last));
  EXPECT_EQ(last, tree_.size());
  EXPECT_EQ(read_.Root(), tree_.Root());
}

TEST_F(SegmentsAheadTest, EndsWithTheSegmentThatHasTheLastThatIsWantedAndGoesOn) {
  Write(1'000);
  Sequence last = 0;
  ASSERT_OK(TakeAll(1'000, &last));
  EXPECT_EQ(last, 1'002U);
  ASSERT_OK(TakeAll(1'003, &last));
  EXPECT_EQ(last, 1'005U);
  ASSERT_OK(TakeAll(UINT64_MAX, &last));
  EXPECT_EQ(last, tree_.size());
  EXPECT_EQ(read_.Root(), tree_.Root());
}

TEST_F(SegmentsAheadTest, GivesWhatComesBeforeARecordThatIsNone) {
  Write(100);
  WriteBroken(tree_.Root(), /*wrong=*/1);
  Sequence last = 0;
  const absl::Status status = TakeAll(UINT64_MAX, &last);
  EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(std::string(status.message()), HasSubstr("record 302 says that it is 7"));
  EXPECT_EQ(last, 301U);
}

TEST_F(SegmentsAheadTest, GivesWhatComesBeforeASegmentThatDoesNotContinueTheTree) {
  Write(100);
  WriteBroken(EmptyRoot(), /*wrong=*/0);
  Sequence last = 0;
  const absl::Status status = TakeAll(UINT64_MAX, &last);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("the segment at record 301 does not continue"));
  EXPECT_EQ(last, 300U);
}

TEST_F(SegmentsAheadTest, MayBeLeftInTheMiddle) {
  Write(1'000);
  for (int taken = 0; taken < 3; ++taken) {
    MerkleTree tree;
    SegmentsAhead segments(store_, &tree, UINT64_MAX);
    for (int i = 0; i < taken; ++i) ASSERT_OK(segments.Next());
  }
}

TEST_F(SegmentsAheadTest, ShowsRootsAndTilesOfTheTreeWhileItGrows) {
  Write(1'000);
  SegmentsAhead segments(store_, &read_, UINT64_MAX);
  MerkleTree taken;
  const auto no_tile = [](const TileId&) -> absl::StatusOr<std::string> {
    return absl::NotFoundError("none was taken");
  };
  while (true) {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<ParsedSegment> segment, segments.Next());
    if (segment == nullptr) break;
    for (const ParsedSegment::Record& record : segment->records) taken.Append(record.leaf);
    ASSERT_OK_AND_ASSIGN(const Hash root, segments.RootAt(taken.size(), no_tile));
    ASSERT_EQ(root, taken.Root());
  }
  EXPECT_EQ(segments.TakeCompletedTiles(255).size(), 0U);
  EXPECT_EQ(segments.TakeCompletedTiles(1'023).size(), 3U);
  EXPECT_EQ(segments.TakeCompletedTiles(1'023).size(), 0U);
  // Those that were not taken are not read either.
  const auto taken_tile = [](const TileId& id) -> absl::StatusOr<std::string> {
    if (id.index < 3) return std::string(kTileBytes, '\0');
    return absl::NotFoundError("it is not stored yet");
  };
  ASSERT_OK(segments.RootAt(1'024, taken_tile));
  EXPECT_EQ(segments.TakeCompletedTiles(1'024).size(), 1U);
  EXPECT_EQ(segments.TakeCompletedTiles(3'000).size(), 3'000U / 256 - 4);
}

}  // namespace
}  // namespace puhui::ledger
