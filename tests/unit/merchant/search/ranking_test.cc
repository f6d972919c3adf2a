// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/ranking.h"

#include "ledger/base/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr GeoPoint kXiamen{.latitude = 24'479'834, .longitude = 118'089'425};
constexpr GeoPoint kWuhan{.latitude = 30'592'849, .longitude = 114'305'539};

class RankingTest : public ::testing::Test {
 protected:
  RankingTest() { SetMerchants({}); }

  void SetMerchants(std::vector<GeoPoint> stores_of_second) {
    merchants_ = {{},
                  {.active = true, .stores = {kXiamen}},
                  {.active = true, .stores = std::move(stores_of_second)},
                  {.active = false}};
    shown_.merchants = std::make_shared<const MerchantTable>(merchants_);
  }
  // Good for a month, of the first merchant.
  OfferFacts Facts() const {
    return {.published = true,
            .kind = OfferKind::kItem,
            .category = 5411,
            .merchant = MerchantNumber{1},
            .price = 500,
            .start = absl::ToUnixMicros(now_ - absl::Hours(1)),
            .end = absl::ToUnixMicros(now_ + absl::Hours(24 * 30)),
            .change_time = absl::ToUnixMicros(now_ - absl::Hours(24))};
  }
  static std::shared_ptr<const OfferTargets> Targets(OfferTargets targets) {
    return std::make_shared<const OfferTargets>(std::move(targets));
  }
  void Add(std::uint32_t offer, OfferFacts facts) {
    shown_.offers.Set(OfferNumber{offer}, std::move(facts));
  }
  SearchResults Search(SearchWish wish) {
    wish.now = now_;
    if (wish.results_max == 0) wish.results_max = 100;
    const auto admits = [this](const Audience& audience) {
      ++judged_;
      return Admits(audience, member_);
    };
    Ranking ranking(shown_, wish, admits);
    ranking.ConsiderAll();
    return ranking.Finish();
  }
  std::vector<std::uint32_t> Found(SearchWish wish) {
    std::vector<std::uint32_t> offers;
    for (const SearchResult& result : Search(std::move(wish)).results) {
      offers.push_back(static_cast<std::uint32_t>(result.place.offer));
    }
    return offers;
  }

  const absl::Time now_ = absl::FromUnixSeconds(1'735'689'600);
  MerchantTable merchants_;
  ShownOffers shown_;
  MemberProfile member_{.unions = {UnionNumber{7}, UnionNumber{3}}};
  int judged_ = 0;
};

TEST_F(RankingTest, ShowsWhatIsPublishedOpenAndOfAnActiveMerchant) {
  Add(1, Facts());
  OfferFacts draft = Facts();
  draft.published = false;
  Add(2, draft);
  OfferFacts later = Facts();
  later.start = absl::ToUnixMicros(now_) + 1;
  Add(3, later);
  OfferFacts over = Facts();
  over.end = absl::ToUnixMicros(now_);
  Add(4, over);
  OfferFacts suspended = Facts();
  suspended.merchant = MerchantNumber{3};
  Add(5, suspended);
  OfferFacts unknown = Facts();
  unknown.merchant = MerchantNumber{9};
  Add(600, unknown);
  EXPECT_THAT(Found({}), ElementsAre(1));
}

TEST_F(RankingTest, ShowsAndCountsOnlyWhatTheMemberMaySee) {
  OfferFacts ours = Facts();
  ours.targets = Targets({.audience = {.unions = {UnionNumber{3}}}});
  Add(1, ours);
  OfferFacts theirs = Facts();
  theirs.targets = Targets({.audience = {.unions = {UnionNumber{8}}}});
  Add(2, theirs);
  const SearchResults found = Search({});
  EXPECT_EQ(found.total, 1);
  EXPECT_THAT(found.facets.unions, ElementsAre(Pair(UnionNumber{3}, 1)));
  EXPECT_THAT(found.facets.categories, ElementsAre(Pair(5411, 1)));
}

TEST_F(RankingTest, EveryPartOfTheWishHasToFit) {
  Add(1, Facts());
  OfferFacts dear = Facts();
  dear.price = 9'000;
  dear.category = 5812;
  Add(2, dear);
  OfferFacts discount = Facts();
  discount.price = 0;
  discount.merchant = MerchantNumber{2};
  discount.targets = Targets({.audience = {.unions = {UnionNumber{3}}}, .regions = {350'200}});
  Add(3, discount);
  EXPECT_THAT(Found({.categories = {5812}}), ElementsAre(2));
  EXPECT_THAT(Found({.price_max = 500}), ElementsAre(1));
  EXPECT_THAT(Found({.price_min = 501}), ElementsAre(2));
  EXPECT_THAT(Found({.unions = {UnionNumber{3}}}), ElementsAre(3));
  EXPECT_THAT(Found({.unions = {UnionNumber{}}}), IsEmpty());
  EXPECT_THAT(Found({.merchant = MerchantNumber{2}}), ElementsAre(3));
  EXPECT_THAT(Found({.merchant = MerchantNumber{}}), IsEmpty());
}

TEST_F(RankingTest, ARegionTakesInWhatIsInItAndWhatItIsIn) {
  for (std::uint32_t offer = 1; const std::uint32_t region : {350'000U, 350'200U, 350'203U}) {
    OfferFacts facts = Facts();
    facts.region = region;
    Add(offer++, facts);
  }
  Add(4, Facts());  // Everywhere.
  EXPECT_THAT(Found({.region = 350'203}), ::testing::UnorderedElementsAre(1, 2, 3, 4));
  EXPECT_THAT(Found({.region = 350'200}), ::testing::UnorderedElementsAre(1, 2, 3, 4));
  EXPECT_THAT(Found({.region = 350'206}), ::testing::UnorderedElementsAre(1, 2, 4));
  EXPECT_THAT(Found({.region = 420'106}), ElementsAre(4));
  // How many there would be without the wish for a region; what is good everywhere is in none.
  EXPECT_THAT(
      Search({.region = 350'206}).facets.regions,
      ::testing::UnorderedElementsAre(Pair(350'000, 1), Pair(350'200, 1), Pair(350'203, 1)));
}

TEST_F(RankingTest, EachFacetLeavesItsOwnKindOut) {
  Add(1, Facts());
  OfferFacts other = Facts();
  other.category = 5812;
  other.price = 20'000;
  Add(2, other);
  const SearchResults found = Search({.categories = {5812}});
  EXPECT_EQ(found.total, 1);
  EXPECT_THAT(found.facets.categories, ElementsAre(Pair(5411, 1), Pair(5812, 1)));
  EXPECT_THAT(found.facets.prices, ElementsAre(0, 0, 0, 1, 0, 0));  // Of the one that was found.
  const SearchResults none = Search({.categories = {5812}, .price_max = 10});
  EXPECT_EQ(none.total, 0);
  EXPECT_THAT(none.facets.prices, ElementsAre(0, 0, 0, 1, 0, 0));
}

TEST_F(RankingTest, CountsTheMostAndNoMoreThanTheLimit) {
  for (std::uint32_t i = 0; i < 3 * kFacetValuesMax; ++i) {
    OfferFacts facts = Facts();
    facts.category = 1'000 + i / 2;
    Add(i + 1, facts);
  }
  OfferFacts facts = Facts();
  facts.category = 1'000;
  Add(5'000, facts);
  const SearchResults found = Search({});
  ASSERT_EQ(found.facets.categories.size(), kFacetValuesMax);
  EXPECT_THAT(found.facets.categories.front(), Pair(1'000, 3));
}

TEST_F(RankingTest, OrdersByTimeAndByDistance) {
  OfferFacts old = Facts();
  old.change_time = absl::ToUnixMicros(now_ - absl::Hours(24 * 300));
  Add(1, old);
  OfferFacts far = Facts();
  far.merchant = MerchantNumber{2};
  Add(2, far);
  SetMerchants({kWuhan});
  EXPECT_THAT(Found({.order = SearchOrder::kNewest}), ElementsAre(2, 1));
  EXPECT_THAT(Found({.near = kXiamen, .order = SearchOrder::kNearest}), ElementsAre(1, 2));
  EXPECT_THAT(Found({.near = kWuhan, .order = SearchOrder::kNearest}), ElementsAre(2, 1));
  EXPECT_THAT(Found({}), ElementsAre(2, 1));  // What is fresh, when nothing else tells them apart.
  SetMerchants({});
  const SearchResults found = Search({.near = kXiamen, .order = SearchOrder::kNearest});
  ASSERT_EQ(found.results.size(), 2U);
  EXPECT_NEAR(*found.results[0].distance_meters, 0, 1);
  EXPECT_FALSE(found.results[1].distance_meters.has_value());  // Last, because nobody knows.
}

TEST_F(RankingTest, WordsOutweighWhatIsFreshAndNear) {
  OfferFacts old = Facts();
  old.change_time = absl::ToUnixMicros(now_ - absl::Hours(24 * 300));
  old.merchant = MerchantNumber{2};
  Add(1, old);
  Add(2, Facts());
  const SearchWish wish{.near = kXiamen, .now = now_, .results_max = 10};
  const auto everybody = [](const Audience&) { return true; };
  Ranking ranking(shown_, wish, everybody);
  ranking.Consider(OfferNumber{1}, 12);
  ranking.Consider(OfferNumber{2}, 2);
  ranking.Consider(OfferNumber{4'000}, 50);  // That it knows nothing of.
  const SearchResults found = ranking.Finish();
  ASSERT_EQ(found.results.size(), 2U);
  EXPECT_EQ(found.results.front().place.offer, OfferNumber{1});
}

TEST_F(RankingTest, PagesFollowOneAnother) {
  for (std::uint32_t i = 1; i <= 25; ++i) {
    OfferFacts facts = Facts();
    facts.change_time = absl::ToUnixMicros(now_ - absl::Hours(i / 5));  // Many score alike.
    Add(i, facts);
  }
  const std::vector<std::uint32_t> all = Found({});
  ASSERT_EQ(all.size(), 25U);
  std::vector<std::uint32_t> paged;
  absl::optional<ResultPlace> after;
  for (int page = 0; page < 4; ++page) {
    const SearchResults found = Search({.after = after, .results_max = 7});
    EXPECT_EQ(found.total, 25);
    for (const SearchResult& result : found.results) {
      paged.push_back(static_cast<std::uint32_t>(result.place.offer));
    }
    after = found.results.back().place;
  }
  EXPECT_EQ(paged, all);
}

TEST_F(RankingTest, AsksOfAMemberOnlyWhatSomeOfferAsks) {
  Add(1, Facts());
  Search({});
  EXPECT_EQ(judged_, 0);
}

TEST_F(RankingTest, AsksOnceForOffersThatShareWhomTheyAreFor) {
  const auto own = Targets({.audience = {.unions = {UnionNumber{3}}}});
  const auto strange = Targets({.audience = {.unions = {UnionNumber{4}}}});
  for (std::uint32_t i = 1; i <= 20; ++i) {
    OfferFacts facts = Facts();
    facts.targets = i % 2 == 0 ? own : strange;
    Add(i, facts);
  }
  EXPECT_EQ(Search({}).total, 10);
  EXPECT_EQ(judged_, 2);
}

TEST(OfferFactsTest, AnOfferSaysWhereItIsGood) {
  OfferRow row;
  EXPECT_TRUE(FactsOf(row).regions().empty());
  row.content.regions = {350'200};
  EXPECT_THAT(FactsOf(row).regions(), ElementsAre(350'200));
  EXPECT_EQ(FactsOf(row).targets, nullptr);
  row.content.audience.unions = {UnionNumber{3}};
  EXPECT_THAT(FactsOf(row).regions(), ElementsAre(350'200));
  row.content.regions = {350'200, 420'106};
  row.content.audience = {};
  EXPECT_THAT(FactsOf(row).regions(), ElementsAre(350'200, 420'106));
}

TEST(SharedTargetsTest, WhatSaysTheSameIsKeptOnce) {
  SharedTargets shared;
  const auto one = [&](OfferTargets targets) {
    return shared.Share(std::make_shared<const OfferTargets>(std::move(targets)));
  };
  EXPECT_EQ(shared.Share(nullptr), nullptr);
  const auto first = one({.audience = {.unions = {UnionNumber{3}}}, .regions = {350'200}});
  EXPECT_EQ(one({.audience = {.unions = {UnionNumber{3}}}, .regions = {350'200}}), first);
  for (const OfferTargets& other : std::vector<OfferTargets>{
           {.audience = {.unions = {UnionNumber{4}}}, .regions = {350'200}},
           {.audience = {.unions = {UnionNumber{3}}}, .regions = {350'203}},
           {.audience = {.unions = {UnionNumber{3}}, .joined_to = absl::CivilDay(2026, 1, 1)},
           .regions = {350'200}},
           {.audience = {.unions = {UnionNumber{3}}, .departments = {"包装"}},
           .regions = {350'200}}}) {
    EXPECT_EQ(*one(other), other);
  }
  EXPECT_EQ(*first, (OfferTargets{{.unions = {UnionNumber{3}}}, {350'200}}));
}

// There are more kinds than places, and every offer is still for whom it says.
TEST(SharedTargetsTest, WhatIsForgottenIsStillRight) {
  SharedTargets shared;
  std::vector<std::shared_ptr<const OfferTargets>> all;
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 1; i <= 3'000; ++i) {
      all.push_back(shared.Share(std::make_shared<const OfferTargets>(
          OfferTargets{.audience = {.unions = {UnionNumber{i}}}})));
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i]->audience.unions.front(),
              UnionNumber{static_cast<std::uint32_t>(i % 3'000) + 1});
  }
}

TEST(FactsTableTest, WhatWasSharedStaysAsItIs) {
  FactsTable table;
  table.Set(OfferNumber{300}, {.published = true, .category = 1});
  const FactsTable shared = table.Share();
  table.Set(OfferNumber{300}, {.published = true, .category = 2});
  table.Set(OfferNumber{9'000}, {.published = true});
  EXPECT_EQ(shared.Find(OfferNumber{300})->category, 1U);
  EXPECT_EQ(shared.Find(OfferNumber{9'000}), nullptr);
  EXPECT_EQ(table.Find(OfferNumber{300})->category, 2U);
  int published = 0;
  table.ForEach([&](OfferNumber, const OfferFacts&) { ++published; });
  EXPECT_EQ(published, 2);
}

}  // namespace
}  // namespace puhui::merchant
