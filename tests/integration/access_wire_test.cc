// SPDX-License-Identifier: Apache-2.0
// Who looked, of a real puhuid: auditors are on record whatever they try, and supervisors see it.
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "services/admin/verification.h"
#include "services/rpc/access_text.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/seeded_random.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using AccessStub = v1::AccessService::Stub;
using AuditStub = v1::AuditService::Stub;
using MemberStub = v1::MemberService::Stub;

class AccessWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    Stage stage(&deployment_, "fh-1", &random_);
    ASSERT_OK(stage.FoundUnion());
    Stage other(&deployment_, "gz-2", &random_);
    ASSERT_OK(other.FoundUnion());
    ASSERT_OK_AND_ASSIGN(members_, stage.EnrolMembers(1, 1));
  }

  std::unique_ptr<AccessStub> Supervisor(const std::string& scope) {
    return v1::AccessService::NewStub(deployment_.Connect("/supervisor" + scope));
  }
  // "AuditService/GetRecord 1 OK": what is on record by then, but for the question itself.
  std::vector<std::string> Listed(const std::string& scope, v1::ListAccessesRequest request = {}) {
    const auto answer = Ask(*Supervisor(scope), &AccessStub::ListAccesses, request);
    EXPECT_OK(answer);
    std::vector<std::string> lines;
    if (!answer.ok()) return lines;
    for (const v1::Access& access : answer->accesses()) {
      if (access.rpc() == "AccessService/ListAccesses") continue;
      lines.push_back(absl::StrCat(access.rpc(), " ", access.rows(), " ", access.outcome()));
    }
    return lines;
  }
  v1::RevealMemberRequest RevealWish() {
    v1::RevealMemberRequest reveal;
    reveal.set_request_id(NewRequestId(random_));
    reveal.set_name(members_.front());
    reveal.add_fields(v1::PERSONAL_FIELD_FULL_NAME);
    reveal.set_reason("结算差异，案号 42");
    return reveal;
  }

  SeededRandom random_{20'261'127};
  Deployment deployment_;
  std::vector<std::string> members_;
};

TEST_F(AccessWireTest, WhatAnAuditorReadsAndTriesIsOnRecord) {
  const auto channel = deployment_.Connect("/auditor/people/a-1");
  const auto audit = v1::AuditService::NewStub(channel);
  v1::GetRecordRequest record;
  record.set_sequence(1);
  grpc::ClientContext context;
  SetPatience(&context);
  context.AddMetadata(std::string(services::kPurposeHeader), "年度审计");
  v1::GetRecordResponse response;
  ASSERT_TRUE(audit->GetRecord(&context, record, &response).ok());
  const auto admin = v1::AdminService::NewStub(channel);
  EXPECT_THAT(Ask(*admin, &v1::AdminService::Stub::GetStatus, v1::GetStatusRequest()),
              Refuses(Reason::kPermissionDenied));
  record.set_sequence(0);
  EXPECT_THAT(Ask(*audit, &AuditStub::GetRecord, record), Refuses(Reason::kInvalidField));
  EXPECT_THAT(Listed(""), ElementsAre("AuditService/GetRecord 1 OK",
                                      "AdminService/GetStatus 0 PERMISSION_DENIED",
                                      "AuditService/GetRecord 0 INVALID_FIELD"));
  ASSERT_OK_AND_ASSIGN(const auto all,
                       Ask(*Supervisor(""), &AccessStub::ListAccesses, v1::ListAccessesRequest()));
  EXPECT_EQ(all.accesses(0).person(), "people/a-1");
  EXPECT_EQ(all.accesses(0).purpose(), "年度审计");
  EXPECT_EQ(all.accesses(0).filter(), "sequence: 1");
  EXPECT_EQ(all.accesses(3).rpc(), "AccessService/ListAccesses") << "looking is on record too";
  v1::ListAccessesRequest refused;
  refused.set_refused(true);
  refused.set_rpc("AdminService/GetStatus");
  EXPECT_THAT(Listed("", refused), ElementsAre("AdminService/GetStatus 0 PERMISSION_DENIED"));
}

TEST_F(AccessWireTest, ASupervisorSeesWhatIsReadUnderItsUnionsOnly) {
  for (const char* path : {"/auditor/unions/fh-1", "/auditor/unions/gz-2", "/auditor"}) {
    const auto members = v1::MemberService::NewStub(deployment_.Connect(path));
    v1::GetMemberRequest request;
    request.set_name(members_.front());
    Ask(*members, &MemberStub::GetMember, request).status().IgnoreError();
  }
  EXPECT_THAT(Listed("/unions/fh-1"), ElementsAre("MemberService/GetMember 1 OK"));
  EXPECT_THAT(Listed("/unions/gz-2"), ElementsAre("MemberService/GetMember 0 NOT_FOUND"));
  EXPECT_EQ(Listed("").size(), 3U);
  EXPECT_THAT(Listed("/unions/nowhere"), IsEmpty());
}

TEST_F(AccessWireTest, TheUnionSeesWhoBrokeTheGlass) {
  const auto auditor = v1::MemberService::NewStub(deployment_.Connect("/auditor/people/a-1"));
  ASSERT_OK_AND_ASSIGN(const auto shown, Ask(*auditor, &MemberStub::RevealMember, RevealWish()));
  EXPECT_EQ(shown.full_name(), Person(1).full_name());
  v1::ListRevealsRequest request;
  request.set_parent("unions/fh-1");
  const auto admin = v1::AccessService::NewStub(deployment_.Connect("/union-admin/unions/fh-1"));
  ASSERT_OK_AND_ASSIGN(const auto listed, Ask(*admin, &AccessStub::ListReveals, request));
  ASSERT_EQ(listed.reveals_size(), 1);
  EXPECT_EQ(listed.reveals(0).person(), "people/a-1");
  EXPECT_EQ(listed.reveals(0).member(), members_.front());
  EXPECT_EQ(listed.reveals(0).reason(), "结算差异，案号 42");
  EXPECT_TRUE(listed.reveals(0).break_glass());
  EXPECT_THAT(listed.DebugString(), Not(HasSubstr(Person(1).full_name())));
  const auto stranger = v1::AccessService::NewStub(deployment_.Connect("/union-admin/unions/gz-2"));
  EXPECT_THAT(Ask(*stranger, &AccessStub::ListReveals, request), Refuses(Reason::kNotFound));
}

TEST_F(AccessWireTest, TheJournalIsThereAfterAKillAndVerifiesLikeTheLedger) {
  const auto audit = v1::AuditService::NewStub(deployment_.Connect("/auditor"));
  for (int i = 0; i < 5; ++i) {
    ASSERT_OK(Ask(*audit, &AuditStub::GetTrialBalance, v1::GetTrialBalanceRequest()));
  }
  deployment_.KillAndWait();
  ASSERT_OK(deployment_.Start());
  EXPECT_EQ(Listed("").size(), 5U);
  const auto supervisor = Supervisor("");
  grpc::ClientContext context;
  SetPatience(&context);
  const auto reader = supervisor->VerifyAccesses(&context, v1::VerifyAccessesRequest());
  v1::VerifyAccessesResponse last;
  for (v1::VerifyAccessesResponse message; reader->Read(&message);) last = message;
  ASSERT_TRUE(reader->Finish().ok());
  EXPECT_TRUE(last.verdict().ok()) << last.verdict().finding();
  EXPECT_GE(last.verdict().records(), 5U);
  deployment_.KillAndWait();
  ASSERT_OK_AND_ASSIGN(const auto report,
                       services::VerifyDataDirectory(deployment_.data_directory(), nullptr, {}));
  EXPECT_TRUE(report.ok());
}

}  // namespace
}  // namespace puhui
