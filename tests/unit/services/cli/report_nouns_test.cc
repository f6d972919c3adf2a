// SPDX-License-Identifier: Apache-2.0
// Reports, from the arguments to the service and back to the terminal.
#include "services/cli/report_command.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ReportNounsTest = CommandsTest;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(ReportNounsTest, ShowsTheFiguresOfACampaignLinedUpOnTheRight) {
  EXPECT_EQ(Run({"campaign", "report", "spring"}), 0);
  EXPECT_EQ(script_.campaign_report.name(), "campaigns/spring");
  EXPECT_THAT(out_, HasSubstr("as of record: 12,345\n"));
  EXPECT_THAT(out_, HasSubstr("granted      90,000 points (¥900.00)      100.0%\n"
                              "available    60,000 points (¥600.00)       66.6%\n"
                              "held                0 points (¥0.00)        0.0%\n"
                              "spent        30,000 points (¥300.00)       33.3%\n"));
  EXPECT_THAT(out_, HasSubstr("spent from:           2 (66.6%)\n"));
  EXPECT_THAT(out_, HasSubstr("members who spent:    2 (66.6%)\n"));
  EXPECT_EQ(Run({"campaign", "report", "spring", "--json"}), 0);
  EXPECT_THAT(out_, HasSubstr("\"grants_spent\": \"2\""));
}

TEST_F(ReportNounsTest, ShowsNoShareOfNothing) {
  EXPECT_EQ(Run({"union", "report", "fh-1"}), 0);
  EXPECT_EQ(script_.union_report.name(), "unions/fh-1");
  EXPECT_THAT(out_, Not(HasSubstr("%")));
  EXPECT_THAT(out_, HasSubstr("spent from:           0 (-)\n"));
  FailNext(grpc::StatusCode::NOT_FOUND);
  EXPECT_NE(Run({"union", "report", "fh-1"}), 0);
}

TEST_F(ReportNounsTest, CountsPeopleBesideGrants) {
  EXPECT_EQ(Run({"union", "report", "city-1"}), 0);
  EXPECT_THAT(out_, HasSubstr("grants:               4\n"));
  EXPECT_THAT(out_, HasSubstr("spent from:           1 (25.0%)\n"));
  EXPECT_THAT(out_, HasSubstr("members who received: 3\n"));
  EXPECT_THAT(out_, HasSubstr("members who spent:    1 (33.3%)\n"));
  EXPECT_EQ(Run({"union", "report", "city-1", "--json"}), 0);
  EXPECT_THAT(out_, HasSubstr("\"members_spent\": \"1\""));
}

TEST_F(ReportNounsTest, GoesOnBehindAnEmptyPage) {
  EXPECT_EQ(Run({"campaign", "expiring", "spring", "--within-days", "7", "--all"}), 0);
  EXPECT_EQ(script_.expiring.name(), "campaigns/spring");
  EXPECT_EQ(script_.expiring.within_days(), 7);
  EXPECT_THAT(out_, HasSubstr("members/A"));
  EXPECT_EQ(Run({"campaign", "expiring", "spring", "--within-days", "0"}), 2);
}

TEST(PercentTextTest, IsCutToATenth) {
  EXPECT_EQ(PercentText(1, 3), "33.3%");
  EXPECT_EQ(PercentText(2, 3), "66.6%");
  EXPECT_EQ(PercentText(0, 3), "0.0%");
  EXPECT_EQ(PercentText(4, 3), "133.3%");
  EXPECT_EQ(PercentText(1, 0), "-");
  EXPECT_EQ(PercentText(-1, 3), "-");
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(PercentText(kMost, kMost), "100.0%");
}

}  // namespace
}  // namespace puhui::services
