// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/bulk_rest.h"

#include <gtest/gtest.h>

namespace puhui::ledger {
namespace {

using std::chrono::milliseconds;

constexpr BulkRest::Clock::duration kNone{};

TEST(BulkRestTest, RestsTwiceAsLongAsItWorkedWhileSomebodyAsks) {
  BulkRest rest;
  const BulkRest::Clock::time_point start = BulkRest::Clock::now();
  rest.NoteInteractive(start);
  EXPECT_EQ(rest.Left(start), kNone);
  rest.NoteBulk(start, start + milliseconds(3));
  EXPECT_EQ(rest.Left(start + milliseconds(3)), milliseconds(6));
  EXPECT_EQ(rest.Left(start + milliseconds(8)), milliseconds(1));
  EXPECT_EQ(rest.Left(start + milliseconds(9)), kNone);
  EXPECT_EQ(rest.Left(start + milliseconds(30)), kNone);
}

TEST(BulkRestTest, DoesNotRestWhenNobodyAsks) {
  BulkRest rest;
  const BulkRest::Clock::time_point start = BulkRest::Clock::now();
  EXPECT_FALSE(rest.Lately(start));
  rest.NoteBulk(start, start + milliseconds(3));
  EXPECT_EQ(rest.Left(start + milliseconds(3)), kNone);
  rest.NoteInteractive(start + milliseconds(4));
  EXPECT_TRUE(rest.Lately(start + milliseconds(4)));
  EXPECT_EQ(rest.Left(start + milliseconds(4)), milliseconds(5));
  rest.NoteBulk(start, start + milliseconds(200));
  EXPECT_FALSE(rest.Lately(start + milliseconds(104)));
  EXPECT_EQ(rest.Left(start + milliseconds(104)), kNone);
}

}  // namespace
}  // namespace puhui::ledger
