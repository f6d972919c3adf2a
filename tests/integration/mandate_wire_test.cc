// SPDX-License-Identifier: Apache-2.0
// What an auditor with a mandate sees of a real puhuid: records of a union, of a time, for a
// purpose, and nothing else.
#include "ledger/base/status_macros.h"
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "services/rpc/access_text.h"
#include "services/rpc/error.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using ::testing::IsEmpty;

class MandateWireTest : public ::testing::Test {
 protected:
  using AccessStub = v1::AccessService::Stub;
  using AuditStub = v1::AuditService::Stub;
  using MemberStub = v1::MemberService::Stub;

  static constexpr char kAuditor[] = "people/a-1";
  static constexpr char kUnion[] = "unions/fh-1";
  static constexpr char kPurpose[] = "年度审计";

  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
    channel_ = deployment_.Connect(absl::StrCat("/auditor/", kAuditor));
    audit_ = v1::AuditService::NewStub(channel_);
    supervisor_ = v1::AccessService::NewStub(deployment_.Connect("/supervisor/people/s-1"));
    v1::ListRecordsRequest all;
    all.set_page_size(1'000);
    ASSERT_OK_AND_ASSIGN(const auto records, Ask(*audit_, &AuditStub::ListRecords, all));
    records_ = {records.records().begin(), records.records().end()};
    ASSERT_GT(records_.size(), 6U);
  }

  // Of the union, from a record of `records_` until another, itself excluded.
  v1::GrantMandateRequest Wish(std::size_t from, std::size_t until) {
    v1::GrantMandateRequest request;
    request.set_request_id(NewRequestId(random_));
    v1::Mandate& mandate = *request.mutable_mandate();
    mandate.set_auditor(kAuditor);
    mandate.set_in_union(kUnion);
    *mandate.mutable_from_time() = records_[from].time();
    *mandate.mutable_until_time() = records_[until].time();
    mandate.add_purposes(kPurpose);
    mandate.mutable_valid_until_time()->set_seconds(4'000'000'000);
    return request;
  }
  absl::Status Revoke() {
    v1::RevokeMandateRequest request;
    request.set_request_id(NewRequestId(random_));
    request.set_auditor(kAuditor);
    return Ask(*supervisor_, &AccessStub::RevokeMandate, request).status();
  }

  // A union below the one of the mandate, a campaign, and a first purchase. Returns a member.
  absl::StatusOr<std::string> LaterThings() {
    v1::CreateUnionRequest union_wish;
    union_wish.set_request_id(NewRequestId(random_));
    union_wish.set_union_id("later");
    union_wish.set_display_name("later");
    union_wish.set_parent(kUnion);
    union_wish.set_kind(v1::UNION_KIND_ENTERPRISE);
    PUHUI_RETURN_IF_ERROR(Ask(*v1::UnionService::NewStub(deployment_.Connect("/operator")),
                              &v1::UnionService::Stub::CreateUnion, union_wish)
                              .status());
    v1::CreateCampaignRequest campaign;
    campaign.set_request_id(NewRequestId(random_));
    campaign.set_campaign_id("later");
    campaign.set_union_(kUnion);
    campaign.set_display_name("later");
    campaign.set_occasion("mid-autumn");
    campaign.mutable_terms()->mutable_expire_time()->set_seconds(4'000'000'000);
    PUHUI_RETURN_IF_ERROR(Ask(*v1::CampaignService::NewStub(deployment_.Connect("/hr/unions/fh-1")),
                              &v1::CampaignService::Stub::CreateCampaign, campaign)
                              .status());
    const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
    PUHUI_RETURN_IF_ERROR(
        Ask(*till, &v1::PosService::Stub::Purchase, scene_.Purchase(1, 250, random_)).status());
    v1::BatchCreateMembersRequest enrol;
    enrol.set_request_id(NewRequestId(random_));
    enrol.set_union_(kUnion);
    *enrol.add_members() = Person(907);
    PUHUI_ASSIGN_OR_RETURN(const auto enrolled,
                           Ask(*v1::MemberService::NewStub(deployment_.Connect("/hr/unions/fh-1")),
                               &MemberStub::BatchCreateMembers, enrol));
    return enrolled.results(0).member();
  }
  // What the auditor, or another who has no mandate, is answered about an account.
  absl::Status AskOfAccount(v1::AccountKind kind, const std::string& owner) {
    v1::GetAccountRequest account;
    account.set_kind(kind);
    account.set_owner(owner);
    v1::GetAccountStatementRequest statement;
    statement.set_kind(kind);
    statement.set_owner(owner);
    const absl::Status told = AskFor(kPurpose, &AuditStub::GetAccount, account).status();
    EXPECT_EQ(AskFor(kPurpose, &AuditStub::GetAccountStatement, statement).status(), told);
    return told;
  }

  // One call of the auditor that says why.
  template <class Request, class Response>
  absl::StatusOr<Response> AskFor(const std::string& purpose,
                                  grpc::Status (AuditStub::*method)(grpc::ClientContext*,
                                                                    const Request&, Response*),
                                  const Request& request) {
    grpc::ClientContext context;
    SetPatience(&context);
    if (!purpose.empty()) context.AddMetadata(std::string(services::kPurposeHeader), purpose);
    Response response;
    const grpc::Status status = ((*audit_).*method)(&context, request, &response);
    if (!status.ok()) return services::FromGrpcStatus(status);
    return response;
  }
  static v1::QueryRecordsRequest Everything(const std::string& in_union) {
    v1::QueryRecordsRequest request;
    request.mutable_filter()->set_in_union(in_union);
    request.set_page_size(1'000);
    return request;
  }

  SeededRandom random_{170};
  Deployment deployment_;
  Scene scene_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<AuditStub> audit_;
  std::unique_ptr<AccessStub> supervisor_;
  std::vector<v1::RecordView> records_;
};

TEST_F(MandateWireTest, RecordsAreThoseOfTheUnionAndTheTime) {
  ASSERT_OK_AND_ASSIGN(const auto before,
                       AskFor(kPurpose, &AuditStub::QueryRecords, Everything(kUnion)));
  const std::size_t until = records_.size() - 2;
  ASSERT_OK_AND_ASSIGN(const auto granted,
                       Ask(*supervisor_, &AccessStub::GrantMandate, Wish(2, until)));
  EXPECT_EQ(granted.mandate().granted_by(), "people/s-1");
  ASSERT_OK_AND_ASSIGN(const auto within,
                       AskFor(kPurpose, &AuditStub::QueryRecords, Everything(kUnion)));
  std::vector<std::uint64_t> wanted;
  for (const v1::RecordView& record : before.records()) {
    const bool in_time = record.sequence() >= records_[2].sequence() &&
                         record.sequence() < records_[until].sequence();
    if (in_time) wanted.push_back(record.sequence());
  }
  std::vector<std::uint64_t> seen;
  for (const v1::RecordView& record : within.records()) seen.push_back(record.sequence());
  EXPECT_EQ(seen, wanted);
  EXPECT_LT(seen.size(), static_cast<std::size_t>(before.records_size()));
  // Its certificate is for everything, and that counts no more.
  for (const char* other : {"", "unions/nowhere"}) {
    EXPECT_THAT(AskFor(kPurpose, &AuditStub::QueryRecords, Everything(other)),
                Refuses(Reason::kNotFound));
  }
  // Whoever asks for other times gets none.
  v1::QueryRecordsRequest later = Everything(kUnion);
  *later.mutable_filter()->mutable_start_time() = records_[until].time();
  ASSERT_OK_AND_ASSIGN(const auto none, AskFor(kPurpose, &AuditStub::QueryRecords, later));
  EXPECT_THAT(none.records(), IsEmpty());
}

TEST_F(MandateWireTest, AccountsAreAsTheyWereInTheTime) {
  const std::size_t until = records_.size() - 2;
  ASSERT_OK(Ask(*supervisor_, &AccessStub::GrantMandate, Wish(2, until)));
  v1::GetAccountRequest account;
  account.set_kind(v1::ACCOUNT_KIND_BUDGET);
  account.set_owner(kUnion);
  ASSERT_OK_AND_ASSIGN(const auto held, AskFor(kPurpose, &AuditStub::GetAccount, account));
  EXPECT_EQ(held.as_of_sequence(), records_[until].sequence() - 1) << "its last, and not now";
  account.set_as_of_sequence(records_[until].sequence());
  EXPECT_THAT(AskFor(kPurpose, &AuditStub::GetAccount, account),
              Refuses(Reason::kInvalidField, "as_of_sequence"));
  v1::GetTrialBalanceRequest balance;
  balance.set_in_union(kUnion);
  ASSERT_OK_AND_ASSIGN(const auto books, AskFor(kPurpose, &AuditStub::GetTrialBalance, balance));
  EXPECT_EQ(books.as_of_sequence(), held.as_of_sequence());
  EXPECT_TRUE(books.balanced());
  *balance.mutable_as_of_time() = records_[0].time();
  EXPECT_THAT(AskFor(kPurpose, &AuditStub::GetTrialBalance, balance),
              Refuses(Reason::kInvalidField, "as_of_time"));
  v1::GetAccountStatementRequest statement;
  statement.set_kind(account.kind());
  statement.set_owner(kUnion);
  ASSERT_OK_AND_ASSIGN(const auto lines,
                       AskFor(kPurpose, &AuditStub::GetAccountStatement, statement));
  EXPECT_EQ(lines.closing_points(), held.points());
  for (const v1::AccountStatementLine& line : lines.lines()) {
    EXPECT_GE(line.sequence(), records_[2].sequence());
    EXPECT_LT(line.sequence(), records_[until].sequence());
  }
}

TEST_F(MandateWireTest, WhatCameAfterItsTimeIsAnsweredLikeWhatDoesNotExist) {
  ASSERT_OK_AND_ASSIGN(const std::string member, LaterThings());
  const std::size_t until = records_.size() - 2;
  const std::vector<std::tuple<v1::AccountKind, std::string, std::string>> accounts = {
      {v1::ACCOUNT_KIND_BUDGET, "unions/later", "unions/nowhere"},
      {v1::ACCOUNT_KIND_CAMPAIGN, "campaigns/later", "campaigns/nowhere"},
      {v1::ACCOUNT_KIND_WALLET, member, "members/01ARZ3NDEKTSV4RRFFQ69G5FAV"},
      {v1::ACCOUNT_KIND_PAYABLE, scene_.merchant, "merchants/nowhere"}};
  for (const auto& [kind, later, nowhere] : accounts) EXPECT_OK(AskOfAccount(kind, later)) << later;
  ASSERT_OK(Ask(*supervisor_, &AccessStub::GrantMandate, Wish(2, until)));
  for (const auto& [kind, later, nowhere] : accounts) {
    const absl::Status told = AskOfAccount(kind, later);
    EXPECT_THAT(told, Refuses(Reason::kNotFound)) << later;
    EXPECT_EQ(told, AskOfAccount(kind, nowhere)) << later;
  }
  std::set<std::string> told;
  for (const char* in_union : {"unions/later", "unions/nowhere"}) {
    v1::GetTrialBalanceRequest balance;
    balance.set_in_union(in_union);
    told.insert(AskFor(kPurpose, &AuditStub::GetTrialBalance, balance).status().ToString());
    told.insert(
        AskFor(kPurpose, &AuditStub::QueryRecords, Everything(in_union)).status().ToString());
  }
  EXPECT_EQ(told.size(), 1U);
}

TEST_F(MandateWireTest, HowManyRecordsCameAfterItsTimeIsNotTold) {
  ASSERT_OK(LaterThings());
  const std::size_t until = records_.size() - 2;
  ASSERT_OK(Ask(*supervisor_, &AccessStub::GrantMandate, Wish(2, until)));
  std::set<std::string> told;
  for (const std::uint64_t sequence : {records_[until].sequence(), std::uint64_t{4'000'000}}) {
    v1::GetTrialBalanceRequest balance;
    balance.set_in_union(kUnion);
    balance.set_as_of_sequence(sequence);
    told.insert(AskFor(kPurpose, &AuditStub::GetTrialBalance, balance).status().ToString());
  }
  EXPECT_EQ(told.size(), 1U) << *told.begin();
  ASSERT_OK_AND_ASSIGN(const auto found,
                       AskFor(kPurpose, &AuditStub::QueryRecords, Everything(kUnion)));
  EXPECT_EQ(found.as_of_sequence(), records_[until].sequence() - 1);
  v1::GetAccountStatementRequest statement;
  statement.set_kind(v1::ACCOUNT_KIND_BUDGET);
  statement.set_owner(kUnion);
  statement.set_first_sequence(records_[until].sequence());
  EXPECT_THAT(AskFor(kPurpose, &AuditStub::GetAccountStatement, statement),
              Refuses(Reason::kInvalidField, "first_sequence"));
  statement.clear_first_sequence();
  *statement.mutable_start_time() = records_.back().time();
  ASSERT_OK_AND_ASSIGN(const auto none,
                       AskFor(kPurpose, &AuditStub::GetAccountStatement, statement));
  EXPECT_EQ(none.last_sequence(), records_[until].sequence() - 1);
  EXPECT_EQ(none.lines_size(), 0);
}

// Others are told at once.
TEST_F(MandateWireTest, AWatchFromNowOnIsNotToldWhereThatIs) {
  ASSERT_OK(Ask(*supervisor_, &AccessStub::GrantMandate, Wish(0, records_.size() - 1)));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(300));
  context.AddMetadata(std::string(services::kPurposeHeader), kPurpose);
  v1::WatchRecordsRequest request;
  request.mutable_filter()->set_in_union(kUnion);
  const auto reader = audit_->WatchRecords(&context, request);
  v1::WatchRecordsResponse message;
  EXPECT_FALSE(reader->Read(&message)) << message.DebugString();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(MandateWireTest, OpensNothingForAnotherPurposeNorAnythingElse) {
  ASSERT_OK(Ask(*supervisor_, &AccessStub::GrantMandate, Wish(0, records_.size() - 1)));
  for (const char* purpose : {"", "curiosity"}) {
    EXPECT_THAT(AskFor(purpose, &AuditStub::QueryRecords, Everything(kUnion)),
                Refuses(Reason::kPermissionDenied))
        << purpose;
  }
  v1::GetRecordRequest record;
  record.set_sequence(1);
  EXPECT_THAT(AskFor(kPurpose, &AuditStub::GetRecord, record), Refuses(Reason::kPermissionDenied));
  v1::GetMemberRequest member;
  member.set_name(scene_.members.front());
  EXPECT_THAT(Ask(*v1::MemberService::NewStub(channel_), &MemberStub::GetMember, member),
              Refuses(Reason::kPermissionDenied));
  // Somebody else is as free as ever.
  const auto other = v1::AuditService::NewStub(deployment_.Connect("/auditor/people/a-2"));
  EXPECT_OK(Ask(*other, &AuditStub::GetRecord, record));
}

TEST_F(MandateWireTest, ARevokedOneOpensNothingUntilThereIsAnother) {
  const v1::GrantMandateRequest wish = Wish(0, records_.size() - 1);
  ASSERT_OK_AND_ASSIGN(const auto first, Ask(*supervisor_, &AccessStub::GrantMandate, wish));
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*supervisor_, &AccessStub::GrantMandate, wish));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString()) << "a copy of the call";
  EXPECT_THAT(Ask(*supervisor_, &AccessStub::GrantMandate, Wish(0, 1)),
              Refuses(Reason::kAlreadyExists, "mandate.auditor"));
  ASSERT_OK(Revoke());
  EXPECT_THAT(AskFor(kPurpose, &AuditStub::QueryRecords, Everything(kUnion)),
              Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Revoke(), Refuses(Reason::kNotFound, "auditor"));
  ASSERT_OK_AND_ASSIGN(const auto listed,
                       Ask(*supervisor_, &AccessStub::ListMandates, v1::ListMandatesRequest()));
  ASSERT_EQ(listed.mandates_size(), 1);
  EXPECT_EQ(listed.mandates(0).revoked_by(), "people/s-1");
  EXPECT_EQ(listed.mandates(0).in_union(), kUnion);
  ASSERT_OK(Ask(*supervisor_, &AccessStub::GrantMandate, Wish(0, 1)));
  EXPECT_OK(AskFor(kPurpose, &AuditStub::QueryRecords, Everything(kUnion)));
}

TEST_F(MandateWireTest, ARunningStreamEndsWithTheMandateThatItBeganUnder) {
  const auto watch = [this](grpc::ClientContext* context) {
    SetPatience(context);
    context->AddMetadata(std::string(services::kPurposeHeader), kPurpose);
    v1::WatchRecordsRequest request;
    request.set_from_sequence(1);
    request.mutable_filter()->set_in_union(kUnion);
    return audit_->WatchRecords(context, request);
  };
  ASSERT_OK(Ask(*supervisor_, &AccessStub::GrantMandate, Wish(0, records_.size() - 1)));
  grpc::ClientContext revoked;
  const auto reader = watch(&revoked);
  v1::WatchRecordsResponse message;
  ASSERT_TRUE(reader->Read(&message));
  ASSERT_OK(Revoke());
  while (reader->Read(&message)) {
  }
  EXPECT_THAT(services::FromGrpcStatus(reader->Finish()), Refuses(Reason::kPermissionDenied));

  // Nobody had one until now: what is granted while somebody watches ends it as well.
  const auto other = v1::AuditService::NewStub(deployment_.Connect("/auditor/people/a-2"));
  grpc::ClientContext free;
  SetPatience(&free);
  v1::WatchRecordsRequest request;
  request.set_from_sequence(1);
  const auto unbound = other->WatchRecords(&free, request);
  ASSERT_TRUE(unbound->Read(&message));
  v1::GrantMandateRequest wish = Wish(0, 1);
  wish.mutable_mandate()->set_auditor("people/a-2");
  ASSERT_OK(Ask(*supervisor_, &AccessStub::GrantMandate, wish));
  while (unbound->Read(&message)) {
  }
  EXPECT_THAT(services::FromGrpcStatus(unbound->Finish()), Refuses(Reason::kPermissionDenied));
}

TEST_F(MandateWireTest, IsGrantedByThoseWhoLookAfterEverybody) {
  const auto scoped =
      v1::AccessService::NewStub(deployment_.Connect(absl::StrCat("/supervisor/", kUnion)));
  EXPECT_THAT(Ask(*scoped, &AccessStub::GrantMandate, Wish(0, 1)), Refuses(Reason::kNotFound));
  EXPECT_THAT(Ask(*scoped, &AccessStub::ListMandates, v1::ListMandatesRequest()),
              Refuses(Reason::kNotFound));
  v1::GrantMandateRequest wish = Wish(1, 0);
  EXPECT_THAT(Ask(*supervisor_, &AccessStub::GrantMandate, wish),
              Refuses(Reason::kInvalidField, "mandate.until_time"));
  wish = Wish(0, 1);
  wish.mutable_mandate()->set_auditor("a-1");
  EXPECT_THAT(Ask(*supervisor_, &AccessStub::GrantMandate, wish),
              Refuses(Reason::kInvalidField, "mandate.auditor"));
  wish = Wish(0, 1);
  wish.mutable_mandate()->add_purposes("身份证 420106199001011234");
  EXPECT_THAT(Ask(*supervisor_, &AccessStub::GrantMandate, wish),
              Refuses(Reason::kInvalidField, "mandate.purposes"));
}

}  // namespace
}  // namespace puhui
