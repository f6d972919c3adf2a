// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/wallet.h"

#include "ledger/core/spending_order.h"
#include "ledger/core/terms.h"
#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

TEST(WalletTest, FindsALotByItsNumber) {
  Wallet wallet;
  wallet.lots = {{.number = LotNumber{2}}, {.number = LotNumber{5}}, {.number = LotNumber{9}}};
  EXPECT_EQ(wallet.FindLot(LotNumber{5}), &wallet.lots[1]);
  EXPECT_EQ(wallet.FindLot(LotNumber{9}), &wallet.lots[2]);
  EXPECT_EQ(wallet.FindLot(LotNumber{1}), nullptr);
  EXPECT_EQ(wallet.FindLot(LotNumber{6}), nullptr);
  EXPECT_EQ(wallet.FindLot(LotNumber{10}), nullptr);
}

const absl::CivilDay kDay(2025, 1, 1);
constexpr CampaignNumber kCampaign{1};

DaySpending On(absl::CivilDay day, std::int64_t points, CampaignNumber campaign = kCampaign) {
  return {.campaign = campaign, .day = day, .points = points};
}
std::int64_t SpentOnDay(const Wallet& wallet, absl::CivilDay day,
                        CampaignNumber campaign = kCampaign) {
  std::int64_t spent = 0;
  for (const SpentToday& under : SpentOn(wallet, day)) {
    if (under.campaign == campaign) spent += under.points;
  }
  return spent;
}

TEST(DaySpendingTest, AddsUpByCampaignAndDay) {
  Wallet wallet;
  EXPECT_TRUE(wallet.CountSpending(On(kDay, 10)));
  EXPECT_TRUE(wallet.CountSpending(On(kDay, 5)));
  EXPECT_TRUE(wallet.CountSpending(On(kDay, 7, CampaignNumber{2})));
  EXPECT_TRUE(wallet.CountSpending(On(kDay + 1, 3)));
  EXPECT_TRUE(wallet.CountSpending(On(kDay, -15)));
  EXPECT_EQ(SpentOnDay(wallet, kDay), 0);
  EXPECT_EQ(SpentOnDay(wallet, kDay, CampaignNumber{2}), 7);
  EXPECT_EQ(SpentOnDay(wallet, kDay + 1), 3);
}

TEST(DaySpendingTest, DropsWhatIsOlderThanTheDayBeforeTheNewest) {
  Wallet wallet;
  EXPECT_TRUE(wallet.CountSpending(On(kDay, 10)));
  EXPECT_TRUE(wallet.CountSpending(On(kDay + 1, 10, CampaignNumber{2})));
  EXPECT_EQ(wallet.day_spending.size(), 2U);
  EXPECT_TRUE(wallet.CountSpending(On(kDay + 2, 10)));
  EXPECT_EQ(SpentOnDay(wallet, kDay), 0);
  EXPECT_EQ(wallet.day_spending.size(), 2U);
  EXPECT_TRUE(wallet.CountSpending(On(kDay, -10))) << "comes back to a day that is dropped";
  EXPECT_FALSE(wallet.CountSpending(On(kDay, 1)));
  EXPECT_EQ(wallet.day_spending.size(), 2U);
  EXPECT_TRUE(wallet.CountSpending(On(kDay + 9, 1)));
  EXPECT_EQ(wallet.day_spending.size(), 1U);
}

TEST(DaySpendingTest, NeverFallsBelowZero) {
  Wallet wallet;
  EXPECT_FALSE(wallet.CountSpending(On(kDay, -1)));
  EXPECT_TRUE(wallet.CountSpending(On(kDay, 10)));
  EXPECT_FALSE(wallet.CountSpending(On(kDay, -11)));
  EXPECT_FALSE(wallet.CountSpending(On(kDay, -1, CampaignNumber{2})));
  EXPECT_EQ(SpentOnDay(wallet, kDay), 10);
  // All of it came back, and still that day was the newest.
  EXPECT_TRUE(wallet.CountSpending(On(kDay, -10)));
  EXPECT_FALSE(wallet.CountSpending(On(kDay - 2, 1)));
}

class OneTerms final : public TermsReader {
 public:
  explicit OneTerms(Terms terms) : terms_(std::move(terms)) {}
  const Terms& TermsOf(CampaignNumber /*campaign*/) override { return terms_; }

 private:
  const Terms terms_;
};

TEST(WalletTest, PointsAreAvailableFromTheStartOfTheirTermsUntilTheirLotExpires) {
  const absl::Time start = absl::FromUnixSeconds(100);
  Wallet wallet;
  wallet.lots = {{.remaining = 10, .held = 4, .expiry = start + absl::Seconds(10)},
                 {.remaining = 5, .expiry = start + absl::Seconds(20)}};
  OneTerms terms({.start = start});
  EXPECT_EQ(wallet.AvailableAt(start - absl::Microseconds(1), terms), 0);
  EXPECT_EQ(wallet.AvailableAt(start, terms), 11);
  EXPECT_EQ(wallet.AvailableAt(start, terms, start + absl::Seconds(10)), 6);
  EXPECT_EQ(wallet.AvailableAt(start, terms, start + absl::Seconds(9)), 0);
  EXPECT_EQ(wallet.AvailableAt(start + absl::Seconds(10), terms), 5);
  EXPECT_EQ(wallet.AvailableAt(start + absl::Seconds(20), terms), 0);
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
