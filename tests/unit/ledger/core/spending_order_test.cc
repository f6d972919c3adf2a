// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/spending_order.h"

#include "ledger/base/limits.h"
#include "tests/support/seeded_random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace puhui::ledger::spending_order_test {
namespace {

using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::Pair;

const absl::Time kNow = absl::FromUnixSeconds(1'735'689'600);
const absl::CivilDay kDay(2025, 1, 1);  // A Wednesday.
constexpr MerchantNumber kMerchant{7};
constexpr std::uint32_t kGrocer = 5411;
constexpr std::uint32_t kBookshop = 5942;

class CampaignTerms final : public TermsReader {
 public:
  const Terms& TermsOf(CampaignNumber campaign) override { return terms_[campaign]; }
  void Restrict(std::uint32_t campaign, std::vector<std::uint32_t> categories) {
    Of(campaign).categories = std::move(categories);
  }
  Terms& Of(std::uint32_t campaign) { return terms_[CampaignNumber{campaign}]; }

 private:
  std::map<CampaignNumber, Terms> terms_;
};

class ChooseLotsTest : public ::testing::Test {
 protected:
  void AddLot(std::int64_t points, absl::Duration expires_in, std::uint32_t campaign = 1,
              std::int64_t held = 0) {
    wallet_.lots.push_back({.number = LotNumber{++wallet_.lots_ever},
                            .campaign = CampaignNumber{campaign},
                            .origin = UnionNumber{campaign},
                            .granted = points,
                            .remaining = points,
                            .held = held,
                            .expiry = kNow + expires_in});
  }
  Asked Asks(std::uint32_t category) const {
    return {.line = {.now = kNow, .day = kDay, .merchant = kMerchant, .category = category},
            .spent = spent_};
  }
  absl::variant<std::vector<LotSlice>, Refusal> Choose(std::int64_t points,
                                                       std::uint32_t category = kGrocer) {
    return ChooseLots(wallet_, {.amount = Points::FromStored(points), .asked = Asks(category)},
                      terms_);
  }
  // Lot and points of what was chosen, in order; empty after a refusal.
  std::vector<std::pair<std::uint32_t, std::int64_t>> Chosen(std::int64_t points,
                                                             std::uint32_t category = kGrocer) {
    std::vector<std::pair<std::uint32_t, std::int64_t>> chosen;
    const auto slices = Choose(points, category);
    if (const auto* taken = absl::get_if<std::vector<LotSlice>>(&slices)) {
      for (const LotSlice& slice : *taken) {
        chosen.emplace_back(static_cast<std::uint32_t>(slice.lot), slice.points);
      }
    }
    return chosen;
  }
  Refusal Refused(std::int64_t points, std::uint32_t category = kGrocer) {
    const auto slices = Choose(points, category);
    const auto* refusal = absl::get_if<Refusal>(&slices);
    return refusal != nullptr ? *refusal : Refusal{.reason = Reason::kInternal};
  }

  // Lot, points and reason of each, in order.
  std::vector<std::tuple<std::uint32_t, std::int64_t, absl::optional<WhyNot>>> Judged(
      std::uint32_t category = kGrocer) {
    std::vector<std::tuple<std::uint32_t, std::int64_t, absl::optional<WhyNot>>> judged;
    for (const JudgedLot& lot : JudgeLots(wallet_, Asks(category), terms_)) {
      judged.emplace_back(static_cast<std::uint32_t>(lot.lot->number), lot.verdict.points,
                          lot.verdict.why_not);
    }
    return judged;
  }
  void Earmark(std::size_t at) { wallet_.lots[at].number = Earmarked(wallet_.lots[at].number); }

  Wallet wallet_;
  CampaignTerms terms_;
  std::vector<SpentToday> spent_;
};

TEST_F(ChooseLotsTest, SpendsEarliestExpiringLotFirst) {
  AddLot(100, absl::Hours(3));
  AddLot(100, absl::Hours(1));
  AddLot(100, absl::Hours(2));
  EXPECT_THAT(Chosen(250), ElementsAre(Pair(2, 100), Pair(3, 100), Pair(1, 50)));
}

TEST_F(ChooseLotsTest, SpendsTheMostRestrictedOfEqualExpiryFirst) {
  terms_.Restrict(2, {kGrocer, kBookshop});
  terms_.Restrict(3, {kGrocer});
  AddLot(10, absl::Hours(1), 1);
  AddLot(10, absl::Hours(1), 2);
  AddLot(10, absl::Hours(1), 3);
  EXPECT_THAT(Chosen(30), ElementsAre(Pair(3, 10), Pair(2, 10), Pair(1, 10)));
}

TEST_F(ChooseLotsTest, SpendsTheOldestOfEqualLotsFirst) {
  AddLot(10, absl::Hours(1), 2);
  AddLot(10, absl::Hours(1), 1);
  EXPECT_THAT(Chosen(15), ElementsAre(Pair(1, 10), Pair(2, 5)));
}

TEST_F(ChooseLotsTest, SoonerExpiryCountsBeforeTighterTerms) {
  terms_.Restrict(2, {kGrocer});
  AddLot(10, absl::Hours(1), 1);
  AddLot(10, absl::Hours(2), 2);
  EXPECT_THAT(Chosen(5), ElementsAre(Pair(1, 5)));
}

TEST_F(ChooseLotsTest, PassesOverLotsOfOtherCategories) {
  terms_.Restrict(2, {kBookshop});
  AddLot(10, absl::Hours(1), 2);
  AddLot(10, absl::Hours(2), 1);
  EXPECT_THAT(Chosen(10, kGrocer), ElementsAre(Pair(2, 10)));
  EXPECT_THAT(Chosen(12, kBookshop), ElementsAre(Pair(1, 10), Pair(2, 2)));
  EXPECT_EQ(Refused(11, kGrocer).reason, Reason::kInsufficientPoints);
}

TEST_F(ChooseLotsTest, ALotEndsAtTheMomentOfItsExpiry) {
  AddLot(10, absl::ZeroDuration());
  AddLot(10, absl::Microseconds(1));
  EXPECT_THAT(Chosen(10), ElementsAre(Pair(2, 10)));
  EXPECT_EQ(wallet_.AvailableAt(kNow, terms_), 10);
  EXPECT_EQ(wallet_.TotalPoints(), 20);
}

TEST_F(ChooseLotsTest, LeavesHeldPointsAlone) {
  AddLot(10, absl::Hours(1), 1, /*held=*/7);
  AddLot(10, absl::Hours(2), 1, /*held=*/10);
  EXPECT_THAT(Chosen(3), ElementsAre(Pair(1, 3)));
  EXPECT_EQ(Refused(4).reason, Reason::kInsufficientPoints);
  EXPECT_EQ(wallet_.HeldPoints(), 17);
}

TEST_F(ChooseLotsTest, ARefusalSaysExactlyWhatIsAvailableForThisMerchant) {
  terms_.Restrict(2, {kBookshop});
  AddLot(10, absl::Hours(1), 1);
  AddLot(5, absl::Hours(1), 2);
  AddLot(7, absl::Hours(-1), 1);
  const Refusal refusal = Refused(11);
  EXPECT_EQ(refusal.reason, Reason::kInsufficientPoints);
  EXPECT_EQ(refusal.field, "points");
  EXPECT_THAT(refusal.metadata, ElementsAre(Pair("available", "10")));
  EXPECT_THAT(Refused(16, kBookshop).metadata, ElementsAre(Pair("available", "15")));
}

TEST_F(ChooseLotsTest, TakesNoMoreLotsThanTheLimit) {
  for (std::size_t i = 0; i <= kLotsPerPurchaseMax; ++i) AddLot(1, absl::Hours(1));
  EXPECT_EQ(Chosen(static_cast<std::int64_t>(kLotsPerPurchaseMax)).size(), kLotsPerPurchaseMax);
  EXPECT_EQ(Refused(static_cast<std::int64_t>(kLotsPerPurchaseMax) + 1).reason,
            Reason::kLotsPerPurchaseLimit);
  // Funds come after rules, but what cannot be covered anyway says so.
  EXPECT_EQ(Refused(static_cast<std::int64_t>(kLotsPerPurchaseMax) + 2).reason,
            Reason::kInsufficientPoints);
}

TEST_F(ChooseLotsTest, ASliceHasWhatOpensItsLotAgain) {
  AddLot(10, absl::Hours(1), 4);
  const auto chosen = Choose(3);
  const auto& slices = absl::get<std::vector<LotSlice>>(chosen);
  ASSERT_EQ(slices.size(), 1U);
  EXPECT_EQ(slices[0].campaign, CampaignNumber{4});
  EXPECT_EQ(slices[0].origin, UnionNumber{4});
  EXPECT_EQ(slices[0].granted, 10);
  EXPECT_EQ(slices[0].expiry, kNow + absl::Hours(1));
}

TEST_F(ChooseLotsTest, TakesExactlyTheAmountFromWhatIsThere) {
  SeededRandom random(5);
  for (int round = 0; round < 2'000; ++round) {
    wallet_ = {};
    const std::uint64_t lots = random.Below(12);
    std::int64_t available = 0;
    for (std::uint64_t i = 0; i < lots; ++i) {
      const auto points = static_cast<std::int64_t>(1 + random.Below(100));
      const auto held = static_cast<std::int64_t>(random.Below(2) * random.Below(100)) % points;
      const auto hours = static_cast<std::int64_t>(random.Below(6)) - 1;
      AddLot(points, absl::Hours(hours), static_cast<std::uint32_t>(1 + random.Below(3)), held);
      if (hours > 0) available += points - held;
    }
    const auto amount = static_cast<std::int64_t>(1 + random.Below(400));
    const auto chosen = Choose(amount);
    ASSERT_EQ(absl::holds_alternative<Refusal>(chosen), amount > available);
    if (amount > available) continue;
    std::int64_t sum = 0;
    absl::Time last = kNow;
    for (const LotSlice& slice : absl::get<std::vector<LotSlice>>(chosen)) {
      const Lot* lot = wallet_.FindLot(slice.lot);
      ASSERT_NE(lot, nullptr);
      ASSERT_GT(slice.points, 0);
      ASSERT_LE(slice.points, lot->available());
      ASSERT_GE(lot->expiry, last);
      last = lot->expiry;
      sum += slice.points;
    }
    ASSERT_EQ(sum, amount);
  }
}

TEST_F(ChooseLotsTest, SpendsWhatTheEarmarkBindsFirst) {
  terms_.Of(1).earmark = {.share = BasisPoints::FromStored(3'000), .categories = {kGrocer}};
  AddLot(70, absl::Hours(1));
  AddLot(30, absl::Hours(1));
  wallet_.lots[1].number = Earmarked(LotNumber{1});
  EXPECT_THAT(Chosen(40), ElementsAre(Pair(1 | kEarmarkedBit, 30), Pair(1, 10)));
  EXPECT_THAT(Chosen(70, kBookshop), ElementsAre(Pair(1, 70)));
  EXPECT_EQ(Refused(71, kBookshop).reason, Reason::kInsufficientPoints);
}

TEST_F(ChooseLotsTest, AnEarmarkedLotIsAsOldAsItsGrant) {
  AddLot(10, absl::Hours(1), 1);
  AddLot(10, absl::Hours(1), 2);
  terms_.Restrict(1, {kGrocer});
  terms_.Of(2).earmark = {.categories = {kGrocer}};
  Earmark(1);
  EXPECT_THAT(Chosen(20), ElementsAre(Pair(1, 10), Pair(2 | kEarmarkedBit, 10)));
  terms_.Restrict(2, {kGrocer});
  std::swap(wallet_.lots[0].campaign, wallet_.lots[1].campaign);
  wallet_.lots[0].number = LotNumber{3};
  EXPECT_THAT(Chosen(20), ElementsAre(Pair(2 | kEarmarkedBit, 10), Pair(3, 10)));
}

// Each row's terms are more restricted than those of the rows after it, whichever lot is older.
TEST_F(ChooseLotsTest, TheMostRestrictedIsTheOneForTheFewest) {
  terms_.Of(1).allowed_merchants = {kMerchant};
  terms_.Of(2).allowed_merchants = {kMerchant, MerchantNumber{8}};
  terms_.Of(3) = {.categories = {kGrocer}, .day_cap = Points::FromStored(100)};
  terms_.Of(4).categories = {kGrocer};
  terms_.Of(5) = {.categories = {kGrocer, kBookshop}, .weekdays = BitOf(absl::Weekday::wednesday)};
  terms_.Of(6).weekdays = BitOf(absl::Weekday::wednesday);
  terms_.Of(7).weekdays = BitOf(absl::Weekday::wednesday) | BitOf(absl::Weekday::sunday);
  terms_.Of(8) = {.holidays = {kDay}, .holiday_rule = HolidayRule::kHolidaysOnly};
  terms_.Of(9).day_cap = Points::FromStored(100);
  terms_.Of(10) = {.denied_merchants = {MerchantNumber{8}}};
  for (std::uint32_t campaign = 10; campaign >= 1; --campaign) AddLot(1, absl::Hours(1), campaign);
  const auto lots = JudgeLots(wallet_, Asks(kGrocer), terms_);
  for (std::size_t i = 0; i < lots.size(); ++i) {
    EXPECT_EQ(lots[i].lot->campaign, CampaignNumber{static_cast<std::uint32_t>(i + 1)});
    EXPECT_EQ(lots[i].verdict.points, 1);
  }
}

TEST_F(ChooseLotsTest, LotsOfTheSameTermsShareTheirCapPerDay) {
  terms_.Of(1).day_cap = Points::FromStored(100);
  AddLot(60, absl::Hours(1), 1);
  AddLot(60, absl::Hours(2), 2);
  AddLot(60, absl::Hours(3), 1);
  AddLot(60, absl::Hours(4), 1);
  EXPECT_THAT(Judged(),
              ElementsAre(FieldsAre(1, 60, absl::nullopt), FieldsAre(2, 60, absl::nullopt),
                          FieldsAre(3, 40, absl::nullopt), FieldsAre(4, 0, WhyNot::kDayCap)));
  EXPECT_THAT(Chosen(160), ElementsAre(Pair(1, 60), Pair(2, 60), Pair(3, 40)));
  EXPECT_THAT(Refused(161).metadata, ElementsAre(Pair("available", "160")));
}

TEST_F(ChooseLotsTest, WhatWasSpentTodayCountsAgainstTheCap) {
  terms_.Of(1).day_cap = Points::FromStored(100);
  AddLot(60, absl::Hours(1), 1);
  AddLot(60, absl::Hours(2), 2);
  spent_ = {{CampaignNumber{2}, 1'000}, {CampaignNumber{1}, 70}};
  EXPECT_THAT(Chosen(90), ElementsAre(Pair(1, 30), Pair(2, 60)));
  spent_[1].points = 100;
  EXPECT_THAT(Chosen(60), ElementsAre(Pair(2, 60)));
  EXPECT_THAT(Judged(),
              ElementsAre(FieldsAre(2, 60, absl::nullopt), FieldsAre(1, 0, WhyNot::kDayCap)));
}

TEST_F(ChooseLotsTest, LotsThatMayNotPayStandLastWithTheirReasons) {
  terms_.Restrict(1, {kBookshop});
  terms_.Of(2).start = kNow + absl::Microseconds(1);
  AddLot(10, absl::Hours(1), 1);
  AddLot(10, absl::Hours(2), 2);
  AddLot(10, absl::ZeroDuration(), 3);
  AddLot(10, absl::Hours(9), 3);
  AddLot(10, absl::Hours(1), 3, /*held=*/10);
  AddLot(10, absl::Hours(8), 3);
  EXPECT_THAT(
      Judged(),
      ElementsAre(FieldsAre(6, 10, absl::nullopt), FieldsAre(4, 10, absl::nullopt),
                  FieldsAre(1, 0, WhyNot::kCategory), FieldsAre(2, 0, WhyNot::kNotStarted),
                  FieldsAre(3, 0, WhyNot::kExpired), FieldsAre(5, 0, WhyNot::kNothingLeft)));
}

// The order as it was when terms were categories and nothing else.
TEST_F(ChooseLotsTest, TermsOfCategoriesAloneAreOrderedByTheirNumber) {
  SeededRandom random(32);
  terms_.Restrict(2, {kGrocer, kBookshop});
  terms_.Restrict(3, {kGrocer});
  terms_.Restrict(4, {kBookshop});
  const std::map<CampaignNumber, std::size_t> openness = {
      {CampaignNumber{1}, SIZE_MAX}, {CampaignNumber{2}, 2}, {CampaignNumber{3}, 1}};
  for (int round = 0; round < 500; ++round) {
    wallet_ = {};
    for (std::uint64_t i = 1 + random.Below(10); i > 0; --i) {
      AddLot(static_cast<std::int64_t>(1 + random.Below(20)),
             absl::Hours(static_cast<std::int64_t>(random.Below(4))),
             static_cast<std::uint32_t>(1 + random.Below(4)));
    }
    std::vector<std::tuple<absl::Time, std::size_t, LotNumber>> expected;
    for (const Lot& lot : wallet_.lots) {
      const auto of = openness.find(lot.campaign);
      if (of == openness.end() || lot.expiry <= kNow) continue;
      expected.emplace_back(lot.expiry, of->second, lot.number);
    }
    std::sort(expected.begin(), expected.end());
    const auto lots = JudgeLots(wallet_, Asks(kGrocer), terms_);
    ASSERT_EQ(lots.size(), wallet_.lots.size());
    for (std::size_t i = 0; i < lots.size(); ++i) {
      ASSERT_EQ(lots[i].verdict.points > 0, i < expected.size());
      if (i >= expected.size()) continue;
      ASSERT_EQ(lots[i].lot->number, std::get<2>(expected[i]));
    }
  }
}

// The most that the caps leave, counted without an order.
std::int64_t AvailableIn(const Wallet& wallet, CampaignTerms& terms,
                         const std::vector<SpentToday>& spent) {
  std::map<CampaignNumber, std::int64_t> of;
  for (const Lot& lot : wallet.lots) of[lot.campaign] += lot.available();
  std::int64_t sum = 0;
  for (auto& [campaign, points] : of) {
    const std::int64_t cap = terms.TermsOf(campaign).day_cap.value();
    std::int64_t left = cap;
    for (const SpentToday& under : spent) {
      if (under.campaign == campaign) left -= under.points;
    }
    sum += cap == 0 ? points : std::clamp<std::int64_t>(left, 0, points);
  }
  return sum;
}

TEST_F(ChooseLotsTest, NeverTakesMoreThanTheCapsAndTheLotsLeave) {
  SeededRandom random(31);
  for (int round = 0; round < 2'000; ++round) {
    wallet_ = {};
    spent_.clear();
    for (std::uint32_t campaign = 1; campaign <= 3; ++campaign) {
      terms_.Of(campaign).day_cap =
          Points::FromStored(static_cast<std::int64_t>(random.Below(2) * random.Below(150)));
      spent_.push_back({CampaignNumber{campaign}, static_cast<std::int64_t>(random.Below(100))});
    }
    for (std::uint64_t i = random.Below(10); i > 0; --i) {
      AddLot(static_cast<std::int64_t>(1 + random.Below(60)),
             absl::Hours(static_cast<std::int64_t>(1 + random.Below(3))),
             static_cast<std::uint32_t>(1 + random.Below(3)));
    }
    const std::int64_t available = AvailableIn(wallet_, terms_, spent_);
    EXPECT_THAT(Refused(available + 1).metadata,
                ElementsAre(Pair("available", std::to_string(available))));
    if (available == 0) continue;
    const auto amount =
        static_cast<std::int64_t>(1 + random.Below(static_cast<std::uint64_t>(available)));
    std::map<CampaignNumber, std::int64_t> taken;
    std::int64_t sum = 0;
    const auto chosen = Choose(amount);
    for (const LotSlice& slice : absl::get<std::vector<LotSlice>>(chosen)) {
      ASSERT_GT(slice.points, 0);
      ASSERT_LE(slice.points, wallet_.FindLot(slice.lot)->available());
      taken[slice.campaign] += slice.points;
      sum += slice.points;
    }
    ASSERT_EQ(sum, amount);
    for (const SpentToday& under : spent_) {
      const std::int64_t cap =
          terms_.Of(static_cast<std::uint32_t>(under.campaign)).day_cap.value();
      if (cap != 0 && taken[under.campaign] > 0) {
        ASSERT_LE(taken[under.campaign] + under.points, cap);
      }
    }
  }
}

}  // namespace
}  // namespace puhui::ledger::spending_order_test
