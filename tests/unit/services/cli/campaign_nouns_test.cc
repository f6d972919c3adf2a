// SPDX-License-Identifier: Apache-2.0
// What answers to changes of campaigns show, and what is told of rows of plans.
#include "puhui/v1/errors.pb.h"
#include "services/cli/error_text.h"
#include "tests/unit/services/cli/commands_fixture.h"
#include "tests/unit/services/cli/rich_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using CampaignNounsTest = CommandsTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kPlanHash(64, 'a');

// As the service refuses rows of a plan: all of them are fields at fault, the first the message
// too.
grpc::Status RowsRefused(const std::vector<std::string>& fields) {
  v1::BadRequest bad_request;
  for (const std::string& field : fields) {
    v1::BadRequest::FieldViolation& violation = *bad_request.add_field_violations();
    violation.set_field(field);
    violation.set_description("nobody of the campaign's union");
  }
  v1::ErrorInfo info;
  info.set_reason("MEMBER_OF_OTHER_UNION");
  return RichStatus(grpc::StatusCode::FAILED_PRECONDITION,
                    fields.front() + ": nobody of the campaign's union", info, bad_request);
}

// The answer has no terms, which is not to say that the campaign has none.
TEST_F(CampaignNounsTest, ShowsOfACampaignWhatTheAnswerSays) {
  ASSERT_EQ(Run({"campaign", "submit", "spring", "--plan-hash", kPlanHash}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("state:   SUBMITTED\n"));
  EXPECT_THAT(out_, HasSubstr("plan hash: " + kPlanHash + "\n"));
  for (const char* const absent : {"spend by", "unspent points", "UNSPECIFIED", "plan rows"}) {
    EXPECT_THAT(out_, Not(HasSubstr(absent)));
  }
  ASSERT_EQ(Run({"campaign", "get", "spring"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("spend by:       end of 2027-03-01\n"));
  EXPECT_THAT(out_, HasSubstr("unspent points: EXPIRE\n"));
  EXPECT_THAT(out_, HasSubstr("plan rows:   2\n"));
}

// Rows are counted from 0 and without blank lines; whoever mends the file looks for its lines.
TEST_F(CampaignNounsTest, TellsRowsOfAPlanByTheLinesOfTheFile) {
  const std::string path =
      WriteFile("plan.csv", "external_id,points\nE1,5\n\n\nE2,-5\nE3,7\nE4,9\n");
  script_.failures.push_back(RowsRefused({"rows[1].external_id", "rows[2].external_id"}));
  EXPECT_EQ(Run({"campaign", "upload-plan", "spring", path, "--skip-bad-rows"}), 6);
  ASSERT_EQ(script_.plan.size(), 3U);
  EXPECT_THAT(err_, HasSubstr("error: MEMBER_OF_OTHER_UNION: line 6: external_id: nobody"));
  EXPECT_THAT(err_, HasSubstr("  line 7: external_id: nobody"));
  EXPECT_THAT(err_, Not(HasSubstr("rows[")));
  // Of a whole roster too.
  const std::string roster =
      WriteFile("roster.csv",
                "工号,姓名,身份证号,手机号,积分\n\nE1,张三,11010519491231002X,13800000000,500\n");
  script_.failures.push_back(RowsRefused({"rows[0].external_id"}));
  EXPECT_EQ(Run({"campaign", "upload-plan", "spring", roster}), 6);
  EXPECT_THAT(err_, HasSubstr("line 3: external_id"));
}

TEST_F(CampaignNounsTest, IssuesAllOrNothingAndSaysWhatARunHasStoppedFor) {
  ASSERT_EQ(Run({"campaign", "issue", "spring"}), 0) << err_;
  EXPECT_FALSE(script_.issue.all_or_nothing());
  ASSERT_EQ(Run({"campaign", "issue", "spring", "--all-or-nothing"}), 0) << err_;
  EXPECT_TRUE(script_.issue.all_or_nothing());
  ASSERT_EQ(Run({"campaign", "resume", "spring"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("row 41000 would be refused: MEMBER_NOT_ACTIVE; 2 in all\n"));
  ASSERT_EQ(Run({"campaign", "resume", "spring", "--without-all-or-nothing"}), 0) << err_;
  EXPECT_TRUE(script_.resumption.without_all_or_nothing());
  EXPECT_THAT(out_, Not(HasSubstr("would be refused")));
}

TEST(ByLinesTest, LeavesWhatNamesNoRowOfTheFile) {
  const auto said = [](const std::string& message) {
    return ByLines(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, message), {2, 5})
        .error_message();
  };
  EXPECT_EQ(said("rows[1]: want member"), "line 5: want member");
  EXPECT_EQ(said("rows[0].points and rows[1].points"), "line 2: points and line 5: points");
  for (const char* const text : {"", "start.rows: want 3", "rows[2].points: 0", "rows[x].points",
                                 "rows[", "rows[1", "rows: want at least one"}) {
    EXPECT_EQ(said(text), text == std::string("rows[1") ? "line 5" : text);
  }
  EXPECT_TRUE(ByLines(grpc::Status::OK, {2}).ok());
}

TEST_F(CampaignNounsTest, TakesPointsAsPlainDecimalDigits) {
  const std::vector<std::string> build = {"campaign", "claw-back", "spring", "--reason",
                                          "x",        "--all",     "--most"};
  for (const char* const bad : {"600,000", "6e5", "0x10", "+5", "-5", "0", "1000000000000001",
                                "99999999999999999999", "5 000", "５", ""}) {
    EXPECT_EQ(Run(With(build, {bad})), 2) << bad;
    EXPECT_THAT(err_, HasSubstr("want whole points without separators")) << bad;
  }
  EXPECT_EQ(script_.calls, 0);
  // Nothing is octal.
  ASSERT_EQ(Run(With(build, {"0600"})), 0) << err_;
  EXPECT_EQ(script_.claw_back.points_per_row_max(), 600);
  const std::string path = WriteFile("plan.csv", "external_id\nE1\n");
  EXPECT_EQ(Run({"campaign", "upload-plan", "spring", path, "--points", "600,000"}), 2);
  EXPECT_THAT(err_, HasSubstr("want whole points without separators"));
  ASSERT_EQ(Run({"campaign", "upload-plan", "spring", path, "--points", "600000"}), 0) << err_;
  EXPECT_EQ(script_.plan.front().points(), 600'000);
}

}  // namespace
}  // namespace puhui::services
