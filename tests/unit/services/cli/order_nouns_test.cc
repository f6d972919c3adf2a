// SPDX-License-Identifier: Apache-2.0
// `puhui order` and `puhui voucher`, from the arguments to the service and back.
#include "puhui/v1/order_service.grpc.pb.h"
#include "puhui/v1/voucher_service.grpc.pb.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <grpcpp/support/sync_stream.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

void FillOrder(v1::Order& order, v1::OrderState state) {
  order.set_name("orders/000000000042");
  order.set_offer("offers/18");
  order.set_offer_version(3);
  order.set_quantity(2);
  order.set_points(2'400);
  order.set_state(state);
  order.set_fulfilment(v1::FULFILMENT_KIND_DELIVERY);
  order.mutable_lapse_time()->set_seconds(1'000'000'000);
}

class FakeOrders final : public v1::OrderService::Service {
 public:
  grpc::Status PlaceOrder(grpc::ServerContext*, const v1::PlaceOrderRequest* request,
                          v1::PlaceOrderResponse* response) override {
    placed = *request;
    FillOrder(*response->mutable_order(), v1::ORDER_STATE_PLACED);
    *response->mutable_order()->mutable_own_money() = request->own_money();
    return grpc::Status::OK;
  }
  grpc::Status GetOrder(grpc::ServerContext*, const v1::GetOrderRequest* request,
                        v1::GetOrderResponse* response) override {
    FillOrder(*response->mutable_order(), v1::ORDER_STATE_FULFILLED);
    response->mutable_order()->set_name(request->name());
    response->mutable_order()->add_codes("AAA-1");
    response->mutable_order()->mutable_delivery_address()->set_recipient("张三");
    return grpc::Status::OK;
  }
  grpc::Status ListOrders(grpc::ServerContext*, const v1::ListOrdersRequest* request,
                          v1::ListOrdersResponse* response) override {
    listed = *request;
    FillOrder(*response->add_orders(), v1::ORDER_STATE_LAPSED);
    return grpc::Status::OK;
  }
  grpc::Status AcceptOrder(grpc::ServerContext*, const v1::AcceptOrderRequest* request,
                           v1::AcceptOrderResponse* response) override {
    return Changed(*request, response->mutable_order(), v1::ORDER_STATE_ACCEPTED);
  }
  grpc::Status DeclineOrder(grpc::ServerContext*, const v1::DeclineOrderRequest* request,
                            v1::DeclineOrderResponse* response) override {
    reason = request->reason();
    return Changed(*request, response->mutable_order(), v1::ORDER_STATE_DECLINED);
  }
  grpc::Status ShipOrder(grpc::ServerContext*, const v1::ShipOrderRequest* request,
                         v1::ShipOrderResponse* response) override {
    tracking = request->tracking();
    return Changed(*request, response->mutable_order(), v1::ORDER_STATE_SHIPPED);
  }
  grpc::Status FulfilOrder(grpc::ServerContext*, const v1::FulfilOrderRequest* request,
                           v1::FulfilOrderResponse* response) override {
    return Changed(*request, response->mutable_order(), v1::ORDER_STATE_FULFILLED);
  }
  grpc::Status CancelOrder(grpc::ServerContext*, const v1::CancelOrderRequest* request,
                           v1::CancelOrderResponse* response) override {
    reason = request->reason();
    return Changed(*request, response->mutable_order(), v1::ORDER_STATE_CANCELLED);
  }
  grpc::Status ReturnOrderItems(grpc::ServerContext*, const v1::ReturnOrderItemsRequest* request,
                                v1::ReturnOrderItemsResponse* response) override {
    returned = request->quantity();
    return Changed(*request, response->mutable_order(), v1::ORDER_STATE_RETURNED);
  }

  v1::PlaceOrderRequest placed;
  v1::ListOrdersRequest listed;
  std::string changed;
  std::string request_id;
  std::string reason;
  std::string tracking;
  std::uint32_t returned = 0;

 private:
  template <class Request>
  grpc::Status Changed(const Request& request, v1::Order* order, v1::OrderState state) {
    changed = request.name();
    request_id = request.request_id();
    FillOrder(*order, state);
    return grpc::Status::OK;
  }
};

class FakeVouchers final : public v1::VoucherService::Service {
 public:
  grpc::Status RedeemVoucher(grpc::ServerContext*, const v1::RedeemVoucherRequest* request,
                             v1::RedeemVoucherResponse* response) override {
    redeemed = *request;
    response->set_order("orders/000000000042");
    response->set_quantity(2);
    return grpc::Status::OK;
  }
  grpc::Status GetVoucher(grpc::ServerContext*, const v1::GetVoucherRequest* request,
                          v1::GetVoucherResponse* response) override {
    response->mutable_voucher()->set_name(request->name());
    response->mutable_voucher()->set_digits("1234567890123450");
    response->mutable_voucher()->set_state(v1::VOUCHER_STATE_ACTIVE);
    return grpc::Status::OK;
  }
  grpc::Status ListVouchers(grpc::ServerContext*, const v1::ListVouchersRequest* request,
                            v1::ListVouchersResponse* response) override {
    listed = *request;
    v1::Voucher& voucher = *response->add_vouchers();
    voucher.set_name("orders/000000000042/voucher");
    voucher.set_state(v1::VOUCHER_STATE_EXPIRED);
    return grpc::Status::OK;
  }
  grpc::Status TransferVoucher(grpc::ServerContext*, const v1::TransferVoucherRequest* request,
                               v1::TransferVoucherResponse*) override {
    transferred = *request;
    return grpc::Status::OK;
  }
  grpc::Status UploadVoucherCodes(grpc::ServerContext*,
                                  grpc::ServerReader<v1::UploadVoucherCodesRequest>* reader,
                                  v1::UploadVoucherCodesResponse* response) override {
    v1::UploadVoucherCodesRequest message;
    while (reader->Read(&message)) {
      if (message.has_start()) upload = message.start();
      for (const std::string& code : message.codes().codes()) codes.push_back(code);
    }
    response->set_added(static_cast<std::uint32_t>(codes.size()));
    return grpc::Status::OK;
  }

  v1::RedeemVoucherRequest redeemed;
  v1::ListVouchersRequest listed;
  v1::TransferVoucherRequest transferred;
  v1::UploadVoucherCodesRequest::Start upload;
  std::vector<std::string> codes;
};

class OrderNounsTest : public CommandsTest {
 protected:
  OrderNounsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&orders_);
    builder.RegisterService(&vouchers_);
    order_server_ = builder.BuildAndStart();
    channel_ = order_server_->InProcessChannel(grpc::ChannelArguments());
  }

  FakeOrders orders_;
  FakeVouchers vouchers_;
  std::unique_ptr<grpc::Server> order_server_;
};

TEST_F(OrderNounsTest, AMemberOrders) {
  const std::vector<std::string> place = {"order",      "place", "01J",          "--offer", "18",
                                          "--quantity", "2",     "--fulfilment", "delivery"};
  EXPECT_EQ(Run(place), 2);
  EXPECT_EQ(
      Run(With(place, {"--offer-version", "3", "--recipient", "张三", "--phone", "13800000000",
                       "--address", "合肥市", "--own-money", "150", "--tender", "wechat"})),
      0);
  EXPECT_EQ(orders_.placed.parent(), "members/01J");
  EXPECT_EQ(orders_.placed.offer(), "offers/18");
  EXPECT_EQ(orders_.placed.offer_version(), 3U);
  EXPECT_EQ(orders_.placed.quantity(), 2U);
  EXPECT_EQ(orders_.placed.fulfilment(), v1::FULFILMENT_KIND_DELIVERY);
  EXPECT_EQ(orders_.placed.delivery_address().recipient(), "张三");
  EXPECT_EQ(orders_.placed.own_money().amount(), 150);
  EXPECT_EQ(orders_.placed.own_money().currency(), "CNY");
  EXPECT_NE(orders_.placed.request_id(), "");
  EXPECT_THAT(out_, AllOf(HasSubstr("orders/000000000042"), HasSubstr("PLACED"), HasSubstr("2,400"),
                          HasSubstr("150 CNY by wechat"), HasSubstr("lapses")));
  EXPECT_EQ(Run({"orders", "get", "000000000042"}), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("AAA-1"), HasSubstr("张三"), Not(HasSubstr("lapses"))));
}

TEST_F(OrderNounsTest, AnOrderIsTakenThroughItsLife) {
  EXPECT_EQ(Run({"order", "accept", "000000000042"}), 0);
  EXPECT_EQ(orders_.changed, "orders/000000000042");
  EXPECT_NE(orders_.request_id, "");
  EXPECT_EQ(Run({"order", "decline", "000000000042", "--reason", "售罄"}), 0);
  EXPECT_EQ(orders_.reason, "售罄");
  EXPECT_EQ(Run({"order", "ship", "000000000042", "--tracking", "SF 1234"}), 0);
  EXPECT_EQ(orders_.tracking, "SF 1234");
  EXPECT_EQ(Run({"order", "fulfil", "orders/000000000042"}), 0);
  EXPECT_THAT(out_, HasSubstr("FULFILLED"));
  EXPECT_EQ(Run({"order", "cancel", "000000000042", "--reason", "不要了"}), 0);
  EXPECT_EQ(orders_.reason, "不要了");
  EXPECT_EQ(Run({"order", "return", "000000000042"}), 2);
  EXPECT_EQ(Run({"order", "return", "000000000042", "--quantity", "1"}), 0);
  EXPECT_EQ(orders_.returned, 1U);
}

TEST_F(OrderNounsTest, OrdersAreListedOfAMemberOrAMerchant) {
  EXPECT_EQ(Run({"order", "list", "merchants/m-7", "--state", "placed"}), 0);
  EXPECT_EQ(orders_.listed.parent(), "merchants/m-7");
  EXPECT_EQ(orders_.listed.state(), v1::ORDER_STATE_PLACED);
  EXPECT_THAT(out_, AllOf(HasSubstr("orders/000000000042"), HasSubstr("LAPSED")));
}

TEST_F(OrderNounsTest, AVoucherIsShownGivenOnAndRedeemed) {
  EXPECT_EQ(Run({"voucher", "get", "000000000042"}), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("orders/000000000042/voucher"), HasSubstr("1234567890123450")));
  EXPECT_EQ(Run({"vouchers", "list", "01J"}), 0);
  EXPECT_EQ(vouchers_.listed.parent(), "members/01J");
  EXPECT_THAT(out_, HasSubstr("EXPIRED"));
  EXPECT_EQ(Run({"voucher", "transfer", "orders/000000000042/voucher", "--to", "01K"}), 0);
  EXPECT_EQ(vouchers_.transferred.name(), "orders/000000000042/voucher");
  EXPECT_EQ(vouchers_.transferred.recipient(), "members/01K");
  EXPECT_EQ(Run({"voucher", "redeem", "1234567890123450", "--terminal",
                 "merchants/m-7/terminals/t-1", "--batch", "1", "--trace", "12"}),
            0);
  EXPECT_EQ(vouchers_.redeemed.digits(), "1234567890123450");
  EXPECT_EQ(vouchers_.redeemed.till().terminal(), "merchants/m-7/terminals/t-1");
  EXPECT_THAT(out_, HasSubstr("hand out"));
}

TEST_F(OrderNounsTest, CodesAreBroughtFromAFile) {
  const std::string path = WriteFile("codes.txt", "AAA-1\n\n  BBB-2\r\nCCC-3");
  EXPECT_EQ(Run({"voucher", "upload-codes", "21", path}), 0);
  EXPECT_EQ(vouchers_.upload.offer(), "offers/21");
  EXPECT_EQ(vouchers_.upload.codes(), 3U);
  EXPECT_NE(vouchers_.upload.request_id(), "");
  EXPECT_THAT(vouchers_.codes, ElementsAre("AAA-1", "BBB-2", "CCC-3"));
  EXPECT_THAT(out_, HasSubstr("added"));
  EXPECT_EQ(Run({"voucher", "upload-codes", "21", WriteFile("none.txt", "\n")}), 3);
}

}  // namespace
}  // namespace puhui::services
