// SPDX-License-Identifier: Apache-2.0
// Orders and vouchers over mutual TLS: from a member's app to the merchant and its till, through a
// restart, and among many who want the same.
#include "puhui/v1/catalog_service.grpc.pb.h"
#include "puhui/v1/order_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/voucher_service.grpc.pb.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "services/rpc/error.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/str_cat.h"
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
using CatalogStub = v1::CatalogService::Stub;
using OrderStub = v1::OrderService::Stub;
using VoucherStub = v1::VoucherService::Stub;

class OrderWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    scene_ = *std::move(scene);
    Connect();
  }
  void Connect() {
    const auto merchant = deployment_.Connect(absl::StrCat("/merchant/", scene_.merchant));
    catalog_ = v1::CatalogService::NewStub(merchant);
    seller_ = v1::OrderService::NewStub(merchant);
    bringer_ = v1::VoucherService::NewStub(merchant);
    till_ = v1::VoucherService::NewStub(deployment_.Connect(scene_.terminal_identity));
    apps_.clear();
    holders_.clear();
    wallets_.clear();
    for (const std::string& member : scene_.members) {
      const auto app = deployment_.Connect(absl::StrCat("/member/", member));
      apps_.push_back(v1::OrderService::NewStub(app));
      holders_.push_back(v1::VoucherService::NewStub(app));
      wallets_.push_back(v1::WalletService::NewStub(app));
    }
  }
  void Restart() {
    deployment_.KillAndWait();
    ASSERT_OK(deployment_.Start());
    Connect();
  }

  v1::Offer Item(std::int64_t price, v1::FulfilmentKind kind) const {
    v1::Offer offer;
    offer.set_merchant(scene_.merchant);
    offer.set_title("中秋月饼");
    offer.mutable_item()->set_price_points(price);
    offer.add_fulfilments(kind);
    offer.set_last_day("9000-12-31");
    return offer;
  }
  v1::Offer Published(const v1::Offer& wish, std::int64_t stock) {
    v1::CreateOfferRequest write;
    write.set_request_id(NewRequestId(random_));
    *write.mutable_offer() = wish;
    write.set_stock(stock);
    const auto written = Ask(*catalog_, &CatalogStub::CreateOffer, write);
    EXPECT_OK(written);
    if (!written.ok()) return {};
    v1::PublishOfferRequest publish;
    publish.set_request_id(NewRequestId(random_));
    publish.set_name(written->offer().name());
    const auto published = Ask(*catalog_, &CatalogStub::PublishOffer, publish);
    EXPECT_OK(published);
    return published.ok() ? published->offer() : v1::Offer();
  }
  v1::PlaceOrderRequest Wish(const v1::Offer& offer, std::size_t member = 0) {
    v1::PlaceOrderRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_parent(scene_.members.at(member));
    request.set_offer(offer.name());
    request.set_offer_version(offer.version());
    request.set_quantity(1);
    request.set_fulfilment(static_cast<v1::FulfilmentKind>(offer.fulfilments(0)));
    if (request.fulfilment() == v1::FULFILMENT_KIND_PICK_UP) request.set_store(scene_.store);
    return request;
  }
  v1::RedeemVoucherRequest Redemption(const std::string& digits) {
    v1::RedeemVoucherRequest request;
    request.set_request_id(NewRequestId(random_));
    *request.mutable_till() = scene_.Purchase(++trace_number_, 1, random_).till();
    request.set_digits(digits);
    return request;
  }
  absl::StatusOr<v1::GetVoucherResponse> Voucher(const std::string& order, std::size_t member) {
    v1::GetVoucherRequest request;
    request.set_name(order + "/voucher");
    return Ask(*holders_.at(member), &VoucherStub::GetVoucher, request);
  }
  template <class Stub>
  absl::StatusOr<v1::GetOrderResponse> Get(Stub& as, const std::string& order) {
    v1::GetOrderRequest request;
    request.set_name(order);
    return Ask(as, &OrderStub::GetOrder, request);
  }
  template <class Request>
  Request About(const std::string& order) {
    Request request;
    request.set_request_id(NewRequestId(random_));
    request.set_name(order);
    return request;
  }
  std::int64_t Available(std::size_t member) {
    v1::GetWalletRequest request;
    request.set_name(scene_.members.at(member) + "/wallet");
    const auto answer = Ask(*wallets_.at(member), &v1::WalletService::Stub::GetWallet, request);
    EXPECT_OK(answer);
    return answer.ok() ? answer->wallet().available_points() : -1;
  }

  Deployment deployment_;
  SeededRandom random_{20'260'925};
  Scene scene_;
  std::unique_ptr<CatalogStub> catalog_;
  std::unique_ptr<OrderStub> seller_;
  std::unique_ptr<VoucherStub> bringer_;
  std::unique_ptr<VoucherStub> till_;
  std::vector<std::unique_ptr<OrderStub>> apps_;
  std::vector<std::unique_ptr<VoucherStub>> holders_;
  std::vector<std::unique_ptr<v1::WalletService::Stub>> wallets_;
  std::uint32_t trace_number_ = 0;
};

TEST_F(OrderWireTest, APickUpGoesFromTheAppToTheTillThroughRestarts) {
  const v1::Offer offer = Published(Item(100, v1::FULFILMENT_KIND_PICK_UP), 3);
  v1::PlaceOrderRequest wish = Wish(offer);
  wish.set_quantity(2);
  wish.mutable_own_money()->set_amount(990);
  wish.mutable_own_money()->set_currency("CNY");
  ASSERT_OK_AND_ASSIGN(const auto placed, Ask(*apps_[0], &OrderStub::PlaceOrder, wish));
  EXPECT_EQ(placed.order().state(), v1::ORDER_STATE_PLACED);
  EXPECT_EQ(placed.order().points(), 200);
  EXPECT_EQ(Available(0), Scene::kPointsEach - 200);
  EXPECT_THAT(Voucher(placed.order().name(), 0), Refuses(Reason::kNotFound));
  Restart();
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*apps_[0], &OrderStub::PlaceOrder, wish));
  EXPECT_EQ(again.SerializeAsString(), placed.SerializeAsString());
  const auto accept = About<v1::AcceptOrderRequest>(placed.order().name());
  ASSERT_OK_AND_ASSIGN(const auto accepted, Ask(*seller_, &OrderStub::AcceptOrder, accept));
  EXPECT_TRUE(accepted.order().member().empty());
  ASSERT_OK_AND_ASSIGN(const auto shown, Voucher(placed.order().name(), 0));
  const std::string digits = shown.voucher().digits();
  ASSERT_EQ(digits.size(), 16U);
  EXPECT_EQ(shown.voucher().store(), scene_.store);
  EXPECT_THAT(Voucher(placed.order().name(), 1), Refuses(Reason::kNotFound));
  Restart();
  const v1::RedeemVoucherRequest redeem = Redemption(digits);
  ASSERT_OK_AND_ASSIGN(const auto redeemed, Ask(*till_, &VoucherStub::RedeemVoucher, redeem));
  EXPECT_EQ(redeemed.order(), placed.order().name());
  EXPECT_EQ(redeemed.quantity(), 2U);
  ASSERT_OK_AND_ASSIGN(const auto repeated, Ask(*till_, &VoucherStub::RedeemVoucher, redeem));
  EXPECT_EQ(repeated.SerializeAsString(), redeemed.SerializeAsString());
  EXPECT_THAT(Ask(*till_, &VoucherStub::RedeemVoucher, Redemption(digits)),
              Refuses(Reason::kVoucherRedeemed));
  EXPECT_THAT(Ask(*till_, &VoucherStub::RedeemVoucher, Redemption("0000000000005724")),
              Refuses(Reason::kVoucherUnknown));
  EXPECT_THAT(Ask(*till_, &VoucherStub::RedeemVoucher, Redemption("0000000000005723")),
              Refuses(Reason::kInvalidField, "digits"));
  ASSERT_OK_AND_ASSIGN(const auto over, Get(*apps_[0], placed.order().name()));
  EXPECT_EQ(over.order().state(), v1::ORDER_STATE_FULFILLED);
  // What the merchant said before does not change by what came after.
  ASSERT_OK_AND_ASSIGN(const auto as_before, Ask(*seller_, &OrderStub::AcceptOrder, accept));
  EXPECT_EQ(as_before.SerializeAsString(), accepted.SerializeAsString());
  EXPECT_EQ(deployment_.CountInLog(digits), 0U);
}

// Whichever way it asks: it is spent, and no reversal says otherwise.
TEST_F(OrderWireTest, ATillWhoseAnswerWasLostHearsThatTheVoucherIsRedeemed) {
  const v1::Offer offer = Published(Item(100, v1::FULFILMENT_KIND_PICK_UP), 3);
  ASSERT_OK_AND_ASSIGN(const auto placed, Ask(*apps_[0], &OrderStub::PlaceOrder, Wish(offer)));
  const std::string order = placed.order().name();
  ASSERT_OK(Ask(*seller_, &OrderStub::AcceptOrder, About<v1::AcceptOrderRequest>(order)));
  ASSERT_OK_AND_ASSIGN(const auto shown, Voucher(order, 0));
  const v1::RedeemVoucherRequest redeem = Redemption(shown.voucher().digits());
  ASSERT_OK_AND_ASSIGN(const auto lost, Ask(*till_, &VoucherStub::RedeemVoucher, redeem));

  const auto pos = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
  v1::GetTransactionRequest by_id;
  by_id.set_terminal(scene_.terminal);
  by_id.set_request_id(redeem.request_id());
  v1::GetTransactionRequest by_keys;
  by_keys.set_terminal(scene_.terminal);
  by_keys.mutable_keys()->set_batch_number(redeem.till().batch_number());
  by_keys.mutable_keys()->set_trace_number(redeem.till().trace_number());
  for (const v1::GetTransactionRequest& ask : {by_id, by_keys}) {
    ASSERT_OK_AND_ASSIGN(const auto found, Ask(*pos, &v1::PosService::Stub::GetTransaction, ask));
    ASSERT_TRUE(found.has_redemption());
    EXPECT_EQ(found.redemption().order(), order);
    EXPECT_EQ(found.redemption().offer(), offer.name());
    EXPECT_EQ(found.redemption().offer_version(), lost.offer_version());
    EXPECT_EQ(found.redemption().quantity(), 1U);
    EXPECT_EQ(found.redemption().redeem_time().SerializeAsString(),
              lost.redeem_time().SerializeAsString());
  }
  v1::ReverseRequest reverse;
  reverse.set_request_id(NewRequestId(random_));
  *reverse.mutable_till() = scene_.Purchase(++trace_number_, 1, random_).till();
  reverse.set_original_request_id(redeem.request_id());
  EXPECT_THAT(Ask(*pos, &v1::PosService::Stub::Reverse, reverse), Refuses(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*till_, &VoucherStub::RedeemVoucher, redeem));
  EXPECT_EQ(again.SerializeAsString(), lost.SerializeAsString());
}

TEST_F(OrderWireTest, ADeliveryIsShippedToAnAddressForTheTwoWhomItConcerns) {
  const v1::Offer offer = Published(Item(100, v1::FULFILMENT_KIND_DELIVERY), 3);
  v1::PlaceOrderRequest wish = Wish(offer);
  EXPECT_THAT(Ask(*apps_[0], &OrderStub::PlaceOrder, wish),
              Refuses(Reason::kInvalidField, "delivery_address"));
  wish.mutable_delivery_address()->set_recipient("张三");
  wish.mutable_delivery_address()->set_phone("13800000000");
  wish.mutable_delivery_address()->set_address("厦门市思明区湖滨南路一号");
  ASSERT_OK_AND_ASSIGN(const auto placed, Ask(*apps_[0], &OrderStub::PlaceOrder, wish));
  const std::string order = placed.order().name();
  ASSERT_OK_AND_ASSIGN(const auto mine, Get(*apps_[0], order));
  EXPECT_EQ(mine.order().delivery_address().recipient(), "张三");
  ASSERT_OK_AND_ASSIGN(const auto sold, Get(*seller_, order));
  EXPECT_EQ(sold.order().delivery_address().phone(), "13800000000");
  const auto auditor = v1::OrderService::NewStub(deployment_.Connect("/auditor"));
  ASSERT_OK_AND_ASSIGN(const auto audited, Get(*auditor, order));
  EXPECT_FALSE(audited.order().has_delivery_address());
  EXPECT_EQ(audited.order().member(), scene_.members[0]);
  EXPECT_THAT(Get(*apps_[1], order), Refuses(Reason::kNotFound));
  ASSERT_OK(Ask(*seller_, &OrderStub::AcceptOrder, About<v1::AcceptOrderRequest>(order)));
  auto ship = About<v1::ShipOrderRequest>(order);
  ship.set_tracking("SF 1234567890");
  EXPECT_THAT(Ask(*apps_[0], &OrderStub::ShipOrder, ship), Refuses(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const auto shipped, Ask(*seller_, &OrderStub::ShipOrder, ship));
  EXPECT_EQ(shipped.order().state(), v1::ORDER_STATE_SHIPPED);
  ASSERT_OK_AND_ASSIGN(const auto repeated, Ask(*seller_, &OrderStub::ShipOrder, ship));
  EXPECT_EQ(repeated.SerializeAsString(), shipped.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const auto coming, Get(*apps_[0], order));
  EXPECT_EQ(coming.order().tracking(), "SF 1234567890");
  ASSERT_OK(Ask(*seller_, &OrderStub::FulfilOrder, About<v1::FulfilOrderRequest>(order)));
  ASSERT_OK_AND_ASSIGN(const auto over, Get(*seller_, order));
  EXPECT_FALSE(over.order().has_delivery_address());
  auto back = About<v1::ReturnOrderItemsRequest>(order);
  back.set_quantity(1);
  back.set_reason("坏了");
  ASSERT_OK_AND_ASSIGN(const auto returned, Ask(*seller_, &OrderStub::ReturnOrderItems, back));
  EXPECT_EQ(returned.points(), 100);
  EXPECT_EQ(returned.order().state(), v1::ORDER_STATE_RETURNED);
  EXPECT_EQ(Available(0), Scene::kPointsEach);
  EXPECT_EQ(deployment_.CountInLog("13800000000"), 0U);
}

TEST_F(OrderWireTest, CodesFromElsewhereAreGivenOnce) {
  v1::Offer wish = Item(10, v1::FULFILMENT_KIND_E_COUPON);
  wish.set_external_codes(true);
  const v1::Offer offer = Published(wish, 7);
  const auto in_stock = [&] {
    v1::GetOfferRequest get;
    get.set_name(offer.name());
    const auto shown = Ask(*catalog_, &CatalogStub::GetOffer, get);
    EXPECT_OK(shown);
    return shown.ok() ? shown->offer().stock().available() : -1;
  };
  EXPECT_EQ(in_stock(), 0);
  const auto upload = [&](const std::string& id, int from,
                          int to) -> absl::StatusOr<v1::UploadVoucherCodesResponse> {
    grpc::ClientContext context;
    v1::UploadVoucherCodesResponse response;
    const auto writer = bringer_->UploadVoucherCodes(&context, &response);
    v1::UploadVoucherCodesRequest message;
    message.mutable_start()->set_request_id(id);
    message.mutable_start()->set_offer(offer.name());
    message.mutable_start()->set_codes(static_cast<std::uint32_t>(to - from));
    writer->Write(message);
    message.Clear();
    for (int i = from; i < to; ++i) {
      message.mutable_codes()->add_codes(absl::StrCat("CODE-", i));
    }
    writer->Write(message);
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok()) return services::FromGrpcStatus(status);
    return response;
  };
  const std::string id = NewRequestId(random_);
  ASSERT_OK_AND_ASSIGN(const auto added, upload(id, 0, 2'500));
  EXPECT_EQ(added.added(), 2'500U);
  EXPECT_EQ(in_stock(), 2'500);
  ASSERT_OK_AND_ASSIGN(const auto again, upload(id, 0, 2'500));
  EXPECT_EQ(again.SerializeAsString(), added.SerializeAsString());
  EXPECT_THAT(upload(id, 1, 3), Refuses(Reason::kRequestIdReused));
  ASSERT_OK_AND_ASSIGN(const auto more, upload(NewRequestId(random_), 2'499, 2'501));
  EXPECT_EQ(more.added(), 1U);
  EXPECT_EQ(more.known(), 1U);
  v1::PlaceOrderRequest two = Wish(offer);
  two.set_quantity(2);
  ASSERT_OK_AND_ASSIGN(const auto placed, Ask(*apps_[0], &OrderStub::PlaceOrder, two));
  EXPECT_EQ(placed.order().state(), v1::ORDER_STATE_FULFILLED);
  ASSERT_OK_AND_ASSIGN(const auto mine, Get(*apps_[0], placed.order().name()));
  EXPECT_THAT(mine.order().codes(), ::testing::ElementsAre("CODE-0", "CODE-1"));
  ASSERT_OK_AND_ASSIGN(const auto sold, Get(*seller_, placed.order().name()));
  EXPECT_TRUE(sold.order().codes().empty());
}

TEST_F(OrderWireTest, OfAllWhoWantTheLastOneHasIt) {
  constexpr std::int64_t kItems = 10;
  const v1::Offer offer = Published(Item(1, v1::FULFILMENT_KIND_E_COUPON), kItems);
  std::vector<std::int64_t> bought(scene_.members.size(), 0);
  std::vector<std::int64_t> refused(scene_.members.size(), 0);
  std::vector<std::vector<v1::PlaceOrderRequest>> wishes(scene_.members.size());
  for (std::size_t member = 0; member < wishes.size(); ++member) {
    for (int i = 0; i < 10; ++i) wishes[member].push_back(Wish(offer, member));
  }
  std::vector<std::thread> threads;
  for (std::size_t member = 0; member < wishes.size(); ++member) {
    threads.emplace_back([&, member] {
      for (const v1::PlaceOrderRequest& wish : wishes[member]) {
        const auto placed = Ask(*apps_[member], &OrderStub::PlaceOrder, wish);
        const auto refusal = ledger::RefusalOf(placed.status());
        if (placed.ok()) ++bought[member];
        if (refusal.has_value() && refusal->reason == Reason::kOutOfStock) ++refused[member];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::int64_t sold = 0;
  std::int64_t turned_away = 0;
  for (std::size_t member = 0; member < wishes.size(); ++member) {
    sold += bought[member];
    turned_away += refused[member];
    EXPECT_EQ(Available(member), Scene::kPointsEach - bought[member]);
  }
  EXPECT_EQ(sold, kItems);
  EXPECT_EQ(sold + turned_away, static_cast<std::int64_t>(10 * wishes.size()));
  v1::GetOfferRequest get;
  get.set_name(offer.name());
  ASSERT_OK_AND_ASSIGN(const auto left, Ask(*catalog_, &CatalogStub::GetOffer, get));
  EXPECT_EQ(left.offer().stock().available(), 0);
  EXPECT_EQ(left.offer().stock().sold(), kItems);
}

TEST_F(OrderWireTest, AVoucherIsGivenOnAndListed) {
  v1::Offer wish = Item(10, v1::FULFILMENT_KIND_E_COUPON);
  wish.set_transferable(true);
  const v1::Offer offer = Published(wish, 5);
  std::vector<std::string> orders;
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(const auto placed, Ask(*apps_[0], &OrderStub::PlaceOrder, Wish(offer)));
    orders.push_back(placed.order().name());
  }
  ASSERT_OK_AND_ASSIGN(const auto before, Voucher(orders[1], 0));
  v1::TransferVoucherRequest give;
  give.set_request_id(NewRequestId(random_));
  give.set_name(orders[1] + "/voucher");
  give.set_recipient(scene_.members[1]);
  ASSERT_OK(Ask(*holders_[0], &VoucherStub::TransferVoucher, give));
  ASSERT_OK_AND_ASSIGN(const auto after, Voucher(orders[1], 1));
  EXPECT_NE(after.voucher().digits(), before.voucher().digits());
  EXPECT_THAT(Ask(*till_, &VoucherStub::RedeemVoucher, Redemption(before.voucher().digits())),
              Refuses(Reason::kVoucherUnknown));
  EXPECT_OK(Ask(*till_, &VoucherStub::RedeemVoucher, Redemption(after.voucher().digits())));
  v1::ListVouchersRequest list;
  list.set_parent(scene_.members[0]);
  list.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto first, Ask(*holders_[0], &VoucherStub::ListVouchers, list));
  ASSERT_EQ(first.vouchers_size(), 1);
  EXPECT_EQ(first.vouchers(0).name(), orders[2] + "/voucher");
  EXPECT_TRUE(first.vouchers(0).digits().empty());
  list.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto second, Ask(*holders_[0], &VoucherStub::ListVouchers, list));
  ASSERT_EQ(second.vouchers_size(), 1);
  EXPECT_EQ(second.vouchers(0).name(), orders[0] + "/voucher");
  v1::ListOrdersRequest mine;
  mine.set_parent(scene_.members[0]);
  mine.set_state(v1::ORDER_STATE_FULFILLED);
  ASSERT_OK_AND_ASSIGN(const auto fulfilled, Ask(*apps_[0], &OrderStub::ListOrders, mine));
  ASSERT_EQ(fulfilled.orders_size(), 1);
  EXPECT_EQ(fulfilled.orders(0).name(), orders[1]);
}

}  // namespace
}  // namespace puhui
