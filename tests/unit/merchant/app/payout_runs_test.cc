// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "tests/unit/merchant/app/payout_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;

using PayoutRunsTest = PayoutTest;

TEST_F(PayoutRunsTest, WhatTheBankPaidLeavesTheLedgerUnionByUnion) {
  AddLot(100, absl::Hours(240));
  AddLot(300, absl::Hours(480));
  Buy(250);  // 100 of the first union, 150 of the second; 2.5 % of each stay.
  const absl::CivilDay day = CutAndAgree();
  EXPECT_EQ(Payable(1) + Payable(2), 250 - 6);
  const std::int64_t of_first = Payable(1);
  const std::uint32_t run = RunAtBank({day});
  EXPECT_EQ(PaymentOf(run).points, 244);
  EXPECT_EQ(Payable(1), of_first);  // Nothing left before the bank says so.
  EXPECT_EQ(StateOf(day), StatementState::kAgreed);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Answer(About(run, day, "ACSC", 244)));
  ASSERT_EQ(outcome.records().size(), 2U);
  EXPECT_EQ(outcome.records()[1]->entry().payout_paid().points(), 244);
  EXPECT_EQ(PaidOut(1), of_first);
  EXPECT_EQ(PaidOut(2), 244 - of_first);
  EXPECT_EQ(Payable(1), 0);
  EXPECT_EQ(Payable(2), 0);
  EXPECT_EQ(StateOf(day), StatementState::kPaid);
  EXPECT_EQ(RunRow(run).state, PayoutRunState::kFinished);
  EXPECT_EQ(Unsettled(), std::vector<absl::CivilDay>());
}

TEST_F(PayoutRunsTest, RunsAreRefusedInOrder) {
  const absl::CivilDay nobodys(2020, 1, 1);
  EXPECT_THAT(Create({Wish(nobodys)}, 0), Refuses(Reason::kNotFound, "statements[0].statement"));
  AddLot(1'000, absl::Hours(480));
  Buy(100);
  const absl::CivilDay first = Cut();
  Buy(100);
  const absl::CivilDay second = CutAndAgree();
  EXPECT_THAT(Create({Wish(first)}, 0), Refuses(Reason::kPayerNotConfigured));
  EXPECT_THAT(Create({Wish(first), Wish(nobodys)}),
              Refuses(Reason::kNotFound, "statements[1].statement"));
  EXPECT_THAT(Create({Wish(first)}), Refuses(Reason::kStatementNotDue));   // Not agreed.
  EXPECT_THAT(Create({Wish(second)}), Refuses(Reason::kStatementNotDue));  // The first comes first.
  Agree(first);
  EXPECT_THAT(Create({Wish(second), Wish(first)}),
              Refuses(Reason::kStatementNotDue, "statements[0].statement"));
  CreatePayoutRunCommand::Statement early = Wish(first);
  early.came_to.reset();  // As read before the day was cut.
  EXPECT_THAT(Create({early}), Refuses(Reason::kStatementNotDue));
  early.came_to.emplace();  // Of another day, whatever it came to.
  EXPECT_THAT(Create({early}), Refuses(Reason::kStatementNotDue));
  ASSERT_OK(Create({Wish(first), Wish(second)}));
  EXPECT_THAT(Create({Wish(first)}), Refuses(Reason::kStatementNotDue));  // In a run.
}

TEST_F(PayoutRunsTest, NobodyIsPaidWithoutAnAccount) {
  ASSERT_OK(Enroll("m-2", "t-9"));
  AddLot(1'000, absl::Hours(480));
  TillCall call = NextCall("t-9");
  call.merchant_id = "m-2";
  ASSERT_OK(Purchase(call, 100));
  const MerchantNumber other{2};
  const BusinessDay day = *tables_.open_days.Find(other)->day;
  ledger_.clock().Set(day.end + absl::Hours(1));
  CutDayCommand cut(State(), {other, day.day});
  ASSERT_OK(ledger_.Run(cut));
  const StatementKey key{other, day.day};
  AgreeStatementCommand agree(
      &tables_, {.statement = key, .digest = tables_.statements.Find(key)->lines.digest});
  ASSERT_OK(ledger_.Run(agree));
  CreatePayoutRunCommand::Statement wish{.merchant = *MerchantId::Parse("m-2", "id"),
                                         .day = day.day,
                                         .came_to = std::vector<OriginSum>{{UnionNumber{1}, 98}}};
  EXPECT_THAT(Create({wish}), Refuses(Reason::kBankAccountMissing, "statements[0].statement"));
}

TEST_F(PayoutRunsTest, WhatADayFallsShortByIsMadeUpForAndNeverPaid) {
  AddLot(1'000, absl::Hours(480));
  const Sequence bought = Buy(400);
  const absl::CivilDay first = CutAndAgree();
  ASSERT_OK(Answer(About(RunAtBank({first}), first, "ACSC")));
  ASSERT_EQ(PaidOut(), 390);
  ASSERT_OK(Refund(NextCall(), bought, 400));
  const absl::CivilDay second = CutAndAgree();
  EXPECT_EQ(Payable(), -390);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome nothing, Create({Wish(second)}));
  EXPECT_EQ(nothing.first().payout_run_created().payments(0).points(), 0);
  EXPECT_EQ(PaymentOf(2).state, PaymentState::kNothingDue);
  EXPECT_EQ(RunRow(2).state, PayoutRunState::kFinished);  // The bank has nothing to do.
  EXPECT_EQ(StateOf(second), StatementState::kPaid);
  EXPECT_EQ(PayoutOf(second).carried, (std::vector<OriginSum>{{UnionNumber{1}, -390}}));
  Buy(600);
  const absl::CivilDay third = CutAndAgree();
  const std::uint32_t run = RunAtBank({third});
  EXPECT_EQ(PaymentOf(run).points, 585 - 390);
  ASSERT_OK(Answer(About(run, third, "ACSC")));
  EXPECT_EQ(PaidOut(), 585);
  EXPECT_EQ(Payable(), 0);
}

TEST_F(PayoutRunsTest, WhatTheBankRejectsIsAskedForAgainAndPaidOnce) {
  AddLot(1'000, absl::Hours(480));
  Buy(100);
  const absl::CivilDay first = CutAndAgree();
  Buy(200);
  const absl::CivilDay second = CutAndAgree();
  const std::uint32_t run = RunAtBank({first, second});
  ASSERT_OK(Answer(About(run, first, "RJCT")));
  EXPECT_EQ(RunRow(run).state, PayoutRunState::kExported);
  ASSERT_OK(Answer(About(run, second, "ACSC")));
  EXPECT_EQ(RunRow(run).state, PayoutRunState::kFinished);
  EXPECT_EQ(PaidOut(), 195);
  EXPECT_EQ(PaymentOf(run).bank_reason, "AC04");
  EXPECT_EQ(Unsettled(), std::vector<absl::CivilDay>{first});
  const std::uint32_t again = RunAtBank({first});
  EXPECT_EQ(PaymentOf(again).points, 98);
  EXPECT_EQ(PaymentOf(again).attempt, 2U);
  // The bank cannot take the second for the first, nor the first for the second.
  EXPECT_NE(EndToEndId(run, kGrocerNumber, first), EndToEndId(again, kGrocerNumber, first));
  EXPECT_THAT(Answer(About(run, first, "ACSC")), Refuses(Reason::kPaymentDecided));
  ASSERT_OK(Answer(About(again, first, "ACSC")));
  EXPECT_EQ(PaidOut(), 195 + 98);
  EXPECT_THAT(Create({Wish(first)}), Refuses(Reason::kStatementNotDue));
}

TEST_F(PayoutRunsTest, ARunIsApprovedBySomebodyElse) {
  AddLot(1'000, absl::Hours(480));
  Buy(100);
  const absl::CivilDay day = CutAndAgree();
  EXPECT_THAT(Approve(1, "people/qian"), Refuses(Reason::kNotFound, "name"));
  ASSERT_OK(Create({Wish(day)}));
  EXPECT_THAT(Approve(1, "people/zhao"), Refuses(Reason::kSamePerson));
  EXPECT_THAT(Export(1), Refuses(Reason::kPayoutRunState));
  ASSERT_OK(Approve(1, "people/qian"));
  EXPECT_THAT(Approve(1, "people/zhao"), Refuses(Reason::kSamePerson));
  EXPECT_THAT(Approve(1, "people/sun"), Refuses(Reason::kPayoutRunState));
}

TEST_F(PayoutRunsTest, TheSameFileIsExportedAgainAndNoOther) {
  AddLot(1'000, absl::Hours(480));
  Buy(100);
  const absl::CivilDay day = CutAndAgree();
  EXPECT_THAT(Export(1), Refuses(Reason::kNotFound, "name"));
  const std::uint32_t run = RunAtBank({day});
  EXPECT_EQ(RunRow(run).execution_day, absl::CivilDay(2026, 11, 27));
  ASSERT_OK(Export(run));
  EXPECT_THAT(Export(run, 2), Refuses(Reason::kPayoutFileChanged));
  ASSERT_OK(Answer(About(run, day, "ACSC")));
  EXPECT_THAT(Export(run), Refuses(Reason::kPayoutRunState));
}

// It was read before it was approved, and approved before this was decided.
TEST_F(PayoutRunsTest, ARunIsNotExportedWithoutItsFile) {
  AddLot(1'000, absl::Hours(480));
  Buy(100);
  const absl::CivilDay day = CutAndAgree();
  ASSERT_OK(Create({Wish(day)}));
  ASSERT_OK(Approve(1, "people/qian"));
  ExportPayoutRunCommand early(&tables_, {.run = 1, .person = "people/zhao"});
  EXPECT_THAT(ledger_.Run(early), Refuses(Reason::kPayoutRunState, "name"));
  EXPECT_EQ(RunRow(1).state, PayoutRunState::kApproved);
  ASSERT_OK(Export(1));
  ExportPayoutRunCommand late(&tables_, {.run = 1, .person = "people/zhao"});
  EXPECT_THAT(ledger_.Run(late), Refuses(Reason::kPayoutRunState, "name"));
}

TEST_F(PayoutRunsTest, ACancelledRunLeavesItsStatementsDue) {
  AddLot(1'000, absl::Hours(480));
  Buy(100);
  const absl::CivilDay day = CutAndAgree();
  EXPECT_THAT(Cancel(1), Refuses(Reason::kNotFound, "name"));
  ASSERT_OK(Create({Wish(day)}));
  EXPECT_EQ(Unsettled(), std::vector<absl::CivilDay>());
  ASSERT_OK(Cancel(1));
  EXPECT_EQ(Unsettled(), std::vector<absl::CivilDay>{day});
  EXPECT_EQ(PaymentOf(1).state, PaymentState::kCancelled);
  EXPECT_EQ(RunRow(1).cancel_reason, "too early");
  EXPECT_THAT(Cancel(1), Refuses(Reason::kPayoutRunState));
  EXPECT_THAT(Approve(1, "people/qian"), Refuses(Reason::kPayoutRunState));
  const std::uint32_t run = RunAtBank({day});
  EXPECT_THAT(Cancel(run), Refuses(Reason::kPayoutRunState));  // The bank may have the file.
}

TEST_F(PayoutRunsTest, AChangedAccountIsPaidToOnlyWhenBothAcceptIt) {
  AddLot(1'000, absl::Hours(480));
  Buy(100);
  const absl::CivilDay day = CutAndAgree();
  AddAccount();
  ASSERT_OK(Create({Wish(day)}));  // The change is still cooling: the earlier account is paid to.
  EXPECT_EQ(PaymentOf(1).account, 1U);
  EXPECT_FALSE(PaymentOf(1).account_changed);
  ledger_.clock().Advance(absl::Hours(73));
  EXPECT_THAT(Approve(1, "people/qian"), Refuses(Reason::kBankAccountChanged, "name"));
  ASSERT_OK(Cancel(1));
  EXPECT_THAT(Create({Wish(day)}), Refuses(Reason::kBankAccountChanged, "statements[0].statement"));
  ASSERT_OK(Create({Wish(day, /*accepted=*/true)}));
  EXPECT_EQ(PaymentOf(2).account, 2U);
  EXPECT_TRUE(PaymentOf(2).account_changed);
  EXPECT_EQ(RunRow(2).account_changes, 1U);
  EXPECT_THAT(Approve(2, "people/qian"),
              Refuses(Reason::kBankAccountChanged, "account_changes_accepted"));
  ASSERT_OK(Approve(2, "people/qian", /*changes_accepted=*/true));
  AddAccount();
  ledger_.clock().Advance(absl::Hours(73));
  ASSERT_OK(Export(2));  // What was approved is paid to, whatever comes after.
  EXPECT_EQ(PaymentOf(2).account, 2U);
}

TEST_F(PayoutRunsTest, ManyOriginsLeaveInSeveralEntries) {
  for (int i = 0; i < 70; ++i) AddLot(100, absl::Hours(240 + i));
  for (int i = 0; i < 7; ++i) Buy(1'000);  // Ten unions' money each.
  const absl::CivilDay day = CutAndAgree();
  const std::uint32_t run = RunAtBank({day});
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Answer(About(run, day, "ACSC")));
  EXPECT_EQ(outcome.records().size(), 1U + 3U);
  std::int64_t paid = 0;
  for (std::uint32_t origin = 1; origin <= 70; ++origin) {
    EXPECT_EQ(Payable(origin), 0) << origin;
    paid += PaidOut(origin);
  }
  EXPECT_EQ(paid, PaymentOf(run).points);
}

TEST_F(PayoutRunsTest, ARunHasSoManyOriginsUnlessItIsOfOneStatement) {
  AddLot(10'000, absl::Hours(480));
  Buy(5'000);
  const absl::CivilDay first = CutAndAgree();
  Buy(1'000);
  const absl::CivilDay second = CutAndAgree();
  // As if it had been of so many unions' money; 4,875 points are due.
  const auto of_origins = [&](std::size_t origins) {
    CreatePayoutRunCommand::Statement wish = Wish(first);
    wish.came_to.emplace();
    for (std::uint32_t i = 1; i <= origins; ++i) wish.came_to->push_back({UnionNumber{i}, 1});
    wish.came_to->back().points += 4'875 - static_cast<std::int64_t>(origins);
    return wish;
  };
  const auto refused = Create({of_origins(kOriginsPerRunMax), Wish(second)});
  EXPECT_THAT(refused, Refuses(Reason::kPayoutOriginsLimit, "statements"));
  ASSERT_OK(Create({of_origins(kOriginsPerRunMax - 1), Wish(second)}));
  ASSERT_OK(Cancel(1));
  EXPECT_EQ(PayoutOf(first).sums.size(), kOriginsPerRunMax - 1);
}

TEST_F(PayoutRunsTest, AStatementOfMoreOriginsThanARunHasIsPaidByItself) {
  AddLot(10'000, absl::Hours(480));
  Buy(5'000);
  const absl::CivilDay day = CutAndAgree();
  CreatePayoutRunCommand::Statement wish = Wish(day);
  wish.came_to.emplace();
  for (std::uint32_t i = 1; i <= kOriginsPerRunMax + 1; ++i) {
    wish.came_to->push_back({UnionNumber{i}, 1});
  }
  wish.came_to->back().points += 4'875 - static_cast<std::int64_t>(kOriginsPerRunMax + 1);
  ASSERT_OK(Create({wish}));
  ASSERT_OK(Approve(1, "people/qian"));
  ASSERT_OK(Export(1));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Answer(About(1, day, "ACSC", 4'875)));
  EXPECT_EQ(outcome.records().size(), 1 + kOriginsPerRunMax / kOriginsPerPayoutEntryMax + 1);
  EXPECT_EQ(PaidOut(1), 1);
}

TEST_F(PayoutRunsTest, DaysThatAreCutOutOfTheirOrderArePaidInIt) {
  AddLot(1'000, absl::Hours(480));
  std::vector<BusinessDay> days;
  for (int i = 0; i < 4; ++i) {
    Buy(100);
    days.push_back(*tables_.open_days.Find(kGrocerNumber)->day);
    ledger_.clock().Set(days.back().end + absl::Hours(1));
  }
  for (const int i : {2, 0, 3, 1}) {
    CutDayCommand cut(State(), {kGrocerNumber, days[static_cast<std::size_t>(i)].day});
    ASSERT_OK(ledger_.Run(cut));
    Agree(days[static_cast<std::size_t>(i)].day);
  }
  EXPECT_THAT(Create({Wish(days[1].day)}), Refuses(Reason::kStatementNotDue));
  ASSERT_OK(Create({Wish(days[0].day), Wish(days[1].day), Wish(days[2].day), Wish(days[3].day)}));
}

// A day that is cut after later ones were paid comes next, and loses none of those behind it.
TEST_F(PayoutRunsTest, ADayThatIsCutLateIsPaidAfterAll) {
  AddLot(1'000, absl::Hours(480));
  std::vector<BusinessDay> days;
  for (int i = 0; i < 3; ++i) {
    Buy(100);
    days.push_back(*tables_.open_days.Find(kGrocerNumber)->day);
    ledger_.clock().Set(days.back().end + absl::Hours(1));
  }
  const auto cut_and_agree = [&](const BusinessDay& day) {
    CutDayCommand cut(State(), {kGrocerNumber, day.day});
    PUHUI_CHECK_OK(ledger_.Run(cut).status());
    Agree(day.day);
  };
  cut_and_agree(days[1]);
  ASSERT_OK(Create({Wish(days[1].day)}));
  cut_and_agree(days[0]);
  cut_and_agree(days[2]);
  EXPECT_THAT(Create({Wish(days[2].day)}), Refuses(Reason::kStatementNotDue));
  ASSERT_OK(Create({Wish(days[0].day), Wish(days[2].day)}));
}

}  // namespace
}  // namespace puhui::merchant
