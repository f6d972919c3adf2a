// SPDX-License-Identifier: Apache-2.0
// Points that are taken back, from the arguments to the service and back to the terminal.
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ClawBackNounsTest = CommandsTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<std::string> kClawBack = {"campaign", "claw-back", "spring", "--reason",
                                            "issued twice"};

TEST_F(ClawBackNounsTest, SendsWhoseUnspentPointsAreMeant) {
  EXPECT_EQ(Run(With(kClawBack, {"--all"})), 0);
  EXPECT_EQ(script_.claw_back.campaign(), "campaigns/spring");
  EXPECT_TRUE(script_.claw_back.has_all());
  EXPECT_EQ(script_.claw_back.reason(), "issued twice");
  EXPECT_EQ(script_.claw_back.request_id().size(), 36U);
  EXPECT_THAT(out_, HasSubstr("campaigns/spring/clawBacks/7"));
  EXPECT_THAT(out_, HasSubstr("60,000 points (¥600.00)"));
  EXPECT_EQ(Run(With(kClawBack, {"--row", "4", "--row", "0", "--most", "50"})), 0);
  EXPECT_THAT(script_.claw_back.rows().rows(), ElementsAre(4U, 0U));
  EXPECT_EQ(script_.claw_back.points_per_row_max(), 50);
  EXPECT_EQ(Run(With(kClawBack, {"--member", "01J", "--external-id", "E7", "--validate-only"})), 0);
  ASSERT_EQ(script_.claw_back.members().members_size(), 2);
  EXPECT_EQ(script_.claw_back.members().members(0).member(), "members/01J");
  EXPECT_EQ(script_.claw_back.members().members(1).external_id(), "E7");
  EXPECT_TRUE(script_.claw_back.validate_only());
}

TEST_F(ClawBackNounsTest, WantsOneSelection) {
  EXPECT_EQ(Run(kClawBack), 2);
  EXPECT_THAT(err_, HasSubstr("--all"));
  EXPECT_EQ(Run(With(kClawBack, {"--all", "--row", "1"})), 2);
  EXPECT_EQ(Run(With(kClawBack, {"--row", "1", "--member", "01J"})), 2);
  EXPECT_EQ(Run(With(kClawBack, {"--all", "--most", "0"})), 2);
  EXPECT_EQ(Run({"campaign", "claw-back", "spring", "--all"}), 2);
  EXPECT_EQ(script_.calls, 0);
}

TEST_F(ClawBackNounsTest, FollowsItToItsEnd) {
  EXPECT_EQ(Run(With(kClawBack, {"--all", "--watch"})), 0);
  EXPECT_EQ(script_.shown_claw_back.name(), "campaigns/spring/clawBacks/7");
  EXPECT_EQ(script_.looks, 3);
  EXPECT_THAT(out_, HasSubstr("taken            2\n"));
  EXPECT_THAT(out_, HasSubstr("held             2\n"));
  EXPECT_THAT(out_, HasSubstr("points taken: 30,000 points (¥300.00)"));
  EXPECT_EQ(Run({"campaign", "show-claw-back", "campaigns/spring/clawBacks/7", "--json"}), 0);
  EXPECT_THAT(out_, HasSubstr("CLAW_BACK_STATE_DONE"));
}

TEST_F(ClawBackNounsTest, DecidesAndListsRows) {
  const std::string name = "campaigns/spring/clawBacks/7";
  EXPECT_EQ(Run({"campaign", "confirm-claw-back", name}), 0);
  EXPECT_EQ(script_.confirmed_claw_back.name(), name);
  EXPECT_EQ(Run({"campaign", "reject-claw-back", name}), 2);
  EXPECT_EQ(Run({"campaign", "reject-claw-back", name, "--reason", "too many"}), 0);
  EXPECT_EQ(script_.rejected_claw_back.reason(), "too many");
  EXPECT_THAT(out_, HasSubstr("rejected because: too many"));
  EXPECT_EQ(Run({"campaign", "claw-back-rows", name}), 0);
  EXPECT_THAT(out_, HasSubstr("members/A"));
  FailNext(grpc::StatusCode::NOT_FOUND);
  EXPECT_NE(Run({"campaign", "show-claw-back", name}), 0);
}

}  // namespace
}  // namespace puhui::services
