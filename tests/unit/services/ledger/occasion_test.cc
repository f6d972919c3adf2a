// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/occasion.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace puhui::services {
namespace {

Principal By(absl::string_view path) {
  return *ParseSpiffeUri(absl::StrCat("spiffe://d", path), "d");
}

TEST(OccasionTest, WhoDecidesOnHardshipKnowsOfItAndNobodyElse) {
  for (const char* occasion : {"illness", "birth", "hardship", "medical-aid"}) {
    EXPECT_TRUE(IsPersonalOccasion(occasion)) << occasion;
    for (const char* path :
         {"/hr/unions/fh-1", "/union-admin/unions/fh-1", "/approver/unions/fh-1"}) {
      EXPECT_FALSE(HidesOccasion(By(path), occasion)) << path << " " << occasion;
    }
    for (const char* path : {"/auditor", "/auditor/unions/fh-1", "/finance/unions/fh-1",
                             "/supervisor", "/operator", "/merchant/merchants/m-7"}) {
      EXPECT_TRUE(HidesOccasion(By(path), occasion)) << path << " " << occasion;
    }
  }
}

TEST(OccasionTest, HolidaysAreForEverybodyToSee) {
  for (const char* occasion : {"spring-festival", "mid-autumn", ""}) {
    EXPECT_FALSE(IsPersonalOccasion(occasion)) << occasion;
    EXPECT_FALSE(HidesOccasion(By("/auditor"), occasion)) << occasion;
  }
  EXPECT_FALSE(IsPersonalOccasion(kNeutralOccasion));
}

}  // namespace
}  // namespace puhui::services
