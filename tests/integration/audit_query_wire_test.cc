// SPDX-License-Identifier: Apache-2.0
// What auditors ask over mutual TLS: records by what they are about, in pages, streams and watches,
// and accounts of the past.
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using AuditStub = v1::AuditService::Stub;

class AuditQueryWireTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment_ = new Deployment;
    random_ = new SeededRandom(1);
    ASSERT_OK(deployment_->Start());
    auto scene = Scene::Set(*deployment_, {}, random_);
    ASSERT_OK(scene);
    scene_ = new Scene(*std::move(scene));
  }
  static void TearDownTestSuite() {
    delete scene_;
    delete random_;
    delete deployment_;
  }

  void SetUp() override {
    ASSERT_NE(scene_, nullptr);
    auditor_ = AuditorAs("/auditor");
  }
  static std::unique_ptr<AuditStub> AuditorAs(const std::string& path) {
    return v1::AuditService::NewStub(deployment_->Connect(path));
  }
  static std::string UnionName() { return absl::StrCat("unions/", scene_->ids.union_id); }
  // Writes one more record.
  static void Suspend(const std::string& member) {
    const auto hr =
        v1::MemberService::NewStub(deployment_->Connect(absl::StrCat("/hr/", UnionName())));
    v1::SuspendMemberRequest request;
    request.set_request_id(NewRequestId(*random_));
    request.set_name(member);
    ASSERT_OK(Ask(*hr, &v1::MemberService::Stub::SuspendMember, request));
    v1::ReinstateMemberRequest back;
    back.set_request_id(NewRequestId(*random_));
    back.set_name(member);
    ASSERT_OK(Ask(*hr, &v1::MemberService::Stub::ReinstateMember, back));
  }

  v1::QueryRecordsRequest Grants() const {
    v1::QueryRecordsRequest request;
    request.mutable_filter()->add_kinds("entry/grant");
    request.set_page_size(2);
    return request;
  }
  absl::StatusOr<v1::QueryRecordsResponse> Query(const v1::QueryRecordsRequest& request) {
    return Ask(*auditor_, &AuditStub::QueryRecords, request);
  }
  std::vector<std::uint64_t> Pages(v1::QueryRecordsRequest request) {
    std::vector<std::uint64_t> sequences;
    do {
      const auto page = Query(request);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const v1::RecordView& record : page->records()) sequences.push_back(record.sequence());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return sequences;
  }

  static Deployment* deployment_;
  static SeededRandom* random_;
  static Scene* scene_;
  std::unique_ptr<AuditStub> auditor_;
};
Deployment* AuditQueryWireTest::deployment_ = nullptr;
SeededRandom* AuditQueryWireTest::random_ = nullptr;
Scene* AuditQueryWireTest::scene_ = nullptr;

TEST_F(AuditQueryWireTest, FindsRecordsInBothDirections) {
  std::vector<std::uint64_t> oldest = Pages(Grants());
  EXPECT_EQ(oldest.size(), scene_->members.size());
  v1::QueryRecordsRequest newest = Grants();
  newest.set_newest_first(true);
  std::vector<std::uint64_t> backwards = Pages(newest);
  std::reverse(backwards.begin(), backwards.end());
  EXPECT_EQ(backwards, oldest);

  v1::QueryRecordsRequest of_member = Grants();
  of_member.mutable_filter()->add_members(scene_->members.front());
  EXPECT_EQ(Pages(of_member).size(), 1U);
  of_member.mutable_filter()->add_merchants("merchants/nowhere");
  EXPECT_THAT(Pages(of_member), IsEmpty());
}

TEST_F(AuditQueryWireTest, ATokenIsGoodForOneQuestionOfOneCaller) {
  v1::QueryRecordsRequest request = Grants();
  request.set_page_size(1);
  const auto first = Query(request);
  ASSERT_OK(first);
  ASSERT_FALSE(first->next_page_token().empty());
  request.set_page_token(first->next_page_token());
  EXPECT_OK(Query(request));
  // By somebody else.
  EXPECT_THAT(Ask(*AuditorAs("/auditor/people/wang"), &AuditStub::QueryRecords, request),
              Refuses(Reason::kInvalidField, "page_token"));
  // Of another question.
  v1::QueryRecordsRequest other = request;
  other.mutable_filter()->clear_kinds();
  EXPECT_THAT(Query(other), Refuses(Reason::kInvalidField, "page_token"));
  // Of another call.
  v1::StreamRecordsRequest stream;
  *stream.mutable_filter() = request.filter();
  stream.set_page_token(request.page_token());
  grpc::ClientContext context;
  SetPatience(&context);
  v1::StreamRecordsResponse message;
  const auto reader = auditor_->StreamRecords(&context, stream);
  EXPECT_FALSE(reader->Read(&message));
  EXPECT_THAT(services::FromGrpcStatus(reader->Finish()),
              Refuses(Reason::kInvalidField, "page_token"));
  // Forged.
  char& last = request.mutable_page_token()->back();
  last = last == 'A' ? 'B' : 'A';
  EXPECT_THAT(Query(request), Refuses(Reason::kInvalidField, "page_token"));
}

TEST_F(AuditQueryWireTest, AFilterThatIsNoneIsRefusedByItsField) {
  v1::QueryRecordsRequest request;
  request.mutable_filter()->add_kinds("entry/nothing");
  EXPECT_THAT(Query(request), Refuses(Reason::kInvalidField, "filter.kinds"));
  request.mutable_filter()->clear_kinds();
  request.mutable_filter()->add_members("m-1");
  EXPECT_THAT(Query(request), Refuses(Reason::kInvalidField, "filter.members"));
  request.mutable_filter()->clear_members();
  request.mutable_filter()->set_points_min(-1);
  EXPECT_THAT(Query(request), Refuses(Reason::kInvalidField, "filter.points_min"));
  request.mutable_filter()->clear_points_min();
  for (int i = 0; i < 1'001; ++i) request.mutable_filter()->add_about(1);
  EXPECT_THAT(Query(request), Refuses(Reason::kInvalidField, "filter.about"));
}

TEST_F(AuditQueryWireTest, AnAuditorOfAUnionSeesRecordsOfItAlone) {
  const auto scoped = AuditorAs(absl::StrCat("/auditor/", UnionName()));
  v1::QueryRecordsRequest request;
  request.set_page_size(1'000);
  EXPECT_THAT(Ask(*scoped, &AuditStub::QueryRecords, request), Refuses(Reason::kNotFound));
  request.mutable_filter()->set_in_union(UnionName());
  const auto own = Ask(*scoped, &AuditStub::QueryRecords, request);
  ASSERT_OK(own);
  EXPECT_GT(own->records_size(), 0);
  for (const v1::RecordView& record : own->records()) {
    // The merchant and its terminal are of no union.
    EXPECT_NE(record.kind(), "merchant_registered");
    EXPECT_NE(record.kind(), "terminal_enrolled");
  }
  // Another union's auditor learns nothing of this one.
  EXPECT_THAT(Ask(*AuditorAs("/auditor/unions/elsewhere"), &AuditStub::QueryRecords, request),
              Refuses(Reason::kNotFound));
}

TEST_F(AuditQueryWireTest, AUnionThatMovesAwayBetweenPagesIsNotOnTheNext) {
  const auto operators = v1::UnionService::NewStub(deployment_->Connect("/operator"));
  const auto make = [&](const std::string& id, const std::string& parent) {
    v1::CreateUnionRequest request;
    request.set_request_id(NewRequestId(*random_));
    request.set_union_id(id);
    request.set_display_name(id);
    request.set_parent(parent);
    request.set_kind(v1::UNION_KIND_GROUP);
    return Ask(*operators, &v1::UnionService::Stub::CreateUnion, request).status();
  };
  ASSERT_OK(make("q-elsewhere", ""));
  ASSERT_OK(make("q-goes", UnionName()));
  ASSERT_OK(make("q-below", "unions/q-goes"));
  ASSERT_OK(make("q-stays", UnionName()));
  auditor_ = AuditorAs(absl::StrCat("/auditor/", UnionName()));
  v1::QueryRecordsRequest request = Grants();
  request.mutable_filter()->set_kinds(0, "union_created");
  request.mutable_filter()->set_in_union(UnionName());
  ASSERT_OK_AND_ASSIGN(const auto first, Query(request));
  ASSERT_EQ(first.records_size(), 2);
  v1::MoveUnionRequest move;
  move.set_request_id(NewRequestId(*random_));
  move.set_name("unions/q-goes");
  move.set_parent("unions/q-elsewhere");
  ASSERT_OK(Ask(*operators, &v1::UnionService::Stub::MoveUnion, move));

  std::string told;
  std::uint64_t last = first.records(1).sequence();
  for (std::string token = first.next_page_token(); !token.empty();) {
    request.set_page_token(token);
    ASSERT_OK_AND_ASSIGN(const auto next, Query(request));
    for (const v1::RecordView& record : next.records()) {
      EXPECT_GT(record.sequence(), std::exchange(last, record.sequence()));
      told += record.json();
    }
    token = next.next_page_token();
  }
  EXPECT_THAT(told, HasSubstr("q-stays"));
  EXPECT_THAT(told, Not(HasSubstr("q-goes")));
  EXPECT_THAT(told, Not(HasSubstr("q-below")));
}

TEST_F(AuditQueryWireTest, AStreamHasWhatPagesHaveAndCanBeTakenUp) {
  v1::StreamRecordsRequest request;
  std::vector<std::uint64_t> streamed;
  std::string token;
  {
    grpc::ClientContext context;
    SetPatience(&context);
    const auto reader = auditor_->StreamRecords(&context, request);
    for (v1::StreamRecordsResponse message; reader->Read(&message);) {
      for (const v1::RecordView& record : message.records()) streamed.push_back(record.sequence());
      token = message.next_page_token();
    }
    EXPECT_TRUE(reader->Finish().ok());
    EXPECT_EQ(token, "");
  }
  v1::QueryRecordsRequest all;
  all.set_page_size(1'000);
  std::vector<std::uint64_t> paged = Pages(all);
  ASSERT_GE(paged.size(), streamed.size());
  paged.resize(streamed.size());
  EXPECT_EQ(streamed, paged);
}

TEST_F(AuditQueryWireTest, AStreamThatNobodyReadsAnyMoreEnds) {
  grpc::ClientContext context;
  SetPatience(&context);
  const auto reader = auditor_->StreamRecords(&context, v1::StreamRecordsRequest());
  v1::StreamRecordsResponse message;
  ASSERT_TRUE(reader->Read(&message));
  context.TryCancel();
  while (reader->Read(&message)) {
  }
  reader->Finish();
  EXPECT_OK(Query(Grants()));
}

TEST_F(AuditQueryWireTest, AWatchTellsWhatIsWrittenAndCanBeTakenUp) {
  const std::string member = scene_->members.back();
  v1::WatchRecordsRequest request;
  request.mutable_filter()->add_members(member);
  request.mutable_filter()->add_kinds("member_changed");
  request.set_from_sequence(1);
  Suspend(member);
  std::uint64_t next = 0;
  std::vector<std::string> kinds;
  {
    grpc::ClientContext context;
    SetPatience(&context);
    const auto reader = auditor_->WatchRecords(&context, request);
    for (v1::WatchRecordsResponse message; kinds.size() < 1 && reader->Read(&message);) {
      if (message.has_record()) kinds.push_back(message.record().kind());
      next = message.next_sequence();
    }
    context.TryCancel();
    reader->Finish();
  }
  EXPECT_THAT(kinds, ElementsAre("member_changed/suspended"));
  request.set_from_sequence(next);
  grpc::ClientContext context;
  SetPatience(&context);
  const auto reader = auditor_->WatchRecords(&context, request);
  v1::WatchRecordsResponse message;
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.record().kind(), "member_changed/reinstated");
  // What is written while it is watched. Nobody reads meanwhile, and the writer does not wait.
  for (int i = 0; i < 20; ++i) Suspend(member);
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(reader->Read(&message));
    EXPECT_EQ(message.record().kind(),
              i % 2 == 0 ? "member_changed/suspended" : "member_changed/reinstated");
  }
  context.TryCancel();
  reader->Finish();
}

TEST_F(AuditQueryWireTest, AStatementLeadsFromWhatWasToWhatIs) {
  v1::GetAccountStatementRequest request;
  request.set_kind(v1::ACCOUNT_KIND_BUDGET);
  request.set_owner(UnionName());
  request.set_page_size(1);
  std::int64_t running = 0;
  int lines = 0;
  v1::GetAccountStatementResponse page;
  do {
    auto next = Ask(*auditor_, &AuditStub::GetAccountStatement, request);
    ASSERT_OK(next);
    page = *std::move(next);
    EXPECT_EQ(page.opening_points(), 0);
    for (const v1::AccountStatementLine& line : page.lines()) {
      running += line.points();
      EXPECT_EQ(line.points_after(), running);
      v1::GetAccountRequest then;
      then.set_kind(request.kind());
      then.set_owner(request.owner());
      *then.mutable_as_of_time() = line.time();
      const auto held = Ask(*auditor_, &AuditStub::GetAccount, then);
      ASSERT_OK(held);
      EXPECT_EQ(held->points(), running);
      EXPECT_EQ(held->as_of_sequence(), line.sequence());
      ++lines;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(running, page.closing_points());
  EXPECT_GE(lines, 2) << "funded, then reserved for a campaign";
}

TEST_F(AuditQueryWireTest, AWalletIsAsItWas) {
  const std::vector<std::uint64_t> grants = Pages(Grants());
  ASSERT_THAT(grants, Not(IsEmpty()));
  std::int64_t held = 0;
  for (const std::string& member : scene_->members) {
    v1::GetAccountRequest request;
    request.set_kind(v1::ACCOUNT_KIND_WALLET);
    request.set_owner(member);
    request.set_as_of_sequence(grants.front());
    const auto account = Ask(*auditor_, &AuditStub::GetAccount, request);
    ASSERT_OK(account);
    held += account->points() > 0 ? 1 : 0;
  }
  EXPECT_EQ(held, 1) << "the first grant had been made, and no other";
}

TEST_F(AuditQueryWireTest, TheBooksOfThePastBalance) {
  const auto now = Ask(*auditor_, &AuditStub::GetTrialBalance, v1::GetTrialBalanceRequest());
  ASSERT_OK(now);
  v1::GetTrialBalanceRequest request;
  for (const std::uint64_t as_of :
       {std::uint64_t{1}, now->as_of_sequence() / 2, now->as_of_sequence()}) {
    request.set_as_of_sequence(as_of);
    const auto then = Ask(*auditor_, &AuditStub::GetTrialBalance, request);
    ASSERT_OK(then);
    EXPECT_TRUE(then->balanced());
    EXPECT_EQ(then->as_of_sequence(), as_of);
  }
  // The money of a union, for its own auditor.
  request.set_in_union(UnionName());
  const auto scoped = AuditorAs(absl::StrCat("/auditor/", UnionName()));
  const auto own = Ask(*scoped, &AuditStub::GetTrialBalance, request);
  ASSERT_OK(own);
  EXPECT_TRUE(own->balanced());
  EXPECT_GT(own->lines_size(), 0);
  request.clear_in_union();
  EXPECT_THAT(Ask(*scoped, &AuditStub::GetTrialBalance, request), Refuses(Reason::kNotFound));
}

TEST_F(AuditQueryWireTest, AMomentThatHasNotComeIsRefused) {
  v1::GetAccountRequest request;
  request.set_kind(v1::ACCOUNT_KIND_BUDGET);
  request.set_owner(UnionName());
  request.mutable_as_of_time()->set_seconds(32'000'000'000);
  EXPECT_THAT(Ask(*auditor_, &AuditStub::GetAccount, request),
              Refuses(Reason::kInvalidField, "as_of_time"));
  request.set_as_of_sequence(1);
  EXPECT_THAT(Ask(*auditor_, &AuditStub::GetAccount, request),
              Refuses(Reason::kInvalidField, "as_of_time"));
  // Before the first record there was nothing.
  request.clear_as_of_sequence();
  request.mutable_as_of_time()->set_seconds(1);
  const auto before = Ask(*auditor_, &AuditStub::GetAccount, request);
  ASSERT_OK(before);
  EXPECT_EQ(before->points(), 0);
  EXPECT_EQ(before->as_of_sequence(), 0U);
}

TEST_F(AuditQueryWireTest, AnIndexThatIsDeletedIsBuiltAnew) {
  const std::vector<std::uint64_t> grants = Pages(Grants());
  std::filesystem::remove_all(deployment_->data_directory() + "/audit-index");
  ASSERT_OK(deployment_->AwaitLog("the index of auditors is built anew", 1));
  ASSERT_OK(deployment_->AwaitLog("the index of auditors was built", 1));
  EXPECT_EQ(Pages(Grants()), grants);
}

}  // namespace
}  // namespace puhui
