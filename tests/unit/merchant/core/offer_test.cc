// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/offer.h"

#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <numeric>

namespace puhui::merchant {
namespace {

BillDiscount Percent(std::uint32_t rate, std::int64_t minimum = 0, std::int64_t most = 0) {
  return {.off_rate = BasisPoints::FromStored(rate), .off_points = most, .minimum_points = minimum};
}
std::int64_t PercentOff(std::uint32_t rate, std::int64_t bill) {
  return DiscountOf(OfferKind::kPercentageOff, Percent(rate), bill);
}

// What is paid is rounded down, so that the merchant keeps the promise to the last point.
TEST(OfferTest, OfAPercentageTheMemberPaysTheRestRoundedDown) {
  EXPECT_EQ(PercentOff(1'000, 1'000), 100);
  EXPECT_EQ(PercentOff(1'000, 1'001), 101);  // Pays 900.9, rounded down.
  EXPECT_EQ(PercentOff(1'000, 1'009), 101);  // 908.1.
  EXPECT_EQ(PercentOff(1, 1), 0);            // One point at least is paid,
  EXPECT_EQ(PercentOff(9'999, 2), 1);        // whatever goes off.
  EXPECT_EQ(PercentOff(9'999, Points::kMax), Points::kMax / 10'000 * 9'999);
}

TEST(OfferTest, TheMemberNeverPaysMoreThanThePromise) {
  SeededRandom random(7);
  for (int i = 0; i < 10'000; ++i) {
    const auto bill = static_cast<std::int64_t>(1 + random.Below(1'000'000));
    const auto rate = static_cast<std::uint32_t>(1 + random.Below(9'999));
    const std::int64_t paid = bill - PercentOff(rate, bill);
    EXPECT_GE(paid, 1);
    EXPECT_LE(paid, bill);
    // Off by less than a point, or a single point is left.
    const std::int64_t exact = bill * (10'000 - rate);
    EXPECT_TRUE(paid == 1 || (paid * 10'000 <= exact && exact - paid * 10'000 < 10'000))
        << bill << " at " << rate;
  }
}

TEST(OfferTest, ABillBelowTheMinimumDoesNotQualify) {
  const BillDiscount percent = Percent(1'000, 500);
  EXPECT_EQ(DiscountOf(OfferKind::kPercentageOff, percent, 499), 0);
  EXPECT_EQ(DiscountOf(OfferKind::kPercentageOff, percent, 500), 50);
  const BillDiscount amount{.off_points = 30, .minimum_points = 100};
  EXPECT_EQ(DiscountOf(OfferKind::kAmountOff, amount, 99), 0);
  EXPECT_EQ(DiscountOf(OfferKind::kAmountOff, amount, 100), 30);
  EXPECT_EQ(DiscountOf(OfferKind::kAmountOff, amount, Points::kMax), 30);
}

TEST(OfferTest, APercentageMayHaveAMost) {
  const BillDiscount capped = Percent(5'000, 0, 20);
  EXPECT_EQ(DiscountOf(OfferKind::kPercentageOff, capped, 30), 15);
  EXPECT_EQ(DiscountOf(OfferKind::kPercentageOff, capped, 1'000), 20);
}

TEST(OfferTest, WhatIsLeftIsSplitInProportion) {
  EXPECT_EQ(SplitInProportion({100, 200, 300}, 540), (std::vector<std::int64_t>{90, 180, 270}));
  EXPECT_EQ(SplitInProportion({1, 1, 1}, 2), (std::vector<std::int64_t>{0, 1, 1}));
  EXPECT_EQ(SplitInProportion({}, 0), std::vector<std::int64_t>());
  EXPECT_EQ(SplitInProportion({Points::kMax, Points::kMax}, Points::kMax),
            (std::vector<std::int64_t>{Points::kMax / 2, Points::kMax / 2}));
}

TEST(OfferTest, WhatIsLeftOfTheLinesIsAllOfItAndNeverMoreThanALine) {
  SeededRandom random(8);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<std::int64_t> lines;
    for (std::uint64_t i = 0; i < 1 + random.Below(64); ++i) {
      lines.push_back(static_cast<std::int64_t>(1 + random.Below(1'000)));
    }
    const std::int64_t bill = std::accumulate(lines.begin(), lines.end(), std::int64_t{0});
    const auto paid = static_cast<std::int64_t>(random.Below(static_cast<std::uint64_t>(bill) + 1));
    const std::vector<std::int64_t> left = SplitInProportion(lines, paid);
    ASSERT_EQ(left.size(), lines.size());
    EXPECT_EQ(std::accumulate(left.begin(), left.end(), std::int64_t{0}), paid);
    for (std::size_t i = 0; i < left.size(); ++i) {
      EXPECT_GE(left[i], 0);
      EXPECT_LE(left[i], lines[i]);
    }
  }
}

TEST(OfferTest, AWindowIsOpenFromItsFirstMomentUntilTheEndOfItsLastDay) {
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Asia/Shanghai", &zone));
  const DayWindow window =
      ResolveWindow(absl::CivilDay(2027, 1, 1), absl::CivilDay(2027, 1, 2), zone);
  const absl::Time start = absl::FromCivil(absl::CivilDay(2027, 1, 1), zone);
  EXPECT_FALSE(window.OpenAt(start - absl::Microseconds(1)));
  EXPECT_TRUE(window.OpenAt(start));
  EXPECT_TRUE(window.OpenAt(start + absl::Hours(48) - absl::Microseconds(1)));
  EXPECT_FALSE(window.OpenAt(start + absl::Hours(48)));
  EXPECT_EQ(window.time_zone, "Asia/Shanghai");
  EXPECT_TRUE(ResolveWindow(absl::nullopt, absl::CivilDay(2027, 1, 2), zone).OpenAt(start));
}

OfferContent Discount() {
  return {.kind = OfferKind::kAmountOff,
          .discount = {.off_points = 10, .minimum_points = 11},
          .window = {.last_day = absl::CivilDay(2027, 1, 1)}};
}
OfferContent Item() {
  return {.kind = OfferKind::kItem,
          .price = 5,
          .window = {.last_day = absl::CivilDay(2027, 1, 1)},
          .fulfilments = {FulfilmentKind::kPickUp}};
}

TEST(OfferTest, WhatContradictsItselfIsRefusedByItsField) {
  EXPECT_FALSE(RefuseContent(Discount()).has_value());
  EXPECT_FALSE(RefuseContent(Item()).has_value());
  struct Case {
    OfferContent from;
    void (*breaks)(OfferContent&);
    const char* field;
  };
  const Case cases[] = {
      {Item(), [](OfferContent& c) { c.window.first_day = c.window.last_day + 1; },
       "offer.last_day"},
      {Discount(), [](OfferContent& c) { c.discount.minimum_points = 10; },
       "offer.amount_off.minimum_points"},
      {Discount(), [](OfferContent& c) { c.fulfilments = {FulfilmentKind::kPickUp}; },
       "offer.fulfilments"},
      {Discount(), [](OfferContent& c) { c.transferable = true; }, "offer.transferable"},
      {Discount(), [](OfferContent& c) { c.voucher_days = 1; }, "offer.voucher_days"},
      {Item(), [](OfferContent& c) { c.fulfilments.clear(); }, "offer.fulfilments"},
      {Item(),
       [](OfferContent& c) {
         c.kind = OfferKind::kSeats;
         c.fulfilments = {FulfilmentKind::kDelivery};
       },
       "offer.fulfilments"},
      {Item(), [](OfferContent& c) { c.external_codes = true; }, "offer.external_codes"},
      {Discount(), [](OfferContent& c) { c.external_codes = true; }, "offer.external_codes"},
  };
  for (const Case& each : cases) {
    OfferContent content = each.from;
    each.breaks(content);
    const auto refusal = RefuseContent(content);
    ASSERT_TRUE(refusal.has_value()) << each.field;
    EXPECT_EQ(refusal->reason, ledger::Reason::kInvalidField);
    EXPECT_EQ(refusal->field, each.field);
  }
}

}  // namespace
}  // namespace puhui::merchant
