// SPDX-License-Identifier: Apache-2.0
// What every command has in common: request ids, retries, exit codes, usage.
#include "ledger/base/version.h"
#include "services/cli/request_id.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST_F(CommandsTest, PrintsAnAnswerForPeople) {
  EXPECT_EQ(Run(kCreateUnion), 0);
  EXPECT_EQ(script_.created.union_id(), "fh-1");
  EXPECT_EQ(script_.created.kind(), v1::UNION_KIND_ENTERPRISE);
  EXPECT_THAT(out_, HasSubstr("display name: 总工会\n"));
  EXPECT_THAT(out_, HasSubstr("60,000 points (¥600.00)"));
  EXPECT_THAT(err_, IsEmpty());
  EXPECT_EQ(connected_, "default.yaml as ");
}

TEST_F(CommandsTest, PrintsOneDocumentWithTheProtosFieldNamesForScripts) {
  EXPECT_EQ(Run(With(kCreateUnion, {"--json", "--profile", "p.yaml", "--as", "hr"})), 0);
  EXPECT_EQ(connected_, "p.yaml as hr");
  EXPECT_THAT(out_, HasSubstr("\"display_name\": \"总工会\""));
  v1::CreateUnionResponse response;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(out_, &response).ok());
  EXPECT_EQ(response.union_().budgets(0).points(), 60'000);
}

TEST_F(CommandsTest, ShowsMoneyByTheRateOfTheDeployment) {
  EXPECT_EQ(Run(With(kCreateUnion, {"--points-per-yuan", "1000"})), 0);
  EXPECT_THAT(out_, HasSubstr("60,000 points (¥60.00)"));
}

TEST_F(CommandsTest, ExpandsAnIdToAResourceName) {
  EXPECT_EQ(Run(With(kCreateUnion, {"--parent", "city-1"})), 0);
  EXPECT_EQ(script_.created.parent(), "unions/city-1");
  EXPECT_EQ(Run(With(kCreateUnion, {"--parent", "unions/city-2"})), 0);
  EXPECT_EQ(script_.created.parent(), "unions/city-2");
}

TEST_F(CommandsTest, MakesAFreshRequestIdForEachRunAndShowsItWhenAsked) {
  EXPECT_EQ(Run(kCreateUnion), 0);
  EXPECT_EQ(Run(With(kCreateUnion, {"-v"})), 0);
  ASSERT_THAT(script_.request_ids, SizeIs(2));
  EXPECT_TRUE(IsRequestId(script_.request_ids[0]));
  EXPECT_NE(script_.request_ids[0], script_.request_ids[1]);
  EXPECT_EQ(err_, "request id: " + script_.request_ids[1] + "\n");
}

TEST_F(CommandsTest, SendsTheRequestIdItIsGiven) {
  EXPECT_EQ(Run(With(kCreateUnion, {"--request-id", kUuid})), 0);
  EXPECT_THAT(script_.request_ids, ElementsAre(kUuid));
}

TEST_F(CommandsTest, TriesAgainWithTheSameRequestIdWhileUnavailable) {
  FailNext(grpc::StatusCode::UNAVAILABLE, 3);
  EXPECT_EQ(Run(kCreateUnion), 0);
  ASSERT_THAT(script_.request_ids, SizeIs(4));
  EXPECT_THAT(script_.request_ids, ::testing::Each(script_.request_ids[0]));
  EXPECT_THAT(err_, HasSubstr("trying again"));
}

TEST_F(CommandsTest, GivesUpAtTheDeadlineAndSaysHowToFindOut) {
  FailNext(grpc::StatusCode::UNAVAILABLE, 1'000);
  const absl::Time begin = clock_.Now();
  EXPECT_EQ(Run(With(kCreateUnion, {"--timeout", "3s"})), 7);
  EXPECT_LE(clock_.Now() - begin, absl::Seconds(3));
  EXPECT_GT(clock_.Now() - begin, absl::Milliseconds(500));
  EXPECT_THAT(err_, HasSubstr("error: UNAVAILABLE: scripted"));
  EXPECT_THAT(err_, HasSubstr("repeat the command with --request-id " + script_.request_ids[0]));
  EXPECT_THAT(out_, IsEmpty());
}

TEST_F(CommandsTest, NeverRepeatsACallThatMayHaveBeenDecided) {
  for (const auto code : {grpc::StatusCode::DEADLINE_EXCEEDED, grpc::StatusCode::ABORTED,
                          grpc::StatusCode::INTERNAL, grpc::StatusCode::RESOURCE_EXHAUSTED}) {
    script_.calls = 0;
    FailNext(code);
    EXPECT_NE(Run(kCreateUnion), 0);
    EXPECT_EQ(script_.calls, 1) << code;
  }
}

TEST_F(CommandsTest, EndsWithTheExitCodeOfTheRefusal) {
  FailNext(grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Run(kCreateUnion), 4);
  EXPECT_EQ(err_, "error: NOT_FOUND: scripted\n");
  FailNext(grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(Run(kCreateUnion), 6);
  FailNext(grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Run(kCreateUnion), 5);
}

TEST_F(CommandsTest, TakesABrokenProfileForWrongUsage) {
  connect_status_ = absl::NotFoundError("default.yaml: no such file");
  EXPECT_EQ(Run(kCreateUnion), 2);
  EXPECT_THAT(err_, HasSubstr("default.yaml: no such file"));
}

TEST_F(CommandsTest, RefusesABadCommandLineWithoutCallingTheService) {
  const std::vector<std::string> purchase = {"till",   "purchase", "--terminal", "merchants/m/x",
                                             "--card", "6",        "--points"};
  const std::vector<std::vector<std::string>> lines = {
      {},
      {"union"},
      {"union", "raise"},
      {"union", "create", "fh-1", "--display-name", "x"},
      {"union", "create", "fh-1", "--display-name", "x", "--kind", "empire"},
      {"union", "create", "fh-1", "--display-name", "x", "--kind", "unspecified"},
      With(kCreateUnion, {"--request-id", "1"}),
      With(kCreateUnion, {"--timeout", "0"}),
      With(kCreateUnion, {"--zone", "Mars/Olympus"}),
      With(kCreateUnion, {"--points-per-yuan", "0"}),
      With(kCreateUnion, {"--unknown"}),
      With(purchase, {"0"}),
      With(purchase, {"-5"}),
      With(purchase, {"1.5"}),
      With(purchase, {"1000000000000001"}),
      With(purchase, {"5", "--trace", "1000000"}),
      With(purchase, {"5", "--code", "770000000000000042"}),
      {"till", "purchase", "--terminal", "merchants/m/x", "--points", "5"},
      With(purchase, {"5", "--local-time", "nine o'clock"}),
      {"member", "create", "--union", "u", "--row", "name=x"},
      {"member", "get"},
      {"member", "get", "m", "--union", "u", "--external-id", "e"},
      {"campaign", "rows", "c", "--page-size", "1001"},
      {"campaign", "create", "c", "--union", "u", "--display-name", "x", "--occasion", "o",
       "--expires", "soon"},
      {"merchant", "enroll-terminal", "merchants/m/stores/s", "../t"},
      {"till", "reverse", "--terminal", "merchants/m/terminals/t"},
      {"till", "authorize", "--terminal", "merchants/m/terminals/t", "--card", "6", "--points", "5",
       "--lifetime", "soon"},
      {"till", "capture", "--terminal", "merchants/m/terminals/t", "--points", "5"},
      {"till", "capture", "--terminal", "merchants/m/terminals/t", "--reference", "1"},
      {"till", "void", "--terminal", "merchants/m/terminals/t"},
      {"till", "status", "--terminal", "merchants/m/terminals/t", "--original-batch", "1"},
      {"verify"},
      {"verify", "data", "--online"},
      {"verify", "--online", "--key", "key"}};
  for (const std::vector<std::string>& line : lines) {
    EXPECT_EQ(Run(line), 2) << ::testing::PrintToString(line);
    EXPECT_THAT(err_, Not(IsEmpty()));
  }
  EXPECT_EQ(script_.calls, 0);
}

// What a flag means when it is not given is said of each by itself.
TEST_F(CommandsTest, SaysOfEachMomentWhatHoldsWithoutIt) {
  const auto help = [this](const std::vector<std::string>& command) {
    EXPECT_EQ(Run(With(command, {"--help"})), 0);
    std::string text = out_;  // However it was broken into lines.
    for (std::size_t at = 0; (at = text.find_first_of("\n ", at)) != std::string::npos; ++at) {
      const std::size_t end = text.find_first_not_of("\n ", at);
      text.replace(at, (end == std::string::npos ? text.size() : end) - at, " ");
    }
    return text;
  };
  constexpr char kExample[] = ", such as 2027-03-01T09:00:00+08:00";
  const std::string query = help({"audit", "query"});
  constexpr char kBegins[] = " or 2027-03-01 (its beginning in --zone)";
  constexpr char kEnds[] = " or 2027-03-01 (its end in --zone)";
  EXPECT_THAT(query, HasSubstr(absl::StrCat("on", kExample, kBegins, ". Default: the beginning")));
  EXPECT_THAT(query,
              HasSubstr(absl::StrCat("Until this moment", kExample, kEnds, ". Default: the end")));
  EXPECT_THAT(query, Not(HasSubstr("Default: now")));
  EXPECT_THAT(help({"audit", "trial-balance"}),
              HasSubstr(absl::StrCat("that counts", kExample, kEnds, ". Default: now")));
  EXPECT_THAT(help({"till", "purchase"}),
              HasSubstr(absl::StrCat("own clock", kExample, ". Default: now")));
  EXPECT_THAT(help({"audit", "mandate", "grant"}), Not(HasSubstr("Default: now")));
}

TEST_F(CommandsTest, DocumentsItsExitCodes) {
  EXPECT_EQ(Run({"--help"}), 0);
  EXPECT_THAT(out_, HasSubstr("8  a verification found something"));
  EXPECT_EQ(Run({"version"}), 0);
  EXPECT_EQ(out_, absl::StrCat("puhui ", kVersion, "\n"));
}

}  // namespace
}  // namespace puhui::services
