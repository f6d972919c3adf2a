// SPDX-License-Identifier: Apache-2.0
// Business days where something else happens at their edges: repeated calls, cuts that race, clocks
// and zones that change, bills, a restart.
#include "ledger/engine/record_day.h"
#include "merchant/app/business_days.h"
#include "tests/unit/merchant/app/bill_fixture.h"
#include "tests/unit/merchant/app/statement_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;

absl::Time At(absl::string_view moment) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, moment, &time, &error)) << error;
  return time;
}

class BusinessDayEdgesTest : public StatementTest {
 protected:
  // What the configuration says of merchants that name no zone.
  TillState StateIn(absl::string_view zone) {
    TillState state = State();
    EXPECT_TRUE(absl::LoadTimeZone(zone, &state.merchant_zone)) << zone;
    return state;
  }
  Sequence BuyAt(absl::string_view moment, absl::string_view zone) {
    ledger_.clock().Set(At(moment));
    PurchaseCommand command(
        StateIn(zone), NextCall(),
        {.card = kCard, .points = Points::FromStored(10), .authorization_code = "A1B2C3"});
    const auto outcome = Submit(command);
    EXPECT_OK(outcome);
    EXPECT_TRUE(outcome->first().entry().has_purchase());
    return outcome->first().sequence();
  }
  StatementRow StatementOf(int month, int day) {
    const auto row =
        FindStatement(ledger_.store(), {kGrocerNumber, absl::CivilDay(2025, month, day)});
    PUHUI_CHECK_OK(row.status());
    PUHUI_CHECK(row->has_value());
    return **row;
  }
};

TEST_F(BusinessDayEdgesTest, ALateRepeatStaysInTheDayOfTheFirst) {
  TurnTo(2, 23);
  const TillCall call = NextCall();
  const auto first = Purchase(call, 100, /*request=*/7);
  ASSERT_OK(first);
  TurnTo(3, 1);
  const auto again = Purchase(call, 100, /*request=*/7);
  ASSERT_OK(again);
  EXPECT_EQ(again->first().sequence(), first->first().sequence());
  EXPECT_THAT(Purchase(call, 100), Declines(Reason::kTraceNumberUsed));
  EXPECT_FALSE(Find(3).has_value());
  ASSERT_OK(Cut(2));
  EXPECT_THAT(LineSequences(2), ElementsAre(first->first().sequence()));
  EXPECT_EQ(Payable(), 98);
}

// Two people and the timer, before any of it is durable.
TEST_F(BusinessDayEdgesTest, OfCutsThatRaceOneIsARecord) {
  TurnTo(2, 9);
  Buy(100);
  TurnTo(3);
  ledger_.Hold();
  const auto first = Cut(2);
  ASSERT_OK(first);
  EXPECT_EQ(first->records().size(), 1U);
  const auto second = Cut(2);
  ASSERT_OK(second);
  EXPECT_TRUE(second->empty());
  EXPECT_EQ(RunTimers(), 0U);
  ledger_.Release();
  EXPECT_EQ(Statement(2).cut, first->first().sequence());
  EXPECT_EQ(Timers(), 0U);
}

TEST_F(BusinessDayEdgesTest, TheEndOfADayIsOneCommandHoweverMuchWasSold) {
  TurnTo(2, 9);
  for (int i = 0; i < 500; ++i) Buy(1);
  TurnTo(3);
  MerchantChores chores(State());
  const auto chore = chores.Begin(CutTimer(kGrocerNumber, Statement(2).day), ledger_.store());
  ASSERT_OK(chore);
  const auto command = (*chore)->Next(ledger_.store());
  ASSERT_OK(command);
  const auto cut = ledger_.Run(**command);
  ASSERT_OK(cut);
  EXPECT_EQ(cut->records().size(), 1U);
  EXPECT_LT(cut->first().ByteSizeLong(), 200U);
  EXPECT_EQ(*(*chore)->Next(ledger_.store()), nullptr);
}

TEST_F(BusinessDayEdgesTest, AClockThatGoesBackReachesNoDayThatIsOver) {
  TurnTo(2, 9);
  const Sequence old = Buy(100);
  TurnTo(3, 1);
  ASSERT_OK(Cut(2));
  const Sequence first = Buy(10);
  TurnTo(2, 12);
  const Sequence second = Buy(20);
  EXPECT_THAT(Cut(3), Refuses(Reason::kBusinessDayNotOver, "name"));
  TurnTo(4);
  ASSERT_OK(Cut(3));
  TurnTo(3, 5);  // Before anything else was sold.
  const Sequence third = Buy(30);
  EXPECT_THAT(LineSequences(2), ElementsAre(old));
  EXPECT_THAT(LineSequences(3), ElementsAre(first, second));
  EXPECT_EQ(Statement(4).lines.first, third);
}

// In Havana it is one o'clock after midnight in March, and midnight twice in November.
TEST_F(BusinessDayEdgesTest, ClocksThatChangeAtTheCutLoseNoPurchase) {
  AddLot(1'000, absl::Hours(24 * 360));
  const std::string havana = "America/Havana";
  BuyAt("2025-03-09T04:59:59.999999Z", havana);
  const Sequence short_day = BuyAt("2025-03-09T05:00:00Z", havana);
  BuyAt("2025-03-10T03:59:59.999999Z", havana);
  BuyAt("2025-03-10T04:00:00Z", havana);
  const Sequence long_day = BuyAt("2025-11-02T04:00:00Z", havana);
  BuyAt("2025-11-02T05:00:00Z", havana);
  BuyAt("2025-11-03T04:59:59.999999Z", havana);
  BuyAt("2025-11-03T05:00:00Z", havana);
  EXPECT_EQ(StatementOf(3, 8).lines.purchases, 1U);
  const StatementRow spring = StatementOf(3, 9);
  EXPECT_EQ(spring.lines.first, short_day);
  EXPECT_EQ(spring.lines.purchases, 2U);
  EXPECT_EQ(spring.day.end - spring.day.start, absl::Hours(23));
  EXPECT_EQ(StatementOf(3, 10).lines.purchases, 1U);
  const StatementRow autumn = StatementOf(11, 2);
  EXPECT_EQ(autumn.lines.first, long_day);
  EXPECT_EQ(autumn.lines.purchases, 3U);
  EXPECT_EQ(autumn.day.end - autumn.day.start, absl::Hours(25));
  EXPECT_EQ(StatementOf(11, 3).lines.purchases, 1U);
}

TEST_F(BusinessDayEdgesTest, AZoneThatChangesBetweenTwoDaysLeavesNoGap) {
  BuyAt("2025-01-02T09:00:00Z", "UTC");
  BuyAt("2025-01-02T20:00:00Z", "Asia/Shanghai");  // The day has its end.
  BuyAt("2025-01-03T00:00:00Z", "Asia/Shanghai");
  BuyAt("2025-01-03T16:00:00Z", "Asia/Shanghai");
  BuyAt("2025-01-04T16:00:00Z", "America/New_York");  // Where it is still the fourth.
  const BusinessDay second = StatementOf(1, 2).day;
  const BusinessDay third = StatementOf(1, 3).day;
  const BusinessDay fourth = StatementOf(1, 4).day;
  const BusinessDay fifth = StatementOf(1, 5).day;
  EXPECT_EQ(StatementOf(1, 2).lines.purchases, 2U);
  EXPECT_EQ(second.end, At("2025-01-03T00:00:00Z"));
  EXPECT_EQ(third.start, second.end);
  EXPECT_EQ(third.end, At("2025-01-03T16:00:00Z"));
  EXPECT_EQ(fourth.start, third.end);
  EXPECT_EQ(fifth.start, fourth.end);
  EXPECT_EQ(fifth.end, At("2025-01-06T05:00:00Z"));
  EXPECT_EQ(fifth.time_zone, "America/New_York");
}

TEST_F(BusinessDayEdgesTest, ADayThatEndedBeforeARestartIsCutAfterIt) {
  TurnTo(2, 9);
  const Sequence bought = Buy(100);
  TurnTo(3, 1);
  testing::LedgerFixture alive;
  Tables tables(&alive.set());
  MerchantApplier applier(&tables, &alive.views());
  alive.Attach(&applier);
  ASSERT_OK(alive.RecoverFrom(ledger_));
  EXPECT_EQ(RunTimersOf(alive, {.tables = &tables, .views = &alive.views()}), 1U);
  const auto row = FindStatement(alive.store(), Key(2));
  ASSERT_OK(row);
  ASSERT_TRUE(row->has_value());
  EXPECT_EQ((*row)->state, StatementState::kCut);
  EXPECT_EQ((*row)->lines.first, bought);
}

class BillDayTest : public BillTest {
 protected:
  static constexpr MerchantNumber kGrocerNumber{1};
  DayFigures FiguresOf(int day) {
    const auto row = FindStatement(ledger_.store(), {kGrocerNumber, absl::CivilDay(2025, 1, day)});
    PUHUI_CHECK_OK(row.status());
    return row->has_value() ? (*row)->lines.figures : DayFigures();
  }
};

TEST_F(BillDayTest, ABillBelongsToTheDayOnWhichTheMemberPaid) {
  AddGrant(1'000, Open());
  const absl::Time midnight = absl::FromCivil(absl::CivilDay(2025, 1, 3), absl::UTCTimeZone());
  ledger_.clock().Set(midnight - absl::Minutes(5));
  const ShownBill bill = Present(100, absl::Hours(1));
  ledger_.clock().Set(midnight);
  const auto paid = Pay(bill, kMember, /*request=*/7);
  ASSERT_OK(paid);
  ASSERT_TRUE(paid->first().entry().has_opened_day());
  EXPECT_EQ(ledger::DayFromRecord(paid->first().entry().opened_day().day()),
            absl::CivilDay(2025, 1, 3));
  ledger_.clock().Set(midnight + absl::Hours(24));
  const auto again = Pay(bill, kMember, /*request=*/7);
  ASSERT_OK(again);
  EXPECT_EQ(again->first().sequence(), paid->first().sequence());
  EXPECT_EQ(FiguresOf(2), DayFigures());
  EXPECT_EQ(FiguresOf(3), (DayFigures{.purchases = 100, .fees = 2}));
  // Both under the bill's number, on the day after.
  ASSERT_OK(Refund(NextCall(), bill.bill, 40));
  ASSERT_OK(Reverse(NextCall(), KeysOf(bill)));
  EXPECT_EQ(FiguresOf(3), (DayFigures{.purchases = 100, .fees = 2}));
  EXPECT_EQ(FiguresOf(4), (DayFigures{.earlier_refunds = 40, .reversals = 60, .fees = -2}));
}

}  // namespace
}  // namespace puhui::merchant
