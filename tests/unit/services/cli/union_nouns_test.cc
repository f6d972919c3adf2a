// SPDX-License-Identifier: Apache-2.0
// The noun `union`, from the arguments to the service and back to the terminal.
#include "tests/unit/services/cli/commands_fixture.h"

#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using UnionNounsTest = CommandsTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST_F(UnionNounsTest, ShowsATreeThatLinesUpInChinese) {
  EXPECT_EQ(Run({"union", "list", "fh-1", "--levels", "3", "--all"}), 0);
  EXPECT_EQ(script_.listed.parent(), "unions/fh-1");
  EXPECT_EQ(script_.listed.levels(), 3);
  const std::vector<std::string> lines = absl::StrSplit(out_, '\n', absl::SkipEmpty());
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_EQ(lines[1], "unions/fh-1      GROUP  OPEN   飞虹机械厂工会");
  EXPECT_EQ(lines[2], "  unions/fh-1-a  GROUP  OPEN   装配车间");
  EXPECT_THAT(lines[3], HasSubstr("    unions/fh-1-a-b"));
  EXPECT_THAT(lines[3], HasSubstr("CLOSED"));
}

TEST_F(UnionNounsTest, ListsWhateverTheCallerMaySeeWhenNoneIsNamed) {
  EXPECT_EQ(Run({"union", "list"}), 0);
  EXPECT_EQ(script_.listed.parent(), "");
  EXPECT_EQ(script_.listed.levels(), 0);
  EXPECT_THAT(out_, HasSubstr("more: --page-token next\n"));
  EXPECT_EQ(Run({"union", "list", "--json", "--all"}), 0);
  EXPECT_THAT(out_, HasSubstr("\"level\":2"));
  EXPECT_EQ(Run({"union", "list", "--levels", "0"}), 2);
}

TEST_F(UnionNounsTest, SendsWhatIsToChangeAndNamesIt) {
  EXPECT_EQ(Run({"union", "update", "fh-1", "--display-name", "总工会", "--kind", "city",
                 "--time-zone", "Asia/Urumqi", "--locale", "en", "--approvers", "2", "--two-above",
                 "50000", "--on-leave", "return", "--etag", "e-1"}),
            0);
  const v1::Union& node = script_.updated.union_();
  EXPECT_EQ(node.name(), "unions/fh-1");
  EXPECT_EQ(node.display_name(), "总工会");
  EXPECT_EQ(node.kind(), v1::UNION_KIND_CITY);
  EXPECT_EQ(node.settings().time_zone(), "Asia/Urumqi");
  EXPECT_EQ(node.settings().locale(), "en");
  EXPECT_EQ(node.settings().approval_policy().approvers(), 2);
  EXPECT_EQ(node.settings().approval_policy().two_above_points(), 50'000);
  EXPECT_EQ(node.settings().leave_policy(), v1::LEAVE_POLICY_RETURN);
  EXPECT_EQ(node.etag(), "e-1");
  EXPECT_THAT(script_.updated.update_mask().paths(),
              ::testing::UnorderedElementsAre("display_name", "kind", "settings.time_zone",
                                              "settings.locale", "settings.approval_policy",
                                              "settings.leave_policy"));
  EXPECT_THAT(out_, HasSubstr("approvers:"));
  EXPECT_THAT(out_, HasSubstr("2, 2 at least above 50,000 points (¥500.00)"));
}

TEST_F(UnionNounsTest, InheritsASettingAgain) {
  EXPECT_EQ(Run({"union", "update", "fh-1", "--inherit", "locale", "--inherit", "approvers"}), 0);
  EXPECT_THAT(script_.updated.update_mask().paths(),
              ElementsAre("settings.locale", "settings.approval_policy"));
  EXPECT_FALSE(script_.updated.union_().settings().has_approval_policy());
  EXPECT_THAT(out_, HasSubstr("inherited"));
}

TEST_F(UnionNounsTest, RefusesAnUpdateThatMakesNoSense) {
  const std::vector<std::string> update = {"union", "update", "fh-1"};
  EXPECT_EQ(Run(update), 2);
  EXPECT_THAT(err_, HasSubstr("something to change"));
  EXPECT_EQ(Run(With(update, {"--locale", "en", "--inherit", "locale"})), 2);
  EXPECT_THAT(err_, HasSubstr("--locale"));
  EXPECT_EQ(Run(With(update, {"--inherit", "kind"})), 2);
  EXPECT_EQ(Run(With(update, {"--two-above", "5"})), 2);
  EXPECT_EQ(Run(With(update, {"--on-leave", "burn"})), 2);
  EXPECT_EQ(script_.calls, 0);
}

TEST_F(UnionNounsTest, MakesNoRootByMistake) {
  EXPECT_EQ(Run({"union", "move", "fh-1"}), 2);
  EXPECT_THAT(err_, HasSubstr("--root"));
  EXPECT_EQ(Run({"union", "move", "fh-1", "--parent", "city-2", "--root"}), 2);
  EXPECT_EQ(script_.calls, 0);
  EXPECT_EQ(Run({"union", "move", "fh-1", "--parent", "city-2", "--etag", "e-1"}), 0);
  EXPECT_EQ(script_.moved.name(), "unions/fh-1");
  EXPECT_EQ(script_.moved.parent(), "unions/city-2");
  EXPECT_EQ(script_.moved.etag(), "e-1");
  EXPECT_THAT(out_, HasSubstr("former parent: unions/city-1"));
  EXPECT_EQ(Run({"union", "move", "fh-1", "--root"}), 0);
  EXPECT_EQ(script_.moved.parent(), "");
  EXPECT_THAT(out_, HasSubstr("none: a root"));
}

TEST_F(UnionNounsTest, ClosesAUnion) {
  EXPECT_EQ(Run({"union", "close", "fh-1", "--etag", "e-1"}), 0);
  EXPECT_EQ(script_.closed.name(), "unions/fh-1");
  EXPECT_EQ(script_.closed.etag(), "e-1");
  FailNext(grpc::StatusCode::ABORTED);
  EXPECT_EQ(Run({"union", "close", "fh-1"}), 6);
}

TEST_F(UnionNounsTest, HandsPointsDownAndBack) {
  EXPECT_EQ(Run({"union", "allocate", "city-1", "fh-1", "--points", "500"}), 0);
  EXPECT_EQ(script_.allocated.union_(), "unions/city-1");
  EXPECT_EQ(script_.allocated.child(), "unions/fh-1");
  EXPECT_EQ(script_.allocated.points(), 500);
  EXPECT_EQ(script_.allocated.origin(), "");
  EXPECT_THAT(out_, HasSubstr("unions/province-1"));
  EXPECT_EQ(Run({"union", "return", "fh-1", "--points", "5", "--origin", "province-1"}), 0);
  EXPECT_EQ(script_.returned.union_(), "unions/fh-1");
  EXPECT_EQ(script_.returned.origin(), "unions/province-1");
  EXPECT_EQ(Run({"union", "return", "fh-1", "--points", "0"}), 2);
  EXPECT_EQ(Run({"union", "allocate", "fh-1", "--points", "5"}), 2);
}

TEST_F(UnionNounsTest, ShowsTheTotalOfABudgetOnce) {
  EXPECT_EQ(Run({"union", "budget", "fh-1", "--subtree", "--all"}), 0);
  EXPECT_TRUE(script_.budget.subtree());
  const std::size_t total = out_.find("all: 90,000 points (¥900.00)\n");
  EXPECT_EQ(total, 0U);
  EXPECT_EQ(out_.find("all: ", 1), std::string::npos);
  EXPECT_THAT(out_, HasSubstr("unions/city-1"));
  EXPECT_THAT(out_, HasSubstr("unions/fh-1"));
  EXPECT_EQ(Run({"union", "budget", "fh-1"}), 0);
  EXPECT_FALSE(script_.budget.subtree());
  EXPECT_THAT(err_, IsEmpty());
  EXPECT_THAT(out_, Not(HasSubstr("unions/fh-1\n")));
}

TEST_F(UnionNounsTest, RejectsAFundingWithAReason) {
  EXPECT_EQ(Run({"union", "reject", "unions/fh-1/fundings/3", "--reason", "金额有误"}), 0);
  EXPECT_EQ(script_.rejected_funding.name(), "unions/fh-1/fundings/3");
  EXPECT_EQ(script_.rejected_funding.reason(), "金额有误");
  EXPECT_FALSE(script_.rejected_funding.request_id().empty());
  for (const char* told :
       {"60,000", "ICBC-1", "rejected", "people/fin-1", "people/fin-2", "金额有误"}) {
    EXPECT_THAT(out_, HasSubstr(told));
  }
  EXPECT_EQ(Run({"union", "reject", "unions/fh-1/fundings/3"}), 2) << "why is required";
  EXPECT_EQ(Run({"union", "confirm", "unions/fh-1/fundings/3"}), 0);
  EXPECT_THAT(out_, HasSubstr("confirmed"));
  EXPECT_EQ(Run({"union", "funding", "unions/fh-1/fundings/3"}), 0);
  EXPECT_THAT(out_, HasSubstr("waits for a second person"));
}

TEST_F(UnionNounsTest, ListsFundingsThatStandSomewhere) {
  EXPECT_EQ(Run({"union", "fundings", "fh-1", "--state", "proposed", "--page-size", "7"}), 0);
  EXPECT_EQ(script_.listed_fundings.union_(), "unions/fh-1");
  EXPECT_EQ(script_.listed_fundings.state(), v1::FUNDING_STATE_PROPOSED);
  EXPECT_EQ(script_.listed_fundings.page_size(), 7);
  const std::vector<std::string> lines = absl::StrSplit(out_, '\n', absl::SkipEmpty());
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_THAT(lines[1], HasSubstr("unions/fh-1/fundings/3"));
  EXPECT_THAT(lines[1], HasSubstr("waits for a second person"));
  EXPECT_THAT(lines[2], HasSubstr("rejected"));
  EXPECT_THAT(lines[3], HasSubstr("withdrawn"));
  EXPECT_EQ(Run({"union", "fundings", "fh-1"}), 0);
  EXPECT_EQ(script_.listed_fundings.state(), v1::FUNDING_STATE_UNSPECIFIED);
  EXPECT_EQ(Run({"union", "fundings", "fh-1", "--state", "lost"}), 2);
}

}  // namespace
}  // namespace puhui::services
