// SPDX-License-Identifier: Apache-2.0
// `periods`.
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace puhui::services {
namespace {

using PeriodNounsTest = CommandsTest;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(PeriodNounsTest, ClosesAMonthAndSaysWithWhat) {
  EXPECT_EQ(Run({"periods", "close", "2027-01", "--request-id", kUuid}), 0);
  EXPECT_EQ(script_.close_period.period(), "2027-01");
  EXPECT_EQ(script_.close_period.request_id(), kUuid);
  for (const char* text : {"periods/2027-01", "CLOSED", "people/王", "00ff", "entry/funding"}) {
    EXPECT_THAT(out_, HasSubstr(text));
  }
  EXPECT_EQ(Run({"periods", "close"}), 2);
}

TEST_F(PeriodNounsTest, ListsAndShowsMonths) {
  EXPECT_EQ(Run({"periods", "list"}), 0);
  EXPECT_THAT(out_, HasSubstr("periods/2027-02"));
  EXPECT_THAT(out_, HasSubstr("OPEN"));
  EXPECT_THAT(out_, HasSubstr("more: --page-token next"));
  EXPECT_EQ(Run({"periods", "show", "2027-02"}), 0);
  EXPECT_THAT(out_, HasSubstr("periods/2027-02"));
  EXPECT_THAT(out_, Not(HasSubstr("root"))) << "it is not closed";
  EXPECT_EQ(Run({"periods"}), 2);
}

TEST_F(PeriodNounsTest, ListsLinesOfAMonth) {
  EXPECT_EQ(Run({"periods", "lines", "2027-01", "--page-size", "7"}), 0);
  EXPECT_EQ(script_.period_lines.parent(), "periods/2027-01");
  EXPECT_EQ(script_.period_lines.page_size(), 7);
  EXPECT_THAT(out_, HasSubstr("FUNDING"));
  EXPECT_THAT(out_, HasSubstr("unions/fh-1"));
  EXPECT_EQ(Run({"periods", "lines", "2027-01", "--json"}), 0);
  EXPECT_THAT(out_, HasSubstr("\"closing_points\": \"-70000\""));
}

}  // namespace
}  // namespace puhui::services
