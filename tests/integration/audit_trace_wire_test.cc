// SPDX-License-Identifier: Apache-2.0
// The way of points and the history of things, asked of a real server over mutual TLS.
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/catalog_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using TraceStub = v1::AuditService::Stub;

class AuditTraceWireTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment_ = new Deployment;
    random_ = new SeededRandom(2);
    ASSERT_OK(deployment_->Start());
    auto scene = Scene::Set(*deployment_, {}, random_);
    ASSERT_OK(scene);
    scene_ = new Scene(*std::move(scene));
    const auto till = v1::PosService::NewStub(deployment_->Connect(scene_->terminal_identity));
    ASSERT_OK(Ask(*till, &v1::PosService::Stub::Purchase, scene_->Purchase(1, kSpent, *random_)));
  }
  static void TearDownTestSuite() {
    delete scene_;
    delete random_;
    delete deployment_;
  }

  void SetUp() override {
    ASSERT_NE(scene_, nullptr);
    auditor_ = AuditorWho("/auditor");
  }
  static std::unique_ptr<TraceStub> AuditorWho(const std::string& path) {
    return v1::AuditService::NewStub(deployment_->Connect(path));
  }
  static std::string Payer() { return absl::StrCat("unions/", scene_->ids.union_id); }

  // The first record of a kind.
  std::uint64_t RecordOf(const std::string& kind) {
    v1::QueryRecordsRequest request;
    request.mutable_filter()->add_kinds(kind);
    const auto found = Ask(*auditor_, &TraceStub::QueryRecords, request);
    EXPECT_OK(found);
    return found.ok() && found->records_size() > 0 ? found->records(0).sequence() : 0;
  }
  static std::vector<std::string> KindsOf(const v1::TracePointsResponse& trace) {
    std::vector<std::string> kinds;
    for (const v1::TraceStep& step : trace.steps()) kinds.push_back(step.kind());
    return kinds;
  }

  static constexpr std::int64_t kSpent = 300;
  static Deployment* deployment_;
  static SeededRandom* random_;
  static Scene* scene_;
  std::unique_ptr<TraceStub> auditor_;
};
Deployment* AuditTraceWireTest::deployment_ = nullptr;
SeededRandom* AuditTraceWireTest::random_ = nullptr;
Scene* AuditTraceWireTest::scene_ = nullptr;

TEST_F(AuditTraceWireTest, APurchaseLeadsBackToTheFunding) {
  v1::TracePointsRequest request;
  request.set_sequence(RecordOf("entry/purchase"));
  const auto trace = Ask(*auditor_, &TraceStub::TracePoints, request);
  ASSERT_OK(trace);
  EXPECT_FALSE(trace->incomplete());
  ASSERT_THAT(KindsOf(*trace), ElementsAre("entry/grant", "entry/approval", "entry/funding"));
  const v1::TraceStep& grant = trace->steps(0);
  EXPECT_EQ(grant.of_sequence(), request.sequence());
  EXPECT_EQ(grant.points(), kSpent);
  EXPECT_EQ(grant.origin(), Payer());
  EXPECT_EQ(grant.account().kind(), v1::ACCOUNT_KIND_WALLET);
  EXPECT_EQ(grant.lot(), 1U);
  EXPECT_THAT(scene_->members, Contains(grant.account().owner()));
  EXPECT_EQ(trace->steps(1).account().owner(), scene_->campaign);
  EXPECT_EQ(trace->steps(1).points(), Scene::kPointsEach);
  EXPECT_EQ(trace->steps(2).account().owner(), Payer());
}

TEST_F(AuditTraceWireTest, PagesOfAWayForwardAreOneWay) {
  v1::TracePointsRequest request;
  request.set_sequence(RecordOf("entry/funding"));
  request.set_direction(v1::TRACE_DIRECTION_FORWARD);
  const auto whole = Ask(*auditor_, &TraceStub::TracePoints, request);
  ASSERT_OK(whole);
  EXPECT_EQ(static_cast<std::size_t>(whole->steps_size()), scene_->members.size() + 2)
      << "reserved, granted to each, and spent by one";
  EXPECT_EQ(whole->next_page_token(), "");
  std::vector<std::string> kinds;
  request.set_page_size(2);
  do {
    const auto page = Ask(*auditor_, &TraceStub::TracePoints, request);
    ASSERT_OK(page);
    for (const std::string& kind : KindsOf(*page)) kinds.push_back(kind);
    EXPECT_EQ(page->as_of_sequence(), whole->as_of_sequence());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(kinds, KindsOf(*whole));
}

TEST_F(AuditTraceWireTest, WhatIsNoTraceIsRefused) {
  v1::TracePointsRequest request;
  EXPECT_THAT(Ask(*auditor_, &TraceStub::TracePoints, request),
              Refuses(Reason::kInvalidField, "sequence"));
  request.set_sequence(1);  // The union.
  EXPECT_THAT(Ask(*auditor_, &TraceStub::TracePoints, request),
              Refuses(Reason::kInvalidField, "sequence"));
  request.set_sequence(1'000'000);
  EXPECT_THAT(Ask(*auditor_, &TraceStub::TracePoints, request), Refuses(Reason::kNotFound));
  request.set_sequence(RecordOf("entry/purchase"));
  request.set_direction(static_cast<v1::TraceDirection>(9));
  EXPECT_THAT(Ask(*auditor_, &TraceStub::TracePoints, request),
              Refuses(Reason::kInvalidField, "direction"));
  request.clear_direction();
  request.set_page_token("forged");
  EXPECT_THAT(Ask(*auditor_, &TraceStub::TracePoints, request),
              Refuses(Reason::kInvalidField, "page_token"));
  request.clear_page_token();
  request.set_origin("unions/nowhere");
  const auto nothing = Ask(*auditor_, &TraceStub::TracePoints, request);
  ASSERT_OK(nothing);
  EXPECT_THAT(KindsOf(*nothing), IsEmpty());
}

TEST_F(AuditTraceWireTest, AnAuditorOfAUnionFollowsItsOwn) {
  v1::TracePointsRequest request;
  request.set_sequence(RecordOf("entry/purchase"));
  const auto scoped = AuditorWho(absl::StrCat("/auditor/", Payer()));
  EXPECT_THAT(Ask(*scoped, &TraceStub::TracePoints, request), Refuses(Reason::kNotFound));
  request.set_in_union(Payer());
  const auto own = Ask(*scoped, &TraceStub::TracePoints, request);
  ASSERT_OK(own);
  EXPECT_EQ(own->steps_size(), 3);
  EXPECT_THAT(Ask(*AuditorWho("/auditor/unions/elsewhere"), &TraceStub::TracePoints, request),
              Refuses(Reason::kNotFound));
}

TEST_F(AuditTraceWireTest, ACampaignsHistoryLeadsFromADraftToWhatItIs) {
  v1::GetHistoryRequest request;
  request.set_name(scene_->campaign);
  request.set_page_size(2);
  std::string state;
  std::uint64_t before = 0;
  int records = 0;
  do {
    const auto page = Ask(*auditor_, &TraceStub::GetHistory, request);
    ASSERT_OK(page);
    EXPECT_FALSE(page->incomplete());
    for (const v1::HistoryEntry& entry : page->entries()) {
      EXPECT_GT(entry.sequence(), before);
      before = entry.sequence();
      ++records;
      for (const v1::FieldChange& change : entry.changes()) {
        if (change.field() != "state") continue;
        EXPECT_EQ(change.before(), state) << "over pages too";
        state = change.after();
      }
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(state, "ISSUED");
  EXPECT_GT(records, 4);
}

TEST_F(AuditTraceWireTest, WhateverHasANameHasAHistory) {
  v1::GetHistoryRequest request;
  for (const std::string& name : {Payer(), scene_->funding, scene_->members.front(),
                                  scene_->merchant, scene_->store, scene_->terminal}) {
    request.set_name(name);
    const auto history = Ask(*auditor_, &TraceStub::GetHistory, request);
    ASSERT_OK(history) << name;
    EXPECT_GT(history->entries_size(), 0) << name;
  }
  for (const char* const missing : {"unions/nowhere",
                                    "unions/nowhere/fundings/3",
                                    "campaigns/nowhere",
                                    "merchants/nowhere",
                                    "merchants/nowhere/stores/s-1",
                                    "offers/99",
                                    "orders/000000000099",
                                    "orders/000000000099/voucher",
                                    "notices/99",
                                    "campaigns/spring/clawBacks/1",
                                    "unions/fh-1/applications/1",
                                    "payoutRuns/9",
                                    "payoutRuns/9/payments/1",
                                    "rulePacks/nowhere",
                                    "rulePacks/nowhere/versions/1",
                                    "people/nobody",
                                    "periods/1999-01",
                                    "merchants/m-1/statements/1999-01-01",
                                    "merchants/m-1/statements/1999-01-01/disputes/1",
                                    "merchants/m-1/bankAccounts/9",
                                    "merchants/m-1/mall"}) {
    request.set_name(missing);
    EXPECT_THAT(Ask(*auditor_, &TraceStub::GetHistory, request), Refuses(Reason::kNotFound))
        << missing;
  }
  for (const char* const none : {"", "unions", "statements/1", "unions/a/b/c"}) {
    request.set_name(none);
    EXPECT_THAT(Ask(*auditor_, &TraceStub::GetHistory, request),
                Refuses(Reason::kInvalidField, "name"))
        << none;
  }
  request.set_name(scene_->campaign);
  EXPECT_THAT(Ask(*AuditorWho("/auditor/unions/elsewhere"), &TraceStub::GetHistory, request),
              Refuses(Reason::kNotFound));
}

TEST_F(AuditTraceWireTest, AFundingsHistoryIsItsOwnAndSaysWhoDecided) {
  using UnionStub = v1::UnionService::Stub;
  const auto finance = v1::UnionService::NewStub(
      deployment_->Connect(absl::StrCat("/finance/", Payer(), "/people/f-1")));
  std::vector<std::string> names;
  for (const char* const reference : {"H-1", "H-2"}) {
    v1::FundBudgetRequest fund;
    fund.set_request_id(NewRequestId(*random_));
    fund.set_union_(Payer());
    fund.set_points(7);
    fund.set_bank_reference(reference);
    ASSERT_OK_AND_ASSIGN(const auto proposed, Ask(*finance, &UnionStub::FundBudget, fund));
    names.push_back(proposed.funding().name());
  }
  const auto approver = v1::UnionService::NewStub(
      deployment_->Connect(absl::StrCat("/approver/", Payer(), "/people/a-1")));
  v1::RejectFundingRequest reject;
  reject.set_request_id(NewRequestId(*random_));
  reject.set_name(names[0]);
  reject.set_reason("mistyped");
  ASSERT_OK(Ask(*approver, &UnionStub::RejectFunding, reject));
  v1::GetHistoryRequest request;
  request.set_name(names[0]);
  ASSERT_OK_AND_ASSIGN(const auto history, Ask(*auditor_, &TraceStub::GetHistory, request));
  ASSERT_EQ(history.entries_size(), 2);
  EXPECT_EQ(history.entries(0).kind(), "funding_proposed");
  EXPECT_EQ(history.entries(0).person(), "people/f-1");
  EXPECT_EQ(history.entries(1).kind(), "funding_rejected");
  EXPECT_EQ(history.entries(1).person(), "people/a-1");
  request.set_name(names[1]);
  ASSERT_OK_AND_ASSIGN(const auto other, Ask(*auditor_, &TraceStub::GetHistory, request));
  EXPECT_EQ(other.entries_size(), 1);
  EXPECT_THAT(Ask(*AuditorWho("/auditor/unions/elsewhere"), &TraceStub::GetHistory, request),
              Refuses(Reason::kNotFound));
}

// A page has as many changes as a message has room for.
TEST_F(AuditTraceWireTest, AHistoryOfLongTextsIsToldInSeveralPages) {
  using CatalogStub = v1::CatalogService::Stub;
  const auto merchant = v1::CatalogService::NewStub(
      deployment_->Connect(absl::StrCat("/merchant/", scene_->merchant)));
  v1::CreateOfferRequest create;
  create.set_request_id(NewRequestId(*random_));
  create.mutable_offer()->set_merchant(scene_->merchant);
  create.mutable_offer()->set_title("年货大礼包");
  create.mutable_offer()->mutable_percentage_off()->set_basis_points(1'000);
  create.mutable_offer()->set_last_day("9000-12-31");
  ASSERT_OK_AND_ASSIGN(const auto created, Ask(*merchant, &CatalogStub::CreateOffer, create));
  constexpr int kChanges = 100;
  for (int i = 0; i < kChanges; ++i) {
    v1::UpdateOfferRequest update;
    update.set_request_id(NewRequestId(*random_));
    update.mutable_offer()->set_name(created.offer().name());
    update.mutable_offer()->set_text(absl::StrCat(i, std::string(3'900, 'x')));
    update.mutable_update_mask()->add_paths("text");
    ASSERT_OK(Ask(*merchant, &CatalogStub::UpdateOffer, update));
  }
  v1::GetHistoryRequest request;
  request.set_name(created.offer().name());
  request.set_page_size(1'000);
  int entries = 0;
  int pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, Ask(*auditor_, &TraceStub::GetHistory, request));
    EXPECT_LT(page.ByteSizeLong(), std::size_t{600} << 10);
    EXPECT_GT(page.entries_size(), 0);
    entries += page.entries_size();
    ++pages;
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(entries, kChanges + 1);
  EXPECT_EQ(pages, 2);
}

}  // namespace
}  // namespace puhui
