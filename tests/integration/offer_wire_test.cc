// SPDX-License-Identifier: Apache-2.0
// Offers and notices over mutual TLS: written, published, used at a till and read by members,
// through a restart.
#include "ledger/base/status_macros.h"
#include "puhui/v1/catalog_service.grpc.pb.h"
#include "puhui/v1/notice_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
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
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using ::testing::Contains;
using CatalogStub = v1::CatalogService::Stub;
using NoticeStub = v1::NoticeService::Stub;
using PosStub = v1::PosService::Stub;

constexpr char kLastDay[] = "9000-12-31";

class OfferWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    scene_ = *std::move(scene);
    Connect();
  }
  void Connect() {
    till_ = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
    merchant_ = v1::CatalogService::NewStub(
        deployment_.Connect(absl::StrCat("/merchant/", scene_.merchant)));
    const std::string member = absl::StrCat("/member/", scene_.members.front());
    shopper_ = v1::CatalogService::NewStub(deployment_.Connect(member));
    reader_ = v1::NoticeService::NewStub(deployment_.Connect(member));
    author_ = v1::NoticeService::NewStub(
        deployment_.Connect(absl::StrCat("/union-admin/unions/", scene_.ids.union_id)));
  }
  void Restart() {
    deployment_.KillAndWait();
    ASSERT_OK(deployment_.Start());
    Connect();
  }

  v1::Offer PercentageOff(std::int32_t basis_points) const {
    v1::Offer offer;
    offer.set_merchant(scene_.merchant);
    offer.set_title("会员九折");
    offer.mutable_percentage_off()->set_basis_points(basis_points);
    offer.set_last_day(kLastDay);
    return offer;
  }
  absl::StatusOr<v1::Offer> Create(const v1::Offer& wish, std::int64_t stock = 0) {
    v1::CreateOfferRequest request;
    request.set_request_id(NewRequestId(random_));
    *request.mutable_offer() = wish;
    request.set_stock(stock);
    PUHUI_ASSIGN_OR_RETURN(const auto created, Ask(*merchant_, &CatalogStub::CreateOffer, request));
    return created.offer();
  }
  absl::StatusOr<v1::Offer> Publish(const std::string& name) {
    v1::PublishOfferRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_name(name);
    PUHUI_ASSIGN_OR_RETURN(const auto published,
                           Ask(*merchant_, &CatalogStub::PublishOffer, request));
    return published.offer();
  }
  absl::StatusOr<v1::Offer> Get(CatalogStub& as, const std::string& name) {
    v1::GetOfferRequest request;
    request.set_name(name);
    PUHUI_ASSIGN_OR_RETURN(const auto got, Ask(as, &CatalogStub::GetOffer, request));
    return got.offer();
  }
  // A published one, for that audience.
  std::string PublishedFor(const v1::Audience& audience) {
    v1::Offer wish = PercentageOff(1'000);
    *wish.mutable_audience() = audience;
    const auto created = Create(wish);
    EXPECT_OK(created);
    if (!created.ok()) return "";
    EXPECT_OK(Publish(created->name()));
    return created->name();
  }
  absl::StatusOr<v1::PurchaseResponse> BuyWith(const std::string& offer, std::int64_t points) {
    v1::PurchaseRequest request = scene_.Purchase(++trace_number_, points, random_);
    request.set_offer(offer);
    return Ask(*till_, &PosStub::Purchase, request);
  }
  v1::PublishNoticeRequest NoticeWish(const std::string& title) {
    v1::PublishNoticeRequest request;
    request.set_request_id(NewRequestId(random_));
    request.mutable_notice()->set_union_(absl::StrCat("unions/", scene_.ids.union_id));
    request.mutable_notice()->set_title(title);
    request.mutable_notice()->set_text("返岗专列二月十二日发车\n请提前登记");
    request.mutable_notice()->set_last_day(kLastDay);
    return request;
  }
  std::vector<std::string> MyNotices() {
    const auto listed = Ask(*reader_, &NoticeStub::ListMyNotices, v1::ListMyNoticesRequest());
    EXPECT_OK(listed);
    std::vector<std::string> titles;
    if (!listed.ok()) return titles;
    for (const v1::Notice& notice : listed->notices()) titles.push_back(notice.title());
    return titles;
  }

  Deployment deployment_;
  SeededRandom random_{20'270'212};
  Scene scene_;
  std::unique_ptr<PosStub> till_;
  std::unique_ptr<CatalogStub> merchant_;
  std::unique_ptr<CatalogStub> shopper_;
  std::unique_ptr<NoticeStub> reader_;
  std::unique_ptr<NoticeStub> author_;
  std::uint32_t trace_number_ = 0;
};

TEST_F(OfferWireTest, AnOfferIsWrittenPublishedUsedAndRememberedThroughARestart) {
  v1::Offer wish = PercentageOff(1'000);
  wish.set_text("全场九折\n节假日通用");
  wish.set_per_member_limit(1);
  ASSERT_OK_AND_ASSIGN(const v1::Offer draft, Create(wish));
  EXPECT_EQ(draft.state(), v1::OFFER_STATE_DRAFT);
  EXPECT_EQ(draft.version(), 1U);
  EXPECT_EQ(draft.text(), wish.text());
  EXPECT_FALSE(draft.category().empty());
  EXPECT_TRUE(draft.has_end_time());
  EXPECT_THAT(Get(*shopper_, draft.name()), Refuses(Reason::kNotFound));
  EXPECT_THAT(BuyWith(draft.name(), 100), Refuses(Reason::kOfferNotPublished));
  ASSERT_OK_AND_ASSIGN(const v1::Offer published, Publish(draft.name()));
  EXPECT_EQ(published.version(), 2U);
  EXPECT_NE(published.etag(), draft.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Offer seen, Get(*shopper_, draft.name()));
  EXPECT_EQ(seen.title(), "会员九折");
  ASSERT_OK_AND_ASSIGN(const auto bought, BuyWith(draft.name(), 101));
  EXPECT_EQ(bought.purchase().points(), 90);
  EXPECT_EQ(bought.purchase().discount_points(), 11);
  EXPECT_EQ(bought.purchase().offer(), draft.name());
  EXPECT_THAT(bought.receipt_lines(), Contains("优惠 DISCOUNT  -11"));
  EXPECT_THAT(bought.receipt_lines(), Contains("应付 BILL  101"));
  Restart();
  EXPECT_THAT(BuyWith(draft.name(), 100), Refuses(Reason::kOfferLimitReached));
  v1::GetTransactionRequest ask;
  ask.set_terminal(scene_.terminal);
  ask.set_retrieval_reference(bought.purchase().retrieval_reference());
  ASSERT_OK_AND_ASSIGN(const auto found, Ask(*till_, &PosStub::GetTransaction, ask));
  EXPECT_EQ(found.purchase().discount_points(), 11);
  EXPECT_EQ(found.purchase().offer(), draft.name());
}

TEST_F(OfferWireTest, TheHistoryHasEachVersionAndAnUpdateNeedsItsEtag) {
  ASSERT_OK_AND_ASSIGN(const v1::Offer draft, Create(PercentageOff(1'000)));
  v1::UpdateOfferRequest update;
  update.mutable_offer()->set_name(draft.name());
  update.mutable_offer()->set_etag(draft.etag());
  update.mutable_offer()->set_title("会员八折");
  update.mutable_offer()->mutable_percentage_off()->set_basis_points(2'000);
  update.mutable_update_mask()->add_paths("title");
  update.mutable_update_mask()->add_paths("benefit");
  update.set_request_id(NewRequestId(random_));
  ASSERT_OK_AND_ASSIGN(const auto updated, Ask(*merchant_, &CatalogStub::UpdateOffer, update));
  EXPECT_EQ(updated.offer().percentage_off().basis_points(), 2'000);
  // A copy of the call is answered alike; another call with the old etag is not.
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*merchant_, &CatalogStub::UpdateOffer, update));
  EXPECT_EQ(again.SerializeAsString(), updated.SerializeAsString());
  update.set_request_id(NewRequestId(random_));
  EXPECT_THAT(Ask(*merchant_, &CatalogStub::UpdateOffer, update), Refuses(Reason::kEtagMismatch));
  ASSERT_OK(Publish(draft.name()));
  v1::WithdrawOfferRequest withdraw;
  withdraw.set_request_id(NewRequestId(random_));
  withdraw.set_name(draft.name());
  withdraw.set_reason("活动提前结束");
  ASSERT_OK(Ask(*merchant_, &CatalogStub::WithdrawOffer, withdraw));
  v1::ListOfferVersionsRequest list;
  list.set_name(draft.name());
  list.set_page_size(3);
  ASSERT_OK_AND_ASSIGN(const auto newest, Ask(*merchant_, &CatalogStub::ListOfferVersions, list));
  ASSERT_EQ(newest.versions_size(), 3);
  EXPECT_EQ(newest.versions(0).offer().state(), v1::OFFER_STATE_WITHDRAWN);
  EXPECT_EQ(newest.versions(0).reason(), "活动提前结束");
  EXPECT_EQ(newest.versions(2).offer().title(), "会员八折");
  list.set_page_token(newest.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto oldest, Ask(*merchant_, &CatalogStub::ListOfferVersions, list));
  ASSERT_EQ(oldest.versions_size(), 1);
  EXPECT_EQ(oldest.versions(0).offer().title(), "会员九折");
  EXPECT_EQ(oldest.versions(0).offer().create_time().seconds(), draft.create_time().seconds());
  EXPECT_TRUE(oldest.next_page_token().empty());
}

TEST_F(OfferWireTest, ItemsHaveAStockAndListsHaveTheirStates) {
  v1::Offer item;
  item.set_merchant(scene_.merchant);
  item.set_title("端午粽子礼盒");
  item.mutable_item()->set_price_points(88);
  v1::OfferComponent& part = *item.mutable_item()->add_components();
  part.set_text("鲜肉粽");
  part.set_quantity(6);
  item.add_fulfilments(v1::FULFILMENT_KIND_PICK_UP);
  item.set_last_day(kLastDay);
  ASSERT_OK_AND_ASSIGN(const v1::Offer created, Create(item, 5));
  EXPECT_EQ(created.stock().available(), 5);
  ASSERT_OK(Create(PercentageOff(500)));
  ASSERT_OK(Publish(created.name()));
  v1::RestockOfferRequest restock;
  restock.set_request_id(NewRequestId(random_));
  restock.set_name(created.name());
  restock.set_change(-5);
  ASSERT_OK_AND_ASSIGN(const auto left, Ask(*merchant_, &CatalogStub::RestockOffer, restock));
  EXPECT_EQ(left.stock().available(), 0);
  restock.set_request_id(NewRequestId(random_));
  EXPECT_THAT(Ask(*merchant_, &CatalogStub::RestockOffer, restock),
              Refuses(Reason::kOfferStockLimit));
  v1::ListOffersRequest list;
  list.set_parent(scene_.merchant);
  list.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto first, Ask(*merchant_, &CatalogStub::ListOffers, list));
  ASSERT_EQ(first.offers_size(), 1);
  EXPECT_EQ(first.offers(0).name(), created.name());
  EXPECT_EQ(first.offers(0).stock().available(), 0);
  list.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto second, Ask(*merchant_, &CatalogStub::ListOffers, list));
  ASSERT_EQ(second.offers_size(), 1);
  EXPECT_FALSE(second.offers(0).has_stock());
  v1::ListOffersRequest published;
  published.set_parent(scene_.merchant);
  published.set_state(v1::OFFER_STATE_PUBLISHED);
  ASSERT_OK_AND_ASSIGN(const auto shown, Ask(*merchant_, &CatalogStub::ListOffers, published));
  EXPECT_EQ(shown.offers_size(), 1);
}

// What audiences ask is asked of the issuing side: unions, the vault, and campaigns.
TEST_F(OfferWireTest, AnOfferIsForItsAudienceAndExistsForNobodyElse) {
  v1::Audience fits;
  fits.add_unions(absl::StrCat("unions/", scene_.ids.union_id));
  fits.add_departments("装配车间");
  fits.add_campaigns(scene_.campaign);
  fits.set_joined_from("2000-01-01");
  const std::string offer = PublishedFor(fits);
  ASSERT_OK_AND_ASSIGN(const v1::Offer seen, Get(*shopper_, offer));
  EXPECT_EQ(seen.audience().ByteSizeLong(), 0U);  // Whom else it is for is nothing to a member.
  ASSERT_OK_AND_ASSIGN(const v1::Offer own, Get(*merchant_, offer));
  EXPECT_EQ(own.audience().departments(0), "装配车间");
  ASSERT_OK(BuyWith(offer, 100));
  const auto with = [&fits](auto change) {
    v1::Audience audience = fits;
    change(audience);
    return audience;
  };
  for (const v1::Audience& other : {
           with([](v1::Audience& of) { of.set_departments(0, "装配车"); }),
           with([](v1::Audience& of) { of.add_employments("劳务派遣"); }),
           with([](v1::Audience& of) { of.set_joined_to("2000-01-02"); }),
       }) {
    const std::string not_ours = PublishedFor(other);
    EXPECT_THAT(Get(*shopper_, not_ours), Refuses(Reason::kNotFound));
    EXPECT_THAT(BuyWith(not_ours, 100), Refuses(Reason::kOfferNotForMember));
  }
  v1::Offer nowhere = PercentageOff(1'000);
  nowhere.mutable_audience()->add_unions("unions/nowhere");
  EXPECT_THAT(Create(nowhere), Refuses(Reason::kNotFound, "offer.audience.unions[0]"));
}

TEST_F(OfferWireTest, NoticesAreReadNewestFirstByWhomTheyAreFor) {
  ASSERT_OK_AND_ASSIGN(const auto first,
                       Ask(*author_, &NoticeStub::PublishNotice, NoticeWish("平安返厦")));
  EXPECT_FALSE(first.notice().time_zone().empty());
  ASSERT_OK(Ask(*author_, &NoticeStub::PublishNotice, NoticeWish("春节慰问")));
  v1::PublishNoticeRequest others = NoticeWish("劳务派遣职工须知");
  others.mutable_notice()->mutable_audience()->add_employments("劳务派遣");
  ASSERT_OK(Ask(*author_, &NoticeStub::PublishNotice, others));
  v1::PublishNoticeRequest later = NoticeWish("明年再见");
  later.mutable_notice()->set_first_day("9000-12-31");
  ASSERT_OK(Ask(*author_, &NoticeStub::PublishNotice, later));
  EXPECT_EQ(MyNotices(), (std::vector<std::string>{"春节慰问", "平安返厦"}));
  Restart();
  v1::WithdrawNoticeRequest withdraw;
  withdraw.set_request_id(NewRequestId(random_));
  withdraw.set_name(first.notice().name());
  ASSERT_OK(Ask(*author_, &NoticeStub::WithdrawNotice, withdraw));
  EXPECT_EQ(MyNotices(), std::vector<std::string>{"春节慰问"});
  withdraw.set_request_id(NewRequestId(random_));
  EXPECT_THAT(Ask(*author_, &NoticeStub::WithdrawNotice, withdraw), Refuses(Reason::kNoticeState));
  ASSERT_OK_AND_ASSIGN(const auto all,
                       Ask(*author_, &NoticeStub::ListNotices, v1::ListNoticesRequest()));
  ASSERT_EQ(all.notices_size(), 4);
  EXPECT_EQ(all.notices(0).title(), "明年再见");
  EXPECT_EQ(all.notices(3).state(), v1::NOTICE_STATE_WITHDRAWN);
  v1::ListNoticesRequest page;
  page.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto newest, Ask(*author_, &NoticeStub::ListNotices, page));
  page.set_page_token(newest.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto next, Ask(*author_, &NoticeStub::ListNotices, page));
  EXPECT_EQ(next.notices(0).title(), "劳务派遣职工须知");
}

TEST_F(OfferWireTest, OnlyTheOperatorSpeaksToEverybody) {
  v1::PublishNoticeRequest to_all = NoticeWish("系统维护");
  to_all.mutable_notice()->clear_union_();
  EXPECT_THAT(Ask(*author_, &NoticeStub::PublishNotice, to_all), Refuses(Reason::kNotFound));
  const auto op = v1::NoticeService::NewStub(deployment_.Connect("/operator"));
  to_all.set_request_id(NewRequestId(random_));
  ASSERT_OK(Ask(*op, &NoticeStub::PublishNotice, to_all));
  EXPECT_EQ(MyNotices(), std::vector<std::string>{"系统维护"});
  ASSERT_OK_AND_ASSIGN(const auto seen,
                       Ask(*author_, &NoticeStub::ListNotices, v1::ListNoticesRequest()));
  EXPECT_EQ(seen.notices_size(), 0);
}

struct Broken {
  const char* field;
  void (*breaks)(v1::Offer&);
};
TEST_F(OfferWireTest, WhatIsMalformedIsRefusedByItsField) {
  const Broken cases[] = {
      {"offer.title", [](v1::Offer& o) { o.clear_title(); }},
      {"offer.title", [](v1::Offer& o) { o.set_title("九\n折"); }},
      {"offer.text", [](v1::Offer& o) { o.set_text(std::string(4'001, 'x')); }},
      {"offer.benefit", [](v1::Offer& o) { o.clear_benefit(); }},
      {"offer.percentage_off.basis_points",
       [](v1::Offer& o) { o.mutable_percentage_off()->set_basis_points(10'000); }},
      {"offer.amount_off.minimum_points",
       [](v1::Offer& o) { o.mutable_amount_off()->set_points(5); }},
      {"offer.item.components[0].quantity",
       [](v1::Offer& o) {
         o.mutable_item()->set_price_points(1);
         o.mutable_item()->add_components()->set_text("粽子");
       }},
      {"offer.seats.travel_day", [](v1::Offer& o) { o.mutable_seats()->set_price_points(1); }},
      {"offer.category", [](v1::Offer& o) { o.set_category("54"); }},
      {"offer.regions[0]", [](v1::Offer& o) { o.add_regions("999"); }},
      {"offer.last_day", [](v1::Offer& o) { o.set_last_day("2027-2-1"); }},
      {"offer.audience.joined_to",
       [](v1::Offer& o) {
         o.mutable_audience()->set_joined_from("2027-01-02");
         o.mutable_audience()->set_joined_to("2027-01-01");
       }},
      {"offer.pictures[0].sha256", [](v1::Offer& o) { o.add_pictures()->set_sha256("zz"); }},
      {"offer.pictures[0].media_type",
       [](v1::Offer& o) { o.add_pictures()->set_sha256(std::string(64, 'a')); }},
      {"offer.fulfilments", [](v1::Offer& o) { o.add_fulfilments(v1::FULFILMENT_KIND_PICK_UP); }},
      {"offer.voucher_days", [](v1::Offer& o) { o.set_voucher_days(732); }},
  };
  for (const Broken& each : cases) {
    v1::Offer offer = PercentageOff(1'000);
    each.breaks(offer);
    EXPECT_THAT(Create(offer), Refuses(Reason::kInvalidField, each.field)) << each.field;
  }
  EXPECT_THAT(Create(PercentageOff(1'000), 1), Refuses(Reason::kInvalidField, "stock"));
  EXPECT_THAT(BuyWith("offers/01", 100), Refuses(Reason::kInvalidField, "offer"));
  EXPECT_THAT(BuyWith("offers/999", 100), Refuses(Reason::kOfferNotFound));
}

}  // namespace
}  // namespace puhui
