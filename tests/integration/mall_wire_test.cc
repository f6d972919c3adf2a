// SPDX-License-Identifier: Apache-2.0
// An outside mall over mutual TLS: from the member who links it to its day's transactions, through
// lost answers and a restart.
#include "puhui/v1/external_points_service.grpc.pb.h"
#include "puhui/v1/mall_service.grpc.pb.h"
#include "puhui/v1/merchant_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/settlement_service.grpc.pb.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using MallStub = v1::MallService::Stub;
using PointsStub = v1::ExternalPointsService::Stub;

constexpr char kShop[] = "merchants/web-shop";

class MallWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    scene_ = *std::move(scene);
    ASSERT_NO_FATAL_FAILURE(OpenShop());
    Connect();
  }
  void OpenShop() {
    const auto merchants = v1::MerchantService::NewStub(deployment_.Connect("/operator"));
    v1::RegisterMerchantRequest merchant;
    merchant.set_request_id(NewRequestId(random_));
    merchant.set_merchant_id("web-shop");
    merchant.set_display_name("网上商城");
    merchant.set_category("5411");
    merchant.set_balance_shown(true);
    ASSERT_OK(Ask(*merchants, &v1::MerchantService::Stub::RegisterMerchant, merchant));
    v1::CreateStoreRequest store;
    store.set_request_id(NewRequestId(random_));
    store.set_parent(kShop);
    store.set_store_id("s-1");
    store.set_display_name("网店");
    ASSERT_OK(Ask(*merchants, &v1::MerchantService::Stub::CreateStore, store));
    const auto malls = v1::MallService::NewStub(deployment_.Connect("/operator"));
    v1::EnableMallRequest mall;
    mall.set_request_id(NewRequestId(random_));
    mall.set_parent(kShop);
    mall.set_store(absl::StrCat(kShop, "/stores/s-1"));
    mall.set_terminal_id("web");
    mall.mutable_limits()->set_points_per_payment_max(600);
    mall.mutable_limits()->set_points_per_day_max(5'000);
    ASSERT_OK_AND_ASSIGN(const auto enabled, Ask(*malls, &MallStub::EnableMall, mall));
    EXPECT_EQ(enabled.name(), absl::StrCat(kShop, "/mall"));
  }
  void Connect() {
    operator_ = v1::MallService::NewStub(deployment_.Connect("/operator"));
    mall_ = v1::ExternalPointsService::NewStub(deployment_.Connect(absl::StrCat("/mall/", kShop)));
    const std::string member = absl::StrCat("/member/", scene_.members.front());
    wallet_ = v1::WalletService::NewStub(deployment_.Connect(member));
    links_ = v1::MallService::NewStub(deployment_.Connect(member));
  }
  v1::LinkMallRequest LinkWish(
      v1::PaymentCodePurpose purpose = v1::PAYMENT_CODE_PURPOSE_MALL_LINK) {
    v1::CreatePaymentCodeRequest code;
    code.set_name(scene_.members.front() + "/wallet");
    code.set_purpose(purpose);
    const auto made = Ask(*wallet_, &v1::WalletService::Stub::CreatePaymentCode, code);
    EXPECT_OK(made);
    v1::LinkMallRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_merchant(kShop);
    if (made.ok()) request.set_payment_code(made->payment_code());
    return request;
  }
  std::string Link() {
    const auto linked = Ask(*mall_, &PointsStub::LinkMall, LinkWish());
    EXPECT_OK(linked);
    return linked.ok() ? linked->member_token() : "";
  }
  v1::PayRequest PayWish(const std::string& token, const std::string& order, std::int64_t points) {
    v1::PayRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_merchant(kShop);
    request.set_member_token(token);
    request.set_order_number(order);
    request.set_points(points);
    return request;
  }
  v1::RefundPaymentRequest RefundWish(const std::string& order, const std::string& number,
                                      std::int64_t points) {
    v1::RefundPaymentRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_merchant(kShop);
    request.set_order_number(order);
    request.set_refund_number(number);
    request.set_points(points);
    return request;
  }
  absl::StatusOr<v1::GetBalanceResponse> Balance(const std::string& token) {
    v1::GetBalanceRequest request;
    request.set_merchant(kShop);
    request.set_member_token(token);
    return Ask(*mall_, &PointsStub::GetBalance, request);
  }
  absl::StatusOr<v1::GetPaymentResponse> Payment(const std::string& order) {
    v1::GetPaymentRequest request;
    request.set_merchant(kShop);
    request.set_order_number(order);
    return Ask(*mall_, &PointsStub::GetPayment, request);
  }
  static std::string Today() {
    absl::TimeZone zone;
    EXPECT_TRUE(absl::LoadTimeZone("Asia/Shanghai", &zone));
    return absl::FormatCivilTime(absl::ToCivilDay(absl::Now(), zone));
  }

  Deployment deployment_;
  SeededRandom random_{20'250'611};
  Scene scene_;
  std::unique_ptr<MallStub> operator_;
  std::unique_ptr<MallStub> links_;
  std::unique_ptr<PointsStub> mall_;
  std::unique_ptr<v1::WalletService::Stub> wallet_;
};

TEST_F(MallWireTest, PaysAsksAndGivesBackThroughARestart) {
  const v1::LinkMallRequest link = LinkWish();
  ASSERT_OK_AND_ASSIGN(const auto linked, Ask(*mall_, &PointsStub::LinkMall, link));
  const std::string token = linked.member_token();
  EXPECT_EQ(token.size(), 32U);
  // What the mall may take by one payment bounds what it is told.
  ASSERT_OK_AND_ASSIGN(const auto before, Balance(token));
  EXPECT_EQ(before.available_points(), 600);
  const v1::PayRequest pay = PayWish(token, "订", 300);
  EXPECT_THAT(Ask(*mall_, &PointsStub::Pay, pay), Refuses(Reason::kInvalidField, "order_number"));
  const v1::PayRequest wish = PayWish(token, "O-2026/1", 300);
  ASSERT_OK_AND_ASSIGN(const auto paid, Ask(*mall_, &PointsStub::Pay, wish));
  EXPECT_EQ(paid.payment().state(), v1::MALL_PAYMENT_STATE_PAID);
  // Nothing that a mall hears says who paid.
  EXPECT_FALSE(absl::StrContains(paid.DebugString(), "members/"));
  deployment_.KillAndWait();
  ASSERT_OK(deployment_.Start());
  Connect();
  // A lost answer is no lost link and no second payment.
  ASSERT_OK_AND_ASSIGN(const auto linked_again, Ask(*mall_, &PointsStub::LinkMall, link));
  EXPECT_EQ(linked_again.member_token(), token);
  ASSERT_OK_AND_ASSIGN(const auto paid_again, Ask(*mall_, &PointsStub::Pay, wish));
  EXPECT_EQ(paid_again.SerializeAsString(), paid.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const auto by_order,
                       Ask(*mall_, &PointsStub::Pay, PayWish(token, "O-2026/1", 300)));
  EXPECT_EQ(by_order.payment().retrieval_reference(), paid.payment().retrieval_reference());
  EXPECT_THAT(Ask(*mall_, &PointsStub::Pay, PayWish(token, "O-2026/1", 200)),
              Refuses(Reason::kMallOrderUsed));
  EXPECT_THAT(Ask(*mall_, &PointsStub::Pay, PayWish(token, "O-2026/2", 601)),
              Refuses(Reason::kMallLimit));
  EXPECT_THAT(Payment("O-2026/2"), Refuses(Reason::kNotFound));
  const v1::RefundPaymentRequest back = RefundWish("O-2026/1", "R-1", 100);
  ASSERT_OK_AND_ASSIGN(const auto refunded, Ask(*mall_, &PointsStub::RefundPayment, back));
  ASSERT_OK_AND_ASSIGN(const auto by_number,
                       Ask(*mall_, &PointsStub::RefundPayment, RefundWish("O-2026/1", "R-1", 100)));
  EXPECT_EQ(by_number.SerializeAsString(), refunded.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const auto stands, Payment("O-2026/1"));
  EXPECT_EQ(stands.payment().refunded_points(), 100);
  EXPECT_EQ(stands.payment().state(), v1::MALL_PAYMENT_STATE_PARTLY_REFUNDED);
  // Neither what the server says nor its log has the token.
  EXPECT_EQ(deployment_.CountInLog(token), 0U);
}

TEST_F(MallWireTest, ADaysTransactionsComeByPagesAndAreTheStatementsLines) {
  const std::string token = Link();
  for (int i = 1; i <= 3; ++i) {
    ASSERT_OK(Ask(*mall_, &PointsStub::Pay, PayWish(token, absl::StrCat("O-", i), 10)));
  }
  ASSERT_OK(Ask(*mall_, &PointsStub::RefundPayment, RefundWish("O-2", "R-1", 4)));
  v1::ListTransactionsRequest list;
  list.set_merchant(kShop);
  list.set_day(Today());
  list.set_page_size(3);
  ASSERT_OK_AND_ASSIGN(const auto first, Ask(*mall_, &PointsStub::ListTransactions, list));
  ASSERT_EQ(first.transactions_size(), 3);
  EXPECT_EQ(first.transactions(0).payment(), "O-1");
  list.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto second, Ask(*mall_, &PointsStub::ListTransactions, list));
  ASSERT_EQ(second.transactions_size(), 1);
  EXPECT_EQ(second.transactions(0).refund(), "R-1");
  EXPECT_EQ(second.transactions(0).order_number(), "O-2");
  EXPECT_EQ(second.transactions(0).points(), 4);
  EXPECT_EQ(second.next_page_token(), "");
  list.clear_page_token();
  list.set_day("2001-01-01");
  ASSERT_OK_AND_ASSIGN(const auto none, Ask(*mall_, &PointsStub::ListTransactions, list));
  EXPECT_EQ(none.transactions_size(), 0);
  list.set_day("yesterday");
  EXPECT_THAT(Ask(*mall_, &PointsStub::ListTransactions, list),
              Refuses(Reason::kInvalidField, "day"));
  const auto settlement = v1::SettlementService::NewStub(deployment_.Connect("/operator"));
  v1::ListStatementsRequest statements;
  statements.set_parent(kShop);
  ASSERT_OK_AND_ASSIGN(const auto days,
                       Ask(*settlement, &v1::SettlementService::Stub::ListStatements, statements));
  ASSERT_EQ(days.statements_size(), 1);
  EXPECT_EQ(days.statements(0).figures().purchase_points(), 30);
  EXPECT_EQ(days.statements(0).figures().refund_points(), 4);
}

// A merchant with a till and a mall makes no link of what was shown to the till, nor takes points
// for what a link was agreed with.
TEST_F(MallWireTest, ACodeForATillLinksNothingAndOneForALinkPaysNothing) {
  EXPECT_THAT(Ask(*mall_, &PointsStub::LinkMall, LinkWish(v1::PAYMENT_CODE_PURPOSE_TILL)),
              Refuses(Reason::kPaymentCodeUnknown));
  EXPECT_THAT(Ask(*mall_, &PointsStub::LinkMall, LinkWish(v1::PAYMENT_CODE_PURPOSE_UNSPECIFIED)),
              Refuses(Reason::kPaymentCodeUnknown));
  const v1::LinkMallRequest link = LinkWish();
  const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
  v1::PurchaseRequest purchase = scene_.Purchase(1, 10, random_);
  purchase.clear_card_number();
  purchase.set_payment_code(link.payment_code());
  EXPECT_THAT(Ask(*till, &v1::PosService::Stub::Purchase, purchase),
              Refuses(Reason::kPaymentCodeUnknown));
  EXPECT_OK(Ask(*mall_, &PointsStub::LinkMall, link));
  v1::CreatePaymentCodeRequest other;
  other.set_name(scene_.members.front() + "/wallet");
  other.set_purpose(static_cast<v1::PaymentCodePurpose>(9));
  EXPECT_THAT(Ask(*wallet_, &v1::WalletService::Stub::CreatePaymentCode, other),
              Refuses(Reason::kInvalidField, "purpose"));
}

TEST_F(MallWireTest, AMemberSeesTheLinkAndTakesItBack) {
  const std::string token = Link();
  v1::ListMallLinksRequest list;
  list.set_parent(scene_.members.front());
  ASSERT_OK_AND_ASSIGN(const auto links, Ask(*links_, &MallStub::ListMallLinks, list));
  ASSERT_EQ(links.links_size(), 1);
  EXPECT_EQ(links.links(0).display_name(), "网上商城");
  EXPECT_EQ(links.links(0).merchant(), kShop);
  v1::UnlinkMallRequest unlink;
  unlink.set_request_id(NewRequestId(random_));
  unlink.set_name(links.links(0).name());
  ASSERT_OK(Ask(*links_, &MallStub::UnlinkMall, unlink));
  EXPECT_THAT(Balance(token), Refuses(Reason::kMallLinkUnknown));
  EXPECT_THAT(Ask(*mall_, &PointsStub::Pay, PayWish(token, "O-1", 1)),
              Refuses(Reason::kMallLinkUnknown));
}

TEST_F(MallWireTest, ABlockedMallTakesNothingAndAsksNothing) {
  const std::string token = Link();
  ASSERT_OK(Ask(*mall_, &PointsStub::Pay, PayWish(token, "O-1", 10)));
  v1::BlockMallRequest block;
  block.set_request_id(NewRequestId(random_));
  block.set_name(absl::StrCat(kShop, "/mall"));
  EXPECT_THAT(Ask(*operator_, &MallStub::BlockMall, block),
              Refuses(Reason::kInvalidField, "reason"));
  block.set_reason("投诉");
  ASSERT_OK(Ask(*operator_, &MallStub::BlockMall, block));
  EXPECT_THAT(Balance(token), Refuses(Reason::kMallBlocked));
  EXPECT_THAT(Ask(*mall_, &PointsStub::Pay, PayWish(token, "O-2", 10)),
              Refuses(Reason::kMallBlocked));
  EXPECT_OK(Payment("O-1"));
  EXPECT_OK(Ask(*mall_, &PointsStub::RefundPayment, RefundWish("O-1", "R-1", 10)));
  v1::UnblockMallRequest unblock;
  unblock.set_request_id(NewRequestId(random_));
  unblock.set_name(block.name());
  ASSERT_OK(Ask(*operator_, &MallStub::UnblockMall, unblock));
  EXPECT_OK(Ask(*mall_, &PointsStub::Pay, PayWish(token, "O-2", 10)));
  v1::UpdateMallRequest update;
  update.set_request_id(NewRequestId(random_));
  update.set_name(block.name());
  update.mutable_limits()->set_points_per_payment_max(5);
  EXPECT_THAT(Ask(*operator_, &MallStub::UpdateMall, update),
              Refuses(Reason::kInvalidField, "limits.points_per_day_max"));
  update.mutable_limits()->set_points_per_day_max(50);
  ASSERT_OK(Ask(*operator_, &MallStub::UpdateMall, update));
  v1::GetMallRequest get;
  get.set_name(block.name());
  ASSERT_OK_AND_ASSIGN(const auto shown, Ask(*operator_, &MallStub::GetMall, get));
  EXPECT_EQ(shown.mall().limits().points_per_payment_max(), 5);
  EXPECT_EQ(shown.mall().state(), v1::MALL_STATE_ACTIVE);
  EXPECT_EQ(shown.mall().links(), 1U);
  EXPECT_EQ(shown.mall().terminal(), absl::StrCat(kShop, "/terminals/web"));
}

TEST_F(MallWireTest, NobodyWatchesAWallet) {
  const std::string token = Link();
  int told = 0;
  for (int i = 0; i < 25; ++i) {
    const auto balance = Balance(token);
    if (balance.ok()) {
      ++told;
    } else {
      EXPECT_THAT(balance, Refuses(Reason::kMallInquiriesLimit));
    }
  }
  // A minute may have ended meanwhile.
  EXPECT_GE(told, 10);
  EXPECT_LE(told, 20);
}

// The customer presses the button again and again, and the mall asks each time.
TEST_F(MallWireTest, OneOrderIsPaidOnceHoweverOftenItIsAskedFor) {
  const std::string token = Link();
  std::vector<v1::PayRequest> wishes;
  for (int i = 0; i < 16; ++i) wishes.push_back(PayWish(token, "O-1", 100));
  std::vector<std::string> references(wishes.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    threads.emplace_back([&, i] {
      const auto paid = Ask(*mall_, &PointsStub::Pay, wishes[i]);
      EXPECT_OK(paid);
      if (paid.ok()) references[i] = paid->payment().retrieval_reference();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& reference : references) EXPECT_EQ(reference, references.front());
  v1::GetWalletRequest wallet;
  wallet.set_name(scene_.members.front() + "/wallet");
  ASSERT_OK_AND_ASSIGN(const auto left, Ask(*wallet_, &v1::WalletService::Stub::GetWallet, wallet));
  EXPECT_EQ(left.wallet().available_points(), Scene::kPointsEach - 100);
}

}  // namespace
}  // namespace puhui
