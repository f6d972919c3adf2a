// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/occasion.h"

#include "issuing/core/rule_pack.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace puhui::services {
namespace {

Principal By(absl::string_view path) {
  return *ParseSpiffeUri(absl::StrCat("spiffe://d", path), "d");
}
issuing::CampaignRow For(const std::string& occasion, bool personal) {
  return {.occasion = occasion, .personal = personal};
}

constexpr const char* kThoseWhoDecide[] = {"/hr/unions/fh-1", "/union-admin/unions/fh-1",
                                           "/approver/unions/fh-1"};
constexpr const char* kOthers[] = {
    "/auditor",  "/auditor/unions/fh-1",   "/finance/unions/fh-1", "/supervisor",
    "/operator", "/merchant/merchants/m-7"};

TEST(OccasionTest, WhoDecidesOnHardshipKnowsOfItAndNobodyElse) {
  for (const char* occasion : {"illness", "birth", "hardship", "medical-aid"}) {
    EXPECT_TRUE(issuing::IsPersonalOccasion(occasion)) << occasion;
    for (const bool personal : {false, true}) {
      for (const char* path : kThoseWhoDecide) {
        EXPECT_FALSE(HidesOccasion(By(path), For(occasion, personal))) << path << " " << occasion;
      }
      for (const char* path : kOthers) {
        EXPECT_TRUE(HidesOccasion(By(path), For(occasion, personal))) << path << " " << occasion;
      }
    }
  }
}

TEST(OccasionTest, HolidaysAreForEverybodyToSee) {
  for (const char* occasion : {"spring-festival", "mid-autumn", ""}) {
    EXPECT_FALSE(issuing::IsPersonalOccasion(occasion)) << occasion;
    EXPECT_FALSE(HidesOccasion(By("/auditor"), For(occasion, false))) << occasion;
  }
  EXPECT_FALSE(issuing::IsPersonalOccasion(kNeutralOccasion));
}

TEST(OccasionTest, WhatACampaignWasForOnceStaysUntold) {
  for (const char* path : kThoseWhoDecide) {
    EXPECT_FALSE(HidesOccasion(By(path), For("spring-festival", true))) << path;
  }
  for (const char* path : kOthers) {
    EXPECT_TRUE(HidesOccasion(By(path), For("spring-festival", true))) << path;
  }
}

}  // namespace
}  // namespace puhui::services
