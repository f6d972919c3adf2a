// SPDX-License-Identifier: Apache-2.0
// A real puhuid as its callers meet it: what is too large, cut off, sent twice or sent without a
// deadline, and a second server on the same directory.
#include "ledger/core/refusal.h"
#include "ledger/crypto/hash.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "tests/integration/roster_file.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/forwarder.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using PosStub = v1::PosService::Stub;

class ServerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment_ = new Deployment();
    random_ = new SeededRandom(20'250'105);
    ASSERT_OK(deployment_->Start());
    auto scene = Scene::Set(*deployment_, {}, random_);
    ASSERT_OK(scene);
    scene_ = new Scene(*std::move(scene));
  }
  static void TearDownTestSuite() {
    trace_number_ = 0;
    delete scene_;
    delete random_;
    delete deployment_;
  }

  static std::unique_ptr<PosStub> Till() {
    return v1::PosService::NewStub(deployment_->Connect(scene_->terminal_identity));
  }
  static v1::PurchaseRequest NextPurchase(std::int64_t points) {
    return scene_->Purchase(++trace_number_, points, *random_);
  }
  // The last record of the journal.
  static std::uint64_t Sequence(const std::shared_ptr<grpc::Channel>& channel) {
    const auto admin = v1::AdminService::NewStub(channel);
    const auto status = Ask(*admin, &v1::AdminService::Stub::GetStatus, v1::GetStatusRequest());
    EXPECT_OK(status);
    return status.ok() ? status->sequence() : 0;
  }
  static std::uint64_t Sequence() { return Sequence(deployment_->Connect("/operator")); }
  static std::string Hr() { return absl::StrCat("/hr/unions/", scene_->ids.union_id); }

  // Two ways to vanish amid a call: `send` begins it on the channel, and when the server has it the
  // client cancels, or its connection is gone. Returns when the server has made an end of it.
  using Send = std::function<void(const std::shared_ptr<grpc::Channel>&, grpc::ClientContext*,
                                  const std::function<void()>& vanish)>;
  static void Vanish(const std::string& method, const Send& send);

  static Deployment* deployment_;
  static SeededRandom* random_;
  static Scene* scene_;
  static std::uint32_t trace_number_;
  static std::size_t next_person_;
};
Deployment* ServerTest::deployment_ = nullptr;
SeededRandom* ServerTest::random_ = nullptr;
Scene* ServerTest::scene_ = nullptr;
std::uint32_t ServerTest::trace_number_ = 0;
std::size_t ServerTest::next_person_ = 1'000;

// An answer on the same connection proves that what was sent before has arrived.
void Settle(const std::shared_ptr<grpc::Channel>& channel) {
  v1::GetMemberRequest request;
  request.set_name("members/01ARZ3NDEKTSV4RRFFQ69G5FAV");
  const auto members = v1::MemberService::NewStub(channel);
  EXPECT_THAT(Ask(*members, &v1::MemberService::Stub::GetMember, request),
              Refuses(Reason::kNotFound));
}

void ServerTest::Vanish(const std::string& method, const Send& send) {
  const std::string line = absl::StrCat("\"rpc\":\"", method, "\"");
  const std::size_t before = deployment_->CountInLog(line);
  {
    const auto channel = deployment_->Connect(Hr());
    grpc::ClientContext context;
    send(channel, &context, [&] {
      Settle(channel);
      context.TryCancel();
    });
  }
  Forwarder forwarder(deployment_->port());
  const auto channel = deployment_->ConnectTo(forwarder.port(), deployment_->Identity(Hr()));
  grpc::ClientContext context;
  send(channel, &context, [&] {
    Settle(channel);
    forwarder.Cut();
  });
  ASSERT_OK(deployment_->AwaitLog(line, before + 2));
}

TEST_F(ServerTest, APurchaseAtAnEnrolledTerminalTakesPoints) {
  const auto till = Till();
  const v1::PurchaseRequest request = NextPurchase(200);
  ASSERT_OK_AND_ASSIGN(const auto bought, Ask(*till, &PosStub::Purchase, request));
  EXPECT_EQ(bought.purchase().points(), 200);
  EXPECT_EQ(bought.purchase().fee_points(), 2);
  v1::GetTransactionRequest ask;
  ask.set_terminal(scene_->terminal);
  ask.set_request_id(request.request_id());
  ASSERT_OK_AND_ASSIGN(const auto transaction, Ask(*till, &PosStub::GetTransaction, ask));
  EXPECT_EQ(transaction.purchase().retrieval_reference(), bought.purchase().retrieval_reference());
}

TEST_F(ServerTest, ReportsCountWhoSpentOnceHoweverOften) {
  const auto till = Till();
  for (int i = 0; i < 2; ++i) ASSERT_OK(Ask(*till, &PosStub::Purchase, NextPurchase(1)));
  const auto campaigns = v1::CampaignService::NewStub(deployment_->Connect(Hr()));
  v1::GetCampaignReportRequest of_campaign;
  of_campaign.set_name(scene_->campaign);
  ASSERT_OK_AND_ASSIGN(const auto campaign,
                       Ask(*campaigns, &v1::CampaignService::Stub::GetCampaignReport, of_campaign));
  const auto unions = v1::UnionService::NewStub(deployment_->Connect(Hr()));
  v1::GetUnionReportRequest of_union;
  of_union.set_name(absl::StrCat("unions/", scene_->ids.union_id));
  ASSERT_OK_AND_ASSIGN(const auto all,
                       Ask(*unions, &v1::UnionService::Stub::GetUnionReport, of_union));
  for (const v1::Figures& figures : {campaign.report().figures(), all.report().figures()}) {
    EXPECT_EQ(figures.members_received(), scene_->members.size());
    EXPECT_EQ(figures.members_spent(), 1U);
  }
}

TEST_F(ServerTest, ABlockedTerminalKeepsItsCertificateAndSellsNoMore) {
  Stage stage(deployment_, scene_->ids.union_id, random_);
  ASSERT_OK_AND_ASSIGN(const TestIdentity identity, stage.EnrollTerminal("m-1", "t-blocked"));
  const auto till = v1::PosService::NewStub(deployment_->Connect(identity));
  v1::PurchaseRequest request = NextPurchase(1);
  request.mutable_till()->set_terminal("merchants/m-1/terminals/t-blocked");
  EXPECT_OK(Ask(*till, &PosStub::Purchase, request));
  v1::BlockTerminalRequest block;
  block.set_request_id(stage.NextRequestId());
  block.set_name(request.till().terminal());
  ASSERT_OK(Ask(stage.merchants(), &v1::MerchantService::Stub::BlockTerminal, block));
  request.set_request_id(stage.NextRequestId());
  request.mutable_till()->set_trace_number(++trace_number_);
  EXPECT_THAT(Ask(*till, &PosStub::Purchase, request), Refuses(Reason::kTerminalNotActive));
}

TEST_F(ServerTest, AMessageAboveFourMebibytesIsTurnedAwayAndTheConnectionGoesOn) {
  const auto members = v1::MemberService::NewStub(deployment_->Connect(Hr()));
  v1::BatchCreateMembersRequest large;
  large.set_request_id(NewRequestId(*random_));
  large.set_union_("unions/fh-1");
  *large.add_members() = Person(++next_person_);
  large.mutable_members(0)->set_department(std::string((std::size_t{4} << 20) + 1, 'x'));
  EXPECT_THAT(Ask(*members, &v1::MemberService::Stub::BatchCreateMembers, large),
              HasCode(absl::StatusCode::kResourceExhausted));
  // Within the limit it is judged by what it says: the row has a name that is too long.
  large.mutable_members(0)->set_department(std::string(std::size_t{3} << 20, 'x'));
  ASSERT_OK_AND_ASSIGN(const auto judged,
                       Ask(*members, &v1::MemberService::Stub::BatchCreateMembers, large));
  EXPECT_EQ(judged.results(0).field(), "department");
}

TEST_F(ServerTest, ATillsMessageAboveItsOwnLimitIsTurnedAway) {
  v1::PurchaseRequest large = NextPurchase(1);
  large.set_card_number(std::string(std::size_t{300} << 10, '1'));
  const auto till = Till();
  EXPECT_THAT(Ask(*till, &PosStub::Purchase, large), Refuses(Reason::kMessageTooLarge));
  EXPECT_OK(Ask(*till, &PosStub::Purchase, NextPurchase(1)));
}

TEST_F(ServerTest, AMoneyCallWithoutADeadlineIsAnswered) {
  const auto till = Till();
  grpc::ClientContext context;  // The server gives it five seconds of its own.
  v1::PurchaseResponse response;
  const grpc::Status status = till->Purchase(&context, NextPurchase(1), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.purchase().points(), 1);
}

TEST_F(ServerTest, ARequestIdWithAnotherBodyIsRefusedAndTheFirstAnswerStays) {
  const auto till = Till();
  v1::PurchaseRequest request = NextPurchase(5);
  ASSERT_OK_AND_ASSIGN(const auto first, Ask(*till, &PosStub::Purchase, request));
  const std::uint64_t sequence = Sequence();
  request.set_points(6);
  EXPECT_THAT(Ask(*till, &PosStub::Purchase, request), Refuses(Reason::kRequestIdReused));
  request.set_points(5);
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*till, &PosStub::Purchase, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());

  const auto finance = v1::UnionService::NewStub(deployment_->Connect("/finance/unions/fh-1"));
  v1::FundBudgetRequest fund;
  fund.set_request_id(request.request_id());  // Another caller's, so it is another id.
  fund.set_union_("unions/fh-1");
  fund.set_points(1);
  fund.set_bank_reference("REF-1");
  EXPECT_OK(Ask(*finance, &v1::UnionService::Stub::FundBudget, fund));
  fund.set_bank_reference("REF-2");
  EXPECT_THAT(Ask(*finance, &v1::UnionService::Stub::FundBudget, fund),
              Refuses(Reason::kRequestIdReused));
  EXPECT_EQ(Sequence(), sequence + 1);
}

TEST_F(ServerTest, AnImportThatIsCutOffEnrolsNobody) {
  const std::size_t first = next_person_ + 1;
  constexpr std::size_t kPeople = 200;
  next_person_ += kPeople;
  const std::string file = RosterFile(first, kPeople);
  // Half of the people, and by itself a whole roster.
  const std::string half = RosterFile(first, kPeople / 2);
  const std::uint64_t sequence = Sequence();
  Vanish("MemberService/ImportMembers",
         [&](const auto& channel, auto* context, const auto& vanish) {
           const auto members = v1::MemberService::NewStub(channel);
           const auto stream = members->ImportMembers(context);
           v1::ImportMembersRequest message;
           message.mutable_start()->set_union_("unions/fh-1");
           message.mutable_start()->set_size_bytes(file.size());
           message.mutable_start()->set_sha256(ledger::ToHex(ledger::Sha256().Digest(file)));
           EXPECT_TRUE(stream->Write(message));
           message.set_chunk(half);
           EXPECT_TRUE(stream->Write(message));
           vanish();
           // Its end is behind what came before.
           for (v1::ImportMembersResponse answer; stream->Read(&answer);) continue;
           EXPECT_FALSE(stream->Finish().ok());
         });
  EXPECT_EQ(Sequence(), sequence);
  v1::GetMemberRequest ask;
  ask.mutable_external()->set_union_("unions/fh-1");
  ask.mutable_external()->set_external_id(Person(first).external_id());
  const auto members = v1::MemberService::NewStub(deployment_->Connect(Hr()));
  EXPECT_THAT(Ask(*members, &v1::MemberService::Stub::GetMember, ask), Refuses(Reason::kNotFound));
}

TEST_F(ServerTest, AnUploadThatIsCutOffLeavesThePlanAsItWas) {
  Stage stage(deployment_, scene_->ids.union_id, random_);
  const Stage::CampaignWish wish{.id = "draft", .members = scene_->members, .points = 7};
  ASSERT_OK(stage.CreateCampaign(wish));
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, stage.UploadPlan(wish));
  const std::uint64_t sequence = Sequence();
  Vanish("CampaignService/UploadPlan", [&](const auto& channel, auto* context, const auto& vanish) {
    const auto campaigns = v1::CampaignService::NewStub(channel);
    v1::UploadPlanResponse response;
    const auto writer = campaigns->UploadPlan(context, &response);
    v1::UploadPlanRequest message;
    message.mutable_start()->set_request_id(NewRequestId(*random_));
    message.mutable_start()->set_campaign("campaigns/draft");
    message.mutable_start()->set_rows(2);
    EXPECT_TRUE(writer->Write(message));
    v1::PlanRow& row = *message.mutable_rows()->add_rows();
    row.set_member(scene_->members.front());
    row.set_points(1'000);
    EXPECT_TRUE(writer->Write(message));
    vanish();
    EXPECT_FALSE(writer->Finish().ok());
  });
  EXPECT_EQ(Sequence(), sequence);
  v1::GetCampaignRequest ask;
  ask.set_name("campaigns/draft");
  ASSERT_OK_AND_ASSIGN(const auto kept,
                       Ask(stage.campaigns(), &v1::CampaignService::Stub::GetCampaign, ask));
  EXPECT_EQ(kept.campaign().plan().hash(), plan.hash());
  EXPECT_EQ(kept.campaign().plan().points(), plan.points());
}

TEST_F(ServerTest, ASecondServerOnTheDirectoryGivesUpAndTheFirstGoesOn) {
  ASSERT_OK_AND_ASSIGN(const ProcessEnd end, deployment_->RunAnother());
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_THAT(end.said, ::testing::HasSubstr("another process has the data directory"));
  int told = 0;
  std::ifstream(deployment_->wish().port_file) >> told;
  EXPECT_EQ(told, deployment_->port());
  EXPECT_OK(Ask(*Till(), &PosStub::Purchase, NextPurchase(1)));
}

}  // namespace
}  // namespace puhui
