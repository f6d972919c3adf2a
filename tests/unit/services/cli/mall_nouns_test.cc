// SPDX-License-Identifier: Apache-2.0
// `puhui mall`, from the arguments to the service and back.
#include "puhui/v1/external_points_service.grpc.pb.h"
#include "puhui/v1/mall_service.grpc.pb.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace puhui::services {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class FakeMalls final : public v1::MallService::Service {
 public:
  grpc::Status EnableMall(grpc::ServerContext*, const v1::EnableMallRequest* request,
                          v1::EnableMallResponse* response) override {
    enabled = *request;
    response->set_name("merchants/m-7/mall");
    return grpc::Status::OK;
  }
  grpc::Status UpdateMall(grpc::ServerContext*, const v1::UpdateMallRequest* request,
                          v1::UpdateMallResponse*) override {
    updated = *request;
    return grpc::Status::OK;
  }
  grpc::Status BlockMall(grpc::ServerContext*, const v1::BlockMallRequest* request,
                         v1::BlockMallResponse*) override {
    blocked = *request;
    return grpc::Status::OK;
  }
  grpc::Status UnblockMall(grpc::ServerContext*, const v1::UnblockMallRequest* request,
                           v1::UnblockMallResponse*) override {
    unblocked = *request;
    return grpc::Status::OK;
  }
  grpc::Status GetMall(grpc::ServerContext*, const v1::GetMallRequest* request,
                       v1::GetMallResponse* response) override {
    response->mutable_mall()->set_name(request->name());
    response->mutable_mall()->set_state(v1::MALL_STATE_BLOCKED);
    response->mutable_mall()->mutable_limits()->set_points_per_day_max(4'321);
    return grpc::Status::OK;
  }
  grpc::Status ListMallLinks(grpc::ServerContext*, const v1::ListMallLinksRequest* request,
                             v1::ListMallLinksResponse* response) override {
    v1::MallLink& link = *response->add_links();
    link.set_name(request->parent() + "/malls/m-7");
    link.set_display_name("网上商城");
    return grpc::Status::OK;
  }
  grpc::Status UnlinkMall(grpc::ServerContext*, const v1::UnlinkMallRequest* request,
                          v1::UnlinkMallResponse*) override {
    unlinked = *request;
    return grpc::Status::OK;
  }

  v1::EnableMallRequest enabled;
  v1::UpdateMallRequest updated;
  v1::BlockMallRequest blocked;
  v1::UnblockMallRequest unblocked;
  v1::UnlinkMallRequest unlinked;
};

class FakeExternalPoints final : public v1::ExternalPointsService::Service {
 public:
  grpc::Status LinkMall(grpc::ServerContext*, const v1::LinkMallRequest* request,
                        v1::LinkMallResponse* response) override {
    linked = *request;
    response->set_member_token("00112233445566778899aabbccddeeff");
    return grpc::Status::OK;
  }
  grpc::Status GetBalance(grpc::ServerContext*, const v1::GetBalanceRequest* request,
                          v1::GetBalanceResponse* response) override {
    balance = *request;
    response->set_available_points(765);
    return grpc::Status::OK;
  }
  grpc::Status Pay(grpc::ServerContext*, const v1::PayRequest* request,
                   v1::PayResponse* response) override {
    paid = *request;
    response->mutable_payment()->set_retrieval_reference("000000000042");
    response->mutable_payment()->set_state(v1::MALL_PAYMENT_STATE_PAID);
    return grpc::Status::OK;
  }
  grpc::Status GetPayment(grpc::ServerContext*, const v1::GetPaymentRequest* request,
                          v1::GetPaymentResponse* response) override {
    response->mutable_payment()->set_order_number(request->order_number());
    response->mutable_payment()->set_state(v1::MALL_PAYMENT_STATE_PARTLY_REFUNDED);
    return grpc::Status::OK;
  }
  grpc::Status RefundPayment(grpc::ServerContext*, const v1::RefundPaymentRequest* request,
                             v1::RefundPaymentResponse* response) override {
    refunded = *request;
    response->mutable_refund()->set_refund_number(request->refund_number());
    return grpc::Status::OK;
  }
  grpc::Status ListTransactions(grpc::ServerContext*, const v1::ListTransactionsRequest* request,
                                v1::ListTransactionsResponse* response) override {
    listed = *request;
    response->add_transactions()->set_payment("O-1");
    v1::MallTransaction& refund = *response->add_transactions();
    refund.set_refund("R-1");
    refund.set_order_number("O-9");
    return grpc::Status::OK;
  }

  v1::LinkMallRequest linked;
  v1::GetBalanceRequest balance;
  v1::PayRequest paid;
  v1::RefundPaymentRequest refunded;
  v1::ListTransactionsRequest listed;
};

class MallNounsTest : public CommandsTest {
 protected:
  MallNounsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&malls_);
    builder.RegisterService(&points_);
    mall_server_ = builder.BuildAndStart();
    channel_ = mall_server_->InProcessChannel(grpc::ChannelArguments());
  }

  FakeMalls malls_;
  FakeExternalPoints points_;
  std::unique_ptr<grpc::Server> mall_server_;
};

TEST_F(MallNounsTest, AnOperatorEnablesBoundsAndBlocksMalls) {
  EXPECT_EQ(Run({"mall", "enable", "m-7", "--store", "merchants/m-7/stores/s-1", "--terminal-id",
                 "web", "--per-payment", "500", "--per-day", "8000"}),
            0);
  EXPECT_EQ(malls_.enabled.parent(), "merchants/m-7");
  EXPECT_EQ(malls_.enabled.terminal_id(), "web");
  EXPECT_EQ(malls_.enabled.limits().points_per_payment_max(), 500);
  EXPECT_EQ(malls_.enabled.limits().points_per_day_max(), 8'000);
  EXPECT_NE(malls_.enabled.request_id(), "");
  EXPECT_THAT(out_, HasSubstr("merchants/m-7/mall"));
  EXPECT_EQ(Run({"mall", "limits", "m-7", "--per-payment", "5"}), 2);
  EXPECT_EQ(Run({"mall", "limits", "m-7", "--per-payment", "5", "--per-day", "6"}), 0);
  EXPECT_EQ(malls_.updated.name(), "merchants/m-7/mall");
  EXPECT_EQ(malls_.updated.limits().points_per_day_max(), 6);
  EXPECT_EQ(Run({"mall", "block", "m-7"}), 2);
  EXPECT_EQ(Run({"mall", "block", "m-7", "--reason", "投诉"}), 0);
  EXPECT_EQ(malls_.blocked.reason(), "投诉");
  EXPECT_EQ(Run({"mall", "unblock", "merchants/m-7/mall"}), 0);
  EXPECT_EQ(malls_.unblocked.name(), "merchants/m-7/mall");
  EXPECT_EQ(Run({"mall", "get", "m-7"}), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("BLOCKED"), HasSubstr("4,321")));
}

TEST_F(MallNounsTest, AMemberSeesLinksAndTakesThemBack) {
  EXPECT_EQ(Run({"mall", "links", "01J"}), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("members/01J/malls/m-7"), HasSubstr("网上商城")));
  EXPECT_EQ(Run({"mall", "unlink", "members/01J/malls/m-7"}), 0);
  EXPECT_EQ(malls_.unlinked.name(), "members/01J/malls/m-7");
}

TEST_F(MallNounsTest, AMallLinksPaysAndGivesBack) {
  EXPECT_EQ(Run({"mall", "link", "m-7", "--code", "770000000000000042"}), 0);
  EXPECT_EQ(points_.linked.merchant(), "merchants/m-7");
  EXPECT_EQ(points_.linked.payment_code(), "770000000000000042");
  EXPECT_THAT(out_, HasSubstr("00112233445566778899aabbccddeeff"));
  EXPECT_EQ(Run({"mall", "balance", "m-7", "--token", "aa"}), 0);
  EXPECT_EQ(points_.balance.member_token(), "aa");
  EXPECT_THAT(out_, HasSubstr("765"));
  EXPECT_EQ(Run({"mall", "pay", "m-7", "--token", "aa", "--order", "O-1", "--points", "50",
                 "--line", "5411:50"}),
            0);
  EXPECT_EQ(points_.paid.order_number(), "O-1");
  EXPECT_EQ(points_.paid.points(), 50);
  EXPECT_EQ(points_.paid.lines_size(), 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("000000000042"), HasSubstr("PAID")));
  EXPECT_EQ(Run({"mall", "payment", "m-7", "--order", "O-1"}), 0);
  EXPECT_THAT(out_, HasSubstr("PARTLY_REFUNDED"));
  EXPECT_EQ(Run({"mall", "refund", "m-7", "--order", "O-1", "--refund", "R-1", "--points", "5"}),
            0);
  EXPECT_EQ(points_.refunded.refund_number(), "R-1");
  EXPECT_EQ(points_.refunded.points(), 5);
  EXPECT_EQ(Run({"mall", "transactions", "m-7", "--day", "2026-01-31"}), 0);
  EXPECT_EQ(points_.listed.day(), "2026-01-31");
  EXPECT_THAT(out_, AllOf(HasSubstr("O-1"), HasSubstr("R-1"), HasSubstr("O-9")));
}

}  // namespace
}  // namespace puhui::services
