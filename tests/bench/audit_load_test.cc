// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/audit_load.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

namespace puhui::bench {
namespace {

TEST(AuditLoadTest, BuildsAnIndexAndAsksIt) {
  const TempDir directory;
  const auto report = RunAudit({.directory = directory.Join("audit"),
                                .records = 5'000,
                                .members = 50,
                                .merchants = 5,
                                .queries = 20});
  ASSERT_OK(report);
  EXPECT_EQ(report->records, 5'000U);
  EXPECT_GT(report->records_per_second, 0);
  EXPECT_GT(report->index_bytes, 0U);
  EXPECT_GT(report->page.middle, 0);
  EXPECT_LE(report->page.middle, report->page.slow);
}

}  // namespace
}  // namespace puhui::bench
