// SPDX-License-Identifier: Apache-2.0
// An outside mall: members link it and unlink it, it takes points and gives them back, and all of
// that is what a till would have done.
#include "ledger/base/limits.h"
#include "ledger/storage/typed_reads.h"
#include "tests/unit/merchant/app/folded_again.h"
#include "tests/unit/merchant/app/mall_fixture.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;

class MallsTest : public MallTest {
 protected:
  std::vector<ledger::Row<MallTransactionKey, MallTransactionRow>> TransactionsOn(
      absl::CivilDay day) {
    auto rows = ledger::List(
        ledger_.store(), kMallTransactionTable,
        {.prefix = ledger::EncodeKeyPrefix(kMallTransactionTable.id, kShop, day)}, 100);
    PUHUI_CHECK_OK(rows.status());
    return *std::move(rows);
  }
  static void ExpectAboveLine(const absl::StatusOr<ledger::Outcome>& outcome, std::uint32_t line,
                              std::int64_t available) {
    ASSERT_THAT(outcome, Declines(Reason::kRefundAbovePurchase));
    const journal::v1::Declined& declined = outcome->first().declined();
    EXPECT_EQ(declined.line(), line + 1);
    EXPECT_EQ(declined.available(), available);
  }
};

TEST_F(MallsTest, AMallIsATerminalThatNobodyHasACertificateOf) {
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome enabled, Enable("m-2", "web"));
  ASSERT_EQ(enabled.records().size(), 2U);
  const journal::v1::TerminalEnrolled& terminal = enabled.first().terminal_enrolled();
  EXPECT_EQ(terminal.certificate_pem(), "");
  EXPECT_EQ(enabled.records()[1]->mall_enabled().terminal(), terminal.number());
  EXPECT_EQ(enabled.records()[1]->mall_enabled().person(), "people/zhao");
  const MallRow* mall = tables_.malls.Find(MerchantNumber{2});
  ASSERT_NE(mall, nullptr);
  EXPECT_EQ(mall->limits, kLimits);
  EXPECT_EQ(tables_.terminals.Find(mall->terminal)->id, "web");
}

TEST_F(MallsTest, AMerchantHasOneMallAndItsTerminalHasItsOwnId) {
  EXPECT_THAT(Enable("m-1", "web-2"), Refuses(Reason::kAlreadyExists, "parent"));
  EXPECT_THAT(Enable("m-2", "t-1"), Refuses(Reason::kAlreadyExists, "terminal_id"));
  EXPECT_THAT(Enable("m-2", "web", "s-9"), Refuses(Reason::kNotFound, "store"));
  EXPECT_THAT(Enable("m-9", "web"), Refuses(Reason::kNotFound, "store"));
  ASSERT_OK(Put(MerchantState::kSuspended, "m-2"));
  EXPECT_THAT(Enable("m-2", "web"), Refuses(Reason::kMerchantNotActive));
}

TEST_F(MallsTest, WhatIsNotWishedForStaysAsItWas) {
  ASSERT_OK(Change({.limits = MallLimits{.payment_max = 5, .day_max = 6}}));
  BlockMall();
  EXPECT_EQ(Mall().state, MallState::kBlocked);
  EXPECT_EQ(Mall().limits, (MallLimits{.payment_max = 5, .day_max = 6}));
  ASSERT_OK(Change({.state = MallState::kActive}));
  EXPECT_EQ(Mall().state, MallState::kActive);
  EXPECT_THAT(Change({.state = MallState::kActive}, "m-2"), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Change({.state = MallState::kActive}, "m-9"), Refuses(Reason::kNotFound, "name"));
}

TEST_F(MallsTest, APaymentIsAPurchaseThatNamesNoCard) {
  const ledger::Tag token = Link();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid, Pay(token, "订单-1", 300));
  const journal::v1::Purchase& purchase = paid.first().entry().purchase();
  EXPECT_EQ(purchase.points(), 300);
  EXPECT_EQ(purchase.mall_order(), "订单-1");
  EXPECT_EQ(purchase.card_last_four(), "");
  EXPECT_FALSE(purchase.has_code());
  EXPECT_EQ(purchase.till().batch_number(), 0U);
  EXPECT_EQ(purchase.fee(), 7);
  EXPECT_EQ(Available(), 700);
  EXPECT_EQ(Balance(ledger::AccountKind::kPayable, 1), 293);
  EXPECT_EQ(Balance(ledger::AccountKind::kFee, 1), 7);
  EXPECT_EQ(tables_.open_days.Find(kShop)->lines.purchases, 1U);
  EXPECT_EQ(Row(paid.first().sequence()).member, kMember);
  ExpectFoldsAlike(ledger_);
}

// The mall lost the answer and asks again, with the same request id or another.
TEST_F(MallsTest, AnOrderIsPaidOnce) {
  const ledger::Tag token = Link();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid, Pay(token, "o-1", 300, 77));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Pay(token, "o-1", 300, 77));
  EXPECT_EQ(again.first().sequence(), paid.first().sequence());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome other_id, Pay(token, "o-1", 300));
  EXPECT_TRUE(other_id.empty());
  EXPECT_EQ(Available(), 700);
  EXPECT_THAT(Pay(token, "o-1", 301), Declines(Reason::kMallOrderUsed));
  EXPECT_THAT(Pay(Link(kOtherMember), "o-1", 300), Declines(Reason::kMallOrderUsed));
  // Even when nothing more could be paid with the token.
  ASSERT_OK(Unlink());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome late, Pay(token, "o-1", 300));
  EXPECT_TRUE(late.empty());
}

// Lines say what points may pay for, so the same sum for other goods is another order.
TEST_F(MallsTest, AnOrderThatWasPaidForOtherLinesIsUsed) {
  const ledger::Tag token = Link();
  const auto pay = [&](const std::string& order, std::vector<ledger::BasketLine> lines) {
    MallPayCommand::Payment payment = Payment(token, order, 300);
    payment.lines = std::move(lines);
    return Pay(std::move(payment));
  };
  const std::vector<ledger::BasketLine> lines = {{.points = 200},
                                                 {.category = 5812, .points = 100}};
  ASSERT_OK(pay("o-1", lines));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, pay("o-1", lines));
  EXPECT_TRUE(again.empty());
  // What a line leaves out is what the merchant is.
  ASSERT_OK_AND_ASSIGN(
      const ledger::Outcome named,
      pay("o-1", {{.category = kGrocer, .points = 200}, {.category = 5812, .points = 100}}));
  EXPECT_TRUE(named.empty());
  EXPECT_THAT(pay("o-1", {}), Declines(Reason::kMallOrderUsed));
  EXPECT_THAT(pay("o-1", {lines[1], lines[0]}), Declines(Reason::kMallOrderUsed));
  EXPECT_THAT(pay("o-1", {{.points = 100}, {.category = 5812, .points = 200}}),
              Declines(Reason::kMallOrderUsed));
  EXPECT_THAT(pay("o-1", {{.points = 200}, {.category = 5813, .points = 100}}),
              Declines(Reason::kMallOrderUsed));
  ASSERT_OK(pay("o-2", {}));
  EXPECT_THAT(pay("o-2", {{.points = 300}}), Declines(Reason::kMallOrderUsed));
  EXPECT_EQ(Available(), 400);
}

// A delayed copy must not succeed after the mall was told no; the order can be paid anew.
TEST_F(MallsTest, ADeclineIsAnOutcomeAndTheOrderStaysUnpaid) {
  const ledger::Tag token = Link(kOtherMember);
  EXPECT_THAT(Pay(token, "o-1", 10, 77), Declines(Reason::kInsufficientPoints));
  const absl::Time expiry = ledger_.clock().Now() + absl::Hours(24);
  Run([expiry](ledger::Decision& decision) {
    testing::AddFunding(9, 50, decision);
    testing::AddCampaign({.number = 9, .origin = 9, .expiry = expiry}, decision);
    testing::AddApproval(9, 9, 50, decision);
    testing::AddGrant({.campaign = 9,
                       .origin = 9,
                       .member = kOtherMember,
                       .lot = 1,
                       .points = 50,
                       .expiry = expiry},
                      decision);
  });
  EXPECT_THAT(Pay(token, "o-1", 10, 77), Declines(Reason::kInsufficientPoints));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid, Pay(token, "o-1", 10));
  EXPECT_TRUE(paid.first().entry().has_purchase());
}

TEST_F(MallsTest, ARefundIsMadeOnceAndGoesBackWhereItCameFrom) {
  const ledger::Tag token = Link();
  ASSERT_OK(Pay(token, "o-1", 300));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome back, GiveBack("o-1", "r-1", 100, 88));
  const journal::v1::Refund& refund = back.first().entry().refund();
  EXPECT_EQ(refund.mall_refund(), "r-1");
  EXPECT_EQ(refund.mall_order(), "o-1");
  EXPECT_EQ(refund.points(), 100);
  EXPECT_EQ(Available(), 800);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, GiveBack("o-1", "r-1", 100, 88));
  EXPECT_EQ(again.first().sequence(), back.first().sequence());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome other_id, GiveBack("o-1", "r-1", 100));
  EXPECT_TRUE(other_id.empty());
  EXPECT_THAT(GiveBack("o-1", "r-1", 50), Declines(Reason::kMallOrderUsed));
  EXPECT_THAT(GiveBack("o-1", "r-2", 201), Declines(Reason::kRefundAbovePurchase));
  EXPECT_THAT(GiveBack("o-2", "r-2", 1), Declines(Reason::kNotFound));
  // An order and a refund may have the same number.
  ASSERT_OK(GiveBack("o-1", "o-1", 200));
  EXPECT_EQ(Available(), 1'000);
  EXPECT_EQ(Balance(ledger::AccountKind::kPayable, 1), 0);
  ExpectFoldsAlike(ledger_);
}

TEST_F(MallsTest, ARefundIntoAnExpiredLotIsOfTheOrderAndTheRestOfTheLotExpires) {
  ASSERT_OK(Pay(Link(), "o-1", 300));
  ledger_.clock().Advance(absl::Hours(24 * 300));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome back, GiveBack("o-1", "r-1", 100));
  ASSERT_EQ(back.records().size(), 2U);
  EXPECT_EQ(back.first().entry().refund().mall_refund(), "r-1");
  EXPECT_EQ(back.records()[1]->entry().expiry().points(), 700);
  EXPECT_EQ(Available(), 100);
  ExpectFoldsAlike(ledger_);
}

TEST_F(MallsTest, WhatGoesBackToLinesIsHeldToWhatTheyWerePaid) {
  MallPayCommand::Payment payment = Payment(Link(), "o-1", 300);
  payment.lines = {{.points = 200}, {.category = 5812, .points = 100}};
  ASSERT_OK(Pay(payment));
  ASSERT_OK(Pay(payment.token, "o-2", 50));
  // All of it would be there, but not of that line, which is named by its place in the request.
  ExpectAboveLine(GiveBackTo("o-1", "r-1", {{1, 101}}), 0, 100);
  ExpectAboveLine(GiveBackTo("o-1", "r-1", {{0, 10}, {2, 1}}), 1, 0);
  ExpectAboveLine(GiveBackTo("o-2", "r-1", {{0, 1}}), 0, 0);
  ASSERT_OK(GiveBackTo("o-1", "r-1", {{0, 10}, {1, 80}}));
  ExpectAboveLine(GiveBackTo("o-1", "r-2", {{1, 21}}), 0, 20);
  ASSERT_OK(GiveBackTo("o-1", "r-2", {{1, 20}}));
  EXPECT_EQ(Available(), 760);
  ExpectFoldsAlike(ledger_);
}

// The same sum for other lines is another refund.
TEST_F(MallsTest, ARefundThatWentToOtherLinesIsUsed) {
  MallPayCommand::Payment payment = Payment(Link(), "o-1", 300);
  payment.lines = {{.points = 200}, {.category = 5812, .points = 100}};
  ASSERT_OK(Pay(payment));
  ASSERT_OK(GiveBackTo("o-1", "r-1", {{0, 10}, {1, 80}}));
  const std::vector<std::vector<LineRefund>> alike = {{{0, 10}, {1, 80}}, {{1, 80}, {0, 10}}};
  for (const std::vector<LineRefund>& same : alike) {
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, GiveBackTo("o-1", "r-1", same));
    EXPECT_TRUE(again.empty());
  }
  // Who names no lines asks for so many points of the order.
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome no_lines, GiveBack("o-1", "r-1", 90));
  EXPECT_TRUE(no_lines.empty());
  EXPECT_THAT(GiveBackTo("o-1", "r-1", {{0, 90}}), Declines(Reason::kMallOrderUsed));
  EXPECT_THAT(GiveBackTo("o-1", "r-1", {{0, 80}, {1, 10}}), Declines(Reason::kMallOrderUsed));
  // Without lines points go to the last line first, which is where they went.
  ASSERT_OK(GiveBack("o-1", "r-2", 30));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome named, GiveBackTo("o-1", "r-2", {{1, 20}, {0, 10}}));
  EXPECT_TRUE(named.empty());
  EXPECT_THAT(GiveBackTo("o-1", "r-2", {{0, 30}}), Declines(Reason::kMallOrderUsed));
  EXPECT_EQ(Available(), 820);
}

TEST_F(MallsTest, RefundsGoOnWhateverBecameOfTheMallAndTheLink) {
  const ledger::Tag token = Link();
  ASSERT_OK(Pay(token, "o-1", 300));
  ASSERT_OK(Unlink());
  BlockMall();
  ASSERT_OK(Put(MerchantState::kSuspended));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome back, GiveBack("o-1", "r-1", 300));
  EXPECT_TRUE(back.first().entry().has_refund());
}

TEST_F(MallsTest, ANewLinkVoidsTheTokenBefore) {
  const ledger::Tag first = Link();
  const ledger::Tag second = Link();
  EXPECT_THAT(Pay(first, "o-1", 1), Declines(Reason::kMallLinkUnknown));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid, Pay(second, "o-1", 1));
  EXPECT_TRUE(paid.first().entry().has_purchase());
  EXPECT_EQ(Mall().links, 1U);
  EXPECT_EQ(tables_.member_malls.Find(kMember)->links.size(), 1U);
}

TEST_F(MallsTest, AMemberTakesALinkBackAtAnyTime) {
  const ledger::Tag token = Link();
  ASSERT_OK(Unlink());
  EXPECT_THAT(Pay(token, "o-1", 1), Declines(Reason::kMallLinkUnknown));
  EXPECT_THAT(Unlink(), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Unlink(kOtherMember), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Unlink(kMember, "m-9"), Refuses(Reason::kNotFound, "name"));
  EXPECT_EQ(Mall().links, 0U);
  // What the handler saw may be gone by the time that it is decided.
  MallPayCommand::Payment payment = Payment(Link(), "o-1", 1);
  ASSERT_OK(Unlink());
  EXPECT_THAT(Pay(payment), Declines(Reason::kMallLinkUnknown));
}

TEST_F(MallsTest, ATokenIsGoodAtItsMallAlone) {
  ASSERT_OK(Enable("m-2", "web"));
  const ledger::Tag token = Link();
  EXPECT_THAT(Pay(Payment(token, "o-1", 1), 0, "m-2"), Declines(Reason::kMallLinkUnknown));
  EXPECT_THAT(Pay(Payment(token, "o-1", 1), 0, "m-9"), Refuses(Reason::kNotFound, "merchant"));
}

TEST_F(MallsTest, ACodeAgreesOnceAndPaysNothingThen) {
  const ShownCode code = CodeOf(kMember);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome linked, TryLink(code));
  EXPECT_TRUE(linked.first().has_mall_linked());
  EXPECT_THAT(TryLink(code), Declines(Reason::kPaymentCodeUsed));
  PurchaseCommand command(
      State(), NextCall(),
      {.points = Points::FromStored(1), .authorization_code = "A1B2C3", .code = code});
  EXPECT_THAT(Submit(command), Declines(Reason::kPaymentCodeUsed));
  EXPECT_EQ(Available(), 1'000);
}

TEST_F(MallsTest, AMallThatGuessesCodesIsNotListenedTo) {
  for (std::uint64_t i = 0; i < kWrongCodesMax; ++i) {
    EXPECT_THAT(TryLink({.tag = testing::TagOf(0xBAD + i)}), Declines(Reason::kPaymentCodeUnknown));
  }
  EXPECT_THAT(TryLink(CodeOf(kMember)), Declines(Reason::kPaymentCodesBlocked));
}

TEST_F(MallsTest, OnlySoMuchGoesByOnePaymentAndOnOneDay) {
  const ledger::Tag token = Link();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome above, Pay(token, "o-1", 501));
  EXPECT_EQ(above.first().declined().limit().window(), 0U);
  EXPECT_TRUE(above.first().declined().limit().of_points());
  ASSERT_OK(Pay(token, "o-1", 500));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome of_day, Pay(token, "o-2", 301));
  EXPECT_EQ(of_day.first().declined().limit().window(), 3U);
  EXPECT_EQ(MostTaken(Mall(), ledger_.clock().Now()), 300);
  // What is given back does not make room.
  ASSERT_OK(GiveBack("o-1", "r-1", 500));
  EXPECT_THAT(Pay(token, "o-2", 301), Declines(Reason::kMallLimit));
  ASSERT_OK(Pay(token, "o-2", 300));
  EXPECT_EQ(MostTaken(Mall(), ledger_.clock().Now()), 0);
  ledger_.clock().Advance(absl::Hours(24));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome next_day, Pay(token, "o-3", 301));
  EXPECT_TRUE(next_day.first().entry().has_purchase());
}

TEST_F(MallsTest, AMemberLinksOnlySoManyMalls) {
  MemberMalls& own = tables_.member_malls.Edit(kMember);
  for (std::uint32_t i = 0; i < kMallsPerMemberMax; ++i) {
    own.links.push_back({.merchant = MerchantNumber{100 + i}, .token = testing::TagOf(0xF00 + i)});
  }
  EXPECT_THAT(TryLink(CodeOf(kMember)), Declines(Reason::kMallLinksLimit));
  // One that is linked already can be linked again.
  tables_.member_malls.Edit(kMember).links.back().merchant = kShop;
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, TryLink(CodeOf(kMember)));
  EXPECT_TRUE(again.first().has_mall_linked());
}

TEST_F(MallsTest, TransactionsStandOnTheirBusinessDay) {
  const ledger::Tag token = Link();
  ASSERT_OK(Pay(token, "o-1", 300));
  ASSERT_OK(Pay(token, "o-2", 100));
  const absl::CivilDay day = tables_.open_days.Find(kShop)->day->day;
  ledger_.clock().Advance(absl::Hours(24));
  ASSERT_OK(GiveBack("o-1", "r-1", 50));
  const auto first = TransactionsOn(day);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].value.number, "o-1");
  EXPECT_EQ(first[0].value.kind, MallOrderKind::kPayment);
  EXPECT_EQ(first[1].value.points, 100);
  const auto second = TransactionsOn(day + 1);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].value.kind, MallOrderKind::kRefund);
  EXPECT_EQ(second[0].value.number, "r-1");
  EXPECT_EQ(second[0].value.order_number, "o-1");
  EXPECT_EQ(second[0].value.points, 50);
}

// Each record of a mall has its own trace number, in a batch that no till can name.
TEST_F(MallsTest, EveryCallIsCounted) {
  const ledger::Tag token = Link();
  ASSERT_OK(Pay(token, "o-1", 300));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome declined, Pay(token, "o-2", 501));
  EXPECT_EQ(declined.first().declined().till().trace_number(), 3U);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome back, GiveBack("o-1", "r-1", 1));
  EXPECT_EQ(back.first().entry().refund().till().trace_number(), 4U);
  EXPECT_EQ(Mall().calls, 4U);
}

}  // namespace
}  // namespace puhui::merchant
