// SPDX-License-Identifier: Apache-2.0
// What unions ask about offers, from the arguments to the service and back to the terminal.
#include "puhui/v1/offer_report_service.grpc.pb.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace puhui::services {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class FakeOfferReports final : public v1::OfferReportService::Service {
 public:
  grpc::Status GetOfferReport(grpc::ServerContext*, const v1::GetOfferReportRequest* request,
                              v1::GetOfferReportResponse* response) override {
    report = *request;
    v1::OfferFigures& figures = *response->mutable_figures();
    figures.set_views(1'234);
    figures.set_participants(7);
    if (request->of_case() == v1::GetOfferReportRequest::kOffer) {
      figures.set_eligible_members(50);
      figures.set_eligible_members_at_most(true);
    }
    return grpc::Status::OK;
  }
  grpc::Status ListTopOffers(grpc::ServerContext*, const v1::ListTopOffersRequest* request,
                             v1::ListTopOffersResponse* response) override {
    top = *request;
    response->add_offers()->set_title("全场九折");
    return grpc::Status::OK;
  }
  grpc::Status ListUnusedOffers(grpc::ServerContext*, const v1::ListUnusedOffersRequest* request,
                                v1::ListUnusedOffersResponse* response) override {
    unused = *request;
    response->add_offers()->set_offer(request->page_token().empty() ? "offers/1" : "offers/2");
    if (request->page_token().empty()) response->set_next_page_token("next");
    return grpc::Status::OK;
  }

  v1::GetOfferReportRequest report;
  v1::ListTopOffersRequest top;
  v1::ListUnusedOffersRequest unused;
};

class OfferReportNounsTest : public CommandsTest {
 protected:
  OfferReportNounsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&reports_);
    report_server_ = builder.BuildAndStart();
    channel_ = report_server_->InProcessChannel(grpc::ChannelArguments());
  }

  FakeOfferReports reports_;
  std::unique_ptr<grpc::Server> report_server_;
};

TEST_F(OfferReportNounsTest, ReportsOfOneOfferAMerchantOrAll) {
  EXPECT_EQ(Run({"offer", "report", "fh-1"}), 0);
  EXPECT_EQ(reports_.report.union_(), "unions/fh-1");
  EXPECT_EQ(reports_.report.of_case(), v1::GetOfferReportRequest::OF_NOT_SET);
  EXPECT_THAT(out_, AllOf(HasSubstr("1234"), HasSubstr("not counted")));
  EXPECT_EQ(Run({"offer", "report", "fh-1", "--offer", "offers/12"}), 0);
  EXPECT_EQ(reports_.report.offer(), "offers/12");
  EXPECT_THAT(out_, HasSubstr("at most 50"));
  EXPECT_EQ(Run({"offer", "report", "fh-1", "--merchant", "merchants/m-7"}), 0);
  EXPECT_EQ(reports_.report.merchant(), "merchants/m-7");
  EXPECT_EQ(Run({"offer", "report", "fh-1", "--offer", "12"}), 0);
  EXPECT_EQ(reports_.report.offer(), "offers/12");
  EXPECT_EQ(Run({"offer", "report", "fh-1", "--merchant", "m-7"}), 0);
  EXPECT_EQ(reports_.report.merchant(), "merchants/m-7");
  EXPECT_EQ(Run({"offer", "report", "fh-1", "--merchant", "merchants/m-7", "--offer", "offers/12"}),
            2);
}

TEST_F(OfferReportNounsTest, RanksByOneFigure) {
  EXPECT_EQ(Run({"offer", "top", "fh-1"}), 2);
  EXPECT_EQ(Run({"offer", "top", "fh-1", "--by", "orders", "--first", "10", "--merchant", "m-7"}),
            0);
  EXPECT_EQ(reports_.top.measure(), v1::OFFER_MEASURE_ORDERS);
  EXPECT_EQ(reports_.top.page_size(), 10);
  EXPECT_EQ(reports_.top.merchant(), "merchants/m-7");
  EXPECT_THAT(out_, HasSubstr("全场九折"));
}

TEST_F(OfferReportNounsTest, ListsWhatNobodyTookPageByPage) {
  EXPECT_EQ(Run({"offer", "unused", "fh-1", "--all"}), 0);
  EXPECT_EQ(reports_.unused.union_(), "unions/fh-1");
  EXPECT_THAT(out_, AllOf(HasSubstr("offers/1"), HasSubstr("offers/2")));
}

}  // namespace
}  // namespace puhui::services
