// SPDX-License-Identifier: Apache-2.0
// A journal that has a record of each kind, with every field filled: the index finds each by
// everything that it is about, as a look at every record does.
#include "audit/index/facts_of.h"
#include "audit/index/find_records.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/index/filled_records.h"
#include "tests/unit/audit/index/followed_index.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;
using google::protobuf::Descriptor;

// The kinds that there can be, by what a record is made of and not by what tells kinds apart.
std::set<std::string> AllKinds() {
  std::set<std::string> kinds;
  const auto* const body = jv1::Record::descriptor()->FindOneofByName("body");
  for (int i = 0; i < body->field_count(); ++i) {
    const std::string& name = body->field(i)->name();
    if (name != "entry" && name != "member_changed") {
      kinds.insert(name);
      continue;
    }
    const Descriptor& details = *body->field(i)->message_type();
    for (int j = 0; j < details.oneof_decl(0)->field_count(); ++j) {
      kinds.insert(name + "/" + details.oneof_decl(0)->field(j)->name());
    }
  }
  kinds.insert("entry/allocation");
  kinds.insert("entry/budget_return");
  return kinds;
}

class FilledRecordsIndexTest : public FollowedIndexTest {
 protected:
  // More than the numbers in filled records, so that what they go on from was there before them.
  static constexpr std::size_t kBefore = 120;

  void SetUp() override {
    Begin(/*seed=*/1, /*step_records_max=*/37);
    Tell();
    ASSERT_OK(index_->Follow());
    facts_ = town_->FactsOfAll();
    ASSERT_EQ(facts_.size(), town_->journal().records().size());
  }

  // What has an owner, somebody who joins as record 9, and others who do; then the filled ones.
  void Tell() {
    std::vector<jv1::Record> before(kBefore);
    before[0].mutable_campaign_created()->set_number(4);
    before[0].mutable_campaign_created()->set_union_number(14);
    before[1].mutable_terminal_enrolled()->set_number(7);
    before[1].mutable_terminal_enrolled()->set_merchant(17);
    before[1].mutable_terminal_enrolled()->set_store("bg");
    before[2].mutable_offer_created()->set_offer(12);
    before[2].mutable_offer_created()->set_merchant(6);
    before[3].mutable_notice_published()->set_notice(13);
    before[3].mutable_notice_published()->set_union_number(3);
    for (std::size_t i = 4; i < kBefore; ++i) {
      before[i].mutable_member_joined()->set_member(MemberId(8, i).ToBytes());
      before[i].mutable_member_joined()->set_union_number(50);
    }
    town_->journal().Append("/caller/before", std::move(before));
    for (const auto& [kind, record] : RecordsOfEveryKind()) {
      town_->journal().Append("/caller/" + kind, {record});
    }
  }

  // A filter for each thing that the record can be asked for by, alone.
  static std::vector<Filter> FiltersOf(const RecordFacts& facts) {
    std::vector<Filter> filters = {{.first = facts.sequence, .last = facts.sequence},
                                   {.start = facts.time, .end = facts.time + absl::Microseconds(1)},
                                   {.kinds = {facts.kind}},
                                   {.kinds = {{.body = facts.kind.body}}},
                                   {.actors = {facts.actor}}};
    const auto add = [&filters](const auto& values, auto list) {
      for (const auto& value : values) (filters.emplace_back().*list).push_back(value);
    };
    for (const ledger::Posting& posting : facts.postings) {
      filters.push_back({.accounts = {NameOf(posting)}});
    }
    add(facts.members, &Filter::members);
    add(facts.campaigns, &Filter::campaigns);
    add(facts.unions, &Filter::unions);
    add(facts.merchants, &Filter::merchants);
    add(facts.stores, &Filter::stores);
    add(facts.terminals, &Filter::terminals);
    add(facts.reasons, &Filter::reasons);
    add(facts.about, &Filter::about);
    if (!facts.person.empty()) filters.push_back({.persons = {facts.person}});
    if (facts.amount.has_value()) {
      filters.push_back({.amount_min = facts.amount, .amount_max = facts.amount});
    }
    for (const UnionNumber number : facts.unions) {
      filters.emplace_back().scope = std::vector<UnionNumber>{number};
    }
    return filters;
  }
  std::vector<Sequence> Scan(const Filter& filter) const {
    std::vector<Sequence> found;
    for (const RecordFacts& facts : facts_) {
      if (Matches(filter, facts)) found.push_back(facts.sequence);
    }
    return found;
  }
  static std::vector<Sequence> Find(const IndexMoment& moment, const Filter& filter,
                                    Direction direction) {
    std::vector<Sequence> found;
    RecordWish wish{.filter = filter, .direction = direction, .records_max = 1'000};
    do {
      const auto page = FindRecords(moment, wish);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const FoundRecord& record : page->records) found.push_back(record.facts.sequence);
      wish.from = page->next;
    } while (wish.from != 0);
    if (direction == Direction::kBackward) std::reverse(found.begin(), found.end());
    return found;
  }

  std::vector<RecordFacts> facts_;
};

TEST_F(FilledRecordsIndexTest, ThereIsOneOfEachKind) {
  std::multiset<std::string> told;
  for (std::size_t i = kBefore; i < facts_.size(); ++i) told.insert(KindText(facts_[i].kind));
  const std::set<std::string> all = AllKinds();
  EXPECT_EQ(told, std::multiset<std::string>(all.begin(), all.end()));
}

TEST_F(FilledRecordsIndexTest, EachIsFoundByEverythingThatItIsAbout) {
  ASSERT_OK_AND_ASSIGN(const IndexMoment moment, index_->Read(absl::ZeroDuration()));
  std::size_t asked = 0;
  for (std::size_t i = kBefore; i < facts_.size(); ++i) {
    const RecordFacts& facts = facts_[i];
    SCOPED_TRACE(KindText(facts.kind));
    const std::vector<Filter> filters = FiltersOf(facts);
    for (std::size_t number = 0; number < filters.size(); ++number) {
      const std::vector<Sequence> wanted = Scan(filters[number]);
      ASSERT_THAT(wanted, ::testing::Contains(facts.sequence)) << "filter " << number;
      const Direction direction = number % 2 == 0 ? Direction::kForward : Direction::kBackward;
      ASSERT_EQ(Find(moment, filters[number], direction), wanted) << "filter " << number;
      ++asked;
    }
  }
  EXPECT_GT(asked, 1'000U);
}

}  // namespace
}  // namespace puhui::audit
