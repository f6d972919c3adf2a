// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/audit_load.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

namespace puhui::bench {
namespace {

TEST(AuditLoadTest, BuildsAnIndexAndAsksIt) {
  const TempDir directory;
  const AuditWish wish{.directory = directory.Join("audit"),
                       .records = 5'000,
                       .members = 50,
                       .merchants = 5,
                       .queries = 20};
  for (int i = 0; i < 2; ++i) {  // Of a journal that is new, and of one that is there.
    const auto build = BuildAudit(wish);
    ASSERT_OK(build);
    EXPECT_EQ(build->records, 5'000U);
    EXPECT_GT(build->records_per_second, 0);
    EXPECT_GT(build->index_bytes, 0U);
    const auto report = AskAudit(wish);
    ASSERT_OK(report);
    EXPECT_EQ(report->records, 5'000U);
    EXPECT_GT(report->page.middle, 0);
    EXPECT_LE(report->page.middle, report->page.slow);
    EXPECT_GT(report->hundreds.middle, 0);
    EXPECT_GT(report->thousands.middle, 0);
  }
}

TEST(AuditLoadTest, AsksNothingThatWasNotBuilt) {
  const TempDir directory;
  EXPECT_FALSE(AskAudit({.directory = directory.Join("audit"), .queries = 1}).ok());
}

}  // namespace
}  // namespace puhui::bench
