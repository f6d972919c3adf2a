// SPDX-License-Identifier: Apache-2.0
// Every purchase, refund and reversal is in exactly one business day, whoever cuts it and when.
#include "ledger/engine/record_day.h"
#include "tests/unit/merchant/app/statement_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;

using BusinessDaysTest = StatementTest;

TEST_F(BusinessDaysTest, TheFirstLineOfADayBeginsItAndNoOther) {
  TurnTo(2, 9);
  const auto first = Purchase(NextCall(), 100);
  ASSERT_OK(first);
  const journal::v1::BusinessDay& day = first->first().entry().opened_day();
  EXPECT_EQ(ledger::DayFromRecord(day.day()), Day(2));
  EXPECT_EQ(day.merchant(), 1U);
  EXPECT_EQ(day.time_zone(), "UTC");
  EXPECT_EQ(absl::FromUnixMicros(day.start_micros()), absl::FromCivil(Day(2), absl::UTCTimeZone()));
  EXPECT_EQ(absl::FromUnixMicros(day.end_micros()), absl::FromCivil(Day(3), absl::UTCTimeZone()));
  ASSERT_EQ(first->records().size(), 1U);
  const auto second = Purchase(NextCall(), 100);
  ASSERT_OK(second);
  EXPECT_FALSE(second->first().entry().has_opened_day());
}

TEST_F(BusinessDaysTest, AuthorisationsAndWhatIsDeclinedBeginNone) {
  TurnTo(2, 9);
  const Sequence held = Hold(100);
  EXPECT_FALSE(Find(2).has_value());
  ASSERT_OK(Purchase(NextCall(), 1'000'000));
  EXPECT_FALSE(Find(2).has_value());
  ASSERT_OK(Void(NextCall(), held));
  const TillCall call = NextCall();
  ASSERT_OK(Authorize(call, 100));
  const auto reversed = Reverse(NextCall(), {.batch_number = 1, .trace_number = call.trace_number});
  ASSERT_OK(reversed);
  EXPECT_TRUE(reversed->first().entry().has_reversal());
  EXPECT_FALSE(Find(2).has_value());
  EXPECT_EQ(Timers(), 0U);
}

TEST_F(BusinessDaysTest, ADayIsCutOnceWithWhatItCameTo) {
  TurnTo(2, 9);
  const Sequence bought = Buy(1'000);
  const Sequence another = Buy(200);
  ASSERT_OK(Refund(NextCall(), bought, 400));
  EXPECT_THAT(Cut(2), Refuses(Reason::kBusinessDayNotOver, "name"));
  TurnTo(3);
  const auto cut = Cut(2);
  ASSERT_OK(cut);
  ASSERT_EQ(cut->records().size(), 1U);
  const StatementRow row = Statement(2);
  EXPECT_EQ(row.state, StatementState::kCut);
  EXPECT_EQ(row.cut, cut->first().sequence());
  EXPECT_EQ(row.lines.first, bought);
  EXPECT_EQ(row.lines.purchases, 2U);
  EXPECT_EQ(row.lines.refunds, 1U);
  EXPECT_EQ(row.lines.figures,
            (DayFigures{.purchases = 1'200, .refunds = 400, .fees = 20}));  // 25 + 5 - 10.
  EXPECT_EQ(row.lines.payable_before, 0);
  EXPECT_EQ(row.lines.PayableAfter(), 780);
  EXPECT_EQ(Payable(), 780);
  EXPECT_THAT(LineSequences(2), ElementsAre(bought, another, another + 1));
  // Again, under another request: nothing happens, and no record says so.
  const auto again = Cut(2);
  ASSERT_OK(again);
  EXPECT_TRUE(again->empty());
  EXPECT_EQ(Statement(2).cut, row.cut);
}

TEST_F(BusinessDaysTest, ADayWithoutSalesHasNoStatement) {
  TurnTo(2, 9);
  Buy(100);
  TurnTo(5);
  EXPECT_THAT(Cut(3), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Cut(5), Refuses(Reason::kBusinessDayNotOver, "name"));
  EXPECT_THAT(Cut(9), Refuses(Reason::kBusinessDayNotOver, "name"));
}

// The cut comes late: what was sold after midnight is in the next day all the same.
TEST_F(BusinessDaysTest, APurchaseBeforeTheCutIsInTheDayOfItsTime) {
  TurnTo(2, 23);
  const Sequence last = Buy(100);
  TurnTo(3);
  const Sequence first = Buy(10);
  EXPECT_EQ(Statement(2).state, StatementState::kOpen);
  const Sequence second = Buy(20);
  ASSERT_OK(Cut(2));
  const Sequence third = Buy(30);
  EXPECT_THAT(LineSequences(2), ElementsAre(last));
  TurnTo(4);
  ASSERT_OK(Cut(3));
  EXPECT_THAT(LineSequences(3), ElementsAre(first, second, third));
  EXPECT_EQ(Statement(3).lines.payable_before, Statement(2).lines.PayableAfter());
  EXPECT_EQ(Statement(3).lines.PayableAfter(), Payable());
}

TEST_F(BusinessDaysTest, TheTimerCutsEveryDayThatIsOver) {
  const std::size_t others = Timers();
  TurnTo(2, 9);
  Buy(100);
  EXPECT_EQ(Timers(), others + 1);
  EXPECT_EQ(RunTimers(), 0U);
  TurnTo(3, 1);
  Buy(100);  // The timer has not come yet.
  TurnTo(4);
  EXPECT_EQ(RunTimers(), 2U);
  EXPECT_EQ(Statement(2).state, StatementState::kCut);
  EXPECT_EQ(Statement(3).state, StatementState::kCut);
  EXPECT_EQ(Timers(), others);
  EXPECT_EQ(RunTimers(), 0U);
  Buy(100);
  EXPECT_EQ(Timers(), others + 1);
}

TEST_F(BusinessDaysTest, LateRefundsAndReversalsBelongToTheirOwnDay) {
  TurnTo(2, 9);
  const Sequence refunded = Buy(1'000);
  const TillCall call = NextCall();
  ASSERT_OK(Purchase(call, 500));
  TurnTo(3, 9);
  const Sequence today = Buy(200);
  ASSERT_OK(Refund(NextCall(), refunded, 1'000));
  ASSERT_OK(Refund(NextCall(), today, 100));
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = call.trace_number}));
  TurnTo(4);
  ASSERT_OK(Cut(2));
  ASSERT_OK(Cut(3));
  EXPECT_EQ(Statement(2).lines.figures, (DayFigures{.purchases = 1'500, .fees = 37}));
  const DayLines lines = Statement(3).lines;
  EXPECT_EQ(lines.figures, (DayFigures{.purchases = 200,
                                       .refunds = 100,
                                       .earlier_refunds = 1'000,
                                       .reversals = 500,
                                       .fees = -35}));  // 5 - 3 - 25 - 12.
  EXPECT_EQ(lines.refunds, 2U);
  EXPECT_EQ(lines.reversals, 1U);
  EXPECT_EQ(lines.PayableAfter(), Payable());
}

TEST_F(BusinessDaysTest, FeesAndDiscountsAreToldApartAndGivenBackAlike) {
  ASSERT_OK(Agree(200, absl::nullopt, absl::nullopt, 100));
  TurnTo(2, 9);
  const Sequence bought = Buy(1'000);  // 30: 20 of fee, 10 of discount.
  EXPECT_EQ(Statement(2).lines.figures,
            (DayFigures{.purchases = 1'000, .fees = 20, .discounts = 10}));
  ASSERT_OK(Refund(NextCall(), bought, 1'000));
  EXPECT_EQ(Statement(2).lines.figures, (DayFigures{.purchases = 1'000, .refunds = 1'000}));
}

TEST_F(BusinessDaysTest, FiguresAreSplitByWhoseMoneyItWas) {
  AddLot(300, absl::Hours(24 * 5));  // Another union's, and spent first.
  TurnTo(2, 9);
  const Sequence bought = Buy(1'000);
  ASSERT_OK(Refund(NextCall(), bought, 800));
  TurnTo(3);
  ASSERT_OK(Cut(2));
  const auto parts = PartsOf(ledger_.store(), Key(2), Statement(2));
  ASSERT_OK(parts);
  ASSERT_EQ(parts->size(), 2U);
  const OriginPart own = parts->at(UnionNumber{1});
  const OriginPart other = parts->at(UnionNumber{2});
  EXPECT_EQ(own.figures.purchases, 700);
  EXPECT_EQ(own.figures.refunds, 700);
  EXPECT_EQ(other.figures.purchases, 300);
  EXPECT_EQ(other.figures.refunds, 100);
  DayFigures sum = own.figures;
  sum += other.figures;
  EXPECT_EQ(sum, Statement(2).lines.figures);
  EXPECT_EQ(other.figures.Payable(), Balance(ledger::AccountKind::kPayable, 2));
}

TEST_F(BusinessDaysTest, ACaptureBelongsToTheDayOnWhichItWasMade) {
  TurnTo(2, 9);
  const Sequence held = Hold(500);
  TurnTo(3, 9);
  const auto captured = Capture(NextCall(), held, 300);
  ASSERT_OK(captured);
  EXPECT_FALSE(Find(2).has_value());
  EXPECT_EQ(Statement(3).lines.figures, (DayFigures{.purchases = 300, .fees = 7}));
  ASSERT_OK(Refund(NextCall(), held, 100));  // Under the authorisation's number, of today.
  EXPECT_EQ(Statement(3).lines.figures.refunds, 100);
  EXPECT_EQ(Statement(3).lines.figures.earlier_refunds, 0);
}

TEST_F(BusinessDaysTest, TheDigestIsOverTheLinesInTheirOrder) {
  TurnTo(2, 9);
  const Sequence bought = Buy(1'000);
  ASSERT_OK(Refund(NextCall("t-2"), bought, 400));
  TurnTo(3);
  ASSERT_OK(Cut(2));
  const absl::Time nine = absl::FromCivil(Day(2), absl::UTCTimeZone()) + absl::Hours(9);
  const auto micros = [&](int after) { return absl::ToUnixMicros(nine) + after; };
  ledger::Sha256 sha256;
  const std::string zero(32, '\0');
  const ledger::Hash first =
      sha256.Digest(zero, absl::StrCat(bought, ",1,", micros(0), ",t-1,1,1,0,1000,25,0\n"));
  const ledger::Hash second = sha256.Digest(
      ledger::AsBytes(first),
      absl::StrCat(bought + 1, ",2,", micros(1), ",t-2,1,2,", bought, ",-400,-10,0\n"));
  EXPECT_EQ(Statement(2).lines.digest, second);
}

TEST_F(BusinessDaysTest, LinesAreFoundAgainAPageAtATime) {
  TurnTo(2, 9);
  std::vector<Sequence> bought;
  for (int i = 0; i < 100; ++i) {
    bought.push_back(Buy(1));
    Run([](ledger::Decision& decision) { testing::AddFunding(9, 1, decision); });
  }
  TurnTo(3);
  ASSERT_OK(Cut(2));
  std::vector<Sequence> found;
  while (true) {
    const auto page = Lines(2, found.empty() ? 0 : found.back(), 7);
    if (page.empty()) break;
    for (const StatementLine& line : page) found.push_back(line.sequence);
  }
  EXPECT_EQ(found, bought);
  const DayLines lines = Statement(2).lines;
  EXPECT_TRUE(*HasLine(ledger_.store(), kGrocerNumber, lines, bought[40]));
  EXPECT_FALSE(*HasLine(ledger_.store(), kGrocerNumber, lines, bought[40] + 1));
  EXPECT_FALSE(*HasLine(ledger_.store(), MerchantNumber{2}, lines, bought[40]));
  EXPECT_FALSE(*HasLine(ledger_.store(), kGrocerNumber, lines, 0));
}

// For good: a merchant is registered once, and nothing else asks for a zone.
TEST_F(BusinessDaysTest, MerchantsHaveZonesOfTheirOwn) {
  RegisterMerchantCommand registered(&tables_, {.id = *MerchantId::Parse("m-3", "id"),
                                                .display_name = "Kiosk",
                                                .category = kGrocer,
                                                .time_zone = "Asia/Shanghai"});
  ASSERT_OK(ledger_.Run(registered));
  CreateStoreCommand store(
      &tables_, {.merchant = *MerchantId::Parse("m-3", "id"), .id = *StoreId::Parse("s-1", "id")});
  ASSERT_OK(ledger_.Run(store));
  ASSERT_OK(Enroll("m-3", "t-1"));
  TurnTo(2, 17);
  TillCall call = NextCall();
  call.merchant_id = "m-3";
  const auto bought = Purchase(call, 100);
  ASSERT_OK(bought);
  EXPECT_EQ(ledger::DayFromRecord(bought->first().entry().opened_day().day()), Day(3));
  EXPECT_EQ(bought->first().entry().opened_day().time_zone(), "Asia/Shanghai");
  RegisterMerchantCommand elsewhere(&tables_, {.id = *MerchantId::Parse("m-3", "id"),
                                               .display_name = "Kiosk",
                                               .category = kGrocer,
                                               .time_zone = "UTC"});
  EXPECT_THAT(ledger_.Run(elsewhere), Refuses(ledger::Reason::kAlreadyExists, "merchant_id"));
  TurnTo(3, 17);
  call = NextCall();
  call.merchant_id = "m-3";
  const auto later = Purchase(call, 100);
  ASSERT_OK(later);
  EXPECT_EQ(ledger::DayFromRecord(later->first().entry().opened_day().day()), Day(4));
  EXPECT_EQ(later->first().entry().opened_day().time_zone(), "Asia/Shanghai");
}

// As releases without business days wrote it.
class UndatedTest : public StatementTest {
 protected:
  Sequence BuyAsBefore(std::int64_t points) {
    PurchaseCommand purchase(
        State(), NextCall(),
        {.card = kCard, .points = Points::FromStored(points), .authorization_code = "A1B2C3"});
    testing::ScriptCommand script(
        [&](const ledger::DecideContext& context, ledger::Decision& decision) {
          const auto refusal = static_cast<ledger::Command&>(purchase).Decide(context, decision);
          decision.records().front()->mutable_entry()->clear_opened_day();
          return refusal;
        });
    return ledger_.Run(script)->first().sequence();
  }
};

TEST_F(UndatedTest, WhatWasSoldBeforeThereWereDaysBelongsToTheFirst) {
  TurnTo(2, 9);
  const Sequence old = BuyAsBefore(1'000);
  TurnTo(4, 9);
  const Sequence older = BuyAsBefore(10);
  TurnTo(7, 9);
  const Sequence bought = Buy(100);
  TurnTo(8);
  EXPECT_EQ(RunTimers(), 1U);
  EXPECT_THAT(LineSequences(7), ElementsAre(old, older, bought));
  EXPECT_EQ(Statement(7).lines.figures.purchases, 1'110);
  EXPECT_EQ(Statement(7).lines.payable_before, 0);
  const auto parts = PartsOf(ledger_.store(), Key(7), Statement(7));
  ASSERT_OK(parts);
  EXPECT_EQ(parts->at(UnionNumber{1}).figures, Statement(7).lines.figures);
  Buy(100);
  TurnTo(9);
  ASSERT_OK(Cut(8));
  const auto later = PartsOf(ledger_.store(), Key(8), Statement(8));
  ASSERT_OK(later);
  EXPECT_EQ(later->at(UnionNumber{1}).figures, Statement(8).lines.figures);
}

TEST_F(UndatedTest, AMerchantThatSellsNothingMoreIsCutAllTheSame) {
  TurnTo(2, 9);
  const Sequence old = BuyAsBefore(1'000);
  EXPECT_EQ(RunTimers(), 0U);  // Of the second, which is not over.
  TurnTo(3);
  EXPECT_EQ(RunTimers(), 1U);
  EXPECT_THAT(LineSequences(2), ElementsAre(old));
  EXPECT_EQ(Timers(), 0U);
  EXPECT_EQ(RunTimers(), 0U);
  TurnTo(4);
  Buy(10);
  EXPECT_EQ(Statement(4).lines.payable_before, 975);
}

TEST_F(BusinessDaysTest, AFoldAnewGivesTheSameStatements) {
  TurnTo(2, 9);
  const Sequence bought = Buy(1'000);
  TurnTo(3, 9);
  Buy(50);
  ASSERT_OK(Refund(NextCall(), bought, 300));
  ASSERT_OK(Cut(2));
  testing::LedgerFixture again;
  Tables tables(&again.set());
  MerchantApplier applier(&tables, &again.views());
  again.Attach(&applier);
  ASSERT_OK(again.RecoverFrom(ledger_));
  for (const int day : {2, 3}) {
    const auto row = FindStatement(again.store(), Key(day));
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    EXPECT_EQ((*row)->lines, Statement(day).lines);
    EXPECT_EQ((*row)->state, Statement(day).state);
  }
}

}  // namespace
}  // namespace puhui::merchant
