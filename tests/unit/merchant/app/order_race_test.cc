// SPDX-License-Identifier: Apache-2.0
// Many who want the same, all decided before any of it is durable.
#include "tests/support/rounds.h"
#include "tests/unit/merchant/app/folded_again.h"
#include "tests/unit/merchant/app/order_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace puhui::merchant {
namespace {

using ledger::Reason;

constexpr std::uint32_t kBuyers = 200;
class OrderRaceTest : public OrderTest {
 protected:
  OrderRaceTest() {
    const absl::Time expiry = ledger_.clock().Now() + absl::Hours(24 * 600);
    Run([&](ledger::Decision& decision) {
      testing::AddFunding(1, 100 * kBuyers, decision);
      testing::AddCampaign({.number = 1, .origin = 1, .expiry = expiry}, decision);
      testing::AddApproval(1, 1, 100 * kBuyers, decision);
    });
    for (std::uint32_t i = 0; i < kBuyers; ++i) {
      const MemberId buyer(7, i);
      Run([&](ledger::Decision& decision) {
        testing::AddMember(buyer, testing::TagOf(1'000 + i), decision);
        testing::AddGrant({.campaign = 1,
                           .origin = 1,
                           .member = buyer,
                           .lot = 1,
                           .points = 100,
                           .expiry = expiry},
                          decision);
      });
    }
  }
};

TEST_F(OrderRaceTest, OfTwoHundredBuyersOneHasTheLastItem) {
  const OfferNumber last = Offer(100, 1);
  Wish wish = WishFor(last);
  std::vector<std::uint32_t> buyers(kBuyers);
  std::iota(buyers.begin(), buyers.end(), 0U);
  std::mt19937 random(4);
  for (int round = 0; round < testing::Rounds(10'000); ++round) {
    std::shuffle(buyers.begin(), buyers.end(), random);
    ledger_.Hold();
    Sequence won = 0;
    MemberId winner;
    std::uint32_t out_of_stock = 0;
    for (const std::uint32_t buyer : buyers) {
      wish.member = MemberId(7, buyer);
      const auto outcome = Place(wish);
      ASSERT_GE(InStock(last), 0);
      if (outcome.ok()) {
        ASSERT_EQ(won, 0U);
        won = outcome->first().sequence();
        winner = wish.member;
        continue;
      }
      ASSERT_THAT(outcome, Refuses(Reason::kOutOfStock));
      ++out_of_stock;
    }
    ledger_.Release();
    ASSERT_NE(won, 0U);
    ASSERT_EQ(out_of_stock, kBuyers - 1);
    ASSERT_EQ(InStock(last), 0);
    ASSERT_OK(Cancel(ByMember(won, winner)));
    ASSERT_EQ(InStock(last), 1);
  }
  ExpectFoldsAlike(ledger_);
}

TEST_F(OrderRaceTest, ALimitHoldsForTwoDevicesAtOnce) {
  OfferContent content = Item(10, {FulfilmentKind::kPickUp});
  content.per_member_limit = 3;
  const OfferNumber offer = Offer(content, 100);
  Wish wish = WishFor(offer, 2);
  wish.member = MemberId(7, 0);
  ledger_.Hold();
  EXPECT_OK(Place(wish));
  EXPECT_THAT(Place(wish), Refuses(Reason::kOfferLimitReached));
  wish.quantity = 1;
  EXPECT_OK(Place(wish));
  EXPECT_THAT(Place(wish), Refuses(Reason::kOfferLimitReached));
  ledger_.Release();
  EXPECT_EQ(Uses(offer, wish.member), 3U);
  EXPECT_EQ(InStock(offer), 97);
  // Another member has a limit of its own.
  wish.member = MemberId(7, 1);
  wish.quantity = 3;
  EXPECT_OK(Place(wish));
}

TEST_F(OrderRaceTest, OneOfTwoTillsRedeemsAVoucher) {
  Wish wish = WishFor(Offer(10, 5, {FulfilmentKind::kECoupon}), 1, FulfilmentKind::kECoupon);
  wish.member = MemberId(7, 0);
  const ledger::Tag digits = DigitsOf(Ordered(wish));
  ledger_.Hold();
  const auto first = Redeem(NextCall("t-1"), digits);
  const auto second = Redeem(NextCall("t-2"), digits);
  ledger_.Release();
  ASSERT_OK(first);
  EXPECT_TRUE(first->first().has_voucher_redeemed());
  EXPECT_THAT(second, Declines(Reason::kVoucherRedeemed));
}

}  // namespace
}  // namespace puhui::merchant
