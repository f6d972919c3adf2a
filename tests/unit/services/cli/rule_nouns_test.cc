// SPDX-License-Identifier: Apache-2.0
// `admin rules`, `audit redecide` and the settings that they are about.
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace puhui::services {
namespace {

using RuleNounsTest = CommandsTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(RuleNounsTest, SendsAPackAsTheFileSays) {
  EXPECT_EQ(Run({"admin", "rules", "load", "deploy/rules/hubei.yaml", "--request-id", kUuid}), 0);
  const v1::LoadRulePackRequest& sent = script_.load_rule_pack;
  EXPECT_EQ(sent.request_id(), kUuid);
  EXPECT_FALSE(sent.validate_only());
  EXPECT_EQ(sent.pack().id(), "hubei");
  EXPECT_EQ(sent.pack().occasions_size(), 7);
  EXPECT_EQ(sent.pack().issuer_caps(0).points_per_year_max(), 150'000);
  EXPECT_THAT(out_, HasSubstr("rulePacks/anhui/versions/1"));
  EXPECT_THAT(out_, HasSubstr("spring-festival"));
  EXPECT_EQ(Run({"admin", "rules", "load", "deploy/rules/hubei.yaml", "--validate-only"}), 0);
  EXPECT_TRUE(script_.load_rule_pack.validate_only());
}

TEST_F(RuleNounsTest, ShowsWhereAnEarmarkHasToBeSpent) {
  std::ifstream file("deploy/rules/shaanxi-2.yaml");
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  text += "earmark_regions: [610700, 610900]\nearmark_categories: [5411]\n";
  EXPECT_EQ(Run({"admin", "rules", "load", WriteFile("areas.yaml", text)}), 0);
  EXPECT_EQ(script_.load_rule_pack.pack().earmark_regions(1), "610900");
  EXPECT_THAT(out_, HasSubstr("610700 610900, categories 5411"));
}

TEST_F(RuleNounsTest, SaysTheLineOfAFaultBeforeAnythingIsSent) {
  std::ifstream file("deploy/rules/hubei.yaml");
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::string right = "points_per_year_max: 150000";
  ASSERT_NE(text.find(right), std::string::npos);
  text.replace(text.find(right), right.size(), "points_per_year_max: 0");
  const std::string path = WriteFile("faulty.yaml", text);
  EXPECT_EQ(Run({"admin", "rules", "load", path}), 2);
  EXPECT_EQ(script_.calls, 0);
  EXPECT_THAT(err_, HasSubstr(path + ": line "));
  EXPECT_THAT(err_, HasSubstr("issuer_caps[0].points_per_year_max"));
  EXPECT_EQ(Run({"admin", "rules", "load", "nowhere.yaml"}), 2);
  EXPECT_EQ(script_.calls, 0);
}

TEST_F(RuleNounsTest, ListsAndShowsWhatIsLoaded) {
  EXPECT_EQ(Run({"admin", "rules", "list"}), 0);
  EXPECT_THAT(out_, HasSubstr("rulePacks/anhui/versions/1"));
  EXPECT_EQ(Run({"admin", "rules", "show", "anhui", "--version", "3"}), 0);
  EXPECT_THAT(out_, HasSubstr("rulePacks/anhui/versions/3"));
  EXPECT_EQ(Run({"admin", "rules"}), 2);
}

TEST_F(RuleNounsTest, SaysWhetherAVerdictIsTheSameAgain) {
  EXPECT_EQ(Run({"audit", "redecide", "77"}), 0);
  EXPECT_THAT(out_, HasSubstr("row 77"));
  script_.balanced = false;
  EXPECT_EQ(Run({"audit", "redecide", "77"}), 8) << "a difference shows in the exit code";
  EXPECT_THAT(out_,
              HasSubstr("refused: POINTS_PER_YEAR, allowed 150,000 points (¥1,500.00), received"));
}

TEST_F(RuleNounsTest, NamesTheRulePackOfAUnion) {
  EXPECT_EQ(Run({"union", "update", "fh-1", "--rule-pack", "anhui", "--issuer-kind", "enterprise"}),
            0);
  EXPECT_EQ(script_.updated.union_().settings().rule_pack(), "anhui");
  EXPECT_EQ(script_.updated.union_().settings().issuer_kind(), v1::ISSUER_KIND_ENTERPRISE);
  EXPECT_THAT(script_.updated.update_mask().paths(),
              ElementsAre("settings.rule_pack", "settings.issuer_kind"));
  EXPECT_EQ(Run({"union", "update", "fh-1", "--inherit", "rule-pack"}), 0);
  EXPECT_THAT(script_.updated.update_mask().paths(), ElementsAre("settings.rule_pack"));
}

}  // namespace
}  // namespace puhui::services
