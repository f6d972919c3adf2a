// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/upload_shelf.h"

#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

namespace puhui::services {
namespace {

using ledger::Reason;

TEST(UploadShelfTest, WhatIsUnderWayHasABoundAndWhatIsKeptMakesRoom) {
  UploadShelf shelf(100);
  const absl::Time now = absl::UnixEpoch();
  {
    auto upload = shelf.Begin("a", 60, now);
    ASSERT_OK(upload);
    // As long as it takes: what counts is when something came last.
    upload->Append("12345", now + absl::Hours(1));
    EXPECT_THAT(shelf.Begin("b", 41, now), Refuses(Reason::kOverloaded));
  }
  {
    auto resumed = shelf.Begin("a", 60, now + absl::Hours(1));
    ASSERT_OK(resumed);
    EXPECT_EQ(resumed->bytes(), "12345");
  }
  auto other = shelf.Begin("b", 96, now + absl::Hours(1));
  ASSERT_OK(other);
  EXPECT_THAT(shelf.Begin("a", 60, now + absl::Hours(1)), Refuses(Reason::kOverloaded));
  EXPECT_EQ(other->bytes(), "");
}

}  // namespace
}  // namespace puhui::services
