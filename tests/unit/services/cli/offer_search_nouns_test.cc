// SPDX-License-Identifier: Apache-2.0
// `puhui offer search`, `puhui offer picture` and `puhui merchant locate-store`, from the arguments
// to the service and back.
#include "puhui/v1/merchant_service.grpc.pb.h"
#include "puhui/v1/picture_service.grpc.pb.h"
#include "puhui/v1/search_service.grpc.pb.h"
#include "tests/support/pictures.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace puhui::services {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class FakeSearch final : public v1::SearchService::Service {
 public:
  grpc::Status SearchOffers(grpc::ServerContext*, const v1::SearchOffersRequest* request,
                            v1::SearchOffersResponse* response) override {
    asked = *request;
    v1::FoundOffer& found = *response->add_offers();
    found.mutable_offer()->set_name("offers/17");
    found.mutable_offer()->set_title("端午粽子礼盒");
    found.mutable_offer()->mutable_item()->set_price_points(9'900);
    found.set_merchant_display_name("沃尔玛超市");
    found.set_distance_meters(1'234);
    if (request->page_token().empty()) {
      v1::FacetCount& count = *response->mutable_facets()->add_regions();
      count.set_value("350203");
      count.set_offers(42);
      response->mutable_facets()->add_prices()->set_price_points_min(5'000);
      response->set_next_page_token("more");
    }
    return grpc::Status::OK;
  }

  v1::SearchOffersRequest asked;
};

class FakePictures final : public v1::PictureService::Service {
 public:
  grpc::Status UploadPicture(grpc::ServerContext*,
                             grpc::ServerReader<v1::UploadPictureRequest>* reader,
                             v1::UploadPictureResponse* response) override {
    for (v1::UploadPictureRequest message; reader->Read(&message);) {
      if (message.has_start()) start = message.start();
      bytes += message.data();
    }
    response->mutable_picture()->set_name("merchants/m-7/pictures/9f86");
    response->mutable_picture()->set_media_type("image/png");
    return grpc::Status::OK;
  }
  grpc::Status GetPicture(grpc::ServerContext*, const v1::GetPictureRequest* request,
                          grpc::ServerWriter<v1::GetPictureResponse>* writer) override {
    v1::GetPictureResponse message;
    message.mutable_picture()->set_name(request->name());
    writer->Write(message);
    for (std::size_t at = 0; at < bytes.size(); at += 10) {
      message.set_data(bytes.substr(at, 10));
      writer->Write(message);
    }
    return grpc::Status::OK;
  }

  v1::UploadPictureRequest::Start start;
  std::string bytes;
};

class FakeStores final : public v1::MerchantService::Service {
 public:
  grpc::Status LocateStore(grpc::ServerContext*, const v1::LocateStoreRequest* request,
                           v1::LocateStoreResponse*) override {
    located = *request;
    return grpc::Status::OK;
  }
  grpc::Status GetMerchant(grpc::ServerContext*, const v1::GetMerchantRequest*,
                           v1::GetMerchantResponse* response) override {
    *response->mutable_merchant()->add_stores()->mutable_location() = located.location();
    return grpc::Status::OK;
  }

  v1::LocateStoreRequest located;
};

class OfferSearchNounsTest : public CommandsTest {
 protected:
  OfferSearchNounsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&search_);
    builder.RegisterService(&pictures_);
    builder.RegisterService(&stores_);
    window_ = builder.BuildAndStart();
    channel_ = window_->InProcessChannel(grpc::ChannelArguments());
  }

  FakeSearch search_;
  FakePictures pictures_;
  FakeStores stores_;
  std::unique_ptr<grpc::Server> window_;
};

TEST_F(OfferSearchNounsTest, WhatIsFoundIsShownWithItsCounts) {
  EXPECT_EQ(Run({"offer",   "search",      "01J",        "粽子 礼盒", "--category",
                 "5411",    "--category",  "5812",       "--region",  "350203",
                 "--union", "fh-1",        "--merchant", "m-7",       "--price-min",
                 "100",     "--price-max", "20000",      "--near",    "24.479834,118.089425",
                 "--order", "nearest"}),
            0)
      << err_;
  const v1::SearchOffersRequest& asked = search_.asked;
  EXPECT_EQ(asked.member(), "members/01J");
  EXPECT_EQ(asked.text(), "粽子 礼盒");
  EXPECT_EQ(asked.categories_size(), 2);
  EXPECT_EQ(asked.region(), "350203");
  EXPECT_EQ(asked.union_(), "unions/fh-1");
  EXPECT_EQ(asked.merchant(), "merchants/m-7");
  EXPECT_EQ(asked.price_points_min(), 100);
  EXPECT_EQ(asked.price_points_max(), 20'000);
  EXPECT_EQ(asked.near().latitude_micros(), 24'479'834);
  EXPECT_EQ(asked.near().longitude_micros(), 118'089'425);
  EXPECT_EQ(asked.order(), v1::SEARCH_ORDER_NEAREST);
  EXPECT_THAT(out_, AllOf(HasSubstr("offers/17"), HasSubstr("沃尔玛超市"), HasSubstr("1.2 km"),
                          HasSubstr("350203"), HasSubstr("42"), HasSubstr("more")));
  EXPECT_EQ(Run({"offers", "search", "01J", "--page-token", "more"}), 0);
  EXPECT_EQ(search_.asked.text(), "");
  EXPECT_THAT(out_, Not(HasSubstr("350203")));
}

TEST_F(OfferSearchNounsTest, APlaceIsTwoNumbersOfDegrees) {
  for (const char* place : {"24.4", "91,0", "0,181", "x,y", "1,2,3", "nan,0", ""}) {
    EXPECT_EQ(Run({"offer", "search", "01J", "--near", place}), 2) << place;
  }
  EXPECT_EQ(Run({"offer", "search", "01J", "--near=-33.86, 151.21"}), 0);
  EXPECT_EQ(search_.asked.near().latitude_micros(), -33'860'000);
}

TEST_F(OfferSearchNounsTest, PicturesGoInAndOut) {
  const std::string png = testing::PngOf(640, 480);
  const std::string path = WriteFile("a.png", png);
  EXPECT_EQ(Run({"offer", "picture", "upload", "m-7", path}), 0) << err_;
  EXPECT_EQ(pictures_.start.parent(), "merchants/m-7");
  EXPECT_EQ(pictures_.start.size_bytes(), png.size());
  EXPECT_NE(pictures_.start.request_id(), "");
  EXPECT_EQ(pictures_.bytes, png);
  EXPECT_THAT(out_, HasSubstr("merchants/m-7/pictures/9f86"));
  const std::string copy = folder_.Join("b.png");
  EXPECT_EQ(Run({"offer", "picture", "get", "merchants/m-7/pictures/9f86", copy}), 0) << err_;
  std::ifstream file(copy, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), png);
  EXPECT_NE(Run({"offer", "picture", "upload", "m-7", folder_.Join("none.png")}), 0);
}

TEST_F(OfferSearchNounsTest, AStoreIsLocatedAndShown) {
  EXPECT_EQ(
      Run({"merchant", "locate-store", "merchants/m-7/stores/s-1", "--at", "24.479834,118.089425"}),
      0);
  EXPECT_EQ(stores_.located.name(), "merchants/m-7/stores/s-1");
  EXPECT_EQ(stores_.located.location().longitude_micros(), 118'089'425);
  EXPECT_EQ(Run({"merchant", "get", "m-7"}), 0);
  EXPECT_THAT(out_, HasSubstr("24.479834,118.089425"));
  EXPECT_EQ(Run({"merchant", "locate-store", "merchants/m-7/stores/s-1"}), 0);
  EXPECT_FALSE(stores_.located.has_location());
}

}  // namespace
}  // namespace puhui::services
