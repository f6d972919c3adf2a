// SPDX-License-Identifier: Apache-2.0
// deploy/examples/hr_client.py as HR systems get it, against a real puhuid, on good lines and bad.
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "tests/integration/roster_file.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/forwarder.h"
#include "tests/support/wire/program.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace puhui {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Members = v1::MemberService::Stub;
using Unions = v1::UnionService::Stub;
using Audit = v1::AuditService::Stub;

constexpr int kRefused = 6;
constexpr std::size_t kFirstPerson = 7'001;
constexpr std::size_t kPeople = 5;
// More than a client sends before it has said all but a file of this size.
constexpr std::size_t kLargeFile = 700'000;
constexpr std::uint64_t kAmidTheFile = 400'000;

auto TellsOfAllRows() {
  return AllOf(HasSubstr("\"created\": 5"), HasSubstr("\"unchanged\": 0"),
               HasSubstr("\"refused\": 1"));
}

class HrClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    scene_ = *std::move(scene);
    Stage works(&deployment_, "works", &random_);
    ASSERT_OK(works.FoundUnion("unions/fh-1"));
    deployment_.WriteIdentity("hr", deployment_.Identity("/hr/unions/fh-1/people/li"));
    const auto its_operator = deployment_.Connect("/operator/people/zhou");
    members_ = v1::MemberService::NewStub(deployment_.Connect("/hr/unions/fh-1/people/sun"));
    unions_ = v1::UnionService::NewStub(its_operator);
    audit_ = v1::AuditService::NewStub(its_operator);
    ASSERT_OK_AND_ASSIGN(from_, End());
  }

  std::string Path(const std::string& name) const { return deployment_.directory().Join(name); }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name)) << text;
    return Path(name);
  }
  std::string WritePerson(std::size_t number) const {
    const v1::NewMember person = Person(number);
    return Write("person.json",
                 absl::StrCat("{\"external_id\": \"", person.external_id(), "\", \"full_name\": \"",
                              person.full_name(), "\", \"id_number\": \"", person.id_number(),
                              "\", \"mobile\": \"", person.mobile(), "\"}"));
  }

  // Runs the client and checks that it keeps personal data to itself.
  ProgramEnd Client(int port, const std::vector<std::string>& verb) {
    std::vector<std::string> command = {PUHUI_TEST_PYTHON,
                                        PUHUI_TEST_HR_CLIENT,
                                        "--protoc",
                                        PUHUI_TEST_PROTOC,
                                        "--plugin",
                                        PUHUI_TEST_GRPC_PYTHON,
                                        "--generated",
                                        Path("generated"),
                                        "--target",
                                        absl::StrCat("127.0.0.1:", port),
                                        "--server-name",
                                        "localhost",
                                        "--ca",
                                        Path("ca.pem"),
                                        "--cert",
                                        Path("hr.pem"),
                                        "--key",
                                        Path("hr.key")};
    command.insert(command.end(), verb.begin(), verb.end());
    ProgramEnd run = RunProgram(command, Path("client.out"), Path("client.err"));
    SCOPED_TRACE(absl::StrCat(verb.front(), " ended with ", run.exit_code, "\n", run.out, run.err));
    const std::string said = absl::StrCat(run.out, run.err, ReadWhole(Path("refused.csv")));
    for (std::size_t i = 0; i <= kPeople; ++i) {
      const v1::NewMember person = Person(kFirstPerson + i);
      for (const std::string& known : {person.full_name(), person.id_number(), person.mobile()}) {
        EXPECT_FALSE(absl::StrContains(said, known)) << "personal data was told";
      }
    }
    return run;
  }
  ProgramEnd Client(const std::vector<std::string>& verb) {
    return Client(deployment_.port(), verb);
  }

  // The same over a line that is lost when there is a record of `kind`: it is durable then, and its
  // answer has not gone by.
  ProgramEnd ClientThatMissesTheAnswer(const std::string& kind,
                                       const std::vector<std::string>& verb) {
    Forwarder line(deployment_.port(), [&](std::uint64_t) { return CountRecords(kind) > 0; });
    ProgramEnd run = Client(line.port(), verb);
    EXPECT_TRUE(line.lost()) << "the client never met what this is about";
    return run;
  }

  absl::StatusOr<std::uint64_t> End() {
    const auto books = Ask(*audit_, &Audit::GetTrialBalance, v1::GetTrialBalanceRequest());
    if (!books.ok()) return books.status();
    EXPECT_TRUE(books->balanced());
    return books->as_of_sequence();
  }
  // Of those that came since the scene was set.
  std::size_t CountRecords(const std::string& kind) {
    v1::ListRecordsRequest request;
    request.set_from_sequence(from_ + 1);
    request.set_page_size(1'000);
    const auto listed = Ask(*audit_, &Audit::ListRecords, request);
    if (!listed.ok()) return 0;
    return static_cast<std::size_t>(
        std::count_if(listed->records().begin(), listed->records().end(),
                      [&](const v1::RecordView& record) { return record.kind() == kind; }));
  }
  // A member as it is now, by the number that `union_name` has for the person.
  absl::StatusOr<v1::Member> Find(const std::string& union_name, const std::string& external_id,
                                  const std::string& hr_system = "") {
    v1::GetMemberRequest request;
    request.mutable_external()->set_union_(union_name);
    request.mutable_external()->set_external_id(external_id);
    request.mutable_external()->set_hr_system(hr_system);
    const auto response = Ask(*members_, &Members::GetMember, request);
    if (!response.ok()) return response.status();
    return response->member();
  }
  absl::StatusOr<v1::Member> Get(const std::string& name) {
    v1::GetMemberRequest request;
    request.set_name(name);
    const auto response = Ask(*members_, &Members::GetMember, request);
    if (!response.ok()) return response.status();
    return response->member();
  }
  absl::StatusOr<std::int64_t> BudgetPoints() {
    v1::GetBudgetRequest request;
    request.set_union_("unions/fh-1");
    const auto response = Ask(*unions_, &Unions::GetBudget, request);
    if (!response.ok()) return response.status();
    return response->points();
  }
  // How often the server was asked, as soon as it was asked so often.
  void ExpectCalls(const std::string& method, std::size_t times) {
    const std::string line = absl::StrCat("\"rpc\":\"MemberService/", method, "\"");
    EXPECT_OK(deployment_.AwaitLog(line, times));
    EXPECT_EQ(deployment_.CountInLog(line), times);
  }
  // That everybody of the roster is a member, once.
  void ExpectEnrolledOnce() {
    EXPECT_EQ(CountRecords("member_joined"), kPeople);
    for (std::size_t i = 0; i < kPeople; ++i) {
      const auto member = Find("unions/works", Person(kFirstPerson + i).external_id(), "hr-1");
      ASSERT_OK(member);
      EXPECT_EQ(member->state(), v1::MEMBER_STATE_ACTIVE);
    }
  }
  // One row more than people, whose ID number is not one.
  std::string Roster() const {
    return absl::StrCat(RosterFile(kFirstPerson, kPeople), "E7999,测试,123,10000007999,装配车间\n");
  }
  std::vector<std::string> ImportVerb(const std::string& text) const {
    return {
        "import",    Write("roster.csv", text), "--union", "unions/works", "--hr-system", "hr-1",
        "--refused", Path("refused.csv")};
  }

  SeededRandom random_{20'251'125};
  Deployment deployment_;
  Scene scene_;
  std::unique_ptr<Members> members_;
  std::unique_ptr<Unions> unions_;
  std::unique_ptr<Audit> audit_;
  std::uint64_t from_ = 0;
};

TEST_F(HrClientTest, ImportsARosterAndNamesTheRowsToMend) {
  const ProgramEnd run = Client(ImportVerb(Roster()));
  ASSERT_EQ(run.exit_code, kRefused) << run.err;
  EXPECT_THAT(run.out, TellsOfAllRows());
  EXPECT_EQ(ReadWhole(Path("refused.csv")),
            "\xEF\xBB\xBFline,field,reason,shape\r\n7,id_number,INVALID_FIELD,WRONG_LENGTH: 3 "
            "characters\r\n");
  ExpectEnrolledOnce();
  const ProgramEnd again = Client(ImportVerb(Roster()));
  EXPECT_EQ(again.exit_code, kRefused) << again.err;
  EXPECT_THAT(again.out, TellsOfAllRows());
  ExpectEnrolledOnce();
}

TEST_F(HrClientTest, EnrolsMovesAndLetsGo) {
  const v1::NewMember person = Person(kFirstPerson);
  const ProgramEnd enrolled =
      Client({"enrol", WritePerson(kFirstPerson), "--union", "unions/fh-1"});
  EXPECT_EQ(enrolled.exit_code, 0) << enrolled.err;
  ASSERT_OK_AND_ASSIGN(const v1::Member member, Find("unions/fh-1", person.external_id()));
  EXPECT_THAT(enrolled.out, HasSubstr(member.name()));

  const std::string ids = Write("ids.txt", person.external_id() + "\nE7998\n");
  const ProgramEnd found = Client({"lookup", ids, "--union", "unions/fh-1"});
  EXPECT_EQ(found.exit_code, 4) << found.err;
  EXPECT_THAT(found.out, HasSubstr(absl::StrCat("{\"line\": 1, \"name\": \"", member.name())));
  EXPECT_THAT(found.out, HasSubstr("{\"line\": 2, \"reason\": \"NOT_FOUND\"}"));

  const ProgramEnd moved =
      Client({"transfer", member.name(), "--union", "unions/works", "--hr-system", "hr-1",
              "--external-id-file", Write("id.txt", "W7001\n")});
  EXPECT_EQ(moved.exit_code, 0) << moved.err;
  ASSERT_OK_AND_ASSIGN(const v1::Member at_works, Find("unions/works", "W7001", "hr-1"));
  EXPECT_EQ(at_works.name(), member.name());

  const ProgramEnd left = Client({"leave", member.name()});
  EXPECT_EQ(left.exit_code, 0) << left.err;
  EXPECT_THAT(left.out, HasSubstr("MEMBER_STATE_LEFT"));
  const ProgramEnd twice = Client({"leave", member.name()});
  EXPECT_EQ(twice.exit_code, kRefused) << twice.err;
  EXPECT_THAT(twice.out, HasSubstr("\"reason\": \"MEMBER_STATE\""));
  EXPECT_EQ(CountRecords("member_changed/left"), 1);
}

TEST_F(HrClientTest, WhoseEnrolmentWasNotAnsweredIsEnrolledOnce) {
  const ProgramEnd run = ClientThatMissesTheAnswer(
      "member_joined", {"enrol", WritePerson(kFirstPerson), "--union", "unions/fh-1"});
  ASSERT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("members/"));
  EXPECT_EQ(CountRecords("member_joined"), 1);
  ExpectCalls("CreateMember", 2);
}

TEST_F(HrClientTest, ATransferThatWasNotAnsweredHappensOnce) {
  const std::string& name = scene_.members.front();
  const ProgramEnd run = ClientThatMissesTheAnswer("member_changed/transferred",
                                                   {"transfer", name, "--union", "unions/works"});
  ASSERT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(CountRecords("member_changed/transferred"), 1);
  ExpectCalls("TransferMember", 2);
  ASSERT_OK_AND_ASSIGN(const v1::Member member, Get(name));
  EXPECT_EQ(member.union_(), "unions/works");
}

TEST_F(HrClientTest, PointsOfWhoLeavesAreReturnedOnceAndTheLostFigureIsTold) {
  v1::UpdateUnionRequest policy;
  policy.set_request_id(NewRequestId(random_));
  policy.mutable_union_()->set_name("unions/fh-1");
  policy.mutable_union_()->mutable_settings()->set_leave_policy(v1::LEAVE_POLICY_RETURN);
  policy.mutable_update_mask()->add_paths("settings.leave_policy");
  ASSERT_OK(Ask(*unions_, &Unions::UpdateUnion, policy));
  ASSERT_OK_AND_ASSIGN(const std::int64_t before, BudgetPoints());
  const std::string& name = scene_.members.front();
  const ProgramEnd run = ClientThatMissesTheAnswer("member_changed/left", {"leave", name});
  ASSERT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr(absl::StrCat("\"returnedPoints\": ", Scene::kPointsEach, "}")));
  EXPECT_EQ(CountRecords("member_changed/left"), 1);
  ExpectCalls("RemoveMember", 2);
  ASSERT_OK_AND_ASSIGN(const std::int64_t after, BudgetPoints());
  EXPECT_EQ(after, before + Scene::kPointsEach);
  ASSERT_OK(End());
}

TEST_F(HrClientTest, AnImportGoesOnAfterItsStreamBrokeAmidTheFile) {
  // Blank lines are skipped.
  std::string file = Roster();
  file.resize(kLargeFile, '\n');
  Forwarder line(deployment_.port(), [](std::uint64_t sent) { return sent > kAmidTheFile; });
  const ProgramEnd run = Client(line.port(), ImportVerb(file));
  EXPECT_TRUE(line.lost());
  ASSERT_EQ(run.exit_code, kRefused) << run.out << run.err;
  EXPECT_THAT(run.out, TellsOfAllRows());
  ExpectCalls("ImportMembers", 2);
  ExpectEnrolledOnce();
}

TEST_F(HrClientTest, AnImportWhoseVerdictsWereLostEnrolsNobodyTwice) {
  const ProgramEnd run = ClientThatMissesTheAnswer("member_joined", ImportVerb(Roster()));
  ASSERT_EQ(run.exit_code, kRefused) << run.out << run.err;
  EXPECT_THAT(run.out, TellsOfAllRows());
  EXPECT_THAT(ReadWhole(Path("refused.csv")),
              HasSubstr("7,id_number,INVALID_FIELD,WRONG_LENGTH: 3 characters"));
  ExpectCalls("ImportMembers", 2);
  ExpectEnrolledOnce();
}

}  // namespace
}  // namespace puhui
