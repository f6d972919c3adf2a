// SPDX-License-Identifier: Apache-2.0
// `audit accesses`, `verify-access`, `reveals` and `mandate`.
#include "puhui/v1/access_service.grpc.pb.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace puhui::services {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Keeps what it was asked. Threads: as Script. Borrows: the script.
class FakeAccesses final : public v1::AccessService::Service {
 public:
  explicit FakeAccesses(Script& script) : script_(script) {}
  // Two pages: a list that was refused, then a stream that goes on.
  grpc::Status ListAccesses(grpc::ServerContext*, const v1::ListAccessesRequest* request,
                            v1::ListAccessesResponse* response) override {
    listed = *request;
    v1::Access& access = *response->add_accesses();
    access.set_person("people/a-1");
    if (request->page_token().empty()) {
      access.set_sequence(7);
      access.set_rpc("AuditService/ListRecords");
      access.set_outcome("PERMISSION_DENIED");
      access.set_purpose("年度审计");
      response->set_next_page_token("next");
    } else {
      access.set_sequence(8);
      access.set_rpc("AuditService/WatchRecords");
      access.set_rows(1'234);
    }
    return script_.Next();
  }
  grpc::Status VerifyAccesses(grpc::ServerContext*, const v1::VerifyAccessesRequest*,
                              grpc::ServerWriter<v1::VerifyAccessesResponse>* writer) override {
    v1::VerifyAccessesResponse progress;
    progress.set_records_done(5);
    progress.set_records(9);
    writer->Write(progress);
    v1::VerifyAccessesResponse last;
    last.mutable_verdict()->set_records(9);
    last.mutable_verdict()->set_root("c0ffee");
    last.mutable_verdict()->set_ok(finding.empty());
    last.mutable_verdict()->set_finding(finding);
    writer->Write(last);
    return script_.Next();
  }
  grpc::Status GetAccessCheckpoint(grpc::ServerContext*, const v1::GetAccessCheckpointRequest*,
                                   v1::GetAccessCheckpointResponse* response) override {
    response->set_note("puhui.dev/ledger/access\n9\nwP/u\n\n\u2014 puhui.dev AAAA\n");
    return script_.Next();
  }
  // Somebody looked at one member, somebody at all.
  grpc::Status ListReveals(grpc::ServerContext*, const v1::ListRevealsRequest* request,
                           v1::ListRevealsResponse* response) override {
    revealed = *request;
    v1::Reveal& one = *response->add_reveals();
    one.set_member("members/01J");
    one.add_fields("FULL_NAME");
    one.add_fields("MOBILE");
    one.set_break_glass(true);
    one.set_reason("举报核实");
    response->add_reveals()->set_person("people/hr-1");
    return script_.Next();
  }
  grpc::Status GrantMandate(grpc::ServerContext*, const v1::GrantMandateRequest* request,
                            v1::GrantMandateResponse* response) override {
    granted = *request;
    *response->mutable_mandate() = request->mandate();
    response->mutable_mandate()->set_granted_by("people/s-1");
    return script_.Next();
  }
  grpc::Status RevokeMandate(grpc::ServerContext*, const v1::RevokeMandateRequest* request,
                             v1::RevokeMandateResponse* response) override {
    revoked = *request;
    response->set_auditor(request->auditor());
    response->mutable_revoke_time()->set_seconds(1'798'761'600);  // 2027-01-01 in UTC.
    return script_.Next();
  }
  grpc::Status ListMandates(grpc::ServerContext*, const v1::ListMandatesRequest*,
                            v1::ListMandatesResponse* response) override {
    v1::Mandate& mandate = *response->add_mandates();
    mandate.set_auditor("people/a-1");
    mandate.set_in_union("unions/fh-1");
    mandate.add_purposes("年度审计");
    mandate.add_purposes("专项审计");
    return script_.Next();
  }

  std::string finding;
  v1::ListAccessesRequest listed;
  v1::ListRevealsRequest revealed;
  v1::GrantMandateRequest granted;
  v1::RevokeMandateRequest revoked;

 private:
  Script& script_;
};

class AccessNounsTest : public CommandsTest {
 protected:
  AccessNounsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&accesses_);
    access_server_ = builder.BuildAndStart();
    channel_ = access_server_->InProcessChannel(grpc::ChannelArguments());
  }
  ~AccessNounsTest() override {
    channel_.reset();
    access_server_->Shutdown();
  }

  FakeAccesses accesses_{script_};
  std::unique_ptr<grpc::Server> access_server_;
};

TEST_F(AccessNounsTest, ListsWhoReadWhatAndWhatGoesOn) {
  ASSERT_EQ(
      Run({"audit", "accesses", "--person", "a-1", "--rpc", "AuditService/ListRecords", "--refused",
           "--all", "--from", "2026-11-25T00:00:00Z", "--until", "2026-11-26T00:00:00Z"}),
      0)
      << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("PERMISSION_DENIED"), HasSubstr("年度审计"),
                          HasSubstr("goes on"), HasSubstr("1,234")));
  EXPECT_EQ(accesses_.listed.person(), "people/a-1");
  EXPECT_EQ(accesses_.listed.rpc(), "AuditService/ListRecords");
  EXPECT_TRUE(accesses_.listed.refused());
  EXPECT_EQ(accesses_.listed.page_token(), "next");
  EXPECT_EQ(accesses_.listed.until_time().seconds() - accesses_.listed.from_time().seconds(),
            86'400);
  script_.calls = 0;
  EXPECT_EQ(Run({"audit", "accesses", "--from", "yesterday"}), 2);
  EXPECT_EQ(script_.calls, 0);
}

// Of --zone, wherever it stands and whatever it is by default.
TEST_F(AccessNounsTest, TakesDaysFromBeginningToEndInTheZone) {
  const std::vector<std::string> day = {"audit",      "accesses", "--from",
                                        "2026-11-25", "--until",  "2026-11-25"};
  constexpr std::int64_t kMidnightUtc = 1'764'028'800 + 365 * 86'400;  // 2026-11-25T00:00:00Z
  const std::vector<std::pair<std::vector<std::string>, std::int64_t>> rows = {
      {day, kMidnightUtc - 8 * 3'600},
      {With(day, {"--zone", "UTC"}), kMidnightUtc},
      {With({"--zone", "UTC"}, day), kMidnightUtc}};
  for (const auto& [command, begin] : rows) {
    ASSERT_EQ(Run(command), 0) << err_;
    EXPECT_EQ(accesses_.listed.from_time().seconds(), begin);
    EXPECT_EQ(accesses_.listed.until_time().seconds(), begin + 86'400);
  }
  EXPECT_EQ(Run({"audit", "accesses", "--from", "2026-02-30"}), 2);
  EXPECT_THAT(err_, HasSubstr("wanted a day such as 2027-03-01 or a moment such as "
                              "2027-03-01T16:00:00Z, got \"2026-02-30\""));
}

TEST_F(AccessNounsTest, VerifiesAccessesAndSaysSoInTheExitCode) {
  ASSERT_EQ(Run({"audit", "verify-access"}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("nothing found"), HasSubstr("c0ffee")));
  accesses_.finding = "record 5 does not match its hash";
  EXPECT_EQ(Run({"audit", "verify-access"}), 8);
  EXPECT_THAT(out_, AllOf(HasSubstr("FINDINGS"), HasSubstr("record 5")));
  ASSERT_EQ(Run({"audit", "access-checkpoint"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("puhui.dev/ledger/access\n9\n"));
}

TEST_F(AccessNounsTest, ListsWhoLookedAtPersonalData) {
  ASSERT_EQ(Run({"audit", "reveals", "fh-1"}), 0) << err_;
  EXPECT_EQ(accesses_.revealed.parent(), "unions/fh-1");
  EXPECT_THAT(out_, AllOf(HasSubstr("FULL_NAME MOBILE"), HasSubstr("举报核实"), HasSubstr("yes"),
                          HasSubstr("people/hr-1"), HasSubstr("all")));
  script_.calls = 0;
  EXPECT_EQ(Run({"audit", "reveals"}), 2);
  EXPECT_EQ(script_.calls, 0);
}

TEST_F(AccessNounsTest, GrantsMandatesAndRevokesThem) {
  ASSERT_EQ(Run({"audit", "mandate", "grant", "a-1", "--union", "fh-1", "--from",
                 "2026-01-01T00:00:00Z", "--until", "2027-01-01T00:00:00Z", "--valid-until",
                 "2027-03-31T00:00:00Z", "--purpose", "年度审计", "--purpose", "专项审计"}),
            0)
      << err_;
  const v1::Mandate& mandate = accesses_.granted.mandate();
  EXPECT_EQ(mandate.auditor(), "people/a-1");
  EXPECT_EQ(mandate.in_union(), "unions/fh-1");
  EXPECT_THAT(mandate.purposes(), ElementsAre("年度审计", "专项审计"));
  EXPECT_LT(mandate.from_time().seconds(), mandate.until_time().seconds());
  EXPECT_LT(mandate.until_time().seconds(), mandate.valid_until_time().seconds());
  EXPECT_NE(accesses_.granted.request_id(), "");
  EXPECT_THAT(out_, AllOf(HasSubstr("年度审计; 专项审计"), HasSubstr("people/s-1")));
  ASSERT_EQ(Run({"audit", "mandate", "revoke", "a-1"}), 0) << err_;
  EXPECT_EQ(accesses_.revoked.auditor(), "people/a-1");
  EXPECT_NE(accesses_.revoked.request_id(), accesses_.granted.request_id());
  EXPECT_THAT(out_, HasSubstr("2027-01-01"));
  ASSERT_EQ(Run({"audit", "mandate", "list"}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("unions/fh-1"), HasSubstr("年度审计; 专项审计")));
}

TEST_F(AccessNounsTest, GrantsNothingWithoutATime) {
  EXPECT_EQ(Run({"audit", "mandate", "grant", "a-1", "--from", "2026-01-01T00:00:00Z", "--until",
                 "2027-01-01T00:00:00Z"}),
            2);
  EXPECT_THAT(err_, HasSubstr("--valid-until"));
  EXPECT_EQ(Run({"audit", "mandate", "grant", "--from", "2026-01-01T00:00:00Z", "--until",
                 "2027-01-01T00:00:00Z", "--valid-until", "2027-03-31T00:00:00Z"}),
            2);
  EXPECT_EQ(Run({"audit", "mandate", "revoke"}), 2);
  EXPECT_EQ(script_.calls, 0);
  // What the service refuses is told in its words.
  FailNext(grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_NE(Run({"audit", "mandate", "list"}), 0);
  EXPECT_THAT(err_, HasSubstr("scripted"));
  EXPECT_THAT(out_, Not(HasSubstr("年度审计")));
}

}  // namespace
}  // namespace puhui::services
