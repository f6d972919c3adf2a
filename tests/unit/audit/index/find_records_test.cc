// SPDX-License-Identifier: Apache-2.0
#include "audit/index/find_records.h"

#include "audit/index/facts_of.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/index/followed_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace puhui::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr RecordKind kPlanBegun{.body = journal::v1::Record::kPlanStartedFieldNumber};

class FindRecordsTest : public FollowedIndexTest {
 protected:
  void Grow(int commands) {
    town_->AppendCommands(commands);
    ASSERT_OK(index_->Follow());
    facts_ = town_->FactsOfAll();
  }

  // What a look at every record finds.
  std::vector<Sequence> Scan(const Filter& filter, Direction direction) {
    std::vector<Sequence> found;
    for (const RecordFacts& facts : facts_) {
      if (Matches(filter, facts)) found.push_back(facts.sequence);
    }
    if (direction == Direction::kBackward) std::reverse(found.begin(), found.end());
    return found;
  }

  FoundRecords Page(const RecordWish& wish) {
    absl::StatusOr<IndexMoment> moment = index_->Read(absl::ZeroDuration());
    EXPECT_OK(moment);
    absl::StatusOr<FoundRecords> page = FindRecords(*moment, wish);
    EXPECT_OK(page);
    return page.ok() ? *std::move(page) : FoundRecords{};
  }

  // Two lists that lie side by side and do not meet but in the last record: rows of a plan of one
  // campaign and plans that are begun of another, in turn.
  void LaySideBySide(std::size_t pairs) {
    Begin(1, /*step_records_max=*/5'000);
    std::vector<journal::v1::Record> turns(2 * pairs + 1);
    for (std::size_t i = 0; i < 2 * pairs; i += 2) {
      turns[i].mutable_plan_rows()->set_campaign(1);
      turns[i + 1].mutable_plan_started()->set_campaign(2);
    }
    turns.back().mutable_plan_started()->set_campaign(1);
    town_->journal().Append("/hr", turns);
    ASSERT_OK(index_->Follow());
  }
  static Filter OfBothLists() { return {.kinds = {kPlanBegun}, .campaigns = {CampaignNumber{1}}}; }

  // Page by page, of random sizes, some of them after few seeks. `between` is called after each.
  template <class Between>
  std::vector<Sequence> Find(const Filter& filter, Direction direction, Between between) {
    RecordWish wish{.filter = filter, .direction = direction};
    std::vector<Sequence> found;
    do {
      wish.records_max = town_->random().Below(40) + 1;
      wish.seeks_max =
          town_->random().Below(8) == 0 ? town_->random().Below(30) + 1 : RecordWish().seeks_max;
      const FoundRecords page = Page(wish);
      EXPECT_LE(page.records.size(), wish.records_max);
      for (const FoundRecord& record : page.records) found.push_back(record.facts.sequence);
      wish.from = page.next;
      if (wish.from != 0) between();
    } while (wish.from != 0);
    return found;
  }
  std::vector<Sequence> Find(const Filter& filter, Direction direction) {
    return Find(filter, direction, [] {});
  }

  std::vector<RecordFacts> facts_;
};

TEST_F(FindRecordsTest, FindsWhatALookAtEveryRecordFinds) {
  constexpr int kJournals = 20;
  constexpr int kQueries = 550;
  int found_something = 0;
  for (std::uint64_t seed = 1; seed <= kJournals; ++seed) {
    Begin(seed, /*step_records_max=*/seed * 7);
    Grow(60);
    for (int i = 0; i < kQueries; ++i) {
      if (i % 50 == 49) Grow(3);
      const Filter filter = town_->RandomFilter(facts_);
      const Direction direction = i % 2 == 0 ? Direction::kForward : Direction::kBackward;
      const std::vector<Sequence> wanted = Scan(filter, direction);
      ASSERT_EQ(Find(filter, direction), wanted) << "seed " << seed << ", query " << i;
      found_something += wanted.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(found_something, kJournals * kQueries / 4);
}

TEST_F(FindRecordsTest, PagesNeitherRepeatNorSkipWhileRecordsAreAdded) {
  for (std::uint64_t seed = 100; seed < 110; ++seed) {
    Begin(seed, /*step_records_max=*/50);
    Grow(40);
    for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
      const Filter filter{.merchants = {MerchantNumber{1}}};
      const std::vector<Sequence> before = Scan(filter, direction);
      int left = 10;  // Else a walk forward would never end.
      const std::vector<Sequence> found = Find(filter, direction, [&] {
        if (--left > 0) Grow(1);
      });
      const std::vector<Sequence> after = Scan(filter, direction);
      EXPECT_EQ(found, direction == Direction::kForward ? after : before) << "seed " << seed;
    }
  }
}

TEST_F(FindRecordsTest, ALongListLiesInManyRows) {
  Begin(1, /*step_records_max=*/5'000);
  std::vector<journal::v1::Record> many(2'500);
  for (journal::v1::Record& record : many) record.mutable_plan_rows()->set_campaign(1);
  town_->journal().Append("/hr", many);
  ASSERT_OK(index_->Follow());
  for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
    RecordWish wish{.filter = {.campaigns = {CampaignNumber{1}}}, .direction = direction};
    wish.records_max = 3'000;
    EXPECT_EQ(Page(wish).records.size(), 2'500U);
    wish.filter.first = 1'024;
    wish.filter.last = 1'026;
    EXPECT_EQ(Page(wish).records.size(), 3U);
  }
}

TEST_F(FindRecordsTest, APageLooksAtSoManyRecordsAndGoesOn) {
  Begin(1, /*step_records_max=*/50'000);
  std::vector<journal::v1::Record> many(kRowsPerPageMax + 10);
  for (journal::v1::Record& record : many) record.mutable_plan_rows()->set_campaign(1);
  many.back().mutable_plan_rows()->set_campaign(2);
  town_->journal().Append("/hr", many);
  ASSERT_OK(index_->Follow());
  // More values than lists are asked for: every record is judged.
  RecordWish wish{.records_max = 10};
  for (std::uint32_t i = 2; i < kIndexListsMax + 3; ++i) {
    wish.filter.campaigns.push_back(CampaignNumber{i});
  }
  const FoundRecords first = Page(wish);
  EXPECT_THAT(first.records, IsEmpty());
  EXPECT_EQ(first.next, kRowsPerPageMax + 1);
  wish.from = first.next;
  const FoundRecords second = Page(wish);
  ASSERT_EQ(second.records.size(), 1U);
  EXPECT_EQ(second.records.front().facts.sequence, many.size());
  EXPECT_EQ(second.next, 0U);
}

TEST_F(FindRecordsTest, APageMakesSoManySeeksAndGoesOn) {
  constexpr std::size_t kPairs = 1'000;
  LaySideBySide(kPairs);
  for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
    RecordWish wish{.filter = OfBothLists(), .direction = direction, .records_max = 10};
    EXPECT_EQ(Page(wish).next, 0U) << "that many are not too many";
    wish.seeks_max = 100;
    std::vector<Sequence> found;
    std::size_t pages = 0;
    do {
      const FoundRecords page = Page(wish);
      for (const FoundRecord& record : page.records) found.push_back(record.facts.sequence);
      const bool has_gone_on =
          page.next == 0 || wish.from == 0 ||
          (direction == Direction::kForward ? page.next > wish.from : page.next < wish.from);
      ASSERT_TRUE(has_gone_on) << "from " << wish.from << " to " << page.next;
      wish.from = page.next;
      ++pages;
    } while (wish.from != 0);
    EXPECT_THAT(found, ElementsAre(2 * kPairs + 1));
    EXPECT_GE(pages, 2 * kPairs / 100);
    EXPECT_LE(pages, 2 * kPairs / 50);
  }
}

TEST_F(FindRecordsTest, ListsAreNotWalkedBeyondWhatIsAskedFor) {
  LaySideBySide(/*pairs=*/kSeeksAtOnce);
  for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
    int looks = 0;
    RecordWish wish{.filter = OfBothLists(), .direction = direction, .records_max = 10};
    wish.cancelled = [&looks] {
      ++looks;
      return false;
    };
    wish.filter.first = kSeeksAtOnce;
    wish.filter.last = kSeeksAtOnce + 6;
    EXPECT_EQ(Page(wish).next, 0U);
    EXPECT_EQ(looks, 2) << "before the seeks, and after them";
  }
}

TEST_F(FindRecordsTest, EndsWhenNobodyWaitsAnyMore) {
  LaySideBySide(/*pairs=*/kSeeksAtOnce);
  const absl::StatusOr<IndexMoment> moment = index_->Read(absl::ZeroDuration());
  ASSERT_OK(moment);
  int looks = 0;
  RecordWish wish{.filter = OfBothLists(), .records_max = kPageSizeMax};
  wish.cancelled = [&looks] { return ++looks > 1; };
  EXPECT_THAT(FindRecords(*moment, wish), HasCode(absl::StatusCode::kCancelled)) << "amid seeks";
  looks = 0;
  wish.filter = {};
  EXPECT_THAT(FindRecords(*moment, wish), HasCode(absl::StatusCode::kCancelled)) << "amid reads";
  wish.cancelled = [] { return false; };
  const absl::StatusOr<FoundRecords> page = FindRecords(*moment, wish);
  ASSERT_OK(page);
  EXPECT_EQ(page->records.size(), kPageSizeMax);
}

TEST_F(FindRecordsTest, APageIsNoLongerThanItsBytes) {
  Begin(1, /*step_records_max=*/50'000);
  std::vector<journal::v1::Record> large(5);
  for (journal::v1::Record& record : large) {
    record.mutable_rule_pack_loaded()->set_pack(std::string(200'000, 'x'));
  }
  town_->journal().Append("/operator", large);
  ASSERT_OK(index_->Follow());
  RecordWish wish{.records_max = 5};
  const FoundRecords first = Page(wish);
  EXPECT_EQ(first.records.size(), 3U);
  wish.from = first.next;
  EXPECT_EQ(Page(wish).records.size(), 2U);
}

TEST_F(FindRecordsTest, TimesAreFoundByHalves) {
  Begin(5, /*step_records_max=*/50);
  Grow(30);
  const absl::StatusOr<IndexMoment> moment = index_->Read(absl::ZeroDuration());
  ASSERT_OK(moment);
  const Sequence last = facts_.size();
  EXPECT_EQ(*FirstSince(*moment, absl::InfinitePast()), 1U);
  EXPECT_EQ(*FirstSince(*moment, facts_.front().time), 1U);
  EXPECT_EQ(*FirstSince(*moment, facts_[9].time), 10U);
  EXPECT_EQ(*FirstSince(*moment, facts_[9].time + absl::Microseconds(1)), 11U);
  EXPECT_EQ(*FirstSince(*moment, facts_.back().time), last);
  EXPECT_EQ(*FirstSince(*moment, facts_.back().time + absl::Microseconds(1)), last + 1);
}

// Every other question goes by times that are known by then.
TEST_F(FindRecordsTest, TimesAreFoundAmongManyRecords) {
  LaySideBySide(RecordTimes::kStride + RecordTimes::kStride / 4);
  facts_ = town_->FactsOfAll();
  const absl::StatusOr<IndexMoment> moment = index_->Read(absl::ZeroDuration());
  ASSERT_OK(moment);
  const Sequence last = facts_.size();
  ASSERT_GT(last, 2 * RecordTimes::kStride);
  for (int i = 0; i < 200; ++i) {
    const Sequence sequence = town_->random().Below(last) + 1;
    const absl::Time time = facts_[sequence - 1].time;
    const auto first = std::find_if(facts_.begin(), facts_.end(),
                                    [&](const RecordFacts& facts) { return facts.time >= time; });
    EXPECT_EQ(*FirstSince(*moment, time), first->sequence);
    EXPECT_EQ(*FirstSince(*moment, time + absl::Nanoseconds(1)), sequence + 1);
  }
  EXPECT_EQ(*FirstSince(*moment, facts_.back().time + absl::Microseconds(1)), last + 1);
  EXPECT_EQ(moment->times->kept(), 2U);
}

TEST_F(FindRecordsTest, AnEmptyJournalHasNothing) {
  Begin(1, 50);
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Page({.records_max = 10}).records, IsEmpty());
  EXPECT_THAT(Page({.direction = Direction::kBackward, .records_max = 10}).records, IsEmpty());
}

}  // namespace
}  // namespace puhui::audit
