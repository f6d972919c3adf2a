// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/plan_check.h"

#include "ledger/base/points.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/issuing_ledger.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::issuing {
namespace {

using ledger::Reason;
using People = std::vector<std::string>;

// province > city > works, and a campaign of city's.
class PlanCheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(ledger_.CreateUnion("province"));
    ASSERT_OK(ledger_.CreateUnion("city", "province"));
    ASSERT_OK(ledger_.CreateUnion("works", "city"));
    ASSERT_OK(ledger_.Enrol("province", People{"qian"}));
    ASSERT_OK(ledger_.Enrol("city", People{"li", "wang"}));
    ASSERT_OK(ledger_.Enrol("works", People{"zhao"}));
    ASSERT_OK(ledger_.CreateCampaign("gift", "city", absl::Hours(24)));
  }

  // In pieces of `piece` rows.
  absl::Status Check(const NamedRows& rows, std::size_t piece) {
    PlanCheck check(&ledger_.ledger.store(), {.of = ledger_.NumberOf("city"), .rows = rows.size()});
    const std::string packed = ledger_.Packed(rows);
    for (std::size_t at = 0; at < packed.size(); at += piece * kPlanRowBytes) {
      const std::string some = packed.substr(at, piece * kPlanRowBytes);
      if (absl::Status status = check.Add(PlanRowsView(some)); !status.ok()) return status;
    }
    return check.Finish();
  }

  IssuingLedger ledger_;
};

TEST_F(PlanCheckTest, SaysWordForWordWhatTheCommandsSay) {
  const std::vector<NamedRows> plans = {
      {{"li", 1}, {"zhao", 2}, {"wang", 3}},
      {{"li", 1}, {"qian", 2}},
      {{"li", 1}, {"nobody", 2}},
      {{"li", 1}, {"wang", 2}, {"li", 3}},
      {{"li", 1}, {"li", 2}, {"qian", 3}},
      {{"li", Points::kMax}, {"wang", 1}},
      {{"li", Points::kMax}, {"wang", 1}, {"wang", 1}},
  };
  for (std::size_t i = 0; i < plans.size(); ++i) {
    SCOPED_TRACE(i);
    const absl::Status said = ledger_.UploadPlan("gift", plans[i]).status();
    for (const std::size_t piece : std::vector<std::size_t>{1, 2, 100})
      EXPECT_EQ(Check(plans[i], piece), said) << piece;
  }
}

TEST_F(PlanCheckTest, NamesTheFieldAsItIsAskedTo) {
  PlanCheck check(&ledger_.ledger.store(),
                  {.of = ledger_.NumberOf("city"), .rows = 2, .field_of = [](std::uint64_t row) {
                     return absl::StrCat("line ", row);
                   }});
  const std::string rows = ledger_.Packed({{"li", 1}, {"qian", 2}});
  EXPECT_THAT(check.Add(PlanRowsView(rows)), Refuses(Reason::kMemberOfOtherUnion, "line 1"));
}

// However large: none is added once it is too much.
TEST_F(PlanCheckTest, AddsUpNoFurtherThanItCan) {
  PlanCheck check(&ledger_.ledger.store(), {.of = ledger_.NumberOf("city"), .rows = 20'000});
  std::string rows;
  for (int i = 0; i < 20'000; ++i) rows += ledger_.Packed({{"li", Points::kMax}});
  EXPECT_OK(check.Add(PlanRowsView(rows)));
  EXPECT_THAT(check.Finish(), Refuses(Reason::kDuplicateMemberInPlan, "rows[1].member"));
}

TEST_F(PlanCheckTest, ACampaignThatTakesNoPlanSaysSoBeforeItsUnion) {
  CampaignRow campaign;
  UnionRow of;
  EXPECT_EQ(RefuseNewPlan(campaign, of), absl::nullopt);
  of.close_time = absl::UnixEpoch();
  EXPECT_THAT(ToStatus(*RefuseNewPlan(campaign, of)), Refuses(Reason::kUnionClosed, "name"));
  campaign.state = CampaignState::kIssuing;
  EXPECT_THAT(ToStatus(*RefuseNewPlan(campaign, of)), Refuses(Reason::kCampaignState, "name"));
}

}  // namespace
}  // namespace puhui::issuing
