// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/wallet.h"

#include "ledger/base/limits.h"
#include "tests/support/seeded_random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

namespace puhui::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

const absl::Time kNow = absl::FromUnixSeconds(1'735'689'600);
constexpr std::uint32_t kGrocer = 5411;
constexpr std::uint32_t kBookshop = 5942;

class CampaignTerms final : public TermsReader {
 public:
  const Terms& TermsOf(CampaignNumber campaign) override { return terms_[campaign]; }
  void Restrict(std::uint32_t campaign, std::vector<std::uint32_t> categories) {
    terms_[CampaignNumber{campaign}].categories = std::move(categories);
  }

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
  absl::variant<std::vector<LotSlice>, Refusal> Choose(std::int64_t points,
                                                       std::uint32_t category = kGrocer) {
    return ChooseLots(
        wallet_, {.amount = Points::FromStored(points), .category = category, .now = kNow}, terms_);
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

  Wallet wallet_;
  CampaignTerms terms_;
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
  EXPECT_EQ(wallet_.AvailableAt(kNow), 10);
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

TEST(WalletTest, FindsALotByItsNumber) {
  Wallet wallet;
  wallet.lots = {{.number = LotNumber{2}}, {.number = LotNumber{5}}, {.number = LotNumber{9}}};
  EXPECT_EQ(wallet.FindLot(LotNumber{5}), &wallet.lots[1]);
  EXPECT_EQ(wallet.FindLot(LotNumber{9}), &wallet.lots[2]);
  EXPECT_EQ(wallet.FindLot(LotNumber{1}), nullptr);
  EXPECT_EQ(wallet.FindLot(LotNumber{6}), nullptr);
  EXPECT_EQ(wallet.FindLot(LotNumber{10}), nullptr);
}

std::vector<LotSlice> RandomSlices(SeededRandom& random) {
  std::vector<LotSlice> slices(1 + random.Below(8));
  for (std::size_t i = 0; i < slices.size(); ++i) {
    slices[i].lot = LotNumber{static_cast<std::uint32_t>(i + 1)};
    slices[i].origin = UnionNumber{static_cast<std::uint32_t>(1 + random.Below(3))};
    slices[i].points = static_cast<std::int64_t>(1 + random.Below(500));
  }
  return slices;
}

std::int64_t Sum(const std::vector<LotSlice>& slices) {
  std::int64_t sum = 0;
  for (const LotSlice& slice : slices) sum += slice.points;
  return sum;
}

TEST(LotsToRefundTest, GivesBackToTheLastLotFirst) {
  const std::vector<LotSlice> taken = {{.lot = LotNumber{1}, .points = 10},
                                       {.lot = LotNumber{2}, .points = 20}};
  const auto back = LotsToRefund(taken, /*already=*/5, /*amount=*/18);
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[0].lot, LotNumber{2});
  EXPECT_EQ(back[0].points, 15);
  EXPECT_EQ(back[1].lot, LotNumber{1});
  EXPECT_EQ(back[1].points, 3);
}

TEST(LotsToRefundTest, AnySequenceGivesEachLotExactlyWhatItGave) {
  SeededRandom random(6);
  for (int round = 0; round < 2'000; ++round) {
    const std::vector<LotSlice> taken = RandomSlices(random);
    std::map<LotNumber, std::int64_t> returned;
    std::int64_t already = 0;
    while (already < Sum(taken)) {
      const auto amount = static_cast<std::int64_t>(
          1 + random.Below(static_cast<std::uint64_t>(Sum(taken) - already)));
      const std::vector<LotSlice> back = LotsToRefund(taken, already, amount);
      ASSERT_EQ(Sum(back), amount);
      for (const LotSlice& slice : back) returned[slice.lot] += slice.points;
      already += amount;
    }
    for (const LotSlice& slice : taken) ASSERT_EQ(returned[slice.lot], slice.points);
  }
}

TEST(LotsToRefundDeathTest, MoreThanWasTakenAborts) {
  EXPECT_DEATH(LotsToRefund({{.lot = LotNumber{1}, .points = 10}}, 5, 6), "amount == 0");
}

TEST(SplitFeeTest, PartsSumToTheFeeOnTheTotalAndNoneIsNegative) {
  SeededRandom random(7);
  for (int round = 0; round < 5'000; ++round) {
    const std::vector<LotSlice> slices = RandomSlices(random);
    const BasisPoints rate =
        BasisPoints::FromStored(static_cast<std::uint32_t>(random.Below(10'001)));
    const std::vector<std::int64_t> parts = SplitFee(slices, rate);
    ASSERT_EQ(parts.size(), slices.size());
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      ASSERT_GE(parts[i], 0);
      ASSERT_LE(parts[i], slices[i].points);
      sum += parts[i];
    }
    ASSERT_EQ(sum, FeeRoundedDown(Points::FromStored(Sum(slices)), rate).value());
  }
}

}  // namespace
}  // namespace puhui::ledger
