// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/activity.h"

#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/escaping.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger::activity_test {
namespace {

using ::testing::ElementsAreArray;

const MemberId kMember(1, 7);
const MemberId kOther(1, 8);

Activity EventOf(Sequence sequence) {
  return {.sequence = sequence,
          .kind = ActivityKind::kPurchase,
          .time = absl::FromUnixMicros(static_cast<std::int64_t>(sequence) * 1000),
          .points = -static_cast<std::int64_t>(sequence),
          .points_after = 500,
          .counterparty = 3};
}

// What the views hold of a wallet with `count` events, whose records are every third of the
// journal.
class ActivityTest : public ::testing::Test {
 protected:
  void Fill(MemberId member, int count) {
    WriteBatch views;
    std::string packed;
    for (int i = 1; i <= count; ++i) {
      const Sequence sequence = static_cast<Sequence>(i) * 3;
      if (CountActivity(packed) == kActivityPerRow) {
        PutRow(views, kActivityTable, ActivityKey{member, sequence - 3},
               std::exchange(packed, std::string()));
      }
      PackActivity(EventOf(sequence), &packed);
    }
    PutRow(views, kWalletTable, member, Wallet{.recent_activity = packed});
    ASSERT_OK(store_.Commit(views, Durability::kView));
  }
  static std::vector<Sequence> SequencesOf(const std::vector<Activity>& events) {
    std::vector<Sequence> sequences;
    for (const Activity& event : events) sequences.push_back(event.sequence);
    return sequences;
  }

  MemoryStore store_;
};

TEST_F(ActivityTest, PacksAndUnpacks) {
  std::string packed;
  PackActivity(EventOf(1), &packed);
  EXPECT_EQ(absl::BytesToHexString(packed), "090102d00f01e8070300");
  PackActivity(EventOf(300), &packed);
  EXPECT_EQ(CountActivity(packed), 2U);
  ASSERT_OK_AND_ASSIGN(const std::vector<Activity> events, UnpackActivity(packed));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].sequence, 300U);
  EXPECT_EQ(events[1].kind, ActivityKind::kPurchase);
  EXPECT_EQ(events[1].time, absl::FromUnixMicros(300'000));
  EXPECT_EQ(events[1].points, -300);
  EXPECT_EQ(events[1].points_after, 500);
  EXPECT_EQ(events[1].counterparty, 3U);
}

TEST_F(ActivityTest, WhatIsNotPackedActivityIsDamage) {
  std::string packed;
  PackActivity(EventOf(1), &packed);
  EXPECT_THAT(UnpackActivity(packed.substr(0, packed.size() - 1)),
              HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(UnpackActivity(packed + std::string(1, '\x05')),
              HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(UnpackActivity(std::string("\x01\x80", 2)), HasCode(absl::StatusCode::kDataLoss));
}

TEST_F(ActivityTest, AMemberWithoutAWalletHasNone) {
  ASSERT_OK_AND_ASSIGN(const auto newest, NewestActivity(store_, kMember, 0, 10));
  EXPECT_TRUE(newest.empty());
}

// Every page of every wallet, from every place, against a list.
TEST_F(ActivityTest, PagesAreCutFromOneListNewestFirst) {
  for (const int count : {0, 1, 7, 8, 9, 16, 17, 30}) {
    store_.ClearFamily(Family::kIndex).IgnoreError();
    Fill(kMember, count);
    Fill(kOther, 20);  // A neighbour, whose events are not the member's.
    for (Sequence before = 0; before <= static_cast<Sequence>(count) * 3 + 2; ++before) {
      std::vector<Sequence> wanted;
      for (int i = count; i >= 1; --i) {
        const Sequence sequence = static_cast<Sequence>(i) * 3;
        if (before == 0 || sequence < before) wanted.push_back(sequence);
      }
      for (const std::size_t limit : {std::size_t{1}, std::size_t{5}, std::size_t{100}}) {
        std::vector<Sequence> page = wanted;
        if (page.size() > limit) page.resize(limit);
        ASSERT_OK_AND_ASSIGN(const auto newest, NewestActivity(store_, kMember, before, limit));
        ASSERT_THAT(SequencesOf(newest), ElementsAreArray(page))
            << count << " events, before " << before << ", at most " << limit;
      }
    }
  }
}

}  // namespace
}  // namespace puhui::ledger::activity_test
