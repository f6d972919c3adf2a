// SPDX-License-Identifier: Apache-2.0
// `puhui offer` and `puhui notice`, from the arguments to the service and back.
#include "puhui/v1/catalog_service.grpc.pb.h"
#include "puhui/v1/notice_service.grpc.pb.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace puhui::services {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class FakeCatalog final : public v1::CatalogService::Service {
 public:
  grpc::Status CreateOffer(grpc::ServerContext*, const v1::CreateOfferRequest* request,
                           v1::CreateOfferResponse* response) override {
    created = *request;
    *response->mutable_offer() = request->offer();
    response->mutable_offer()->set_name("offers/17");
    response->mutable_offer()->set_state(v1::OFFER_STATE_DRAFT);
    return grpc::Status::OK;
  }
  grpc::Status UpdateOffer(grpc::ServerContext*, const v1::UpdateOfferRequest* request,
                           v1::UpdateOfferResponse* response) override {
    updated = *request;
    response->mutable_offer()->set_version(3);
    return grpc::Status::OK;
  }
  grpc::Status PublishOffer(grpc::ServerContext*, const v1::PublishOfferRequest* request,
                            v1::PublishOfferResponse* response) override {
    published = *request;
    response->mutable_offer()->set_state(v1::OFFER_STATE_PUBLISHED);
    return grpc::Status::OK;
  }
  grpc::Status WithdrawOffer(grpc::ServerContext*, const v1::WithdrawOfferRequest* request,
                             v1::WithdrawOfferResponse*) override {
    withdrawn = *request;
    return grpc::Status::OK;
  }
  grpc::Status RestockOffer(grpc::ServerContext*, const v1::RestockOfferRequest* request,
                            v1::RestockOfferResponse* response) override {
    restocked = *request;
    response->mutable_stock()->set_available(480);
    return grpc::Status::OK;
  }
  grpc::Status GetOffer(grpc::ServerContext*, const v1::GetOfferRequest* request,
                        v1::GetOfferResponse* response) override {
    response->mutable_offer()->set_name(request->name());
    response->mutable_offer()->mutable_seats()->set_from("厦门");
    response->mutable_offer()->mutable_seats()->set_to("成都");
    return grpc::Status::OK;
  }
  grpc::Status ListOffers(grpc::ServerContext*, const v1::ListOffersRequest* request,
                          v1::ListOffersResponse* response) override {
    listed = *request;
    response->add_offers()->set_title("端午粽子礼盒");
    return grpc::Status::OK;
  }
  grpc::Status ListOfferVersions(grpc::ServerContext*, const v1::ListOfferVersionsRequest*,
                                 v1::ListOfferVersionsResponse* response) override {
    response->add_versions()->set_reason("活动提前结束");
    return grpc::Status::OK;
  }

  v1::CreateOfferRequest created;
  v1::UpdateOfferRequest updated;
  v1::PublishOfferRequest published;
  v1::WithdrawOfferRequest withdrawn;
  v1::RestockOfferRequest restocked;
  v1::ListOffersRequest listed;
};

class FakeNotices final : public v1::NoticeService::Service {
 public:
  grpc::Status PublishNotice(grpc::ServerContext*, const v1::PublishNoticeRequest* request,
                             v1::PublishNoticeResponse* response) override {
    published = *request;
    *response->mutable_notice() = request->notice();
    return grpc::Status::OK;
  }
  grpc::Status WithdrawNotice(grpc::ServerContext*, const v1::WithdrawNoticeRequest* request,
                              v1::WithdrawNoticeResponse*) override {
    withdrawn = *request;
    return grpc::Status::OK;
  }
  grpc::Status ListNotices(grpc::ServerContext*, const v1::ListNoticesRequest* request,
                           v1::ListNoticesResponse* response) override {
    listed = *request;
    response->add_notices()->set_title("春节慰问");
    return grpc::Status::OK;
  }
  grpc::Status ListMyNotices(grpc::ServerContext*, const v1::ListMyNoticesRequest*,
                             v1::ListMyNoticesResponse* response) override {
    response->add_notices()->set_title("平安返厦");
    return grpc::Status::OK;
  }

  v1::PublishNoticeRequest published;
  v1::WithdrawNoticeRequest withdrawn;
  v1::ListNoticesRequest listed;
};

class OfferNounsTest : public CommandsTest {
 protected:
  OfferNounsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&catalog_);
    builder.RegisterService(&notices_);
    market_ = builder.BuildAndStart();
    channel_ = market_->InProcessChannel(grpc::ChannelArguments());
  }

  FakeCatalog catalog_;
  FakeNotices notices_;
  std::unique_ptr<grpc::Server> market_;
};

TEST_F(OfferNounsTest, WritesADiscountForAnAudience) {
  EXPECT_EQ(
      Run({"offer",      "create",         "m-7",   "--title",      "会员九折",    "--percent-off",
           "1000",       "--minimum-bill", "5000",  "--per-member", "3",           "--last-day",
           "2027-02-28", "--for-union",    "fh-1",  "--for-union",  "unions/fh-2", "--for-campaign",
           "spring",     "--region",       "420000"}),
      0);
  const v1::Offer& offer = catalog_.created.offer();
  EXPECT_EQ(offer.merchant(), "merchants/m-7");
  EXPECT_EQ(offer.percentage_off().basis_points(), 1'000);
  EXPECT_EQ(offer.percentage_off().minimum_points(), 5'000);
  EXPECT_EQ(offer.per_member_limit(), 3U);
  EXPECT_THAT(offer.audience().unions(), ElementsAre("unions/fh-1", "unions/fh-2"));
  EXPECT_THAT(offer.audience().campaigns(), ElementsAre("campaigns/spring"));
  EXPECT_FALSE(catalog_.created.request_id().empty());
  EXPECT_THAT(out_, AllOf(HasSubstr("offers/17"), HasSubstr("10.00% off"), HasSubstr("DRAFT")));
}

TEST_F(OfferNounsTest, ReadsAFileAndLetsFlagsStandOverIt) {
  const std::string file = WriteFile("zongzi.yaml",
                                     "title: 粽子\n"
                                     "item:\n"
                                     "  price_points: 8800\n"
                                     "  components:\n"
                                     "    - {text: 鲜肉粽, quantity: 6}\n"
                                     "fulfilments: [FULFILMENT_KIND_PICK_UP]\n"
                                     "last_day: \"2027-06-20\"\n");
  EXPECT_EQ(
      Run({"offers", "create", "m-7", "--file", file, "--title", "端午粽子礼盒", "--stock", "500"}),
      0);
  EXPECT_EQ(catalog_.created.stock(), 500);
  const v1::Offer& offer = catalog_.created.offer();
  EXPECT_EQ(offer.title(), "端午粽子礼盒");
  EXPECT_EQ(offer.item().price_points(), 8'800);
  EXPECT_EQ(offer.item().components(0).text(), "鲜肉粽");
  EXPECT_EQ(offer.fulfilments(0), v1::FULFILMENT_KIND_PICK_UP);
  EXPECT_THAT(out_, HasSubstr("鲜肉粽"));
}

TEST_F(OfferNounsTest, WritesBundlesAndSeats) {
  EXPECT_EQ(
      Run({"offer",   "create",        "m-7",      "--title",    "礼盒",       "--price",
           "8800",    "--part",        "6:鲜肉粽", "--part",     "2:豆沙粽",   "--fulfilment",
           "pick_up", "--fulfilment",  "delivery", "--last-day", "2027-06-20", "--voucher-days",
           "30",      "--transferable"}),
      0);
  EXPECT_EQ(catalog_.created.offer().item().components(1).quantity(), 2U);
  EXPECT_EQ(catalog_.created.offer().fulfilments_size(), 2);
  EXPECT_TRUE(catalog_.created.offer().transferable());
  EXPECT_EQ(catalog_.created.offer().voucher_days(), 30U);
  EXPECT_EQ(Run({"offer", "create", "m-7", "--title", "平安返厦", "--seat-price", "100",
                 "--travel-day", "2027-02-12", "--from", "成都", "--to", "厦门", "--fulfilment",
                 "pick_up", "--last-day", "2027-02-10"}),
            0);
  EXPECT_EQ(catalog_.created.offer().seats().to(), "厦门");
  EXPECT_EQ(Run({"offer", "create", "m-7", "--title", "礼盒", "--part", "鲜肉粽"}), 2);
  EXPECT_EQ(Run({"offer", "create", "m-7", "--title", "礼盒", "--percent-off", "10000"}), 2);
}

TEST_F(OfferNounsTest, UpdatesWhatFlagsName) {
  EXPECT_EQ(Run({"offer", "update", "17", "--etag", "e", "--title", "会员八折", "--points-off",
                 "30", "--minimum-bill", "100", "--clear", "text"}),
            0);
  EXPECT_EQ(catalog_.updated.offer().name(), "offers/17");
  EXPECT_EQ(catalog_.updated.offer().etag(), "e");
  EXPECT_EQ(catalog_.updated.offer().amount_off().minimum_points(), 100);
  EXPECT_THAT(catalog_.updated.update_mask().paths(),
              UnorderedElementsAre("text", "title", "benefit"));
}

TEST_F(OfferNounsTest, PublishesWithdrawsRestocksAndReads) {
  EXPECT_EQ(Run({"offer", "publish", "17"}), 0);
  EXPECT_EQ(catalog_.published.name(), "offers/17");
  EXPECT_EQ(Run({"offer", "withdraw", "offers/17", "--reason", "活动提前结束"}), 0);
  EXPECT_EQ(catalog_.withdrawn.reason(), "活动提前结束");
  EXPECT_EQ(Run({"offer", "restock", "18", "--change", "-20"}), 0);
  EXPECT_EQ(catalog_.restocked.change(), -20);
  EXPECT_THAT(out_, HasSubstr("480"));
  EXPECT_EQ(Run({"offer", "get", "19"}), 0);
  EXPECT_THAT(out_, HasSubstr("厦门 - 成都"));
  EXPECT_EQ(Run({"offer", "list", "m-7", "--state", "published"}), 0);
  EXPECT_EQ(catalog_.listed.parent(), "merchants/m-7");
  EXPECT_EQ(catalog_.listed.state(), v1::OFFER_STATE_PUBLISHED);
  EXPECT_THAT(out_, HasSubstr("端午粽子礼盒"));
  EXPECT_EQ(Run({"offer", "history", "17"}), 0);
  EXPECT_THAT(out_, HasSubstr("活动提前结束"));
}

TEST_F(OfferNounsTest, TellsMembersAndTakesItBack) {
  EXPECT_EQ(
      Run({"notice", "publish", "--union", "fh-1", "--title", "平安返厦", "--text",
           "返岗专列二月十二日发车", "--last-day", "2027-02-12", "--for-employment", "正式工"}),
      0);
  EXPECT_EQ(notices_.published.notice().union_(), "unions/fh-1");
  EXPECT_THAT(notices_.published.notice().audience().employments(), ElementsAre("正式工"));
  EXPECT_EQ(Run({"notice", "withdraw", "3"}), 0);
  EXPECT_EQ(notices_.withdrawn.name(), "notices/3");
  EXPECT_EQ(Run({"notices", "list", "--union", "fh-1"}), 0);
  EXPECT_EQ(notices_.listed.union_(), "unions/fh-1");
  EXPECT_THAT(out_, HasSubstr("春节慰问"));
  EXPECT_EQ(Run({"notice", "mine"}), 0);
  EXPECT_THAT(out_, HasSubstr("平安返厦"));
}

}  // namespace
}  // namespace puhui::services
