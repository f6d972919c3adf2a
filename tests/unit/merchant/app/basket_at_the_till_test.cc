// SPDX-License-Identifier: Apache-2.0
// Baskets and partial approvals at the till, and what is given back of them line by line.
#include "ledger/base/limits.h"
#include "merchant/app/merchant_life_commands.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/terms_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::AccountKind;
using ledger::BasketLine;
using ledger::Reason;
using ledger::Terms;

class BasketTest : public TermsTest {
 protected:
  static BasketLine Of(std::uint32_t category, std::int64_t points) {
    return {.category = category, .points = points};
  }
  absl::StatusOr<ledger::Outcome> BuyLines(std::vector<BasketLine> lines, bool partial = false,
                                           std::string terminal = "t-1") {
    std::int64_t points = 0;
    for (const BasketLine& line : lines) points += line.points;
    PurchaseCommand command(State(), NextCall(std::move(terminal)),
                            {.card = kCard,
                             .points = Points::FromStored(points),
                             .authorization_code = "A1B2C3",
                             .accept_partial = partial,
                             .lines = std::move(lines)});
    return Submit(command);
  }
  absl::StatusOr<ledger::Outcome> RefundLines(Sequence purchase, std::vector<LineRefund> lines) {
    std::int64_t points = 0;
    for (const LineRefund& line : lines) points += line.points;
    RefundCommand command(State(), NextCall(), purchase, Points::FromStored(points),
                          std::move(lines));
    return Submit(command);
  }
  Terms Books() const {
    Terms terms = Open();
    terms.categories = {kBookshop};
    return terms;
  }
};

TEST_F(BasketTest, EachLineIsPaidByLotsThatMayAndTheRecordSaysByWhich) {
  AddGrant(100, Books());
  AddGrant(100, Open());
  ASSERT_OK_AND_ASSIGN(const auto outcome, BuyLines({Of(0, 60), Of(kBookshop, 70)}));
  const journal::v1::Purchase& purchase = outcome.first().entry().purchase();
  ASSERT_EQ(purchase.lines_size(), 2);
  EXPECT_EQ(purchase.points(), 130);
  EXPECT_EQ(purchase.asked_points(), 0);
  EXPECT_EQ(purchase.lines(0).category(), kGrocer);
  ASSERT_EQ(purchase.lines(0).parts_size(), 1);
  EXPECT_EQ(purchase.lines(0).parts(0).lot(), 2U);
  ASSERT_EQ(purchase.lines(1).parts_size(), 1);
  EXPECT_EQ(purchase.lines(1).parts(0).lot(), 1U);
  EXPECT_EQ(Remaining(LotNumber{1}), 30);
  EXPECT_EQ(Remaining(LotNumber{2}), 40);
}

TEST_F(BasketTest, ALineIsSoldInTheRegionItNames) {
  Terms wuhan = Open();
  wuhan.regions = {kWuhanDistrict};
  AddGrant(100, wuhan);
  EXPECT_THAT(BuyLines({Of(0, 10)}), Declines(Reason::kInsufficientPoints));
  ASSERT_OK_AND_ASSIGN(const auto there, BuyLines({Of(0, 10)}, false, "t-3"));
  EXPECT_TRUE(there.first().has_entry());
  ASSERT_OK_AND_ASSIGN(const auto named, BuyLines({{.region = kWuhanDistrict, .points = 10}}));
  EXPECT_TRUE(named.first().has_entry());
}

TEST_F(BasketTest, ATillNamesGoodsOfOthersOnlyWhereItMay) {
  tables_.merchants.Edit(MerchantNumber{1}).goods_named = false;
  AddGrant(100, Books());
  AddGrant(100, Open());
  const auto refused_at = [this](std::vector<BasketLine> lines, const std::string& terminal) {
    const auto outcome = BuyLines(std::move(lines), false, terminal);
    EXPECT_THAT(outcome, Declines(Reason::kLineNotAllowed));
    return outcome->first().declined().line();
  };
  const BasketLine there{.region = kWuhanDistrict, .points = 10};
  EXPECT_EQ(refused_at({Of(0, 10), Of(kBookshop, 10), Of(kBookshop, 10)}, "t-1"), 2U);
  EXPECT_EQ(refused_at({there}, "t-1"), 1U);  // The region of its store is not known.
  EXPECT_EQ(refused_at({Of(kGrocer, 10), {.region = kWuhanDistrict + 1, .points = 10}}, "t-3"), 2U);
  EXPECT_EQ(Available(), 200);
  // What is its own it may say or leave.
  const auto pays = [this](std::vector<BasketLine> lines, const std::string& terminal) {
    return BuyLines(std::move(lines), false, terminal)->first().has_entry();
  };
  EXPECT_TRUE(pays({Of(0, 10), Of(kGrocer, 10)}, "t-1"));
  EXPECT_TRUE(pays({there, Of(kGrocer, 10)}, "t-3"));
  EXPECT_EQ(Remaining(LotNumber{1}), 100);  // Books it does not sell.
}

TEST_F(BasketTest, AnAgreementSaysWhetherGoodsAreNamedWhileItIsInForce) {
  AddGrant(100, Open());
  const auto agree = [this](bool named, absl::Duration in, absl::Duration until) {
    const absl::Time now = ledger_.clock().Now();
    SetAgreementCommand command(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                           .start = now + in,
                                           .agreement = {.end = now + until, .goods_named = named},
                                           .person = "people/wang-1"});
    ASSERT_OK(ledger_.Run(command));
  };
  const auto names = [this] { return BuyLines({Of(kBookshop, 1)})->first().has_entry(); };
  agree(false, absl::Hours(1), absl::Hours(2));
  agree(true, absl::Hours(3), absl::Hours(4));
  EXPECT_TRUE(names());  // As registered.
  ledger_.clock().Advance(absl::Hours(1) + absl::Minutes(30));
  EXPECT_FALSE(names());
  tables_.merchants.Edit(MerchantNumber{1}).goods_named = false;
  ledger_.clock().Advance(absl::Hours(1));
  EXPECT_FALSE(names());
  ledger_.clock().Advance(absl::Hours(1));
  EXPECT_TRUE(names());
}

TEST_F(BasketTest, WhatWasReservedIsCapturedWhateverBecameOfTheRight) {
  AddGrant(100, Books());
  AuthorizeCommand hold(State(), NextCall(),
                        {.card = kCard,
                         .points = Points::FromStored(10),
                         .authorization_code = "A1B2C3",
                         .lines = {Of(kBookshop, 10)}},
                        absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const auto held, Submit(hold));
  tables_.merchants.Edit(MerchantNumber{1}).goods_named = false;
  ASSERT_OK_AND_ASSIGN(const auto captured, Capture(NextCall(), held.first().sequence(), 10));
  EXPECT_TRUE(captured.first().has_entry());
  ASSERT_OK_AND_ASSIGN(const auto back,
                       RefundLines(held.first().sequence(), {{.line = 0, .points = 4}}));
  EXPECT_TRUE(back.first().has_entry());
}

TEST_F(BasketTest, WhatCannotBePaidNamesWhatIsAvailableForThisBasket) {
  AddGrant(100, Books());
  ASSERT_OK_AND_ASSIGN(const auto outcome, BuyLines({Of(0, 60), Of(kBookshop, 70)}));
  ASSERT_TRUE(outcome.first().has_declined());
  EXPECT_EQ(outcome.first().declined().available(), 70);
}

TEST_F(BasketTest, APartIsApprovedWhenTheTillSaysSo) {
  AddGrant(100, Books());
  ASSERT_OK_AND_ASSIGN(const auto outcome, BuyLines({Of(0, 60), Of(kBookshop, 70)}, true));
  const journal::v1::Purchase& purchase = outcome.first().entry().purchase();
  EXPECT_EQ(purchase.points(), 70);
  EXPECT_EQ(purchase.asked_points(), 130);
  EXPECT_EQ(purchase.lines(0).parts_size(), 0);
  const PurchaseRow row = Row(outcome.first().sequence());
  EXPECT_EQ(row.points, 70);
  EXPECT_EQ(row.asked, 130);
  EXPECT_EQ(row.fee, 1);  // 2.5 % of 70.
}

TEST_F(BasketTest, APlainPurchaseAndAnAuthorisationAreApprovedInPartToo) {
  AddGrant(100, Open());
  AuthorizeCommand hold(State(), NextCall(),
                        {.card = kCard,
                         .points = Points::FromStored(130),
                         .authorization_code = "A1B2C3",
                         .accept_partial = true},
                        absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const auto held, Submit(hold));
  EXPECT_EQ(held.first().entry().authorization().points(), 100);
  EXPECT_EQ(held.first().entry().authorization().asked_points(), 130);
  EXPECT_EQ(HoldRow(held.first().sequence()).asked, 130);
  EXPECT_THAT(Capture(NextCall(), held.first().sequence(), 101),
              Declines(Reason::kCaptureAboveAuthorization));
  EXPECT_OK(Capture(NextCall(), held.first().sequence(), 60));
  PurchaseCommand rest(State(), NextCall(),
                       {.card = kCard,
                        .points = Points::FromStored(50),
                        .authorization_code = "A1B2C3",
                        .accept_partial = true});
  ASSERT_OK_AND_ASSIGN(const auto bought, Submit(rest));
  EXPECT_EQ(bought.first().entry().purchase().points(), 40);
  EXPECT_EQ(bought.first().entry().purchase().asked_points(), 50);
  // Nothing is not a part.
  PurchaseCommand more(State(), NextCall(),
                       {.card = kCard,
                        .points = Points::FromStored(1),
                        .authorization_code = "A1B2C3",
                        .accept_partial = true});
  EXPECT_THAT(Submit(more), Declines(Reason::kInsufficientPoints));
}

TEST_F(BasketTest, ARefundOfALineGoesBackToTheLotsThatPaidForIt) {
  AddGrant(50, Books());
  AddGrant(100, Open());
  ASSERT_OK_AND_ASSIGN(const auto bought, BuyLines({Of(kBookshop, 70), Of(0, 60)}));
  const Sequence purchase = bought.first().sequence();
  // The books were paid by lot 1, then by 2.
  ASSERT_OK_AND_ASSIGN(const auto back, RefundLines(purchase, {{.line = 0, .points = 30}}));
  ASSERT_EQ(back.first().entry().refund().lines_size(), 1);
  EXPECT_EQ(Remaining(LotNumber{1}), 10);
  EXPECT_EQ(Remaining(LotNumber{2}), 40);
  const PurchaseRow row = Row(purchase);
  EXPECT_EQ(row.lines[0].refunded, 30);
  EXPECT_EQ(row.fee, 2);  // 2.5 % of 100.
  EXPECT_EQ(row.state, PurchaseState::kPartlyRefunded);
}

TEST_F(BasketTest, ARefundThatNamesNoLineBeginsWithTheLast) {
  AddGrant(200, Open());
  ASSERT_OK_AND_ASSIGN(const auto bought, BuyLines({Of(0, 70), Of(kBookshop, 60)}));
  const Sequence purchase = bought.first().sequence();
  ASSERT_OK(Refund(NextCall(), purchase, 65));
  EXPECT_EQ(Row(purchase).lines[1].refunded, 60);
  EXPECT_EQ(Row(purchase).lines[0].refunded, 5);
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = 1}));
  EXPECT_EQ(Row(purchase).state, PurchaseState::kReversed);
  EXPECT_EQ(Row(purchase).lines[0].refunded, 70);
  EXPECT_EQ(Row(purchase).fee, 0);
  EXPECT_EQ(Available(), 200);
}

TEST_F(BasketTest, MoreThanALineHasLeftIsRefusedAndNamesTheLine) {
  AddGrant(200, Open());
  ASSERT_OK_AND_ASSIGN(const auto bought, BuyLines({Of(0, 70), Of(kBookshop, 60)}));
  const Sequence purchase = bought.first().sequence();
  ASSERT_OK_AND_ASSIGN(const auto above, RefundLines(purchase, {{.line = 0, .points = 1},
                                                                {.line = 1, .points = 61}}));
  ASSERT_TRUE(above.first().has_declined());
  EXPECT_EQ(above.first().declined().line(), 2U);
  EXPECT_EQ(above.first().declined().available(), 60);
  EXPECT_THAT(RefundLines(purchase, {{.line = 2, .points = 1}}),
              Declines(Reason::kRefundAbovePurchase));
  EXPECT_EQ(Row(purchase).refunded, 0);
}

TEST_F(BasketTest, AfterTheWindowNothingIsRefunded) {
  AddGrant(100, Open());
  const Sequence purchase = Buy(10);
  const absl::Time bought = Row(purchase).time;
  ledger_.clock().Advance(bought + absl::Hours(24 * 365) - ledger_.clock().Now() -
                          absl::Seconds(1));
  ASSERT_OK_AND_ASSIGN(const auto in_time, Refund(NextCall(), purchase, 4));
  EXPECT_TRUE(in_time.first().has_entry());
  ledger_.clock().Advance(absl::Seconds(2));
  EXPECT_THAT(Refund(NextCall(), purchase, 4), Declines(Reason::kRefundWindowClosed));
  EXPECT_THAT(Refund(NextCall(), purchase, 7), Declines(Reason::kRefundAbovePurchase));
  // Nor given back in another way: the reversal finds it, and leaves it.
  const PurchaseRow row = Row(purchase);
  ASSERT_OK_AND_ASSIGN(const auto late, Reverse(NextCall(), {.batch_number = row.batch_number,
                                                             .trace_number = row.trace_number}));
  EXPECT_EQ(late.first().tombstone().purchase(), purchase);
  EXPECT_EQ(Row(purchase).refunded, 4);
}

TEST_F(BasketTest, LotsOfTooManyUnionsAreRefused) {
  for (std::size_t i = 0; i <= 64 / 3; ++i) AddGrant(1, Open());
  EXPECT_THAT(BuyLines({Of(0, 1), Of(kBookshop, 21)}), Declines(Reason::kLotsPerPurchaseLimit));
  ASSERT_OK_AND_ASSIGN(const auto fits, BuyLines({Of(0, 1), Of(kBookshop, 20)}));
  EXPECT_TRUE(fits.first().has_entry());
}

TEST_F(BasketTest, TheCapOfADayCountsOverLinesAndComesBackWithThem) {
  Terms capped = Open();
  capped.day_cap = Points::FromStored(50);
  AddGrant(200, capped);
  EXPECT_THAT(BuyLines({Of(0, 30), Of(kBookshop, 30)}), Declines(Reason::kInsufficientPoints));
  ASSERT_OK_AND_ASSIGN(const auto bought, BuyLines({Of(0, 30), Of(kBookshop, 20)}));
  EXPECT_EQ(AvailableHere(), 0);
  ASSERT_OK(RefundLines(bought.first().sequence(), {{.line = 0, .points = 12}}));
  EXPECT_EQ(AvailableHere(), 12);
}

// Whatever is given back in whatever order: the postings are those of what is kept, the lots hold
// what they held, and in the end nothing is missing.
TEST_F(BasketTest, AnyRefundsLeaveExactlyTheFeeOnWhatIsKept) {
  SeededRandom random(42);
  for (int i = 0; i < 6; ++i) AddGrant(37, i % 2 == 0 ? Books() : Open());
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE(round);
    ASSERT_OK_AND_ASSIGN(const auto bought,
                         BuyLines({Of(0, static_cast<std::int64_t>(1 + random.Below(50))),
                                   Of(kBookshop, static_cast<std::int64_t>(1 + random.Below(90))),
                                   Of(0, static_cast<std::int64_t>(1 + random.Below(50)))},
                                  true));
    ASSERT_TRUE(bought.first().has_entry());
    const Sequence purchase = bought.first().sequence();
    while (Row(purchase).refunded < Row(purchase).points) {
      const PurchaseRow row = Row(purchase);
      const std::size_t line = random.Below(row.lines.size());
      const std::int64_t left = row.lines[line].Paid() - row.lines[line].refunded;
      if (left == 0) continue;
      const auto points =
          static_cast<std::int64_t>(1 + random.Below(static_cast<std::uint64_t>(left)));
      ASSERT_OK_AND_ASSIGN(const auto back,
                           RefundLines(purchase, {{.line = line, .points = points}}));
      ASSERT_TRUE(back.first().has_entry());
      const std::int64_t kept = row.points - row.refunded - points;
      ASSERT_EQ(Row(purchase).fee, kept * 250 / 10'000);
    }
    ASSERT_EQ(Available(), 6 * 37);
  }
  for (std::uint32_t origin = 1; origin <= 6; ++origin) {
    EXPECT_EQ(Balance(AccountKind::kFee, origin), 0);
    EXPECT_EQ(Balance(AccountKind::kPayable, origin), 0);
  }
}

}  // namespace
}  // namespace puhui::merchant
