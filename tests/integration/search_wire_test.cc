// SPDX-License-Identifier: Apache-2.0
// The shop window over mutual TLS: offers found by members whom they are for, pictures in and out,
// and an index that goes away while it is asked.
#include "ledger/crypto/hash.h"
#include "puhui/v1/catalog_service.grpc.pb.h"
#include "puhui/v1/picture_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/search_service.grpc.pb.h"
#include "tests/support/pictures.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using CatalogStub = v1::CatalogService::Stub;
using MerchantStub = v1::MerchantService::Stub;
using PictureStub = v1::PictureService::Stub;
using SearchStub = v1::SearchService::Stub;

class SearchWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    scene_ = *std::move(scene);
    const std::string merchant = absl::StrCat("/merchant/", scene_.merchant);
    catalog_ = v1::CatalogService::NewStub(deployment_.Connect(merchant));
    stores_ = v1::MerchantService::NewStub(deployment_.Connect(merchant));
    pictures_ = v1::PictureService::NewStub(deployment_.Connect(merchant));
    const std::string member = absl::StrCat("/member/", scene_.members.front());
    search_ = v1::SearchService::NewStub(deployment_.Connect(member));
    viewer_ = v1::PictureService::NewStub(deployment_.Connect(member));
  }

  v1::Offer Item(const std::string& title, std::int64_t price) const {
    v1::Offer offer;
    offer.set_merchant(scene_.merchant);
    offer.set_title(title);
    offer.mutable_item()->set_price_points(price);
    offer.add_fulfilments(v1::FULFILMENT_KIND_PICK_UP);
    offer.set_last_day("9000-12-31");
    return offer;
  }
  // The name of an offer that members may use.
  std::string Published(const v1::Offer& wish) {
    v1::CreateOfferRequest create;
    create.set_request_id(NewRequestId(random_));
    *create.mutable_offer() = wish;
    create.set_stock(5);
    const auto created = Ask(*catalog_, &CatalogStub::CreateOffer, create);
    EXPECT_OK(created);
    if (!created.ok()) return "";
    v1::PublishOfferRequest publish;
    publish.set_request_id(NewRequestId(random_));
    publish.set_name(created->offer().name());
    EXPECT_OK(Ask(*catalog_, &CatalogStub::PublishOffer, publish));
    return created->offer().name();
  }
  void Withdraw(const std::string& name) {
    v1::WithdrawOfferRequest withdraw;
    withdraw.set_request_id(NewRequestId(random_));
    withdraw.set_name(name);
    EXPECT_OK(Ask(*catalog_, &CatalogStub::WithdrawOffer, withdraw));
  }

  v1::SearchOffersRequest For(const std::string& text) const {
    v1::SearchOffersRequest request;
    request.set_member(scene_.members.front());
    request.set_text(text);
    return request;
  }
  absl::StatusOr<v1::SearchOffersResponse> Search(const v1::SearchOffersRequest& request) {
    return Ask(*search_, &SearchStub::SearchOffers, request);
  }
  static std::vector<std::string> NamesIn(const v1::SearchOffersResponse& response) {
    std::vector<std::string> names;
    for (const v1::FoundOffer& found : response.offers()) names.push_back(found.offer().name());
    return names;
  }
  // The index follows within a second or so.
  v1::SearchOffersResponse SearchUntil(const v1::SearchOffersRequest& request, std::int64_t total) {
    absl::StatusOr<v1::SearchOffersResponse> found = Search(request);
    for (int tries = 0; tries < 600 && (!found.ok() || found->total() != total); ++tries) {
      absl::SleepFor(absl::Milliseconds(50));
      found = Search(request);
    }
    EXPECT_OK(found);
    if (!found.ok()) return {};
    EXPECT_EQ(found->total(), total);
    return *found;
  }

  absl::StatusOr<v1::Picture> Upload(const std::string& bytes, std::uint64_t said) {
    grpc::ClientContext context;
    SetPatience(&context);
    v1::UploadPictureResponse response;
    const auto writer = pictures_->UploadPicture(&context, &response);
    v1::UploadPictureRequest message;
    message.mutable_start()->set_request_id(NewRequestId(random_));
    message.mutable_start()->set_parent(scene_.merchant);
    message.mutable_start()->set_size_bytes(said);
    writer->Write(message);
    for (std::size_t at = 0; at < bytes.size(); at += 60'000) {
      message.set_data(bytes.substr(at, 60'000));
      if (!writer->Write(message)) break;
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok()) return services::FromGrpcStatus(status);
    return response.picture();
  }
  static absl::StatusOr<std::string> Download(PictureStub& as, const std::string& name) {
    grpc::ClientContext context;
    SetPatience(&context);
    v1::GetPictureRequest request;
    request.set_name(name);
    const auto reader = as.GetPicture(&context, request);
    std::string bytes;
    for (v1::GetPictureResponse message; reader->Read(&message);) bytes += message.data();
    const grpc::Status status = reader->Finish();
    if (!status.ok()) return services::FromGrpcStatus(status);
    return bytes;
  }
  std::string IndexPath() const { return absl::StrCat(deployment_.data_directory(), "/search"); }

  Deployment deployment_;
  SeededRandom random_{20'270'213};
  Scene scene_;
  std::unique_ptr<CatalogStub> catalog_;
  std::unique_ptr<MerchantStub> stores_;
  std::unique_ptr<PictureStub> pictures_;
  std::unique_ptr<SearchStub> search_;
  std::unique_ptr<PictureStub> viewer_;
};

TEST_F(SearchWireTest, AMemberFindsWhatIsForItAndCountsIt) {
  const std::string zongzi = Published(Item("端午粽子礼盒", 9'900));
  const std::string tea = Published(Item("武夷岩茶", 19'900));
  v1::Offer ours = Item("会员专享礼盒", 900);
  ours.mutable_audience()->add_unions(absl::StrCat("unions/", scene_.ids.union_id));
  const std::string union_only = Published(ours);
  v1::Offer nobodys = Item("新会员礼盒", 900);
  nobodys.mutable_audience()->set_joined_from("8000-01-01");
  Published(nobodys);
  const v1::SearchOffersResponse all = SearchUntil(For(""), 3);
  EXPECT_THAT(NamesIn(all), UnorderedElementsAre(zongzi, tea, union_only));
  EXPECT_GT(all.indexed_sequence(), 0U);
  EXPECT_EQ(all.offers(0).offer().stock().available(), 5);
  EXPECT_FALSE(all.offers(0).merchant_display_name().empty());
  ASSERT_EQ(all.facets().unions_size(), 1);
  EXPECT_EQ(all.facets().unions(0).value(), absl::StrCat("unions/", scene_.ids.union_id));
  EXPECT_EQ(all.facets().prices_size(), 3);
  const v1::SearchOffersResponse boxes = SearchUntil(For("礼盒"), 2);
  EXPECT_THAT(NamesIn(boxes), UnorderedElementsAre(zongzi, union_only));
  v1::SearchOffersRequest cheap = For("礼盒");
  cheap.set_price_points_max(1'000);
  EXPECT_THAT(NamesIn(SearchUntil(cheap, 1)), ElementsAre(union_only));
  EXPECT_THAT(NamesIn(SearchUntil(For("茶"), 1)), ElementsAre(tea));
}

TEST_F(SearchWireTest, AMemberIsNotToldWhomElseAnOfferIsFor) {
  Stage other(&deployment_, "fh-2", &random_);
  ASSERT_OK(other.FoundUnion());
  v1::Offer both = Item("会员专享礼盒", 900);
  both.mutable_audience()->add_unions(absl::StrCat("unions/", scene_.ids.union_id));
  both.mutable_audience()->add_unions(other.union_name());
  Published(both);
  const v1::SearchOffersResponse found = SearchUntil(For(""), 1);
  ASSERT_EQ(found.offers_size(), 1);
  EXPECT_FALSE(found.offers(0).offer().has_audience());
  ASSERT_EQ(found.facets().unions_size(), 1);
  EXPECT_EQ(found.facets().unions(0).value(), absl::StrCat("unions/", scene_.ids.union_id));
  // Nor by asking for the offers of each union in turn.
  v1::SearchOffersRequest asked = For("");
  asked.set_union_(other.union_name());
  ASSERT_OK_AND_ASSIGN(const v1::SearchOffersResponse others, Search(asked));
  EXPECT_EQ(others.total(), 0);
  asked.set_union_(absl::StrCat("unions/", scene_.ids.union_id));
  ASSERT_OK_AND_ASSIGN(const v1::SearchOffersResponse own, Search(asked));
  EXPECT_EQ(own.total(), 1);
}

TEST_F(SearchWireTest, WhatIsWithdrawnIsNotShownEvenBeforeTheIndexKnows) {
  const std::string offer = Published(Item("端午粽子礼盒", 9'900));
  SearchUntil(For("粽子"), 1);
  Withdraw(offer);
  ASSERT_OK_AND_ASSIGN(const v1::SearchOffersResponse found, Search(For("粽子")));
  EXPECT_THAT(NamesIn(found), IsEmpty());
}

TEST_F(SearchWireTest, StrangeTextIsOnlyText) {
  Published(Item("端午粽子礼盒", 9'900));
  SearchUntil(For("粽子"), 1);
  for (const char* text :
       {"🎉🎊", "粽子 AND NOT 礼盒", "\"粽子", "((((", "title:* OR XA1", "粽子 -礼盒 ~"}) {
    EXPECT_OK(Search(For(text))) << text;
  }
  std::string long_text;
  for (int i = 0; i < 10'000; ++i) long_text += "粽";
  EXPECT_THAT(Search(For(long_text)), Refuses(Reason::kInvalidField, "text"));
}

TEST_F(SearchWireTest, EveryFieldIsJudged) {
  v1::SearchOffersRequest request = For("");
  request.set_member("m");
  EXPECT_THAT(Search(request), Refuses(Reason::kInvalidField, "member"));
  request = For("");
  request.add_categories("x");
  EXPECT_THAT(Search(request), Refuses(Reason::kInvalidField, "categories[0]"));
  request = For("");
  request.set_region("1");
  EXPECT_THAT(Search(request), Refuses(Reason::kInvalidField, "region"));
  request = For("");
  request.set_price_points_min(5);
  request.set_price_points_max(4);
  EXPECT_THAT(Search(request), Refuses(Reason::kInvalidField, "price_points_max"));
  request = For("");
  request.set_order(v1::SEARCH_ORDER_NEAREST);
  EXPECT_THAT(Search(request), Refuses(Reason::kInvalidField, "near"));
  request.mutable_near()->set_latitude_micros(90'000'001);
  EXPECT_THAT(Search(request), Refuses(Reason::kInvalidField, "near"));
  request = For("");
  request.set_page_token("made up");
  EXPECT_THAT(Search(request), Refuses(Reason::kInvalidField, "page_token"));
  request = For("");
  request.set_member(scene_.members.back());
  EXPECT_THAT(Search(request), Refuses(Reason::kNotFound));
}

TEST_F(SearchWireTest, PagesShowEveryOfferOnce) {
  std::vector<std::string> published;
  for (int i = 0; i < 7; ++i) published.push_back(Published(Item(absl::StrCat("礼盒", i), 900)));
  SearchUntil(For("礼盒"), 7);
  v1::SearchOffersRequest request = For("礼盒");
  request.set_page_size(3);
  std::vector<std::string> shown;
  int pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const v1::SearchOffersResponse page, Search(request));
    EXPECT_EQ(page.has_facets(), pages == 0);
    for (const std::string& name : NamesIn(page)) shown.push_back(name);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && ++pages < 10);
  EXPECT_THAT(shown, ::testing::UnorderedElementsAreArray(published));
  EXPECT_EQ(pages, 2);
}

TEST_F(SearchWireTest, TheNearestIsKnownOnceAStoreIsSomewhere) {
  Published(Item("端午粽子礼盒", 9'900));
  v1::LocateStoreRequest locate;
  locate.set_request_id(NewRequestId(random_));
  locate.set_name(scene_.store);
  locate.mutable_location()->set_latitude_micros(24'479'834);
  locate.mutable_location()->set_longitude_micros(118'089'425);
  ASSERT_OK(Ask(*stores_, &MerchantStub::LocateStore, locate));
  v1::GetMerchantRequest get;
  get.set_name(scene_.merchant);
  ASSERT_OK_AND_ASSIGN(const auto merchant, Ask(*stores_, &MerchantStub::GetMerchant, get));
  EXPECT_EQ(merchant.merchant().stores(0).location().latitude_micros(), 24'479'834);
  SearchUntil(For("粽子"), 1);
  v1::SearchOffersRequest request = For("粽子");
  *request.mutable_near() = locate.location();
  request.mutable_near()->set_latitude_micros(24'479'834 + 9'000);
  request.set_order(v1::SEARCH_ORDER_NEAREST);
  ASSERT_OK_AND_ASSIGN(const v1::SearchOffersResponse found, Search(request));
  ASSERT_EQ(found.offers_size(), 1);
  EXPECT_NEAR(static_cast<double>(found.offers(0).distance_meters()), 1'000, 5);
}

TEST_F(SearchWireTest, AnIndexThatIsDeletedIsBuiltAnewWhileSellingGoesOn) {
  const std::string before = Published(Item("端午粽子礼盒", 9'900));
  SearchUntil(For("礼盒"), 1);
  std::filesystem::remove_all(IndexPath());
  const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
  EXPECT_OK(Ask(*till, &v1::PosService::Stub::Purchase, scene_.Purchase(1, 10, random_)));
  const std::string after = Published(Item("中秋月饼礼盒", 9'900));
  EXPECT_THAT(NamesIn(SearchUntil(For("礼盒"), 2)), UnorderedElementsAre(before, after));
  EXPECT_TRUE(std::filesystem::exists(IndexPath()));
}

TEST_F(SearchWireTest, APictureIsKeptByWhatItIs) {
  std::string picture = testing::JpegOf(640, 480);
  picture.insert(20, "\xFF\xFE\xEA\x62" + std::string(60'000, 'x'));  // A comment.
  ASSERT_OK_AND_ASSIGN(const v1::Picture kept, Upload(picture, picture.size()));
  EXPECT_EQ(kept.media_type(), "image/jpeg");
  EXPECT_EQ(kept.width(), 640U);
  EXPECT_EQ(kept.sha256(), ledger::ToHex(ledger::Sha256().Digest(picture)));
  ASSERT_OK_AND_ASSIGN(const v1::Picture again, Upload(picture, picture.size()));
  EXPECT_EQ(again.name(), kept.name());
  ASSERT_OK_AND_ASSIGN(const std::string own, Download(*pictures_, kept.name()));
  EXPECT_EQ(own, picture);
  ASSERT_OK_AND_ASSIGN(const std::string seen, Download(*viewer_, kept.name()));
  EXPECT_EQ(seen, picture);
  EXPECT_THAT(Download(*viewer_, absl::StrCat(scene_.merchant, "/pictures/", std::string(64, 'a'))),
              Refuses(Reason::kNotFound));
  EXPECT_THAT(Download(*viewer_, absl::StrCat(scene_.merchant, "/pictures/../../x")),
              Refuses(Reason::kInvalidField, "name"));
}

TEST_F(SearchWireTest, APictureThatIsNoneIsRefused) {
  const std::string script = "<svg onload=alert(1)></svg>";
  EXPECT_THAT(Upload(script, script.size()), Refuses(Reason::kPictureFormat));
  const std::string cut = testing::PngOf(2, 2).substr(0, 40);
  EXPECT_THAT(Upload(cut, cut.size()), Refuses(Reason::kPictureFormat));
  const std::string wide = testing::PngOf(4'097, 1);
  EXPECT_THAT(Upload(wide, wide.size()), Refuses(Reason::kPictureFormat));
  const std::string good = testing::PngOf(4'096, 4'096);
  EXPECT_THAT(Upload(good, good.size() + 1), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_THAT(Upload(good, good.size() - 1), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_THAT(Upload(good, (2 << 20) + 1), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_THAT(Upload(good, 0), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_OK(Upload(good, good.size()));
}

}  // namespace
}  // namespace puhui
