// SPDX-License-Identifier: Apache-2.0
// What a caller may not see does not exist for it: a call of a real puhuid that names something of
// another union, merchant, member or till is answered, word for word, like one that names nothing.
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "puhui/v1/catalog_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "puhui/v1/notice_service.grpc.pb.h"
#include "puhui/v1/order_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/auth/policy.h"
#include "services/rpc/error.h"
#include "tests/integration/auditor_tries.h"
#include "tests/integration/raw_call.h"
#include "tests/integration/scope_rows.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/stage.h"
#include "tests/support/wire/two_scenes.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui {
namespace {

using services::Role;
using services::Rpc;

class ScopeWireTest : public TwoScenesTest {
 protected:
  static void SetUpTestSuite() { Begin(20'250'107); }
  static void TearDownTestSuite() {
    channels_.clear();
    trace_number_ = 0;
    claw_back_.clear();
    End();
  }

  static std::string OwnUnion() { return absl::StrCat("unions/", own_->ids.union_id); }
  // What belongs to another union and another merchant than the caller's.
  static absl::StatusOr<World> Foreign() {
    const auto till = v1::PosService::NewStub(deployment_->Connect(other_->terminal_identity));
    const v1::PurchaseRequest request = other_->Purchase(++trace_number_, 10, *random_);
    PUHUI_ASSIGN_OR_RETURN(const auto bought, Ask(*till, &v1::PosService::Stub::Purchase, request));
    v1::AuthorizeRequest authorize;
    authorize.set_request_id(NewRequestId(*random_));
    *authorize.mutable_till() = request.till();
    authorize.mutable_till()->set_trace_number(++trace_number_);
    authorize.set_card_number(request.card_number());
    authorize.set_points(10);
    PUHUI_ASSIGN_OR_RETURN(const auto held,
                           Ask(*till, &v1::PosService::Stub::Authorize, authorize));
    PUHUI_ASSIGN_OR_RETURN(const std::string application, Apply());
    PUHUI_ASSIGN_OR_RETURN(const std::uint64_t grant, ForeignGrant());
    PUHUI_ASSIGN_OR_RETURN(const std::string claw_back, ClawBack());
    PUHUI_ASSIGN_OR_RETURN(const std::string offer, Offer());
    PUHUI_ASSIGN_OR_RETURN(const std::string notice, Notice());
    PUHUI_ASSIGN_OR_RETURN(const std::string order, Order());
    return World{.union_name = absl::StrCat("unions/", other_->ids.union_id),
                 .own_union = OwnUnion(),
                 .funding = other_->funding,
                 .member = other_->members.front(),
                 .external_id = Person(other_->ids.first_person).external_id(),
                 .card = other_->cards.front(),
                 .application = application,
                 .campaign = other_->campaign,
                 .claw_back = claw_back,
                 .merchant = other_->merchant,
                 .statement = StatementToday(other_->merchant),
                 .store = other_->store,
                 .terminal = other_->terminal,
                 .purchase_reference = bought.purchase().retrieval_reference(),
                 .purchase_request_id = request.request_id(),
                 .authorization_reference = held.authorization().retrieval_reference(),
                 .offer = offer,
                 .notice = notice,
                 .order = order,
                 .sequence = 1,
                 .grant = grant};
  }
  // Of the day in the zone of merchants that name none.
  static std::string StatementToday(const std::string& merchant) {
    absl::TimeZone zone;
    PUHUI_CHECK(absl::LoadTimeZone("Asia/Shanghai", &zone));
    const absl::CivilDay today = absl::ToCivilDay(absl::Now(), zone);
    return absl::StrCat(merchant, "/statements/", absl::FormatCivilTime(today));
  }
  // The record of a grant of the other union.
  static absl::StatusOr<std::uint64_t> ForeignGrant() {
    const auto audit = v1::AuditService::NewStub(deployment_->Connect("/auditor"));
    v1::ListRecordsRequest request;
    request.set_page_size(1'000);
    PUHUI_ASSIGN_OR_RETURN(const auto listed,
                           Ask(*audit, &v1::AuditService::Stub::ListRecords, request));
    for (const v1::RecordView& record : listed.records()) {
      if (record.kind() != "entry/grant") continue;
      for (const v1::PostingView& posting : record.postings()) {
        if (posting.owner() == other_->campaign) return record.sequence();
      }
    }
    return absl::NotFoundError("the other union granted nothing");
  }
  // Somebody asks the other union to be taken in; returns the application's name.
  static absl::StatusOr<std::string> Apply() {
    const std::string union_name = absl::StrCat("unions/", other_->ids.union_id);
    const auto hr =
        v1::MemberService::NewStub(deployment_->Connect(absl::StrCat("/hr/", union_name)));
    v1::SubmitApplicationRequest request;
    request.set_request_id(NewRequestId(*random_));
    request.set_parent(union_name);
    *request.mutable_applicant() = Person(903);
    PUHUI_ASSIGN_OR_RETURN(const auto submitted,
                           Ask(*hr, &v1::MemberService::Stub::SubmitApplication, request));
    return submitted.application().name();
  }
  // A point of the other union's campaign is taken back, once; returns the claw-back's name.
  static absl::StatusOr<std::string> ClawBack() {
    if (!claw_back_.empty()) return claw_back_;
    const auto hr = v1::CampaignService::NewStub(
        deployment_->Connect(absl::StrCat("/hr/unions/", other_->ids.union_id)));
    v1::ClawBackRequest request;
    request.set_request_id(NewRequestId(*random_));
    request.set_campaign(other_->campaign);
    request.mutable_rows()->add_rows(0);
    request.set_points_per_row_max(1);
    request.set_reason("issued twice");
    PUHUI_ASSIGN_OR_RETURN(const auto proposed,
                           Ask(*hr, &v1::CampaignService::Stub::ClawBack, request));
    claw_back_ = proposed.claw_back().name();
    return claw_back_;
  }
  // The other merchant writes an offer; returns its name.
  static absl::StatusOr<std::string> Offer() {
    const auto merchant = v1::CatalogService::NewStub(
        deployment_->Connect(absl::StrCat("/merchant/", other_->merchant)));
    v1::CreateOfferRequest request;
    request.set_request_id(NewRequestId(*random_));
    request.mutable_offer()->set_merchant(other_->merchant);
    request.mutable_offer()->set_title("会员九折");
    request.mutable_offer()->mutable_percentage_off()->set_basis_points(1'000);
    request.mutable_offer()->set_last_day("9000-01-01");
    PUHUI_ASSIGN_OR_RETURN(const auto created,
                           Ask(*merchant, &v1::CatalogService::Stub::CreateOffer, request));
    return created.offer().name();
  }
  // A member of the other union orders something of the other merchant; returns the order's name.
  static absl::StatusOr<std::string> Order() {
    const auto merchant = v1::CatalogService::NewStub(
        deployment_->Connect(absl::StrCat("/merchant/", other_->merchant)));
    v1::CreateOfferRequest write;
    write.set_request_id(NewRequestId(*random_));
    write.mutable_offer()->set_merchant(other_->merchant);
    write.mutable_offer()->set_title("电影票");
    write.mutable_offer()->mutable_item()->set_price_points(10);
    write.mutable_offer()->add_fulfilments(v1::FULFILMENT_KIND_E_COUPON);
    write.mutable_offer()->set_last_day("9000-01-01");
    write.set_stock(1);
    PUHUI_ASSIGN_OR_RETURN(const auto written,
                           Ask(*merchant, &v1::CatalogService::Stub::CreateOffer, write));
    v1::PublishOfferRequest publish;
    publish.set_request_id(NewRequestId(*random_));
    publish.set_name(written.offer().name());
    PUHUI_ASSIGN_OR_RETURN(const auto published,
                           Ask(*merchant, &v1::CatalogService::Stub::PublishOffer, publish));
    const auto app = v1::OrderService::NewStub(
        deployment_->Connect(absl::StrCat("/member/", other_->members.front())));
    v1::PlaceOrderRequest place;
    place.set_request_id(NewRequestId(*random_));
    place.set_parent(other_->members.front());
    place.set_offer(published.offer().name());
    place.set_offer_version(published.offer().version());
    place.set_quantity(1);
    place.set_fulfilment(v1::FULFILMENT_KIND_E_COUPON);
    PUHUI_ASSIGN_OR_RETURN(const auto placed,
                           Ask(*app, &v1::OrderService::Stub::PlaceOrder, place));
    return placed.order().name();
  }
  // The other union tells its members something; returns the notice's name.
  static absl::StatusOr<std::string> Notice() {
    const std::string union_name = absl::StrCat("unions/", other_->ids.union_id);
    const auto admin =
        v1::NoticeService::NewStub(deployment_->Connect(absl::StrCat("/union-admin/", union_name)));
    v1::PublishNoticeRequest request;
    request.set_request_id(NewRequestId(*random_));
    request.mutable_notice()->set_union_(union_name);
    request.mutable_notice()->set_title("公告");
    request.mutable_notice()->set_text("正文");
    request.mutable_notice()->set_last_day("9000-01-01");
    PUHUI_ASSIGN_OR_RETURN(const auto published,
                           Ask(*admin, &v1::NoticeService::Stub::PublishNotice, request));
    return published.notice().name();
  }
  static World Nowhere() {
    return {.union_name = "unions/nowhere",
            .own_union = OwnUnion(),
            .funding = "unions/nowhere/fundings/4000000",
            .member = "members/01ARZ3NDEKTSV4RRFFQ69G5FAV",
            .external_id = "E-NOBODY",
            .card = "8800000000000005",
            .application = "unions/nowhere/applications/4000000",
            .campaign = "campaigns/nowhere",
            .claw_back = "campaigns/nowhere/clawBacks/4000000",
            .merchant = "merchants/nowhere",
            .statement = StatementToday("merchants/nowhere"),
            .store = "merchants/nowhere/stores/s-1",
            .terminal = "merchants/nowhere/terminals/t-1",
            .purchase_reference = "000004000000",
            .purchase_request_id = NewRequestId(*random_),
            .authorization_reference = "000004000001",
            .offer = "offers/4000000",
            .notice = "notices/4000000",
            .order = "orders/000004000000",
            .sequence = 4'000'000,
            .grant = 4'000'000};
  }

  static std::string CallerOf(Role role) {
    if (role == Role::kMerchant) return absl::StrCat("/merchant/", own_->merchant);
    if (role == Role::kMall) return absl::StrCat("/mall/", own_->merchant);
    if (role == Role::kPos) return absl::StrCat("/pos/", own_->merchant);
    if (role == Role::kTerminal) return absl::StrCat("/terminal/", own_->terminal);
    if (role == Role::kMember) return absl::StrCat("/member/", own_->members.front());
    const std::string name(services::RoleName(role));
    return absl::StrCat("/", name, "/unions/", own_->ids.union_id);
  }

  // Makes both calls as every role that may, and expects that nobody can tell which is which.
  static void ExpectAlike(const ScopeRow& row, const World& there, const World& nowhere,
                          const std::set<Role>& roles) {
    const services::RpcRule& rule = services::RuleOf(row.rpc);
    const std::string method = absl::StrCat("/puhui.v1.", rule.service, "/", rule.name);
    bool asked = false;
    for (const Role role : roles) {
      if (!rule.callers.Has(role) || !row.scoped.contains(role)) continue;
      asked = true;
      const std::string caller = CallerOf(role);
      SCOPED_TRACE(absl::StrCat(caller, " calls ", method));
      auto& channel = channels_[caller];
      if (channel == nullptr) channel = deployment_->Connect(caller);
      const grpc::Status answer = CallRaw(channel, method, row.write(there));
      const auto refusal = ledger::RefusalOf(services::FromGrpcStatus(answer));
      EXPECT_EQ(answer.error_code(), grpc::StatusCode::NOT_FOUND) << answer.error_message();
      EXPECT_TRUE(refusal.has_value() && refusal->reason == ledger::Reason::kNotFound);
      const grpc::Status other = CallRaw(channel, method, row.write(nowhere));
      EXPECT_EQ(other.error_code(), answer.error_code());
      EXPECT_EQ(other.error_message(), answer.error_message());
      EXPECT_EQ(other.error_details(), answer.error_details());
    }
    EXPECT_TRUE(asked) << method;
  }

  static inline const std::set<Role> kEverybody = {
      Role::kUnionAdmin, Role::kHr,       Role::kFinance, Role::kApprover, Role::kAuditor,
      Role::kMerchant,   Role::kTerminal, Role::kMember,  Role::kPos,      Role::kMall};

  static std::map<std::string, std::shared_ptr<grpc::Channel>> channels_;
  static std::uint32_t trace_number_;
  static std::string claw_back_;
};
std::map<std::string, std::shared_ptr<grpc::Channel>> ScopeWireTest::channels_;
std::uint32_t ScopeWireTest::trace_number_ = 0;
std::string ScopeWireTest::claw_back_;

TEST_F(ScopeWireTest, EveryRpcThatNamesSomethingHasARow) {
  // An operator's scope is everything; a merchant is no union's, and rule packs are for all.
  std::set<Rpc> covered = {
      Rpc::kGetStatus,       Rpc::kRotateKey,      Rpc::kRegisterMerchant,    Rpc::kSetAgreement,
      Rpc::kSuspendMerchant, Rpc::kResumeMerchant, Rpc::kCloseMerchant,       Rpc::kLoadRulePack,
      Rpc::kListRulePacks,   Rpc::kGetRulePack,    Rpc::kSetLimits,           Rpc::kGetLimits,
      Rpc::kApplyMerchant,   Rpc::kDecideMerchant, Rpc::kListMerchants,       Rpc::kListMyNotices,
      Rpc::kEnableMall,      Rpc::kUpdateMall,     Rpc::kBlockMall,           Rpc::kUnblockMall,
      Rpc::kListAccesses,    Rpc::kVerifyAccesses, Rpc::kGetAccessCheckpoint, Rpc::kGrantMandate,
      Rpc::kRevokeMandate,   Rpc::kListMandates,   Rpc::kAddCosignature,      Rpc::kArchivePeriod,
      Rpc::kListArchives,    Rpc::kClosePeriod};
  for (const ScopeRow& row : ScopeRows(random_)) covered.insert(row.rpc);
  covered.insert(Rpc::kPurchaseStream);  // Refuses message by message: pos_stream_test.
  EXPECT_EQ(covered.size(), services::kRpcCount);
}

TEST_F(ScopeWireTest, WhatBelongsToOthersIsAnsweredLikeWhatDoesNotExist) {
  ASSERT_OK_AND_ASSIGN(const World there, Foreign());
  const World nowhere = Nowhere();
  for (const ScopeRow& row : ScopeRows(random_)) ExpectAlike(row, there, nowhere, kEverybody);
}

TEST_F(ScopeWireTest, AnotherTillOfTheSameMerchantIsAnsweredLikeNone) {
  Stage stage(deployment_, own_->ids.union_id, random_);
  ASSERT_OK(stage.EnrollTerminal(own_->ids.merchant_id, "t-8"));
  World there = Nowhere();
  there.terminal = absl::StrCat(own_->merchant, "/terminals/t-8");
  World nowhere = Nowhere();
  nowhere.terminal = absl::StrCat(own_->merchant, "/terminals/t-9");
  for (const ScopeRow& row : TillRows(random_)) {
    ExpectAlike(row, there, nowhere, {Role::kTerminal});
  }
}

TEST_F(ScopeWireTest, AnothersPurchaseCannotBeFoundFromOnesOwnTill) {
  ASSERT_OK_AND_ASSIGN(const World there, Foreign());
  const World nowhere = Nowhere();
  for (const ScopeRow& row : OwnTillRows(random_, own_->terminal)) {
    ExpectAlike(row, there, nowhere, {Role::kMerchant, Role::kTerminal, Role::kPos});
  }
}

TEST_F(ScopeWireTest, AnAuditorWhoTriesEverythingElseLearnsNothingAndIsOnRecord) {
  constexpr char kAuditor[] = "/auditor/people/tries";
  ASSERT_OK_AND_ASSIGN(const World there, Foreign());
  const std::vector<std::string> tried =
      TryWhatIsNotAnAuditors(*deployment_, kAuditor, there, Nowhere(), random_);
  EXPECT_GT(tried.size(), 2 * services::kRpcCount / 3);
  ExpectTriesOnRecord(*deployment_, kAuditor, "people/tries", tried);
}

TEST_F(ScopeWireTest, TheOwnersThemselvesAreAnswered) {
  // Else everything above could hold because nothing is ever found.
  const std::string union_name = absl::StrCat("unions/", own_->ids.union_id);
  const auto ask = [](const std::string& caller, Rpc rpc, const std::string& message) {
    const services::RpcRule& rule = services::RuleOf(rpc);
    return CallRaw(deployment_->Connect(caller),
                   absl::StrCat("/puhui.v1.", rule.service, "/", rule.name), {message});
  };
  World own = Nowhere();
  own.union_name = union_name;
  own.funding = own_->funding;
  own.member = own_->members.front();
  own.external_id = Person(own_->ids.first_person).external_id();
  own.card = own_->cards.front();
  own.campaign = own_->campaign;
  own.merchant = own_->merchant;
  own.terminal = own_->terminal;
  const std::set<Rpc> reads = {
      Rpc::kGetUnion,          Rpc::kListUnions,    Rpc::kGetBudget,        Rpc::kGetMember,
      Rpc::kLookupMember,      Rpc::kListMembers,   Rpc::kSearchMembers,    Rpc::kListApplications,
      Rpc::kGetCampaign,       Rpc::kListRows,      Rpc::kGetWallet,        Rpc::kListActivity,
      Rpc::kPreviewCampaign,   Rpc::kWatchIssueRun, Rpc::kGetMerchant,      Rpc::kExplainSpend,
      Rpc::kGetCampaignReport, Rpc::kListExpiring,  Rpc::kGetUnionReport,   Rpc::kListCampaigns,
      Rpc::kGetTerminal,       Rpc::kListTerminals, Rpc::kListStatements,   Rpc::kListSpending,
      Rpc::kGetOfferReport,    Rpc::kListTopOffers, Rpc::kListUnusedOffers, Rpc::kListMallLinks,
      Rpc::kGetFunding,        Rpc::kListFundings};
  for (const ScopeRow& row : ScopeRows(random_)) {
    if (!reads.contains(row.rpc)) continue;
    for (const Role role : row.scoped) {
      if (!services::RuleOf(row.rpc).callers.Has(role)) continue;
      const grpc::Status status = ask(CallerOf(role), row.rpc, row.write(own).front());
      EXPECT_TRUE(status.ok()) << CallerOf(role) << " " << services::RuleOf(row.rpc).name.data()
                               << ": " << status.error_message();
    }
  }
}

}  // namespace
}  // namespace puhui
