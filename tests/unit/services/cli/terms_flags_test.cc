// SPDX-License-Identifier: Apache-2.0
// The terms of a campaign by flags and from a file, and what is said of them.
#include "tests/unit/services/cli/commands_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using TermsFlagsTest = CommandsTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<std::string> kCreate = {"campaign", "create",         "spring",
                                          "--union",  "fh-1",           "--occasion",
                                          "new-year", "--display-name", "x"};

TEST_F(TermsFlagsTest, EveryFieldHasAFlag) {
  EXPECT_EQ(Run(With(kCreate, {"--first-day",
                               "2027-02-01",
                               "--last-day",
                               "2027-03-01",
                               "--expiry-policy",
                               "expire",
                               "--category",
                               "5411",
                               "--region",
                               "420000",
                               "--region",
                               "110000",
                               "--allow-merchant",
                               "m-1",
                               "--allow-merchant",
                               "merchants/m-2",
                               "--deny-merchant",
                               "m-3",
                               "--weekday",
                               "saturday",
                               "--weekday",
                               "SUNDAY",
                               "--holiday",
                               "2027-02-06",
                               "--holiday-rule",
                               "holidays_only",
                               "--points-per-day",
                               "20000",
                               "--earmark-basis-points",
                               "3000",
                               "--earmark-category",
                               "5411",
                               "--earmark-region",
                               "420100"})),
            0)
      << err_;
  const v1::Terms& terms = script_.campaign.terms();
  EXPECT_EQ(terms.first_day(), "2027-02-01");
  EXPECT_EQ(terms.last_day(), "2027-03-01");
  EXPECT_FALSE(terms.has_expire_time());
  EXPECT_EQ(terms.expiry_policy(), v1::EXPIRY_POLICY_EXPIRE);
  EXPECT_THAT(terms.merchant_categories(), ElementsAre("5411"));
  EXPECT_THAT(terms.regions(), ElementsAre("420000", "110000"));
  EXPECT_THAT(terms.allowed_merchants(), ElementsAre("merchants/m-1", "merchants/m-2"));
  EXPECT_THAT(terms.denied_merchants(), ElementsAre("merchants/m-3"));
  EXPECT_THAT(terms.weekdays(), ElementsAre(v1::WEEKDAY_SATURDAY, v1::WEEKDAY_SUNDAY));
  EXPECT_THAT(terms.holidays(), ElementsAre("2027-02-06"));
  EXPECT_EQ(terms.holiday_rule(), v1::HOLIDAY_RULE_HOLIDAYS_ONLY);
  EXPECT_EQ(terms.points_per_day_max(), 20'000);
  EXPECT_EQ(terms.earmark().basis_points(), 3'000);
  EXPECT_THAT(terms.earmark().merchant_categories(), ElementsAre("5411"));
  EXPECT_THAT(terms.earmark().regions(), ElementsAre("420100"));
}

TEST_F(TermsFlagsTest, AFileSaysThemAndFlagsStandOverIt) {
  const std::string path = WriteFile("terms.yaml",
                                     "last_day: \"2027-03-01\"\n"
                                     "regions: [\"420000\"]\n"
                                     "weekdays: [WEEKDAY_MONDAY]\n"
                                     "points_per_day_max: 100\n"
                                     "earmark:\n"
                                     "  basis_points: 3000\n"
                                     "  regions: [\"420100\"]\n");
  EXPECT_EQ(Run(With(kCreate, {"--terms", path})), 0) << err_;
  EXPECT_EQ(script_.campaign.terms().last_day(), "2027-03-01");
  EXPECT_EQ(script_.campaign.terms().points_per_day_max(), 100);
  EXPECT_EQ(script_.campaign.terms().earmark().basis_points(), 3'000);
  EXPECT_EQ(Run(With(kCreate, {"--terms", path, "--points-per-day", "200", "--region", "110000"})),
            0)
      << err_;
  EXPECT_EQ(script_.campaign.terms().points_per_day_max(), 200);
  EXPECT_THAT(script_.campaign.terms().regions(), ElementsAre("110000"));
}

TEST_F(TermsFlagsTest, AFileSaysTheWholeCampaignAndFlagsStandOverIt) {
  const std::string path = WriteFile("campaign.yaml",
                                     "campaign_id: spring\n"
                                     "union: unions/fh-1\n"
                                     "display_name: 春节慰问\n"
                                     "occasion: spring-festival\n"
                                     "terms:\n"
                                     "  last_day: \"2027-03-01\"\n"
                                     "  regions: [\"420000\"]\n");
  EXPECT_EQ(Run({"campaign", "create", "--file", path}), 0) << err_;
  EXPECT_EQ(script_.campaign.campaign_id(), "spring");
  EXPECT_EQ(script_.campaign.union_(), "unions/fh-1");
  EXPECT_EQ(script_.campaign.display_name(), "春节慰问");
  EXPECT_EQ(script_.campaign.occasion(), "spring-festival");
  EXPECT_EQ(script_.campaign.terms().last_day(), "2027-03-01");
  EXPECT_EQ(Run({"campaign", "create", "summer", "--file", path, "--region", "110000"}), 0) << err_;
  EXPECT_EQ(script_.campaign.campaign_id(), "summer");
  EXPECT_EQ(script_.campaign.display_name(), "春节慰问");
  EXPECT_THAT(script_.campaign.terms().regions(), ElementsAre("110000"));
  EXPECT_EQ(Run({"campaign", "create", "--file", WriteFile("bad.yaml", "\nunoin: x\n")}), 2);
  EXPECT_THAT(err_, HasSubstr("line 2"));
}

TEST_F(TermsFlagsTest, AChangeNamesTheTermsWhenSomeAreGiven) {
  const std::vector<std::string> update = {"campaign", "update", "spring", "--etag", "e"};
  EXPECT_EQ(Run(With(update, {"--last-day", "2027-03-02", "--region", "110000"})), 0) << err_;
  const v1::UpdateCampaignRequest& asked = script_.changed_campaign;
  EXPECT_EQ(asked.campaign().name(), "campaigns/spring");
  EXPECT_EQ(asked.campaign().etag(), "e");
  EXPECT_THAT(asked.update_mask().paths(), ElementsAre("terms"));
  EXPECT_EQ(asked.campaign().terms().last_day(), "2027-03-02");
  EXPECT_EQ(Run(With(update, {"--display-name", "y"})), 0) << err_;
  EXPECT_THAT(asked.update_mask().paths(), ElementsAre("display_name"));
  EXPECT_EQ(Run(With(update, {"--region", "110000"})), 2);
  EXPECT_THAT(err_, HasSubstr("--last-day"));
}

TEST_F(TermsFlagsTest, WhatCannotBeReadIsSaidBeforeAnybodyIsAsked) {
  EXPECT_EQ(Run(kCreate), 2);
  EXPECT_THAT(err_, HasSubstr("--last-day"));
  EXPECT_EQ(Run(With(kCreate, {"--last-day", "2027-03-01", "--expires", "2027-03-01"})), 2);
  EXPECT_EQ(Run(With(kCreate, {"--last-day", "2027-03-01", "--weekday", "someday"})), 2);
  EXPECT_EQ(Run(With(kCreate, {"--last-day", "2027-03-01", "--earmark-basis-points", "0"})), 2);
  EXPECT_EQ(Run(With(kCreate, {"--starts", "soon", "--expires", "2027-03-01"})), 2);
  EXPECT_EQ(Run(With(kCreate, {"--terms", WriteFile("bad.yaml", "lastday: x\n")})), 2);
  EXPECT_THAT(err_, HasSubstr("line 1"));
  EXPECT_EQ(script_.calls, 0);
}

TEST_F(TermsFlagsTest, AStoreHasItsRegion) {
  EXPECT_EQ(Run({"merchant", "create-store", "m-1", "s-1", "--display-name", "x", "--region",
                 "420106", "--time-zone", "Asia/Urumqi"}),
            0)
      << err_;
  EXPECT_EQ(script_.store.time_zone(), "Asia/Urumqi");
  EXPECT_EQ(script_.store.region(), "420106");
}

TEST_F(TermsFlagsTest, ASpendIsExplainedLotByLot) {
  EXPECT_EQ(Run({"wallet", "explain", "01J", "--merchant", "m-1", "--store",
                 "merchants/m-1/stores/s-1", "--points", "100"}),
            0)
      << err_;
  EXPECT_EQ(script_.explain.name(), "members/01J/wallet");
  EXPECT_EQ(script_.explain.merchant(), "merchants/m-1");
  EXPECT_EQ(script_.explain.store(), "merchants/m-1/stores/s-1");
  EXPECT_EQ(script_.explain.points(), 100);
  EXPECT_THAT(out_, HasSubstr("INSUFFICIENT_POINTS"));
  EXPECT_THAT(out_, HasSubstr("40 points can be spent here"));
  EXPECT_THAT(out_, HasSubstr("此处可用40积分"));
  EXPECT_THAT(out_, HasSubstr("EARMARK_REGION"));
}

TEST_F(TermsFlagsTest, ABasketIsExplainedAsOfAMomentAndInPart) {
  const std::vector<std::string> explain = {"wallet", "explain",  "01J", "--merchant",
                                            "m-1",    "--points", "100"};
  EXPECT_EQ(Run(With(explain, {"--line", "5942:60", "--line", ":40:420106", "--accept-partial",
                               "--time", "2027-03-01T09:00:00+08:00"})),
            0)
      << err_;
  ASSERT_EQ(script_.explain.lines_size(), 2);
  EXPECT_EQ(script_.explain.lines(0).merchant_category(), "5942");
  EXPECT_EQ(script_.explain.lines(0).points(), 60);
  EXPECT_EQ(script_.explain.lines(1).merchant_category(), "");
  EXPECT_EQ(script_.explain.lines(1).region(), "420106");
  EXPECT_TRUE(script_.explain.accept_partial());
  EXPECT_EQ(script_.explain.time().seconds(), 1'803'862'800);
  EXPECT_THAT(out_, HasSubstr("would pay"));
  // Whoever says nothing of these asks about now, and about all of it.
  EXPECT_EQ(Run(explain), 0);
  EXPECT_FALSE(script_.explain.accept_partial());
  EXPECT_FALSE(script_.explain.has_time());
  EXPECT_EQ(script_.explain.lines_size(), 0);
  const int calls = script_.calls;
  EXPECT_EQ(Run(With(explain, {"--line", "5942"})), 2);
  EXPECT_EQ(Run(With(explain, {"--time", "tomorrow"})), 2);
  EXPECT_EQ(script_.calls, calls);
}

}  // namespace
}  // namespace puhui::services
