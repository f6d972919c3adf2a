// SPDX-License-Identifier: Apache-2.0
// What members make of offers, for each union and all below it.
#include "merchant/app/offer_figures.h"

#include "ledger/base/limits.h"
#include "merchant/app/member_places.h"
#include "merchant/app/offer_report.h"
#include "merchant/app/offer_view_command.h"
#include "merchant/core/order.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/status_matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ::testing::ElementsAre;

constexpr UnionNumber kProvince{1};
constexpr UnionNumber kCity{2};
constexpr UnionNumber kWorks{3};
constexpr UnionNumber kHarbour{4};
const MemberId kLi(1, 1);
const MemberId kWang(1, 2);
const MemberId kSailor(1, 3);
constexpr std::uint32_t kShop = 7;

class Places final : public MemberPlaces {
 public:
  std::vector<UnionNumber> Of(MemberId member) override { return at_[member]; }
  void Put(MemberId member, std::vector<UnionNumber> unions) { at_[member] = std::move(unions); }

 private:
  std::map<MemberId, std::vector<UnionNumber>> at_;
};

// province > city > works, where Li and Wang are; the sailor is at the harbour, which stands apart.
class OfferFiguresTest : public ::testing::Test {
 protected:
  OfferFiguresTest() : tables_(&ledger_.set()), applier_(&tables_, &places_) {
    ledger_.Attach(&applier_);
    places_.Put(kLi, {kWorks, kCity, kProvince});
    places_.Put(kWang, {kWorks, kCity, kProvince});
    places_.Put(kSailor, {kHarbour});
  }
  void Use(MemberId member, std::uint32_t offer, std::int64_t points,
           std::uint32_t merchant = kShop) {
    jv1::Record record;
    record.mutable_entry()->set_member(member.ToBytes());
    jv1::Purchase& purchase = *record.mutable_entry()->mutable_purchase();
    purchase.set_offer(offer);
    purchase.set_points(points);
    purchase.mutable_till()->set_merchant(merchant);
    ASSERT_OK(applier_.Apply(record));
  }
  // Of offer 5, two at 30 points, as an order with that number.
  void Place(MemberId member, Sequence number) {
    jv1::Record record;
    record.mutable_entry()->set_member(member.ToBytes());
    jv1::Authorization& held = *record.mutable_entry()->mutable_authorization();
    held.mutable_till()->set_merchant(kShop);
    held.mutable_order_placed()->set_offer(5);
    held.mutable_order_placed()->set_quantity(2);
    held.mutable_order_placed()->set_unit_points(30);
    ASSERT_OK(applier_.Apply(record));
    tables_.orders.Put(
        number, {.merchant = MerchantNumber{kShop}, .member = member, .offer = OfferNumber{5}});
  }
  void ApplyEntry(const std::function<void(jv1::Entry&)>& fill) {
    jv1::Record record;
    fill(*record.mutable_entry());
    ASSERT_OK(applier_.Apply(record));
  }
  void View(std::vector<OfferViewCount> counts) {
    CountOfferViewsCommand command(std::move(counts));
    ASSERT_OK(ledger_.Run(command));
  }
  OfferFigures Of(UnionNumber of, OfferFigureKind kind, std::uint32_t number) {
    const OfferFigures* figures = tables_.offer_figures.Find({of, kind, number});
    return figures == nullptr ? OfferFigures() : *figures;
  }
  std::vector<std::uint32_t> Top(UnionNumber of, std::int64_t OfferFigures::*measure,
                                 std::size_t limit) {
    const auto best = RankOffers(ledger_.store(), {.of = of, .measure = measure}, limit);
    EXPECT_OK(best);
    std::vector<std::uint32_t> offers;
    for (const RankedOffer& ranked : *best) {
      offers.push_back(static_cast<std::uint32_t>(ranked.offer));
    }
    return offers;
  }

  testing::LedgerFixture ledger_;
  Tables tables_;
  Places places_;
  OfferFigureApplier applier_;
};

TEST_F(OfferFiguresTest, AUseCountsForTheUnionAndAllAboveIt) {
  Use(kLi, 5, 90);
  Use(kSailor, 5, 10);
  const OfferFigures one{.uses = 1, .used_points = 90, .participants = 1};
  for (const UnionNumber of : {kWorks, kCity, kProvince}) {
    EXPECT_EQ(Of(of, OfferFigureKind::kOffer, 5), one);
    EXPECT_EQ(Of(of, OfferFigureKind::kMerchant, kShop), one);
    EXPECT_EQ(Of(of, OfferFigureKind::kAll, 0), one);
  }
  EXPECT_EQ(Of(kHarbour, OfferFigureKind::kOffer, 5),
            (OfferFigures{.uses = 1, .used_points = 10, .participants = 1}));
}

TEST_F(OfferFiguresTest, AMemberTakesPartOnceInEachOfThem) {
  Use(kLi, 5, 1);
  Use(kLi, 5, 1);
  Use(kLi, 6, 1);
  Use(kWang, 6, 1);
  Use(kLi, 8, 1, 9);
  EXPECT_EQ(Of(kCity, OfferFigureKind::kOffer, 5).participants, 1);
  EXPECT_EQ(Of(kCity, OfferFigureKind::kOffer, 5).uses, 2);
  EXPECT_EQ(Of(kCity, OfferFigureKind::kOffer, 6).participants, 2);
  EXPECT_EQ(Of(kCity, OfferFigureKind::kMerchant, kShop).participants, 2);
  EXPECT_EQ(Of(kCity, OfferFigureKind::kMerchant, 9).participants, 1);
  EXPECT_EQ(Of(kCity, OfferFigureKind::kAll, 0).participants, 2);
  EXPECT_EQ(Of(kCity, OfferFigureKind::kAll, 0).uses, 5);
}

TEST_F(OfferFiguresTest, OrdersCountUntilTheyComeToNothing) {
  for (Sequence number = 11; number <= 15; ++number) Place(kLi, number);
  const OfferFigures placed{.orders = 5, .ordered_points = 300, .participants = 1};
  EXPECT_EQ(Of(kCity, OfferFigureKind::kOffer, 5), placed);
  EXPECT_EQ(Of(kCity, OfferFigureKind::kMerchant, kShop), placed);
  // The merchant declined one, one lapsed, one was cancelled after it was accepted.
  ApplyEntry([](jv1::Entry& entry) {
    entry.mutable_voided()->set_authorization(11);
    entry.mutable_voided()->set_points(60);
    entry.mutable_voided()->mutable_order_ended()->set_state(6);
  });
  ApplyEntry([](jv1::Entry& entry) {
    entry.mutable_authorization_expiry()->set_authorization(12);
    entry.mutable_authorization_expiry()->set_points(60);
  });
  const auto give_back = [](Sequence order, std::int64_t points, OrderState state) {
    return [=](jv1::Entry& entry) {
      entry.mutable_refund()->set_purchase(order);
      entry.mutable_refund()->set_points(points);
      entry.mutable_refund()->mutable_order_returned()->set_state(
          static_cast<std::uint32_t>(state));
    };
  };
  ApplyEntry(give_back(13, 60, OrderState::kCancelled));
  // Of one half came back, and the rest was handed out.
  ApplyEntry(give_back(14, 30, OrderState::kAccepted));
  jv1::Record handed_out;
  handed_out.mutable_voucher_redeemed()->set_order(14);
  ASSERT_OK(applier_.Apply(handed_out));
  handed_out.mutable_order_fulfilled()->set_order(15);
  ASSERT_OK(applier_.Apply(handed_out));
  const OfferFigures left{.orders = 5,
                          .cancelled = 3,
                          .ordered_points = 300,
                          .returned_points = 210,
                          .redemptions = 2,
                          .participants = 1};
  for (const UnionNumber of : {kWorks, kCity, kProvince}) {
    EXPECT_EQ(Of(of, OfferFigureKind::kOffer, 5), left);
    EXPECT_EQ(Of(of, OfferFigureKind::kAll, 0), left);
  }
}

TEST_F(OfferFiguresTest, WhatATillReservedIsNoOrder) {
  ApplyEntry([](jv1::Entry& entry) {
    entry.mutable_authorization_expiry()->set_authorization(12);
    entry.mutable_authorization_expiry()->set_points(60);
  });
  EXPECT_EQ(Of(kCity, OfferFigureKind::kAll, 0), OfferFigures());
  jv1::Record handed_out;
  handed_out.mutable_order_fulfilled()->set_order(99);
  EXPECT_THAT(applier_.Apply(handed_out), HasCode(absl::StatusCode::kDataLoss));
}

TEST_F(OfferFiguresTest, WhoMovesTakesNothingAlong) {
  Use(kLi, 5, 1);
  places_.Put(kLi, {kHarbour});
  Use(kLi, 5, 1);
  EXPECT_EQ(Of(kWorks, OfferFigureKind::kOffer, 5).uses, 1);
  EXPECT_EQ(Of(kHarbour, OfferFigureKind::kOffer, 5).uses, 1);
  EXPECT_EQ(Of(kHarbour, OfferFigureKind::kOffer, 5).participants, 0);
}

TEST_F(OfferFiguresTest, ViewsCountWhereTheirRecordSays) {
  View({{.offer = 5,
         .merchant = MerchantNumber{kShop},
         .unions = {kWorks, kCity, kProvince},
         .views = 3},
        {.offer = 5, .merchant = MerchantNumber{kShop}, .unions = {kHarbour}, .views = 2},
        {.offer = 6, .merchant = MerchantNumber{kShop}, .unions = {kHarbour}, .views = 1}});
  EXPECT_EQ(Of(kProvince, OfferFigureKind::kOffer, 5), (OfferFigures{.views = 3}));
  EXPECT_EQ(Of(kHarbour, OfferFigureKind::kMerchant, kShop), (OfferFigures{.views = 3}));
  EXPECT_EQ(Of(kHarbour, OfferFigureKind::kAll, 0), (OfferFigures{.views = 3}));
}

TEST_F(OfferFiguresTest, APathThatIsTooLongDoesNotFold) {
  jv1::Record record;
  jv1::OfferViews& line = *record.mutable_offers_viewed()->add_offers();
  for (std::uint32_t i = 0; i <= kUnionDepthMax; ++i) line.add_unions(i + 1);
  EXPECT_THAT(applier_.Apply(record), HasCode(absl::StatusCode::kDataLoss));
}

TEST_F(OfferFiguresTest, WithoutPlacesNothingButViewsCounts) {
  OfferFigureApplier applier(&tables_, nullptr);
  jv1::Record record;
  record.mutable_entry()->set_member(kLi.ToBytes());
  record.mutable_entry()->mutable_purchase()->set_offer(5);
  ASSERT_OK(applier.Apply(record));
  EXPECT_EQ(Of(kWorks, OfferFigureKind::kOffer, 5), OfferFigures());
}

TEST_F(OfferFiguresTest, RanksWhatThereIsMostOfAndTheOlderFirst) {
  std::vector<OfferViewCount> counts;
  for (std::uint32_t offer = 1; offer <= 9; ++offer) {
    // 5 3 1 5 3 1 5 3 1
    counts.push_back({.offer = offer,
                      .merchant = MerchantNumber{kShop},
                      .unions = {kWorks, kCity},
                      .views = 5 - (offer - 1) % 3 * 2});
  }
  counts.push_back(
      {.offer = 10, .merchant = MerchantNumber{kShop}, .unions = {kHarbour}, .views = 9});
  View(std::move(counts));
  EXPECT_THAT(Top(kCity, &OfferFigures::views, 2), ElementsAre(1, 4));
  EXPECT_THAT(Top(kCity, &OfferFigures::views, 5), ElementsAre(1, 4, 7, 2, 5));
  EXPECT_EQ(Top(kCity, &OfferFigures::views, 100).size(), 9U);
  EXPECT_THAT(Top(kHarbour, &OfferFigures::views, 100), ElementsAre(10));
  EXPECT_THAT(Top(kCity, &OfferFigures::orders, 100), ElementsAre());
}

}  // namespace
}  // namespace puhui::merchant
