// SPDX-License-Identifier: Apache-2.0
// The packs of deploy/rules are sound and say what docs/domain.md says of them.
#include "issuing/core/rule_verdict.h"
#include "services/rules/rule_pack_file.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using issuing::IssuerKind;
using issuing::Rule;

constexpr const char* kFolder = "deploy/rules";

std::set<std::string> ShippedFiles() {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    files.insert(entry.path().string());
  }
  return files;
}

issuing::RulePack Shipped(absl::string_view name) {
  auto read = ReadRulePackFile(absl::StrCat(kFolder, "/", name, ".yaml"));
  EXPECT_OK(read);
  return read.ok() ? std::move(read->pack) : issuing::RulePack();
}

TEST(ShippedPacksTest, AreSoundAndNamedOnce) {
  std::set<std::pair<std::string, std::uint32_t>> names;
  for (const std::string& file : ShippedFiles()) {
    ASSERT_OK_AND_ASSIGN(const ReadPack read, ReadRulePackFile(file));
    EXPECT_TRUE(names.emplace(read.pack.id, read.pack.version).second) << file;
    EXPECT_TRUE(absl::StartsWith(std::filesystem::path(file).stem().string(), read.pack.id));
  }
  EXPECT_EQ(names.size(), 6U);
}

TEST(ShippedPacksTest, SayWhereTheyAreFromAndThatTheyAreToBeChecked) {
  for (const std::string& file : ShippedFiles()) {
    std::ifstream stream(file);
    const std::string text((std::istreambuf_iterator<char>(stream)), {});
    EXPECT_TRUE(absl::StrContains(text, "# Public basis: ")) << file;
    EXPECT_TRUE(absl::StrContains(text, "text before use")) << file;
    EXPECT_TRUE(absl::StrContains(text, "# 100 points are one yuan.")) << file;
  }
}

TEST(ShippedPacksTest, CapTheYearInPoints) {
  const std::map<std::string, std::int64_t> yuan = {{"anhui", 1'500},
                                                    {"hubei", 1'200},
                                                    {"shaanxi-1", 1'000},
                                                    {"shaanxi-2", 2'200},
                                                    {"guangdong", 2'500}};
  for (const auto& [name, cap] : yuan) {
    EXPECT_EQ(Shipped(name).YearCap(IssuerKind::kEnterprise), cap * 100) << name;
  }
  EXPECT_EQ(Shipped("hubei").YearCap(IssuerKind::kWellFundedEnterprise), 150'000);
  EXPECT_FALSE(Shipped("guizhou").YearCap(IssuerKind::kEnterprise).has_value());
}

// The first rule that a grant breaks to somebody who has received nothing yet.
Rule Breaks(const issuing::RulePack& pack, const char* occasion, std::int64_t yuan,
            std::uint32_t earmark_share) {
  issuing::Facts facts;
  facts.points = Points::FromStored(yuan * 100);
  facts.occasion = occasion;
  facts.day = pack.effective_from;
  facts.issuer_kind = IssuerKind::kEnterprise;
  facts.last_day = facts.day + 365;
  facts.earmark_share = BasisPoints::FromStored(earmark_share);
  return issuing::Evaluate(pack, issuing::InputsOf(pack, facts)).rule;
}

TEST(ShippedPacksTest, JudgeAsTheProvincesDo) {
  const issuing::RulePack guizhou = Shipped("guizhou");
  EXPECT_EQ(Breaks(guizhou, "spring-festival", 500, 0), Rule::kNone);
  EXPECT_EQ(Breaks(guizhou, "spring-festival", 501, 0), Rule::kPointsPerOccasion);
  EXPECT_EQ(Breaks(guizhou, "mid-autumn", 200, 0), Rule::kNone);
  EXPECT_EQ(Breaks(guizhou, "mid-autumn", 201, 0), Rule::kPointsPerOccasion);
  EXPECT_EQ(Breaks(guizhou, "liuyueliu", 200, 0), Rule::kNone);
  const issuing::RulePack shaanxi = Shipped("shaanxi-2");
  EXPECT_EQ(Breaks(shaanxi, "new-year", 2'200, 3'000), Rule::kNone);
  EXPECT_EQ(Breaks(shaanxi, "new-year", 2'200, 2'999), Rule::kEarmarkShare);
  EXPECT_EQ(Breaks(shaanxi, "new-year", 2'201, 3'000), Rule::kPointsPerYear);
  EXPECT_EQ(Shipped("shaanxi-1").occasions_per_year_max, 3U);
  const issuing::RulePack anhui = Shipped("anhui");
  EXPECT_EQ(Breaks(anhui, "birthday", 300, 0), Rule::kNone);
  EXPECT_EQ(Breaks(anhui, "birthday", 301, 0), Rule::kPointsPerLifeEvent);
  EXPECT_EQ(Breaks(anhui, "sports-day", 1, 0), Rule::kOccasion);
}

TEST(ShippedPacksTest, VersionsOfAProvinceFollowEachOther) {
  const issuing::RulePack earlier = Shipped("shaanxi-1");
  const issuing::RulePack later = Shipped("shaanxi-2");
  ASSERT_EQ(earlier.id, later.id);
  EXPECT_EQ(later.version, earlier.version + 1);
  EXPECT_EQ(earlier.effective_to, later.effective_from - 1);
}

}  // namespace
}  // namespace puhui::services
