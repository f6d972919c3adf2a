// SPDX-License-Identifier: Apache-2.0
// What becomes of a member, as a till of a real puhuid meets it.
#include "ledger/core/refusal.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "services/admin/verification.h"
#include "services/rpc/error.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace puhui {
namespace {

using ledger::Reason;
using Members = v1::MemberService::Stub;
using Till = v1::PosService::Stub;

class MemberWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    scene_ = *std::move(scene);
    Stage works(&deployment_, "works", &random_);
    ASSERT_OK(works.FoundUnion("unions/fh-1"));
    hr_ = v1::MemberService::NewStub(deployment_.Connect("/hr/unions/fh-1"));
    till_ = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
  }
  template <class Request, class Response>
  absl::Status Do(grpc::Status (Members::*method)(grpc::ClientContext*, const Request&, Response*),
                  Request request = {}) {
    request.set_request_id(NewRequestId(random_));
    request.set_name(scene_.members.front());
    return Ask(*hr_, method, request).status();
  }
  absl::StatusOr<v1::PurchaseResponse> Buy(const std::string& card, std::int64_t points = 10) {
    v1::PurchaseRequest request = scene_.Purchase(++trace_number_, points, random_);
    request.set_card_number(card);
    return Ask(*till_, &Till::Purchase, request);
  }
  // Of whoever leaves.
  absl::Status WantPointsBack(const std::string& union_name) {
    const auto unions =
        v1::UnionService::NewStub(deployment_.Connect("/union-admin/unions/fh-1/people/admin"));
    v1::UpdateUnionRequest request;
    request.set_request_id(NewRequestId(random_));
    request.mutable_union_()->set_name(union_name);
    request.mutable_union_()->mutable_settings()->set_leave_policy(v1::LEAVE_POLICY_RETURN);
    request.mutable_update_mask()->add_paths("settings.leave_policy");
    return Ask(*unions, &v1::UnionService::Stub::UpdateUnion, request).status();
  }
  std::string Card() {
    Stage stage(&deployment_, "fh-1", &random_);
    const auto card = stage.CardOf(scene_.members.front());
    EXPECT_OK(card);
    return card.value_or("");
  }

  SeededRandom random_{20'250'212};
  Deployment deployment_;
  Scene scene_;
  std::unique_ptr<Members> hr_;
  std::unique_ptr<Till> till_;
  std::uint32_t trace_number_ = 0;
};

TEST_F(MemberWireTest, ABlockedCardIsDeclinedByNameAndTheNextOneLeadsToTheSameWallet) {
  const std::string old = Card();
  ASSERT_OK(Buy(old, 100));
  ASSERT_OK(Do(&Members::BlockCard));
  EXPECT_THAT(Buy(old), Refuses(Reason::kCardBlocked));
  ASSERT_OK(Do(&Members::IssueCard));
  const std::string fresh = Card();
  EXPECT_THAT(Buy(fresh, Scene::kPointsEach), Refuses(Reason::kInsufficientPoints));
  EXPECT_OK(Buy(fresh, Scene::kPointsEach - 100));
  EXPECT_THAT(Buy(old), Refuses(Reason::kCardBlocked));
  ASSERT_OK(Do(&Members::ReplaceCard));
  EXPECT_THAT(Buy(fresh), Refuses(Reason::kCardBlocked));
}

TEST_F(MemberWireTest, WhoIsNotActiveBuysNothingUntilBack) {
  const std::string card = Card();
  ASSERT_OK(Do(&Members::SuspendMember));
  EXPECT_THAT(Buy(card), Refuses(Reason::kMemberNotActive));
  // The member's state comes before the card's.
  ASSERT_OK(Do(&Members::BlockCard));
  EXPECT_THAT(Buy(card), Refuses(Reason::kMemberNotActive));
  ASSERT_OK(Do(&Members::ReinstateMember));
  EXPECT_THAT(Buy(card), Refuses(Reason::kCardBlocked));
  ASSERT_OK(Do(&Members::IssueCard));
  const std::string fresh = Card();
  v1::TransferMemberRequest transfer;
  transfer.set_union_("unions/works");
  ASSERT_OK(Do(&Members::TransferMember, transfer));
  EXPECT_OK(Buy(fresh));
  ASSERT_OK(WantPointsBack("unions/works"));
  ASSERT_OK(Do(&Members::RemoveMember));
  EXPECT_THAT(Buy(fresh), Refuses(Reason::kMemberNotActive));
  ASSERT_OK(Do(&Members::ReinstateMember));
  EXPECT_THAT(Buy(fresh), Refuses(Reason::kInsufficientPoints));
  hr_ = nullptr;
  till_ = nullptr;
  ASSERT_OK(deployment_.Stop());
  ASSERT_OK_AND_ASSIGN(const auto report,
                       services::VerifyDataDirectory(deployment_.data_directory(), nullptr, {}));
  EXPECT_TRUE(report.ok()) << report.findings.front();
}

}  // namespace
}  // namespace puhui
