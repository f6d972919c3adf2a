// SPDX-License-Identifier: Apache-2.0
// What unions are told of offers, over mutual TLS: what members looked at and used, for whom, and
// what nobody took.
#include "puhui/v1/catalog_service.grpc.pb.h"
#include "puhui/v1/offer_report_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using CatalogStub = v1::CatalogService::Stub;
using ReportStub = v1::OfferReportService::Stub;

class OfferReportWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    scene_ = *std::move(scene);
    union_ = absl::StrCat("unions/", scene_.ids.union_id);
    Connect();
    for (const char* title : {"全场九折", "早市八折", "节日特惠"}) {
      offers_.push_back(Publish(title));
    }
  }
  void Connect() {
    till_ = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
    merchant_ = v1::CatalogService::NewStub(
        deployment_.Connect(absl::StrCat("/merchant/", scene_.merchant)));
    reports_ = v1::OfferReportService::NewStub(deployment_.Connect(absl::StrCat("/hr/", union_)));
  }
  std::string Draft(const std::string& title, const std::string& union_name = "") {
    v1::CreateOfferRequest create;
    create.set_request_id(NewRequestId(random_));
    create.mutable_offer()->set_merchant(scene_.merchant);
    create.mutable_offer()->set_title(title);
    create.mutable_offer()->mutable_percentage_off()->set_basis_points(1'000);
    create.mutable_offer()->set_last_day("9000-12-31");
    if (!union_name.empty()) create.mutable_offer()->mutable_audience()->add_unions(union_name);
    const auto created = Ask(*merchant_, &CatalogStub::CreateOffer, create);
    EXPECT_OK(created);
    return created.ok() ? created->offer().name() : "";
  }
  std::string Publish(const std::string& title, const std::string& union_name = "") {
    v1::PublishOfferRequest publish;
    publish.set_request_id(NewRequestId(random_));
    publish.set_name(Draft(title, union_name));
    EXPECT_OK(Ask(*merchant_, &CatalogStub::PublishOffer, publish));
    return publish.name();
  }
  void Look(std::size_t member, const std::string& offer, int times) {
    const auto app = v1::CatalogService::NewStub(
        deployment_.Connect(absl::StrCat("/member/", scene_.members.at(member))));
    v1::GetOfferRequest request;
    request.set_name(offer);
    for (int i = 0; i < times; ++i) EXPECT_OK(Ask(*app, &CatalogStub::GetOffer, request));
  }
  void Use(std::size_t member, const std::string& offer) {
    v1::PurchaseRequest request = scene_.Purchase(++trace_number_, 100, random_);
    request.set_card_number(scene_.cards.at(member));
    request.set_offer(offer);
    EXPECT_OK(Ask(*till_, &v1::PosService::Stub::Purchase, request));
  }
  void Withdraw(const std::string& offer) {
    v1::WithdrawOfferRequest withdraw;
    withdraw.set_request_id(NewRequestId(random_));
    withdraw.set_name(offer);
    withdraw.set_reason("售罄");
    EXPECT_OK(Ask(*merchant_, &CatalogStub::WithdrawOffer, withdraw));
  }
  absl::StatusOr<v1::GetOfferReportResponse> AskFor(const std::string& offer) {
    v1::GetOfferReportRequest request;
    request.set_union_(union_);
    if (!offer.empty()) request.set_offer(offer);
    return Ask(*reports_, &ReportStub::GetOfferReport, request);
  }
  v1::OfferFigures Report(const std::string& offer) {
    const auto report = AskFor(offer);
    EXPECT_OK(report);
    return report.ok() ? report->figures() : v1::OfferFigures();
  }
  std::vector<std::string> Top(v1::OfferMeasure measure) {
    v1::ListTopOffersRequest request;
    request.set_union_(union_);
    request.set_measure(measure);
    const auto top = Ask(*reports_, &ReportStub::ListTopOffers, request);
    EXPECT_OK(top);
    std::vector<std::string> titles;
    if (!top.ok()) return titles;
    for (const v1::ReportedOffer& offer : top->offers()) titles.push_back(offer.title());
    return titles;
  }

  Deployment deployment_;
  SeededRandom random_{20'270'311};
  Scene scene_;
  std::string union_;
  std::vector<std::string> offers_;
  std::unique_ptr<v1::PosService::Stub> till_;
  std::unique_ptr<CatalogStub> merchant_;
  std::unique_ptr<ReportStub> reports_;
  std::uint32_t trace_number_ = 0;
};

TEST_F(OfferReportWireTest, CountsUsesAndViewsAndWhoTookPart) {
  Use(0, offers_[0]);
  Use(0, offers_[0]);
  Use(1, offers_[0]);
  Use(1, offers_[1]);
  Look(0, offers_[1], 3);
  Look(2, offers_[0], 1);
  const v1::OfferFigures used = Report(offers_[0]);
  EXPECT_EQ(used.uses(), 3);
  EXPECT_EQ(used.used_points(), 270);
  EXPECT_EQ(used.participants(), 2);
  EXPECT_EQ(used.eligible_members(), 3);
  EXPECT_FALSE(used.eligible_members_at_most());
  const v1::OfferFigures all = Report("");
  EXPECT_EQ(all.uses(), 4);
  EXPECT_EQ(all.participants(), 2);
  EXPECT_THAT(Top(v1::OFFER_MEASURE_USES), ElementsAre("全场九折", "早市八折"));
  // What was looked at is written down when the server ends in peace.
  till_.reset();
  merchant_.reset();
  reports_.reset();
  ASSERT_OK(deployment_.Stop());
  ASSERT_OK(deployment_.Start());
  Connect();
  EXPECT_EQ(Report(offers_[1]).views(), 3);
  EXPECT_EQ(Report("").views(), 4);
  EXPECT_EQ(Report("").uses(), 4);
  EXPECT_THAT(Top(v1::OFFER_MEASURE_VIEWS), ElementsAre("早市八折", "全场九折"));
}

TEST_F(OfferReportWireTest, ListsWhatNobodyTook) {
  Use(0, offers_[1]);
  v1::ListUnusedOffersRequest request;
  request.set_union_(union_);
  request.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto first, Ask(*reports_, &ReportStub::ListUnusedOffers, request));
  ASSERT_EQ(first.offers_size(), 1);
  EXPECT_EQ(first.offers(0).offer(), offers_[0]);
  EXPECT_EQ(first.offers(0).merchant(), scene_.merchant);
  request.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto second, Ask(*reports_, &ReportStub::ListUnusedOffers, request));
  ASSERT_EQ(second.offers_size(), 1);
  EXPECT_EQ(second.offers(0).offer(), offers_[2]);
  request.clear_page_token();
  request.set_page_size(50);
  request.set_merchant("merchants/nowhere");
  EXPECT_THAT(Ask(*reports_, &ReportStub::ListUnusedOffers, request), Refuses(Reason::kNotFound));
}

TEST_F(OfferReportWireTest, TellsOfNoDraftAndOfNoOfferForOthers) {
  ASSERT_OK(Stage(&deployment_, "fh-2", &random_).FoundUnion());
  const std::string draft = Draft("草稿");
  EXPECT_THAT(AskFor(draft), Refuses(Reason::kNotFound));
  Withdraw(draft);
  EXPECT_THAT(AskFor(draft), Refuses(Reason::kNotFound));
  EXPECT_THAT(AskFor(Publish("外单位九折", "unions/fh-2")), Refuses(Reason::kNotFound));
  const std::string own = Publish("本单位九折", union_);
  EXPECT_EQ(Report(own).eligible_members(), 3);
  // What members could see once may be asked about for ever.
  Withdraw(own);
  EXPECT_OK(AskFor(own));
  // Whomever it is for now: what members of the union did with it stays.
  Use(0, offers_[0]);
  v1::UpdateOfferRequest update;
  update.set_request_id(NewRequestId(random_));
  update.mutable_offer()->set_name(offers_[0]);
  update.mutable_offer()->mutable_audience()->add_unions("unions/fh-2");
  update.mutable_update_mask()->add_paths("audience");
  ASSERT_OK(Ask(*merchant_, &CatalogStub::UpdateOffer, update));
  EXPECT_EQ(Report(offers_[0]).uses(), 1);
}

TEST_F(OfferReportWireTest, WantsAFigureAndAnOfferThatThereAre) {
  v1::ListTopOffersRequest top;
  top.set_union_(union_);
  EXPECT_THAT(Ask(*reports_, &ReportStub::ListTopOffers, top),
              Refuses(Reason::kInvalidField, "measure"));
  v1::GetOfferReportRequest report;
  report.set_union_(union_);
  report.set_offer("offers/999");
  EXPECT_THAT(Ask(*reports_, &ReportStub::GetOfferReport, report), Refuses(Reason::kNotFound));
  report.set_offer("offers/none");
  EXPECT_THAT(Ask(*reports_, &ReportStub::GetOfferReport, report),
              Refuses(Reason::kInvalidField, "offer"));
}

}  // namespace
}  // namespace puhui
