// SPDX-License-Identifier: Apache-2.0
// What a member is told of a purchase beforehand.
#include "merchant/app/merchant_life_commands.h"
#include "tests/unit/services/wallet/explain_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using ledger::Terms;
using ::testing::ElementsAre;

TEST_F(ExplainSpendTest, SaysLotByLotWhatPaysAndWhyTheOthersDoNot) {
  Terms books = Open();
  books.categories = {merchant::kBookshop};
  Terms wuhan = Open();
  wuhan.regions = {merchant::kWuhanDistrict};
  Terms capped = Open();
  capped.day_cap = Points::FromStored(40);
  capped.earmark = Share(5'000, {merchant::kGrocer});
  Grant(10, books);
  Grant(20, wuhan);
  Grant(60, capped);
  Grant(100, Open());
  ASSERT_OK_AND_ASSIGN(const v1::ExplainSpendResponse answer, Explain(Wish(45)));
  EXPECT_TRUE(answer.accepted());
  EXPECT_EQ(answer.reason(), "");
  EXPECT_EQ(answer.available_points(), 140);
  EXPECT_EQ(answer.day(), "2025-01-01");
  std::vector<std::string> lots;
  for (const v1::ExplainedLot& lot : answer.lots()) {
    lots.push_back(absl::StrCat(lot.campaign(), " ", lot.origin(), " ", lot.points(), "/",
                                lot.points_max(), lot.earmarked() ? " bound " : " free ",
                                lot.why_not()));
  }
  EXPECT_THAT(lots, ElementsAre("campaigns/c-3 unions/u-3 30/30 bound ",
                                "campaigns/c-3 unions/u-3 10/10 free ",
                                "campaigns/c-4 unions/u-4 5/100 free ",
                                "campaigns/c-1 unions/u-1 0/0 free CATEGORY",
                                "campaigns/c-2 unions/u-2 0/0 free REGION"));
  ASSERT_OK_AND_ASSIGN(const auto there, Explain(Wish(161, "merchants/m-1/stores/s-wuhan")));
  EXPECT_FALSE(there.accepted());
  EXPECT_EQ(there.reason(), "INSUFFICIENT_POINTS");
  EXPECT_EQ(there.available_points(), 160);
  for (const v1::ExplainedLot& lot : there.lots()) EXPECT_EQ(lot.points(), 0);
}

TEST_F(ExplainSpendTest, EachMalformedOrUnknownFieldIsNamed) {
  v1::ExplainSpendRequest request = Wish(1);
  request.set_name("members/1");
  EXPECT_THAT(Explain(request), Refuses(Reason::kInvalidField, "name"));
  request = Wish(1);
  request.set_merchant("m-1");
  EXPECT_THAT(Explain(request), Refuses(Reason::kInvalidField, "merchant"));
  EXPECT_THAT(Explain(Wish(1, "s-1")), Refuses(Reason::kInvalidField, "store"));
  EXPECT_THAT(Explain(Wish(1, "merchants/m-2/stores/s-1")),
              Refuses(Reason::kInvalidField, "store"));
  EXPECT_THAT(Explain(Wish(0)).status(), HasCode(absl::StatusCode::kInvalidArgument));
  request = Wish(1);
  request.set_merchant("merchants/m-9");
  EXPECT_THAT(Explain(request), Refuses(Reason::kNotFound));
  EXPECT_THAT(Explain(Wish(1, "merchants/m-1/stores/s-9")), Refuses(Reason::kNotFound));
}

TEST_F(ExplainSpendTest, WhoMayNotSellOrSpendIsSaidBeforeWhatIsThere) {
  Grant(10, Open());
  ledger_.views().wallets.Edit(merchant::kMember).state = ledger::WalletState::kSuspended;
  Run([](ledger::Decision& decision) { testing::AddFunding(1, 1, decision); });
  ASSERT_OK_AND_ASSIGN(const auto suspended, Explain(Wish(11)));
  EXPECT_EQ(suspended.reason(), "MEMBER_NOT_ACTIVE");
  EXPECT_EQ(suspended.available_points(), 10);
  tables_.merchants.Edit(MerchantNumber{1}).state = merchant::MerchantState::kSuspended;
  Run([](ledger::Decision& decision) { testing::AddFunding(1, 1, decision); });
  ASSERT_OK_AND_ASSIGN(const auto closed, Explain(Wish(11)));
  EXPECT_EQ(closed.reason(), "MERCHANT_NOT_ACTIVE");
  EXPECT_FALSE(closed.accepted());
}

TEST_F(ExplainSpendTest, ACardThatIsBlockedIsSaid) {
  Grant(10, Open());
  ledger_.views().cards.Edit(merchant::kCard).state = ledger::CardState::kBlocked;
  Run([](ledger::Decision& decision) { testing::AddFunding(1, 1, decision); });
  ASSERT_OK_AND_ASSIGN(const auto blocked, Explain(Wish(5)));
  EXPECT_EQ(blocked.reason(), "CARD_BLOCKED");
  EXPECT_EQ(blocked.explanation().zh_cn(), "工会卡已停用");
  EXPECT_EQ(blocked.explanation().en(), "the member card is blocked");
}

// Each is said before those that are asked after it, and the member's own with what is left.
TEST_F(ExplainSpendTest, ALimitIsSaidInBothLanguages) {
  using enum merchant::LimitSubject;
  Grant(1'000, Open());
  SetLimits({.subject = kCard}, {{.window = merchant::LimitWindow::kMinute, .points_max = 100}});
  ASSERT_OK(Purchase(NextCall(), 30));
  ASSERT_OK_AND_ASSIGN(const auto fits, Explain(Wish(70)));
  EXPECT_TRUE(fits.accepted());
  ASSERT_OK_AND_ASSIGN(const auto card, Explain(Wish(71)));
  EXPECT_EQ(card.reason(), "CARD_LIMIT");
  EXPECT_EQ(card.approved_points(), 0);
  EXPECT_EQ(card.available_points(), 970);
  EXPECT_EQ(card.lots(0).points(), 0);
  EXPECT_EQ(card.explanation().zh_cn(), "超出工会卡限额：每分钟最多 100 积分，这一分钟尚余 70");
  EXPECT_EQ(card.explanation().en(),
            "beyond the limit of the card: at most 100 points a minute, 70 left for this minute");
  SetLimits({.subject = kMember, .member = merchant::kMember},
            {{.window = merchant::LimitWindow::kDay, .count_max = 2}});
  ASSERT_OK(Purchase(NextCall(), 10));
  ASSERT_OK(Purchase(NextCall(), 10));
  ASSERT_OK_AND_ASSIGN(const auto member, Explain(Wish(71)));
  EXPECT_EQ(member.reason(), "MEMBER_LIMIT");
  EXPECT_EQ(member.explanation().zh_cn(), "超出会员限额：每日最多 2 笔，当日尚余 0");
  EXPECT_EQ(member.explanation().en(),
            "beyond the limit of the member: at most 2 payments a day, 0 left for this day");
  // What others paid there is not the member's.
  SetLimits({.subject = kMerchant, .merchant = *MerchantId::Parse("m-1", "id")},
            {{.window = merchant::LimitWindow::kHour, .points_max = 7}});
  ASSERT_OK_AND_ASSIGN(const auto seller, Explain(Wish(1'001)));
  EXPECT_EQ(seller.reason(), "MERCHANT_LIMIT");
  EXPECT_EQ(seller.explanation().zh_cn(), "超出商户这一小时的收款限额");
  EXPECT_EQ(seller.explanation().en(), "beyond the limit of the merchant for this hour");
  // At what terminal it will be paid is not known.
  SetLimits({.subject = kTerminal}, {{.window = merchant::LimitWindow::kDay, .count_max = 0}});
  SetLimits({.subject = kMerchant, .merchant = *MerchantId::Parse("m-1", "id")}, {});
  SetLimits({.subject = kMember, .member = merchant::kMember}, {});
  ASSERT_OK_AND_ASSIGN(const auto anywhere, Explain(Wish(50)));
  EXPECT_TRUE(anywhere.accepted());
}

TEST_F(ExplainSpendTest, TheWindowOfALimitIsThatOfTheMomentAskedAbout) {
  Grant(100, Open());
  SetLimits({.subject = merchant::LimitSubject::kMember},
            {{.window = merchant::LimitWindow::kHour, .count_max = 1}});
  ASSERT_OK(Purchase(NextCall(), 10));
  v1::ExplainSpendRequest wish = Wish(10);
  EXPECT_EQ(Explain(wish)->reason(), "MEMBER_LIMIT");
  wish.mutable_time()->set_seconds(absl::ToUnixSeconds(ledger_start_ + absl::Hours(1)));
  EXPECT_TRUE(Explain(wish)->accepted());
}

TEST_F(ExplainSpendTest, ABasketIsExplainedLineByLineInBothLanguages) {
  Terms books = Open();
  books.categories = {merchant::kBookshop};
  Grant(100, books);
  Grant(10, Open());
  v1::ExplainSpendRequest wish = Wish(50);
  v1::BasketLine& food = *wish.add_lines();
  food.set_points(30);
  v1::BasketLine& book = *wish.add_lines();
  book.set_merchant_category("5942");
  book.set_points(20);
  ASSERT_OK_AND_ASSIGN(const auto declined, Explain(wish));
  EXPECT_EQ(declined.reason(), "INSUFFICIENT_POINTS");
  EXPECT_EQ(declined.available_points(), 30);
  EXPECT_EQ(declined.explanation().en(), "not enough: 50 points asked for, 30 are available here");
  EXPECT_EQ(declined.explanation().zh_cn(), "积分不足：申请 50 积分，此处可用 30 积分");
  wish.set_accept_partial(true);
  ASSERT_OK_AND_ASSIGN(const auto part, Explain(wish));
  EXPECT_EQ(part.approved_points(), 30);
  EXPECT_EQ(part.explanation().en(), "accepted in part: 30 of 50 points");
  ASSERT_EQ(part.lots_size(), 2);
  EXPECT_EQ(part.lots(0).lines(0).why_not(), "CATEGORY");
  EXPECT_EQ(part.lots(0).lines(1).points(), 20);
  EXPECT_EQ(part.lots(0).why_not(), "");  // It may pay the books.
  EXPECT_EQ(part.lots(1).lines(0).points(), 10);
  wish.mutable_lines(1)->set_merchant_category("");
  ASSERT_OK_AND_ASSIGN(const auto other, Explain(wish));
  EXPECT_EQ(other.lots(0).why_not(), "CATEGORY");
  EXPECT_EQ(other.lots(0).explanation().zh_cn(), "这批积分不能用于该类商品");
  EXPECT_EQ(other.lots(0).explanation().en(), "these points are not for goods of this category");
}

TEST_F(ExplainSpendTest, AGoodThatTheTillMayNotNameIsDeclinedAsOfTheMomentAskedAbout) {
  tables_.merchants.Edit(MerchantNumber{1}).goods_named = false;
  Grant(100, Open());
  v1::ExplainSpendRequest wish = Wish(50);
  v1::BasketLine& line = *wish.add_lines();
  line.set_merchant_category("5411");  // Its own.
  line.set_points(50);
  EXPECT_TRUE(Explain(wish)->accepted());
  line.set_merchant_category("5942");
  ASSERT_OK_AND_ASSIGN(const auto declined, Explain(wish));
  EXPECT_EQ(declined.reason(), "LINE_NOT_ALLOWED");
  EXPECT_EQ(declined.approved_points(), 0);
  EXPECT_EQ(declined.explanation().en(),
            "the merchant's tills may name no category or region but its own");
  EXPECT_EQ(declined.explanation().zh_cn(), "该商户的收银机不能使用其他商品类别或地区");
  merchant::SetAgreementCommand agreement(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                                     .start = ledger_start_ + absl::Hours(1),
                                                     .agreement = {.goods_named = true}});
  ASSERT_OK(ledger_.Run(agreement));
  EXPECT_FALSE(Explain(wish)->accepted());
  wish.mutable_time()->set_seconds(absl::ToUnixSeconds(ledger_start_ + absl::Hours(1)));
  EXPECT_TRUE(Explain(wish)->accepted());
}

TEST_F(ExplainSpendTest, AnotherMomentCanBeAskedAboutButNoneThatHasPassed) {
  Terms later = Open();
  later.start = ledger_start_ + absl::Hours(24);
  Grant(10, later);
  v1::ExplainSpendRequest wish = Wish(5);
  ASSERT_OK_AND_ASSIGN(const auto today, Explain(wish));
  EXPECT_FALSE(today.accepted());
  wish.mutable_time()->set_seconds(absl::ToUnixSeconds(ledger_start_ + absl::Hours(25)));
  ASSERT_OK_AND_ASSIGN(const auto tomorrow, Explain(wish));
  EXPECT_TRUE(tomorrow.accepted());
  EXPECT_EQ(tomorrow.day(), "2025-01-02");
  wish.mutable_time()->set_seconds(absl::ToUnixSeconds(ledger_start_) - 1);
  EXPECT_THAT(Explain(wish).status(), Refuses(Reason::kInvalidField, "time"));
}

}  // namespace
}  // namespace puhui::services
