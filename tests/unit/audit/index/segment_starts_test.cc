// SPDX-License-Identifier: Apache-2.0
#include "audit/index/segment_starts.h"

#include "audit/index/index_rows.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace puhui::audit {
namespace {

void PutStarts(const std::vector<Sequence>& starts, ledger::WriteBatch* batch) {
  ledger::PutRow(*batch, kPostingsTable,
                 {.list = ListOfNumber(Dimension::kSegment, 0), .first = starts.front()},
                 PackSequences(starts));
}

TEST(SegmentStartsTest, NobodyKnowsOfWhatWasNotAdded) {
  SegmentStarts starts;
  EXPECT_EQ(starts.Find({1, 7}), (std::vector<Sequence>{0, 0}));
  starts.Add({5});
  EXPECT_EQ(starts.Find({4, 5, 6}), (std::vector<Sequence>{0, 5, 5}));
}

// Added in pieces and read back from rows, it answers as a sorted list does.
TEST(SegmentStartsTest, FindsTheLastStartThatIsNotAfter) {
  SeededRandom random(7);
  std::vector<Sequence> all;
  SegmentStarts added;
  ledger::MemoryStore store;
  ledger::WriteBatch batch;
  Sequence last = 0;
  while (all.size() < 3'000) {
    std::vector<Sequence> some;
    for (std::uint64_t left = 1 + random.Below(200); left > 0; --left) {
      last += 1 + random.Below(random.Below(50) == 0 ? 100'000 : 60);
      some.push_back(last);
    }
    added.Add(some);
    PutStarts(some, &batch);
    all.insert(all.end(), some.begin(), some.end());
  }
  ASSERT_OK(store.Commit(batch, ledger::Durability::kView));
  SegmentStarts loaded;
  ASSERT_OK(loaded.Load(store, last));
  std::vector<Sequence> asked = {1, all.front(), all.back(), last + 1'000};
  for (int i = 0; i < 2'000; ++i) asked.push_back(1 + random.Below(last));
  std::vector<Sequence> expected;
  for (const Sequence sequence : asked) {
    const auto after = std::upper_bound(all.begin(), all.end(), sequence);
    expected.push_back(after == all.begin() ? 0 : *(after - 1));
  }
  EXPECT_EQ(added.Find(asked), expected);
  EXPECT_EQ(loaded.Find(asked), expected);
}

TEST(SegmentStartsTest, RowsThatDoNotAscendAreDamage) {
  ledger::MemoryStore store;
  ledger::WriteBatch batch;
  PutStarts({1, 90}, &batch);
  PutStarts({80, 100}, &batch);
  ASSERT_OK(store.Commit(batch, ledger::Durability::kView));
  SegmentStarts starts;
  EXPECT_EQ(starts.Load(store, 100).code(), absl::StatusCode::kDataLoss);
}

TEST(SegmentStartsTest, AStartBeyondWhatTheIndexKnowsIsDamage) {
  ledger::MemoryStore store;
  ledger::WriteBatch batch;
  PutStarts({1, 90}, &batch);
  ASSERT_OK(store.Commit(batch, ledger::Durability::kView));
  EXPECT_EQ(SegmentStarts().Load(store, 89).code(), absl::StatusCode::kDataLoss);
  EXPECT_OK(SegmentStarts().Load(store, 90));
}

}  // namespace
}  // namespace puhui::audit
