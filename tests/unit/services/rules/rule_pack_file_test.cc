// SPDX-License-Identifier: Apache-2.0
#include "services/rules/rule_pack_file.h"

#include "services/rules/rule_pack_convert.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace puhui::services {
namespace {

using issuing::IssuerKind;
using issuing::PackDefect;
using testing::StartsWith;

// Every field, one a line, so that the rows below can name lines.
constexpr absl::string_view kSound = R"(id: test
version: 3
display_name: Test
basis: A text
effective_from: 2026-01-01
effective_to: 2026-12-31
issuer_kinds: [ISSUER_KIND_ENTERPRISE, ISSUER_KIND_WELL_FUNDED_ENTERPRISE]
points_per_year_max: 1000
issuer_caps:
  - issuer_kind: ISSUER_KIND_WELL_FUNDED_ENTERPRISE
    points_per_year_max: 1500
points_per_occasion_max: 400
occasions:
  - name: new-year
  - name: spring-festival
    points_max: 700
  - name: sanyuesan
    minority_festival: true
occasions_per_year_max: 2
earmark_share_min_basis_points: 3000
merchant_categories: [5411, '0742']
expiry_days_min: 30
expiry_days_max: 365
life_events:
  - name: birthday
    points_per_year_max: 300
earmark_regions: [610000, '420106', 420100]
earmark_categories: [5411]
)";

TEST(RulePackFileTest, EveryFieldReachesThePack) {
  ASSERT_OK_AND_ASSIGN(const ReadPack read, ReadRulePack(kSound));
  const issuing::RulePack& pack = read.pack;
  EXPECT_EQ(pack.id, "test");
  EXPECT_EQ(pack.version, 3U);
  EXPECT_EQ(pack.display_name, "Test");
  EXPECT_EQ(pack.basis, "A text");
  EXPECT_EQ(pack.effective_from, absl::CivilDay(2026, 1, 1));
  EXPECT_EQ(pack.effective_to, absl::CivilDay(2026, 12, 31));
  EXPECT_THAT(pack.issuer_kinds,
              testing::ElementsAre(IssuerKind::kEnterprise, IssuerKind::kWellFundedEnterprise));
  EXPECT_EQ(pack.YearCap(IssuerKind::kEnterprise), 1'000);
  EXPECT_EQ(pack.YearCap(IssuerKind::kWellFundedEnterprise), 1'500);
  EXPECT_EQ(pack.points_per_occasion_max, 400);
  ASSERT_EQ(pack.occasions.size(), 3U);
  EXPECT_EQ(pack.OccasionCap(pack.occasions[0]), 400);
  EXPECT_EQ(pack.OccasionCap(pack.occasions[1]), 700);
  EXPECT_TRUE(pack.occasions[2].minority_festival);
  EXPECT_EQ(pack.occasions_per_year_max, 2U);
  EXPECT_EQ(pack.earmark_share_min, 3'000U);
  EXPECT_THAT(pack.merchant_categories, testing::ElementsAre(5'411U, 742U));
  EXPECT_EQ(pack.expiry_days_min, 30U);
  EXPECT_EQ(pack.expiry_days_max, 365U);
  ASSERT_NE(pack.FindLifeEvent("birthday"), nullptr);
  EXPECT_EQ(pack.FindLifeEvent("birthday")->points_per_year_max, 300);
  EXPECT_THAT(pack.earmark_regions, testing::ElementsAre(420'100U, 420'106U, 610'000U));
  EXPECT_THAT(pack.earmark_categories, testing::ElementsAre(5'411U));
}

TEST(RulePackFileTest, TheMessageAloneMakesTheSamePack) {
  ASSERT_OK_AND_ASSIGN(const ReadPack read, ReadRulePack(kSound));
  v1::RulePack kept;
  ASSERT_TRUE(kept.ParseFromString(read.message.SerializeAsString()));
  issuing::RulePack pack;
  ASSERT_FALSE(ToPack(kept, &pack).has_value());
  EXPECT_EQ(pack.effective_to, read.pack.effective_to);
  EXPECT_EQ(pack.points_per_year_max, read.pack.points_per_year_max);
  EXPECT_EQ(pack.occasions.size(), read.pack.occasions.size());
  EXPECT_FALSE(pack.occasions[0].points_max.has_value());
}

TEST(RulePackFileTest, AFaultyPackIsRefusedByLineAndField) {
  struct Row {
    absl::string_view from;
    absl::string_view to;
    absl::string_view where;
  };
  const Row rows[] = {
      {"id: test", "id: Te st", "line 1: id: "},
      {"version: 3", "version: 0", "line 2: version: "},
      {"version: 3", "version: three", "line 2: version: "},
      {"basis: A text\n", "", "line 1: basis: "},
      {"2026-01-01", "2026-02-29", "line 5: effective_from: "},
      {"2026-01-01", "2026-1-1", "line 5: effective_from: "},
      {"2026-01-01", "2026-01-01T08", "line 5: effective_from: "},
      {"2026-01-01", "+026-01-01", "line 5: effective_from: "},
      {"effective_from: 2026-01-01\n", "", "line 1: effective_from: "},
      {"2026-12-31", "soon", "line 6: effective_to: "},
      {"2026-12-31", "2025-12-31", "line 6: effective_to: "},
      {"[ISSUER_KIND_ENTERPRISE", "[bank", "line 7: issuer_kinds[0]: "},
      {"_max: 1000", "_max: -1000", "line 8: points_per_year_max: "},
      {"_max: 1500", "_max: 0", "line 11: issuer_caps[0].points_per_year_max: "},
      {"  - issuer_kind: ISSUER_KIND_WELL_FUNDED_ENTERPRISE\n   ", "  -",
       "line 10: issuer_caps[0].issuer_kind: "},
      {"_max: 400", "_max: 1501", "line 12: points_per_occasion_max: "},
      {"new-year", "newyear", "line 14: occasions[0].name: "},
      {"spring-festival", "new-year", "line 15: occasions[1].name: "},
      {"_max: 700", "_max: 7000000", "line 16: occasions[1].points_max: "},
      {"occasions_per_year_max: 2", "occasions_per_year_max: 9",
       "line 19: occasions_per_year_max: "},
      {"3000", "10001", "line 20: earmark_share_min_basis_points: "},
      {"5411", "541", "line 21: merchant_categories[0]: "},
      {"'0742'", "cafe", "line 21: merchant_categories[1]: "},
      {"365", "29", "line 23: expiry_days_max: "},
      {"birthday", "funeral", "line 25: life_events[0].name: "},
      {"    points_per_year_max: 300\n", "", "line 25: life_events[0].points_per_year_max: "},
      {"earmark_share_min_basis_points: 3000\n", "", "line 26: earmark_regions: "},
      {"610000", "61000", "line 27: earmark_regions[0]: "},
      {"610000", "Shaanxi", "line 27: earmark_regions[0]: "},
      {"'420106'", "'420006'", "line 27: earmark_regions[1]: "},
      {"420100", "610000", "line 27: earmark_regions[2]: "},
      {"categories: [5411]", "categories: [541]", "line 28: earmark_categories[0]: "},
      {"categories: [5411]", "categories: [5814]", "line 28: earmark_categories[0]: "},
      {"version: 3", "version: 3\nversion: 4", "line 3: version: "},
      {"version: 3", "verson: 3", "line 2: verson: "},
  };
  for (const Row& row : rows) {
    const std::string text = absl::StrReplaceAll(kSound, {{row.from, row.to}});
    ASSERT_NE(text, kSound) << row.from;
    const auto read = ReadRulePack(text);
    ASSERT_THAT(read, HasCode(absl::StatusCode::kInvalidArgument)) << row.from << " " << row.to;
    EXPECT_THAT(std::string(read.status().message()), StartsWith(std::string(row.where)))
        << row.from << " " << row.to;
  }
}

TEST(RulePackFileTest, AKindThatIsNewerThanThisProgramIsUnknown) {
  ASSERT_OK_AND_ASSIGN(ReadPack read, ReadRulePack(kSound));
  read.message.set_issuer_kinds(0, static_cast<v1::IssuerKind>(256 + v1::ISSUER_KIND_ENTERPRISE));
  issuing::RulePack pack;
  const auto problem = ToPack(read.message, &pack);
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->field, "issuer_kinds[0]");
  EXPECT_EQ(problem->defect, PackDefect::kUnknown);
}

TEST(RulePackFileTest, EveryKindOfTheApiIsAKindOfTheRules) {
  for (int number = 1; number < v1::IssuerKind_ARRAYSIZE; ++number) {
    ASSERT_OK_AND_ASSIGN(ReadPack read, ReadRulePack(kSound));
    read.message.clear_issuer_caps();
    read.message.clear_issuer_kinds();
    read.message.add_issuer_kinds(static_cast<v1::IssuerKind>(number));
    issuing::RulePack pack;
    EXPECT_FALSE(ToPack(read.message, &pack).has_value()) << number;
    EXPECT_EQ(static_cast<int>(pack.issuer_kinds[0]), number);
  }
}

TEST(RulePackFileTest, AFileIsNamedInWhatIsSaidOfIt) {
  const TempDir folder;
  const std::string path = folder.Join("test.yaml");
  std::ofstream(path) << absl::StrReplaceAll(kSound, {{"version: 3", "version: 0"}});
  const auto read = ReadRulePackFile(path);
  ASSERT_THAT(read, HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(read.status().message()),
              StartsWith(absl::StrCat(path, ": line 2: version: ")));
  EXPECT_THAT(ReadRulePackFile(folder.Join("none.yaml")), HasCode(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace puhui::services
