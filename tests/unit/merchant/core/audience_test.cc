// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/audience.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

const absl::CivilDay kDay(2026, 3, 1);

MemberProfile Worker() {
  return {.unions = {UnionNumber{7}, UnionNumber{3}, UnionNumber{1}},
          .joined = kDay,
          .employment = "正式工",
          .department = "装卸一队",
          .campaigns = {CampaignNumber{5}}};
}

TEST(AudienceTest, WithoutAnyConditionEverybodyIsMeant) {
  EXPECT_TRUE(Admits({}, Worker()));
  EXPECT_TRUE(Admits({}, {}));
}

TEST(AudienceTest, EachConditionAloneDecides) {
  struct Case {
    Audience audience;
    bool admits;
  };
  const Case cases[] = {
      {{.unions = {UnionNumber{7}}}, true},  // Its own,
      {{.unions = {UnionNumber{1}}}, true},  // or any above,
      {{.unions = {UnionNumber{2}, UnionNumber{3}}}, true},
      {{.unions = {UnionNumber{8}}}, false},  // and no other.
      {{.employments = {"劳务派遣", "正式工"}}, true},
      {{.employments = {"正式"}}, false},  // Word for word.
      {{.departments = {"装卸一队"}}, true},
      {{.departments = {"装卸二队"}}, false},
      {{.joined_from = kDay}, true},  // Both days are in it.
      {{.joined_from = kDay + 1}, false},
      {{.joined_to = kDay}, true},
      {{.joined_to = kDay - 1}, false},
      {{.campaigns = {CampaignNumber{4}, CampaignNumber{5}}}, true},
      {{.campaigns = {CampaignNumber{4}}}, false},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    Audience audience = cases[i].audience;
    SortLists(&audience);
    EXPECT_EQ(Admits(audience, Worker()), cases[i].admits) << i;
  }
}

TEST(AudienceTest, AllConditionsHaveToHold) {
  Audience audience{.unions = {UnionNumber{3}},
                    .employments = {"正式工"},
                    .joined_from = kDay,
                    .campaigns = {CampaignNumber{5}}};
  EXPECT_TRUE(Admits(audience, Worker()));
  MemberProfile other = Worker();
  other.campaigns.clear();
  EXPECT_FALSE(Admits(audience, other));
  other = Worker();
  other.employment.clear();
  EXPECT_FALSE(Admits(audience, other));
}

TEST(AudienceTest, OnlyWhatTheVaultKnowsAsksForIt) {
  EXPECT_FALSE(Audience({.unions = {UnionNumber{1}}, .joined_to = kDay}).AsksForPersonalData());
  EXPECT_TRUE(Audience({.employments = {"正式工"}}).AsksForPersonalData());
  EXPECT_TRUE(Audience({.departments = {"装卸一队"}}).AsksForPersonalData());
}

TEST(AudienceTest, SortedListsHaveEachValueOnce) {
  Audience audience{.unions = {UnionNumber{2}, UnionNumber{1}, UnionNumber{2}},
                    .employments = {"b", "a", "b"}};
  SortLists(&audience);
  EXPECT_EQ(audience.unions, (std::vector<UnionNumber>{UnionNumber{1}, UnionNumber{2}}));
  EXPECT_EQ(audience.employments, (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace puhui::merchant
