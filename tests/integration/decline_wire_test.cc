// SPDX-License-Identifier: Apache-2.0
// Whose declines an auditor of a union sees: of whoever was in it when the till declined.
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

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
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DeclineWireTest : public ::testing::Test {
 protected:
  using AuditStub = v1::AuditService::Stub;
  using MemberStub = v1::MemberService::Stub;
  using PosStub = v1::PosService::Stub;

  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
    for (const char* id : {"below", "elsewhere"}) {
      const bool is_below = std::string(id) == "below";
      ASSERT_OK(Stage(&deployment_, id, &random_).FoundUnion(is_below ? "unions/fh-1" : ""));
    }
    till_ = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
  }

  // Of a purchase with this card that is more than anybody has.
  void Decline(const std::string& card, Reason reason) {
    v1::PurchaseRequest request = scene_.Purchase(++trace_, 1'000'000, random_);
    request.set_card_number(card);
    EXPECT_THAT(Ask(*till_, &PosStub::Purchase, request), Refuses(reason));
  }
  // By HR of both unions.
  void Transfer(const std::string& member, const std::string& to) {
    const auto hr = v1::MemberService::NewStub(deployment_.Connect("/hr/unions/fh-1"));
    v1::TransferMemberRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_name(member);
    request.set_union_(to);
    ASSERT_OK(Ask(*hr, &MemberStub::TransferMember, request));
  }
  // Of the members, in the order of the records, as an auditor of the union is told them.
  std::vector<std::string> DeclinedOf(const std::string& union_name) {
    const auto auditor =
        v1::AuditService::NewStub(deployment_.Connect(absl::StrCat("/auditor/", union_name)));
    v1::QueryRecordsRequest query;
    query.mutable_filter()->add_kinds("declined");
    query.mutable_filter()->set_in_union(union_name);
    query.set_page_size(1'000);
    const auto found = Ask(*auditor, &AuditStub::QueryRecords, query);
    EXPECT_OK(found);
    std::vector<std::string> told;
    if (!found.ok()) return told;
    for (const v1::RecordView& record : found->records()) told.push_back(record.json());
    return told;
  }

  SeededRandom random_{8};
  Deployment deployment_;
  Scene scene_;
  std::unique_ptr<PosStub> till_;
  std::uint32_t trace_ = 0;
};

TEST_F(DeclineWireTest, IsOfTheUnionThatTheMemberWasInThen) {
  Decline(scene_.cards[0], Reason::kInsufficientPoints);
  ASSERT_NO_FATAL_FAILURE(Transfer(scene_.members[0], "unions/below"));
  Decline(scene_.cards[0], Reason::kInsufficientPoints);
  Decline("6212345678901232", Reason::kCardNotFound);

  EXPECT_THAT(DeclinedOf("unions/below"), ElementsAre(HasSubstr("\"trace_number\":2")));
  EXPECT_THAT(DeclinedOf("unions/fh-1"),
              ElementsAre(HasSubstr("\"trace_number\":1"), HasSubstr("\"trace_number\":2")));
  EXPECT_THAT(DeclinedOf("unions/elsewhere"), IsEmpty());
  // Of a card that is nobody's the whole alone knows.
  const auto whole = v1::AuditService::NewStub(deployment_.Connect("/auditor"));
  v1::QueryRecordsRequest query;
  query.mutable_filter()->add_kinds("declined");
  ASSERT_OK_AND_ASSIGN(const auto all, Ask(*whole, &AuditStub::QueryRecords, query));
  EXPECT_EQ(all.records_size(), 3);
}

}  // namespace
}  // namespace puhui
