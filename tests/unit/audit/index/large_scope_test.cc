// SPDX-License-Identifier: Apache-2.0
// Scopes of hundreds and thousands of unions: what is found in them, and what is looked at for it.
#include "audit/index/find_records.h"
#include "audit/index/merged_list.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/index/followed_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace puhui::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::size_t kSomeHundreds = 300;
constexpr std::size_t kSomeThousands = 3'000;
// Of so many unions one is in the scope; and of the busy ones half are.
constexpr std::uint64_t kOneIn = 20;
constexpr std::uint64_t kBusyUnions = 4;

class LargeScopeTest : public FollowedIndexTest {
 protected:
  using Union = std::uint32_t;

  static journal::v1::Record Change(Union number, MemberId member, bool suspend = true) {
    journal::v1::Record record;
    journal::v1::MemberChanged& changed = *record.mutable_member_changed();
    changed.set_member(member.ToBytes());
    changed.set_union_number(number);
    if (suspend) {
      changed.mutable_suspended();
    } else {
      changed.mutable_reinstated();
    }
    return record;
  }
  std::uint64_t Below(std::uint64_t bound) { return town_->random().Below(bound); }

  // Records of `scope` * kOneIn unions, a tenth of them of few that are busy.
  void Fill(std::uint64_t seed, std::size_t scope, std::size_t step_records_max) {
    constexpr int kCommands = 150;
    constexpr int kRecordsOfEach = 40;
    Begin(seed, step_records_max);
    for (int i = 0; i < kCommands; ++i) {
      std::vector<journal::v1::Record> command;
      for (int j = 0; j < kRecordsOfEach; ++j) {
        const std::uint64_t among = Below(10) == 0 ? kBusyUnions : scope * kOneIn;
        command.push_back(Change(static_cast<Union>(Below(among) + 1), MemberId(7, Below(5)),
                                 /*suspend=*/Below(3) == 0));
      }
      town_->journal().Append("/hr", std::move(command));
    }
    ASSERT_OK(index_->Follow());
    facts_ = town_->FactsOfAll();
  }
  // In commands of ordinary length: the segment of a record is read whole.
  void Append(const std::vector<journal::v1::Record>& records) {
    constexpr std::size_t kAtOnce = 100;
    for (std::size_t at = 0; at < records.size(); at += kAtOnce) {
      const std::size_t end = std::min(at + kAtOnce, records.size());
      town_->journal().Append("/hr", {records.data() + at, records.data() + end});
    }
    ASSERT_OK(index_->Follow());
  }
  // So many of those unions, ascending.
  std::vector<UnionNumber> RandomScope(std::size_t unions) {
    std::set<UnionNumber> scope;
    for (Union number = 1; number <= kBusyUnions / 2; ++number) scope.insert(UnionNumber{number});
    while (scope.size() < unions) {
      scope.insert(UnionNumber{static_cast<Union>(kBusyUnions + Below(unions * kOneIn) + 1)});
    }
    return {scope.begin(), scope.end()};
  }

  // What a look at every record finds, from `from` on unless that is 0.
  std::vector<Sequence> Scan(const Filter& filter, Direction direction, Sequence from = 0) const {
    std::vector<Sequence> found;
    for (const RecordFacts& facts : facts_) {
      const bool before = direction == Direction::kForward ? facts.sequence < from
                                                           : from != 0 && facts.sequence > from;
      if (!before && Matches(filter, facts)) found.push_back(facts.sequence);
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
  static void Take(const FoundRecords& page, std::vector<Sequence>* found) {
    for (const FoundRecord& record : page.records) found->push_back(record.facts.sequence);
  }
  // Page by page, of random sizes, some of them after few seeks.
  std::vector<Sequence> Find(RecordWish wish) {
    std::vector<Sequence> found;
    do {
      wish.records_max = Below(60) + 1;
      wish.seeks_max = Below(8) == 0 ? Below(5'000) + 1 : RecordWish().seeks_max;
      const FoundRecords page = Page(wish);
      EXPECT_LE(page.records.size(), wish.records_max);
      Take(page, &found);
      wish.from = page.next;
    } while (wish.from != 0);
    return found;
  }

  std::vector<RecordFacts> facts_;
};

TEST_F(LargeScopeTest, FindsWhatALookAtEveryRecordFinds) {
  for (const std::size_t unions : {kSomeHundreds, kSomeThousands}) {
    // Lists of one row each, and of many.
    for (const std::size_t step : {std::size_t{50'000}, std::size_t{100}}) {
      Fill(/*seed=*/unions + step, unions, step);
      std::vector<Filter> filters(5);
      filters[1].kinds = {facts_.front().kind};
      filters[2].members = {MemberId(7, 1)};
      filters[3].first = facts_.size() / 3;
      filters[3].last = facts_.size() / 2;
      filters[4].members = {MemberId(7, 2)};
      filters[4].kinds = {facts_.back().kind};
      for (Filter& filter : filters) {
        filter.scope = RandomScope(unions);
        for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
          const std::vector<Sequence> wanted = Scan(filter, direction);
          EXPECT_GT(wanted.size(), 5U);
          ASSERT_EQ(Find({.filter = filter, .direction = direction}), wanted)
              << unions << " unions, steps of " << step << ", filter " << &filter - filters.data();
        }
      }
    }
  }
}

TEST_F(LargeScopeTest, EachPageIsOfTheScopeThatItIsAskedIn) {
  Fill(/*seed=*/3, kSomeHundreds, /*step_records_max=*/500);
  for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
    // A subtree comes and goes between pages.
    const std::vector<UnionNumber> scopes[] = {RandomScope(kSomeHundreds),
                                               RandomScope(kSomeHundreds + 50)};
    RecordWish wish{.direction = direction, .records_max = 20};
    std::vector<Sequence> found;
    std::vector<Sequence> wanted;
    for (std::size_t page = 0; page == 0 || wish.from != 0; ++page) {
      wish.filter.scope = scopes[page % 2];
      std::vector<Sequence> of_it = Scan(wish.filter, direction, wish.from);
      of_it.resize(std::min(of_it.size(), wish.records_max));
      wanted.insert(wanted.end(), of_it.begin(), of_it.end());
      const FoundRecords got = Page(wish);
      Take(got, &found);
      wish.from = got.next;
    }
    EXPECT_EQ(found, wanted);
    EXPECT_GT(found.size(), 100U);
  }
}

TEST_F(LargeScopeTest, WhatLiesFarApartIsOnOnePage) {
  constexpr std::size_t kRecords = 2 * kRowsPerPageMax;
  Begin(1, /*step_records_max=*/50'000);
  for (const std::size_t unions : {kSomeHundreds, kMergedListsMax}) {
    std::vector<journal::v1::Record> many(kRecords, Change(100'000, MemberId(7, 1)));
    many.front() = Change(1, MemberId(7, 1));
    many.back() = Change(static_cast<Union>(unions), MemberId(7, 1));
    const Sequence first = town_->journal().records().size() + 1;
    Append(many);
    std::vector<UnionNumber> scope;
    for (Union number = 1; number <= unions; ++number) scope.push_back(UnionNumber{number});
    for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
      const FoundRecords page = Page(
          {.filter = {.first = first, .scope = scope}, .direction = direction, .records_max = 10});
      std::vector<Sequence> found;
      Take(page, &found);
      std::sort(found.begin(), found.end());
      EXPECT_THAT(found, ElementsAre(first, first + kRecords - 1)) << unions;
      EXPECT_EQ(page.next, 0U);
    }
  }
}

TEST_F(LargeScopeTest, MoreListsThanCanBeMergedAreJudgedAndGoneOnWith) {
  Begin(1, /*step_records_max=*/50'000);
  std::vector<journal::v1::Record> many(kRowsPerPageMax + 5, Change(100'000, MemberId(7, 1)));
  many.back() = Change(1, MemberId(7, 1));
  Append(many);
  RecordWish wish{.records_max = 10};
  wish.filter.scope.emplace();
  for (Union number = 1; number <= kMergedListsMax + 1; ++number) {
    wish.filter.scope->push_back(UnionNumber{number});
  }
  const FoundRecords first = Page(wish);
  EXPECT_THAT(first.records, IsEmpty());
  EXPECT_EQ(first.next, kRowsPerPageMax + 1);
  wish.from = first.next;
  const FoundRecords second = Page(wish);
  EXPECT_EQ(second.records.size(), 1U);
  EXPECT_EQ(second.next, 0U);
}

// Every record is of the scope, and few are of the member: its lists alone are walked. To merge the
// others would take more seeks than there are.
TEST_F(LargeScopeTest, AMembersListsAreBetterThanThoseOfItsUnions) {
  constexpr std::size_t kOfTheMember = 800;
  constexpr std::size_t kRecords = kOfTheMember * kOneIn;
  Begin(1, /*step_records_max=*/50'000);
  std::vector<journal::v1::Record> many;
  RecordWish wish{.filter = {.members = {MemberId(7, 1)}},
                  .records_max = kPageSizeMax,
                  .seeks_max = kMergedListsMax - 100};
  wish.filter.scope.emplace();
  for (Union number = 1; number <= kMergedListsMax; ++number) {
    wish.filter.scope->push_back(UnionNumber{number});
  }
  for (std::size_t i = 0; i < kRecords; ++i) {
    many.push_back(
        Change(static_cast<Union>(i % kMergedListsMax + 1), MemberId(7, i % kOneIn == 0 ? 1 : 2)));
  }
  Append(many);
  for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
    wish.direction = direction;
    const FoundRecords page = Page(wish);
    EXPECT_EQ(page.records.size(), kOfTheMember);
    EXPECT_EQ(page.next, 0U);
  }
}

// None of the member's records are of the scope, and all others are: so few are looked at that to
// merge the lists seems to pay, and each step from one of them to the next is a seek in many lists.
TEST_F(LargeScopeTest, ListsThatWereMergedInVainAreLetGo) {
  constexpr std::size_t kOneOfMember = 100;
  constexpr std::size_t kRecords = 200 * kOneOfMember;
  Begin(1, /*step_records_max=*/50'000);
  std::vector<journal::v1::Record> many;
  for (std::size_t i = 0; i < kRecords; ++i) {
    many.push_back(i % kOneOfMember == 0
                       ? Change(100'000, MemberId(7, 1))
                       : Change(static_cast<Union>(i % kSomeHundreds + 1), MemberId(7, 2)));
  }
  Append(many);
  RecordWish wish{
      .filter = {.members = {MemberId(7, 1)}}, .records_max = 10, .seeks_max = 2 * kSeeksAtOnce};
  wish.filter.scope.emplace();
  for (Union number = 1; number <= kSomeHundreds; ++number) {
    wish.filter.scope->push_back(UnionNumber{number});
  }
  for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
    wish.direction = direction;
    const FoundRecords page = Page(wish);
    EXPECT_THAT(page.records, IsEmpty());
    EXPECT_EQ(page.next, 0U);
  }
}

TEST_F(LargeScopeTest, ListsThatAreMergedHaveWhatAnyOfThemHas) {
  for (const std::size_t unions : {kSomeHundreds, kSomeThousands}) {
    Fill(/*seed=*/unions, unions, /*step_records_max=*/unions);
    const absl::StatusOr<IndexMoment> moment = index_->Read(absl::ZeroDuration());
    ASSERT_OK(moment);
    for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
      const bool forward = direction == Direction::kForward;
      std::vector<ListName> names;
      std::vector<SequenceListPtr> lists;
      for (const UnionNumber number : RandomScope(unions)) {
        names.push_back(ListOf(number));
        lists.push_back(PostingsOf(*moment->index, names.back(), direction));
      }
      const SequenceListPtr merged = MergeOf(*moment->index, names, direction);
      const SequenceListPtr any = AnyOf(std::move(lists), direction);
      Sequence from = forward ? 1 : facts_.size();
      while (true) {
        const absl::StatusOr<Sequence> found = merged->Seek(from);
        ASSERT_OK(found);
        ASSERT_EQ(*found, *any->Seek(from));
        if (*found == 0) break;
        const Sequence step = Below(4) == 0 ? Below(100) : Below(2);
        if (!forward && *found <= step) break;
        from = forward ? *found + step : *found - step;
      }
      EXPECT_LE(merged->seeks(), any->seeks());
    }
  }
}

}  // namespace
}  // namespace puhui::audit
