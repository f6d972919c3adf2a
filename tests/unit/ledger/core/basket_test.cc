// SPDX-License-Identifier: Apache-2.0
// What pays for a basket, against everything that there is to try.
#include "ledger/core/basket.h"

#include "ledger/base/limits.h"
#include "tests/support/seeded_random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger::basket_test {
namespace {

using ::testing::ElementsAre;
using ::testing::FieldsAre;

const absl::Time kNow = absl::FromUnixSeconds(1'735'689'600);
const absl::CivilDay kDay(2025, 1, 1);
constexpr std::uint32_t kGrocer = 5411;
constexpr std::uint32_t kBookshop = 5942;
constexpr std::uint32_t kChemist = 5912;

class CampaignTerms final : public TermsReader {
 public:
  const Terms& TermsOf(CampaignNumber campaign) override { return terms_[campaign]; }
  Terms& Of(std::uint32_t campaign) { return terms_[CampaignNumber{campaign}]; }

 private:
  std::map<CampaignNumber, Terms> terms_;
};

class BasketTest : public ::testing::Test {
 protected:
  // Expires after those that were added before; of a campaign, whose terms the test may change.
  void AddLot(std::int64_t points, std::uint32_t campaign, bool earmarked = false) {
    const LotNumber number{++wallet_.lots_ever};
    wallet_.lots.push_back({.number = earmarked ? Earmarked(number) : number,
                            .campaign = CampaignNumber{campaign},
                            .origin = UnionNumber{campaign},
                            .granted = points,
                            .remaining = points,
                            .expiry = kNow + absl::Hours(wallet_.lots_ever)});
  }
  static BasketLine Of(std::uint32_t category, std::int64_t points) {
    return {.category = category, .points = points};
  }
  Asked Asks() const { return {.line = {.now = kNow, .day = kDay}, .spent = spent_}; }
  BasketPayment Pay(const std::vector<BasketLine>& lines) {
    return PayBasket(wallet_, Asks(), lines, terms_);
  }
  static std::vector<std::int64_t> PointsOf(const BasketPayment& payment) {
    std::vector<std::int64_t> points;
    for (const LotSlice& slice : payment.slices) points.push_back(slice.points);
    return points;
  }
  // What a refusal says is available; -1: nothing was refused for that.
  static std::int64_t Refused(const absl::variant<BasketPayment, Refusal>& chosen) {
    const Refusal* refusal = absl::get_if<Refusal>(&chosen);
    if (refusal == nullptr || refusal->reason != Reason::kInsufficientPoints) return -1;
    return std::stoll(refusal->metadata.front().second);
  }

  Wallet wallet_;
  CampaignTerms terms_;
  std::vector<SpentToday> spent_;
};

TEST_F(BasketTest, ALotPaysOnlyTheLinesThatItsTermsAllow) {
  terms_.Of(1).categories = {kBookshop};
  AddLot(100, 1);
  AddLot(100, 2);
  const BasketPayment payment = Pay({Of(kGrocer, 30), Of(kBookshop, 50), Of(kGrocer, 20)});
  EXPECT_THAT(PointsOf(payment), ElementsAre(50, 50));
  EXPECT_THAT(payment.parts, ElementsAre(ElementsAre(FieldsAre(LotNumber{2}, 30)),
                                         ElementsAre(FieldsAre(LotNumber{1}, 50)),
                                         ElementsAre(FieldsAre(LotNumber{2}, 20))));
}

TEST_F(BasketTest, TheFirstLotLeavesALineToOneThatMayPayNothingElse) {
  // Alone, the first lot would pay the groceries, and nothing could pay the books.
  terms_.Of(2).categories = {kGrocer};
  AddLot(10, 1);
  AddLot(10, 2);
  const BasketPayment payment = Pay({Of(kGrocer, 10), Of(kBookshop, 10)});
  EXPECT_THAT(payment.parts, ElementsAre(ElementsAre(FieldsAre(LotNumber{2}, 10)),
                                         ElementsAre(FieldsAre(LotNumber{1}, 10))));
}

TEST_F(BasketTest, ACapIsLeftToTheLotsOfItsTermsThatAreNeeded) {
  // The earmarked lot comes first, but would use the cap up that the books need.
  terms_.Of(1).day_cap = Points::FromStored(100);
  terms_.Of(1).earmark.categories = {kGrocer};
  terms_.Of(2).categories = {kGrocer};
  AddLot(100, 1, /*earmarked=*/true);
  AddLot(100, 1);
  AddLot(100, 2);
  const BasketPayment payment = Pay({Of(kGrocer, 100), Of(kBookshop, 100)});
  EXPECT_THAT(PointsOf(payment), ElementsAre(100, 100));
  EXPECT_EQ(payment.slices.front().lot, LotNumber{2});
}

TEST_F(BasketTest, ACapCountsOverAllLinesAndWhatWasSpentBefore) {
  terms_.Of(1).day_cap = Points::FromStored(50);
  AddLot(100, 1);
  spent_ = {{CampaignNumber{1}, 20}};
  const std::vector<BasketLine> lines = {Of(kGrocer, 20), Of(kBookshop, 20)};
  EXPECT_EQ(Refused(ChooseForBasket(wallet_, {.asked = Asks(), .lines = lines}, terms_)), 30);
}

TEST_F(BasketTest, APartIsPaidWhereThatIsAcceptedButNotNothing) {
  AddLot(30, 1);
  const std::vector<BasketLine> lines = {Of(kGrocer, 20), Of(kBookshop, 20)};
  const auto chosen =
      ChooseForBasket(wallet_, {.asked = Asks(), .lines = lines, .accept_partial = true}, terms_);
  ASSERT_TRUE(absl::holds_alternative<BasketPayment>(chosen));
  EXPECT_THAT(PointsOf(absl::get<BasketPayment>(chosen)), ElementsAre(30));
  terms_.Of(1).categories = {kChemist};
  EXPECT_EQ(Refused(ChooseForBasket(
                wallet_, {.asked = Asks(), .lines = lines, .accept_partial = true}, terms_)),
            0);
}

TEST_F(BasketTest, MoreLotsThanAPurchaseTakesAreRefused) {
  for (std::size_t i = 0; i <= kLotsPerPurchaseMax; ++i) AddLot(1, 1);
  const std::vector<BasketLine> lines = {Of(kGrocer, kLotsPerPurchaseMax), Of(kBookshop, 1)};
  const auto chosen = ChooseForBasket(wallet_, {.asked = Asks(), .lines = lines}, terms_);
  const Refusal* refusal = absl::get_if<Refusal>(&chosen);
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->reason, Reason::kLotsPerPurchaseLimit);
}

TEST_F(BasketTest, ABasketOfOneLineIsPaidAsAPurchase) {
  SeededRandom random(7);
  for (int round = 0; round < 300; ++round) {
    wallet_ = {};
    for (std::uint32_t campaign = 1; campaign <= 3; ++campaign) {
      terms_.Of(campaign) = {};
      if (random.Below(2) == 0) terms_.Of(campaign).day_cap = Points::FromStored(5);
      if (random.Below(3) == 0) terms_.Of(campaign).categories = {kBookshop};
    }
    for (std::uint64_t i = random.Below(6); i > 0; --i) {
      AddLot(static_cast<std::int64_t>(1 + random.Below(9)),
             static_cast<std::uint32_t>(1 + random.Below(3)));
    }
    const auto points = static_cast<std::int64_t>(1 + random.Below(25));
    Asked asked = Asks();
    asked.line.category = kGrocer;
    const auto plain = ChooseLots(
        wallet_, {.amount = Points::FromStored(points), .asked = asked, .accept_partial = true},
        terms_);
    const BasketPayment basket = Pay({Of(kGrocer, points)});
    if (const auto* slices = absl::get_if<std::vector<LotSlice>>(&plain)) {
      ASSERT_EQ(slices->size(), basket.slices.size());
      for (std::size_t i = 0; i < slices->size(); ++i) {
        ASSERT_EQ((*slices)[i].lot, basket.slices[i].lot);
        ASSERT_EQ((*slices)[i].points, basket.slices[i].points);
      }
    } else {
      ASSERT_TRUE(basket.slices.empty());
    }
  }
}

// Tries every way to pay, for the one that pays most, and among those takes most from the first
// lot.
class EveryWay {
 public:
  EveryWay(const Wallet& wallet, std::vector<BasketLine> lines, CampaignTerms* terms)
      : wallet_(wallet), lines_(std::move(lines)), terms_(*terms), given_(wallet.lots.size()) {}

  // What each lot gives, in the order of the wallet, which is that of spending.
  std::vector<std::int64_t> Best() {
    Try(0, 0);
    return best_;
  }

 private:
  std::int64_t Sum(const std::vector<std::int64_t>& of) const {
    std::int64_t sum = 0;
    for (const std::int64_t points : of) sum += points;
    return sum;
  }
  std::int64_t CapLeft(CampaignNumber campaign) {
    const std::int64_t cap = terms_.TermsOf(campaign).day_cap.value();
    if (cap == 0) return Points::kMax;
    std::int64_t spent = 0;
    for (std::size_t i = 0; i < given_.size(); ++i) {
      if (wallet_.lots[i].campaign == campaign) spent += given_[i];
    }
    return cap - spent;
  }
  void Try(std::size_t lot, std::size_t line) {
    if (lot == given_.size()) {
      if (best_.empty() || std::pair(Sum(given_), given_) > std::pair(Sum(best_), best_)) {
        best_ = given_;
      }
      return;
    }
    if (line == lines_.size()) return Try(lot + 1, 0);
    const Lot& from = wallet_.lots[lot];
    Line asked{.now = kNow, .day = kDay, .category = lines_[line].category};
    std::int64_t most = 0;
    if (Judge(terms_.TermsOf(from.campaign), from, asked).points > 0) {
      most =
          std::min({from.available() - given_[lot], lines_[line].points, CapLeft(from.campaign)});
    }
    for (std::int64_t points = 0; points <= most; ++points) {
      given_[lot] += points;
      lines_[line].points -= points;
      Try(lot, line + 1);
      lines_[line].points += points;
      given_[lot] -= points;
    }
  }

  const Wallet& wallet_;
  std::vector<BasketLine> lines_;
  CampaignTerms& terms_;
  std::vector<std::int64_t> given_;
  std::vector<std::int64_t> best_;
};

TEST_F(BasketTest, NoOtherWayPaysMoreOrInABetterOrder) {
  SeededRandom random(20'250'101);
  constexpr std::uint32_t kCategories[] = {kGrocer, kBookshop, kChemist};
  const auto any_category = [&] { return kCategories[random.Below(3)]; };
  for (int round = 0; round < 1'500; ++round) {
    SCOPED_TRACE(round);
    wallet_ = {};
    for (std::uint32_t campaign = 1; campaign <= 3; ++campaign) {
      Terms& terms = terms_.Of(campaign) = {};
      if (random.Below(2) == 0) {
        terms.day_cap = Points::FromStored(static_cast<std::int64_t>(1 + random.Below(4)));
      }
      if (random.Below(2) == 0) terms.categories = {any_category(), any_category()};
      terms.earmark.categories = {any_category()};
      SortLists(&terms);
    }
    for (std::uint64_t i = 1 + random.Below(4); i > 0; --i) {
      AddLot(static_cast<std::int64_t>(1 + random.Below(3)),
             static_cast<std::uint32_t>(1 + random.Below(3)), random.Below(2) == 0);
    }
    std::vector<BasketLine> lines;
    for (std::uint64_t i = 1 + random.Below(3); i > 0; --i) {
      lines.push_back(Of(any_category(), static_cast<std::int64_t>(1 + random.Below(3))));
    }
    const std::vector<std::int64_t> best = EveryWay(wallet_, lines, &terms_).Best();
    const BasketPayment payment = Pay(lines);
    std::map<LotNumber, std::int64_t> given;
    for (const LotSlice& slice : payment.slices) given[slice.lot] = slice.points;
    for (std::size_t i = 0; i < best.size(); ++i) {
      ASSERT_EQ(given[wallet_.lots[i].number], best[i]) << "lot " << i;
    }
    // The parts are the slices again, and no line gets more than it asks for.
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::int64_t paid = 0;
      for (const LinePart& part : payment.parts[i]) {
        given[part.lot] -= part.points;
        paid += part.points;
      }
      ASSERT_LE(paid, lines[i].points);
    }
    for (const auto& [lot, left] : given) ASSERT_EQ(left, 0);
  }
}

}  // namespace
}  // namespace puhui::ledger::basket_test
