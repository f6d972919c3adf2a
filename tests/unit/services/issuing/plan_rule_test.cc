// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/plan_rule.h"

#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using ledger::Reason;

std::int64_t PointsOf(const PlanRule& rule, absl::Time enrolled,
                      const issuing::PersonalData* data) {
  const absl::optional<Points> points = rule.PointsFor(enrolled, data);
  return points.has_value() ? points->value() : 0;
}

TEST(PlanRuleTest, TheFirstTierThatFitsCounts) {
  v1::PlanRule rule;
  v1::PlanTier& masters = *rule.add_tiers();
  masters.set_points(300);
  masters.add_employments("正式");
  masters.add_departments("炼钢");
  masters.add_departments("轧钢");
  v1::PlanTier& fixed = *rule.add_tiers();
  fixed.set_points(200);
  fixed.add_employments("正式");
  fixed.add_employments("合同");
  rule.add_tiers()->set_points(100);
  const absl::StatusOr<PlanRule> read = PlanRule::Read(rule, absl::UTCTimeZone());
  ASSERT_OK(read);
  EXPECT_TRUE(read->asks_for_personal_data());
  const absl::Time now = absl::UnixEpoch();
  issuing::PersonalData data{.department = "轧钢", .employment = "正式"};
  EXPECT_EQ(PointsOf(*read, now, &data), 300);
  data.department = "食堂";
  EXPECT_EQ(PointsOf(*read, now, &data), 200);
  data.employment = "派遣";
  EXPECT_EQ(PointsOf(*read, now, &data), 100);
  EXPECT_EQ(PointsOf(*read, now, nullptr), 100);
}

TEST(PlanRuleTest, DaysAreThoseOfTheUnion) {
  v1::PlanRule rule;
  v1::PlanTier& tier = *rule.add_tiers();
  tier.set_points(100);
  tier.set_joined_from("2026-01-02");
  tier.set_joined_to("2026-01-31");
  const absl::TimeZone china = absl::FixedTimeZone(8 * 60 * 60);
  const absl::StatusOr<PlanRule> read = PlanRule::Read(rule, china);
  ASSERT_OK(read);
  EXPECT_FALSE(read->asks_for_personal_data());
  const absl::Time first = absl::FromCivil(absl::CivilDay(2026, 1, 2), china);
  const absl::Time end = absl::FromCivil(absl::CivilDay(2026, 2, 1), china);
  EXPECT_EQ(PointsOf(*read, first - absl::Microseconds(1), nullptr), 0);
  EXPECT_EQ(PointsOf(*read, first, nullptr), 100);
  EXPECT_EQ(PointsOf(*read, end - absl::Microseconds(1), nullptr), 100);
  EXPECT_EQ(PointsOf(*read, end, nullptr), 0);
}

TEST(PlanRuleTest, WhoseDataIsErasedFitsNothingThatAsksForIt) {
  v1::PlanRule rule;
  v1::PlanTier& tier = *rule.add_tiers();
  tier.set_points(100);
  tier.add_employments("正式");
  const absl::StatusOr<PlanRule> read = PlanRule::Read(rule, absl::UTCTimeZone());
  ASSERT_OK(read);
  EXPECT_EQ(PointsOf(*read, absl::UnixEpoch(), nullptr), 0);
}

TEST(PlanRuleTest, NamesTheFieldThatIsWrong) {
  using Spoil = std::function<void(v1::PlanTier*)>;
  const std::pair<const char*, Spoil> cases[] = {
      {"rule.tiers[1].employments", [](v1::PlanTier* t) { t->add_employments(""); }},
      {"rule.tiers[1].departments",
       [](v1::PlanTier* t) {
         for (int i = 0; i < 65; ++i) t->add_departments(std::to_string(i));
       }},
      {"rule.tiers[1].joined_from", [](v1::PlanTier* t) { t->set_joined_from("2026-1-2"); }},
      {"rule.tiers[1].joined_to", [](v1::PlanTier* t) { t->set_joined_to("2026-13-02"); }},
      {"rule.tiers[1].joined_to",
       [](v1::PlanTier* t) {
         t->set_joined_from("2026-01-02");
         t->set_joined_to("2026-01-01");
       }},
  };
  for (const auto& [field, spoil] : cases) {
    v1::PlanRule rule;
    rule.add_tiers()->set_points(1);
    rule.add_tiers()->set_points(1);
    spoil(rule.mutable_tiers(1));
    EXPECT_THAT(PlanRule::Read(rule, absl::UTCTimeZone()), Refuses(Reason::kInvalidField, field));
  }
  v1::PlanRule nothing;
  nothing.add_tiers();
  const absl::Status read = PlanRule::Read(nothing, absl::UTCTimeZone()).status();
  EXPECT_TRUE(absl::IsInvalidArgument(read));
  EXPECT_THAT(std::string(read.message()), ::testing::StartsWith("rule.tiers[0].points: want"));
  EXPECT_THAT(PlanRule::Read(v1::PlanRule(), absl::UTCTimeZone()),
              Refuses(Reason::kInvalidField, "rule.tiers"));
}

}  // namespace
}  // namespace puhui::services
