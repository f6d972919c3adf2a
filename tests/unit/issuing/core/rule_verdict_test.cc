// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/rule_verdict.h"

#include "tests/unit/issuing/core/sound_pack.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace puhui::issuing {
namespace {

using absl::CivilDay;

Points P(std::int64_t points) { return Points::FromStored(points); }

// A grant that keeps every rule of SoundPack.
Facts SoundFacts() {
  return {.points = P(100),
          .occasion = "qingming",
          .day = CivilDay(2026, 4, 1),
          .issuer_kind = IssuerKind::kEnterprise,
          .last_day = CivilDay(2026, 12, 31),
          .categories = {5'411},
          .earmark_share = BasisPoints::FromStored(3'000),
          .earmark_regions = {420'100, 610'102},
          .earmark_categories = {5'411},
          .received = {{"birthday", P(200)}, {"new-year", P(400)}, {"qingming", P(300)}}};
}

Verdict Ask(const RulePack& pack, const Facts& facts) {
  return Evaluate(pack, InputsOf(pack, facts));
}

struct Row {
  void (*change)(Facts&);
  Verdict verdict;
};

// In the order of the rules; what each breaks it breaks alone.
const Row kRows[] = {
    {[](Facts& f) { f.day = CivilDay(2025, 12, 31), f.last_day = CivilDay(2026, 3, 1); },
     {Rule::kInForce, 20'454, 0, 20'453}},
    {[](Facts& f) { f.day = CivilDay(2027, 1, 1), f.last_day = CivilDay(2027, 3, 1); },
     {Rule::kInForce, 20'818, 0, 20'819}},
    {[](Facts& f) { f.issuer_kind = IssuerKind::kPublicBody; }, {Rule::kIssuerKind, 0, 0, 1}},
    {[](Facts& f) { f.occasion = "mid-autumn"; }, {Rule::kOccasion, 0, 0, 0}},
    {[](Facts& f) { f.occasion = "illness"; }, {Rule::kOccasion, 0, 0, 0}},
    {[](Facts& f) { f.occasion = "sports-day"; }, {Rule::kOccasion, 0, 0, 0}},
    {[](Facts& f) { f.categories = {}; }, {Rule::kCategories, 0, 0, -1}},
    {[](Facts& f) {
       f.categories = {5'411, 5'812, 5'813};
     },
     {Rule::kCategories, 0, 0, 5'812}},
    {[](Facts& f) { f.last_day = f.day + 29; }, {Rule::kExpiryMin, 30, 0, 29}},
    {[](Facts& f) { f.last_day = f.day - 1; }, {Rule::kExpiryMin, 30, 0, -1}},
    {[](Facts& f) { f.last_day = f.day + 366; }, {Rule::kExpiryMax, 365, 0, 366}},
    {[](Facts& f) { f.earmark_share = BasisPoints::FromStored(2'999); },
     {Rule::kEarmarkShare, 3'000, 0, 2'999}},
    {[](Facts& f) { f.earmark_regions = {}; }, {Rule::kEarmarkRegions, 0, 0, -1}},
    {[](Facts& f) {
       f.earmark_regions = {420'100, 440'000, 990'000};
     },
     {Rule::kEarmarkRegions, 0, 0, 440'000}},
    // The province of a city of the pack, and another city of it.
    {[](Facts& f) { f.earmark_regions = {420'000}; }, {Rule::kEarmarkRegions, 0, 0, 420'000}},
    {[](Facts& f) { f.earmark_regions = {420'200}; }, {Rule::kEarmarkRegions, 0, 0, 420'200}},
    {[](Facts& f) { f.earmark_categories = {}; }, {Rule::kEarmarkCategories, 0, 0, -1}},
    {[](Facts& f) {
       f.earmark_categories = {5'411, 5'814};
     },
     {Rule::kEarmarkCategories, 0, 0, 5'814}},
    {[](Facts& f) {
       f.received = {{"a", P(1)}, {"b", P(1)}, {"c", P(1)}, {"qingming", P(1)}};
     },
     {Rule::kOccasionsPerYear, 3, 3, 1}},
    {[](Facts& f) { f.points = P(101); }, {Rule::kPointsPerOccasion, 400, 300, 101}},
    {[](Facts& f) { f.occasion = "spring-festival", f.points = P(701), f.received.clear(); },
     {Rule::kPointsPerOccasion, 700, 0, 701}},
    {[](Facts& f) { f.received[1].points = P(601); }, {Rule::kPointsPerYear, 1'000, 901, 100}},
    {[](Facts& f) {
       f.issuer_kind = IssuerKind::kWellFundedEnterprise, f.received[1].points = P(1'101);
     },
     {Rule::kPointsPerYear, 1'500, 1'401, 100}},
    {[](Facts& f) { f.occasion = "birthday", f.points = P(101); },
     {Rule::kPointsPerLifeEvent, 300, 200, 101}},
    {[](Facts& f) { f.occasion = "marriage", f.points = P(601); },
     {Rule::kPointsPerLifeEvent, 600, 0, 601}},
};

TEST(RuleVerdictTest, EveryRuleSaysWhatWasAllowedUsedAndAsked) {
  EXPECT_EQ(Ask(SoundPack(), SoundFacts()), Verdict{});
  for (const Row& row : kRows) {
    Facts facts = SoundFacts();
    row.change(facts);
    EXPECT_EQ(Ask(SoundPack(), facts), row.verdict) << RuleText(row.verdict.rule);
  }
}

TEST(RuleVerdictTest, EveryCapCanBeReachedExactly) {
  const RulePack pack = SoundPack();
  Facts facts = SoundFacts();
  facts.received[1].points = P(600);  // 600 + 300 + 100 are the thousand.
  EXPECT_TRUE(Ask(pack, facts).ok());
  facts.issuer_kind = IssuerKind::kWellFundedEnterprise;
  facts.received[1].points = P(1'100);
  EXPECT_TRUE(Ask(pack, facts).ok());
  facts.received = {{"a", P(1)}, {"b", P(1)}, {"qingming", P(1)}};
  EXPECT_TRUE(Ask(pack, facts).ok()) << "the third holiday, again";
  facts.last_day = facts.day + 30;
  EXPECT_TRUE(Ask(pack, facts).ok());
  facts.last_day = facts.day + 365;
  EXPECT_TRUE(Ask(pack, facts).ok());
}

TEST(RuleVerdictTest, OfTwoBrokenRulesTheEarlierAnswers) {
  Facts facts = SoundFacts();
  facts.points = P(5'000);  // Of the occasion and of the year.
  EXPECT_EQ(Ask(SoundPack(), facts).rule, Rule::kPointsPerOccasion);
  facts.received = {{"a", P(1)}, {"b", P(1)}, {"c", P(1)}};
  EXPECT_EQ(Ask(SoundPack(), facts).rule, Rule::kOccasionsPerYear);
  facts.earmark_categories.clear();
  EXPECT_EQ(Ask(SoundPack(), facts).rule, Rule::kEarmarkCategories);
  facts.earmark_regions.clear();
  EXPECT_EQ(Ask(SoundPack(), facts).rule, Rule::kEarmarkRegions);
  facts.earmark_share = BasisPoints();
  EXPECT_EQ(Ask(SoundPack(), facts).rule, Rule::kEarmarkShare);
  facts.last_day = facts.day + 1'000;
  EXPECT_EQ(Ask(SoundPack(), facts).rule, Rule::kExpiryMax);
  facts.categories.clear();
  EXPECT_EQ(Ask(SoundPack(), facts).rule, Rule::kCategories);
  facts.occasion = "national-day";
  EXPECT_EQ(Ask(SoundPack(), facts).rule, Rule::kOccasion);
  facts.issuer_kind = IssuerKind::kOther;
  EXPECT_EQ(Ask(SoundPack(), facts).rule, Rule::kIssuerKind);
  facts.day = CivilDay(2024, 1, 1);
  EXPECT_EQ(Ask(SoundPack(), facts).rule, Rule::kInForce);
}

TEST(RuleVerdictTest, EventsInALifeAndHolidaysDoNotCountTowardsEachOther) {
  Facts facts = SoundFacts();
  facts.received = {{"birthday", P(300)}, {"marriage", P(600)}, {"retirement", P(99'999)}};
  facts.points = P(400);
  EXPECT_TRUE(Ask(SoundPack(), facts).ok());
  facts.occasion = "birthday";
  facts.points = P(300);
  facts.earmark_share = BasisPoints();
  facts.earmark_regions.clear();
  facts.earmark_categories.clear();
  facts.received = {{"a", P(1)}, {"b", P(1)}, {"c", P(1)}, {"new-year", P(1'500)}};
  EXPECT_TRUE(Ask(SoundPack(), facts).ok()) << "nor are they earmarked";
}

TEST(RuleVerdictTest, AnEarmarkMayNameAnythingWhereThePackNamesNothing) {
  RulePack pack = SoundPack();
  Facts facts = SoundFacts();
  facts.earmark_regions = {440'000};
  pack.earmark_regions.clear();
  EXPECT_TRUE(Ask(pack, facts).ok());
  facts.earmark_regions.clear();
  EXPECT_TRUE(Ask(pack, facts).ok());
  pack.earmark_categories.clear();
  facts.earmark_categories.clear();
  EXPECT_TRUE(Ask(pack, facts).ok());
}

TEST(RuleVerdictTest, WhatWasAllTakenBackWasNotReceived) {
  Facts facts = SoundFacts();
  facts.received = {{"a", P(0)}, {"b", P(0)}, {"c", P(0)}};
  EXPECT_TRUE(Ask(SoundPack(), facts).ok());
}

TEST(RuleVerdictTest, SumsThatAreTooLargeAreAboveEveryCap) {
  RulePack pack = SoundPack();
  pack.points_per_year_max = Points::kMax;
  Facts facts = SoundFacts();
  facts.received = {{"a", P(Points::kMax)}, {"b", P(Points::kMax)}};
  EXPECT_EQ(Ask(pack, facts), (Verdict{Rule::kPointsPerYear, Points::kMax, Points::kMax, 100}));
}

TEST(RuleVerdictTest, InputsAreWhatThePackAsksAndNothingElse) {
  const RulePack least = {.id = "least",
                          .version = 1,
                          .display_name = "Least",
                          .basis = "None",
                          .effective_from = CivilDay(2026, 1, 1),
                          .points_per_year_max = 1'000,
                          .occasions = {{.name = "qingming"}}};
  const Facts facts = SoundFacts();
  EXPECT_EQ(InputsOf(least, facts), (Inputs{.points = P(100),
                                            .occasion = "qingming",
                                            .day = facts.day,
                                            .received_this_year = P(700)}));
  EXPECT_EQ(InputsOf(SoundPack(), facts), (Inputs{.points = P(100),
                                                  .occasion = "qingming",
                                                  .day = facts.day,
                                                  .issuer_kind = IssuerKind::kEnterprise,
                                                  .expiry_days = 274,
                                                  .categories = {5'411},
                                                  .earmark_share = facts.earmark_share,
                                                  .earmark_regions = facts.earmark_regions,
                                                  .earmark_categories = {5'411},
                                                  .other_occasions_received = 1,
                                                  .received_for_occasion = P(300),
                                                  .received_this_year = P(700)}));
}

TEST(RuleVerdictTest, EveryRuleHasATextOfItsOwn) {
  std::set<std::string> texts;
  for (int rule = 0; rule <= static_cast<int>(Rule::kEarmarkCategories); ++rule) {
    texts.emplace(RuleText(static_cast<Rule>(rule)));
  }
  EXPECT_EQ(texts.size(), 14U);
}

TEST(RuleVerdictDeathTest, WhatWasReceivedComesOnceAndInOrder) {
  Facts facts = SoundFacts();
  facts.received = {{"qingming", P(1)}, {"qingming", P(1)}};
  EXPECT_DEATH(InputsOf(SoundPack(), facts), "Ascends");
  facts = SoundFacts();
  facts.points = Points();
  EXPECT_DEATH(InputsOf(SoundPack(), facts), "zero");
}

}  // namespace
}  // namespace puhui::issuing
