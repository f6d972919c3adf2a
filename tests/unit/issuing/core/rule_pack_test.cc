// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/rule_pack.h"

#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "tests/unit/issuing/core/sound_pack.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::issuing::rule_pack_test {
namespace {

using absl::CivilDay;

constexpr auto kUnknownKind = static_cast<IssuerKind>(77);

struct Row {
  void (*spoil)(RulePack&);
  std::string field;
  PackDefect defect;
};

void ExpectProblem(const RulePack& pack, const Row& row) {
  const auto problem = CheckPack(pack);
  ASSERT_TRUE(problem.has_value()) << row.field;
  EXPECT_EQ(problem->field, row.field);
  EXPECT_EQ(problem->defect, row.defect) << row.field;
  EXPECT_FALSE(problem->wanted.empty()) << row.field;
}

// In the order in which they are found. Rows that spoil one and the same field differently stand
// together; two of them cannot be broken at once.
const Row kRows[] = {
    {[](RulePack& p) { p.id = ""; }, "id", PackDefect::kMalformed},
    {[](RulePack& p) { p.id = "An hui"; }, "id", PackDefect::kMalformed},
    {[](RulePack& p) { p.id = std::string(kTextIdBytesMax + 1, 'a'); }, "id",
     PackDefect::kMalformed},
    {[](RulePack& p) { p.version = 0; }, "version", PackDefect::kOutOfRange},
    {[](RulePack& p) { p.display_name = ""; }, "display_name", PackDefect::kMalformed},
    {[](RulePack& p) { p.display_name = std::string(kNameBytesMax + 1, 'a'); }, "display_name",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.basis = ""; }, "basis", PackDefect::kMalformed},
    {[](RulePack& p) { p.basis = std::string(kPackBasisBytesMax + 1, 'a'); }, "basis",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.effective_to = p.effective_from - 1; }, "effective_to",
     PackDefect::kContradiction},
    {[](RulePack& p) { p.issuer_kinds[0] = IssuerKind::kUnspecified; }, "issuer_kinds[0]",
     PackDefect::kUnknown},
    {[](RulePack& p) { p.issuer_kinds[0] = kUnknownKind; }, "issuer_kinds[0]",
     PackDefect::kUnknown},
    {[](RulePack& p) { p.issuer_kinds.push_back(IssuerKind::kEnterprise); }, "issuer_kinds[2]",
     PackDefect::kDuplicate},
    {[](RulePack& p) { p.points_per_year_max = -1; }, "points_per_year_max",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.points_per_year_max = 0; }, "points_per_year_max",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.points_per_year_max = Points::kMax + 1; }, "points_per_year_max",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.issuer_caps[0].issuer_kind = IssuerKind::kUnspecified; },
     "issuer_caps[0].issuer_kind", PackDefect::kUnknown},
    {[](RulePack& p) { p.issuer_caps[0].issuer_kind = IssuerKind::kOther; },
     "issuer_caps[0].issuer_kind", PackDefect::kContradiction},
    {[](RulePack& p) { p.issuer_caps[0].points_per_year_max = -5; },
     "issuer_caps[0].points_per_year_max", PackDefect::kOutOfRange},
    {[](RulePack& p) { p.issuer_caps.push_back(p.issuer_caps[0]); }, "issuer_caps[1].issuer_kind",
     PackDefect::kDuplicate},
    {[](RulePack& p) { p.points_per_occasion_max = -400; }, "points_per_occasion_max",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.points_per_occasion_max = 1'501; }, "points_per_occasion_max",
     PackDefect::kContradiction},
    {[](RulePack& p) { p.occasions.resize(kOccasionsPerPackMax + 1); }, "occasions",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.occasions[0].name = ""; }, "occasions[0].name", PackDefect::kMalformed},
    {[](RulePack& p) { p.occasions[0].name = "Qingming"; }, "occasions[0].name",
     PackDefect::kMalformed},
    {[](RulePack& p) { p.occasions[0].name = "newyear"; }, "occasions[0].name",
     PackDefect::kUnknown},
    {[](RulePack& p) { p.occasions[0].name = "birthday"; }, "occasions[0].name",
     PackDefect::kUnknown},
    {[](RulePack& p) { p.occasions[0].minority_festival = true; }, "occasions[0].minority_festival",
     PackDefect::kContradiction},
    {[](RulePack& p) { p.occasions[1].points_max = 0; }, "occasions[1].points_max",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.occasions[1].points_max = 1'501; }, "occasions[1].points_max",
     PackDefect::kContradiction},
    {[](RulePack& p) { p.occasions[2].name = "new-year"; }, "occasions[2].name",
     PackDefect::kDuplicate},
    {[](RulePack& p) { p.occasions[3].name = "birthday"; }, "occasions[3].minority_festival",
     PackDefect::kContradiction},
    {[](RulePack& p) { p.occasions_per_year_max = 0; }, "occasions_per_year_max",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.occasions_per_year_max = 5; }, "occasions_per_year_max",
     PackDefect::kContradiction},
    {[](RulePack& p) { p.earmark_share_min = 0; }, "earmark_share_min_basis_points",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.earmark_share_min = 10'001; }, "earmark_share_min_basis_points",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.merchant_categories.resize(kCategoriesPerTermsMax + 1); },
     "merchant_categories", PackDefect::kOutOfRange},
    {[](RulePack& p) { p.merchant_categories[0] = 10'000; }, "merchant_categories[0]",
     PackDefect::kMalformed},
    {[](RulePack& p) { p.merchant_categories[1] = 5'411; }, "merchant_categories[1]",
     PackDefect::kDuplicate},
    {[](RulePack& p) { p.expiry_days_min = 0; }, "expiry_days_min", PackDefect::kOutOfRange},
    {[](RulePack& p) { p.expiry_days_max = kPackExpiryDaysMax + 1; }, "expiry_days_max",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.expiry_days_max = 29; }, "expiry_days_max", PackDefect::kContradiction},
    {[](RulePack& p) { p.life_events[0].name = "funeral"; }, "life_events[0].name",
     PackDefect::kUnknown},
    {[](RulePack& p) { p.life_events[0].points_per_year_max = -1; },
     "life_events[0].points_per_year_max", PackDefect::kOutOfRange},
    {[](RulePack& p) { p.life_events[1].name = "birthday"; }, "life_events[1].name",
     PackDefect::kDuplicate},
    {[](RulePack& p) { p.earmark_share_min.reset(); }, "earmark_regions",
     PackDefect::kContradiction},
    {[](RulePack& p) { p.earmark_regions.resize(kRegionsPerTermsMax + 1); }, "earmark_regions",
     PackDefect::kOutOfRange},
    {[](RulePack& p) { p.earmark_regions[0] = 420'001; }, "earmark_regions[0]",
     PackDefect::kMalformed},
    {[](RulePack& p) { p.earmark_regions[1] = 420'100; }, "earmark_regions[1]",
     PackDefect::kDuplicate},
    {[](RulePack& p) { p.earmark_categories.resize(kCategoriesPerTermsMax + 1); },
     "earmark_categories", PackDefect::kOutOfRange},
    {[](RulePack& p) { p.earmark_categories[0] = 10'000; }, "earmark_categories[0]",
     PackDefect::kMalformed},
    {[](RulePack& p) { p.earmark_categories[0] = 5'812; }, "earmark_categories[0]",
     PackDefect::kContradiction},
    {[](RulePack& p) {
       p.earmark_categories = {5'411, 5'411};
     },
     "earmark_categories[1]", PackDefect::kDuplicate},
};

TEST(RulePackTest, EveryDefectIsFoundAndNamed) {
  ASSERT_FALSE(CheckPack(SoundPack()).has_value());
  for (const Row& row : kRows) {
    RulePack pack = SoundPack();
    row.spoil(pack);
    ExpectProblem(pack, row);
  }
}

TEST(RulePackTest, OfTwoDefectsTheEarlierIsFound) {
  const std::size_t count = std::size(kRows);
  for (std::size_t early = 0; early < count; ++early) {
    for (std::size_t late = early + 1; late < count; ++late) {
      if (kRows[early].field == kRows[late].field) continue;
      // A name that nobody knows is that of a festival of a minority once it says so.
      if (kRows[late].field == "occasions[0].minority_festival" &&
          kRows[early].defect == PackDefect::kUnknown) {
        continue;
      }
      RulePack pack = SoundPack();
      kRows[late].spoil(pack);  // First, so that what resizes a list does not undo it.
      kRows[early].spoil(pack);
      const auto problem = CheckPack(pack);
      ASSERT_TRUE(problem.has_value()) << kRows[early].field << " with " << kRows[late].field;
      EXPECT_EQ(problem->field, kRows[early].field) << "with " << kRows[late].field;
    }
  }
}

TEST(RulePackTest, AnUnnecessaryNumberOfOccasionsContradictsTheList) {
  RulePack pack = SoundPack();
  pack.occasions.clear();
  pack.points_per_occasion_max.reset();
  EXPECT_EQ(CheckPack(pack)->field, "occasions_per_year_max");
  pack.occasions_per_year_max.reset();
  EXPECT_EQ(CheckPack(pack)->field, "earmark_share_min_basis_points");
  pack.earmark_share_min.reset();
  EXPECT_EQ(CheckPack(pack)->field, "earmark_regions");
  pack.earmark_regions.clear();
  EXPECT_EQ(CheckPack(pack)->field, "earmark_categories");
  pack.earmark_categories.clear();
  EXPECT_FALSE(CheckPack(pack).has_value()) << "events in a life alone are a pack";
  pack.life_events.clear();
  EXPECT_EQ(CheckPack(pack)->field, "life_events");
  EXPECT_EQ(CheckPack(pack)->defect, PackDefect::kContradiction);
}

TEST(RulePackTest, WhatIsLeftOutLimitsNothing) {
  const RulePack pack = {.id = "least",
                         .version = 1,
                         .display_name = "Least",
                         .basis = "None",
                         .occasions = {{.name = "national-day", .points_max = Points::kMax}}};
  EXPECT_FALSE(CheckPack(pack).has_value());
  EXPECT_FALSE(pack.YearCap(IssuerKind::kOther).has_value());
}

TEST(RulePackTest, AnOccasionMayReachWhatTheBestFundedMayGive) {
  RulePack pack = SoundPack();
  pack.occasions[1].points_max = 1'500;
  EXPECT_FALSE(CheckPack(pack).has_value());
  pack.issuer_caps.clear();
  EXPECT_EQ(CheckPack(pack)->field, "occasions[1].points_max");
  pack.points_per_year_max.reset();
  EXPECT_FALSE(CheckPack(pack).has_value()) << "no cap of the year to be above";
}

TEST(RulePackTest, AnEarmarkMayNameAnyCategoryWhereTheTermsMay) {
  RulePack pack = SoundPack();
  pack.merchant_categories.clear();
  pack.earmark_categories = {742};
  EXPECT_FALSE(CheckPack(pack).has_value());
}

TEST(RulePackTest, IsInForceFromTheFirstToTheLastDay) {
  RulePack pack = SoundPack();
  EXPECT_FALSE(pack.InForce(CivilDay(2025, 12, 31)));
  EXPECT_TRUE(pack.InForce(CivilDay(2026, 1, 1)));
  EXPECT_TRUE(pack.InForce(CivilDay(2026, 12, 31)));
  EXPECT_FALSE(pack.InForce(CivilDay(2027, 1, 1)));
  pack.effective_to.reset();
  EXPECT_TRUE(pack.InForce(CivilDay(2999, 1, 1)));
}

TEST(RulePackTest, TheNarrowerCapIsTheOneThatCounts) {
  const RulePack pack = SoundPack();
  EXPECT_EQ(pack.YearCap(IssuerKind::kEnterprise), 1'000);
  EXPECT_EQ(pack.YearCap(IssuerKind::kWellFundedEnterprise), 1'500);
  EXPECT_EQ(pack.OccasionCap(pack.occasions[0]), 400);
  EXPECT_EQ(pack.OccasionCap(pack.occasions[1]), 700);
  EXPECT_EQ(pack.FindOccasion("birthday"), nullptr);
  EXPECT_EQ(pack.FindLifeEvent("qingming"), nullptr);
}

}  // namespace
}  // namespace puhui::issuing::rule_pack_test
