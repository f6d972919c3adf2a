// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/union_commands.h"

#include "issuing/app/queries.h"
#include "ledger/base/limits.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace puhui::issuing {
namespace {

TEST(UnionCommandsTest, RefusesUnionsInOrder) {
  Script script;
  script.Run(R"(
    union province                       ok
    union city under=province            ok
    union city under=nowhere             NOT_FOUND       # before ALREADY_EXISTS
    union city under=province            ALREADY_EXISTS
    union city                           ALREADY_EXISTS
  )");
}

TEST(UnionCommandsTest, RefusesATreeDeeperThanTheLimit) {
  Script script;
  script.Run("union u1 ok");
  for (std::uint32_t depth = 2; depth <= kUnionDepthMax; ++depth) {
    script.Run(absl::StrCat("union u", depth, " under=u", depth - 1, " ok"));
  }
  script.Run(R"(
    union u9 under=u8                    UNION_DEPTH_LIMIT
    union u8 under=u8                    ALREADY_EXISTS  # before UNION_DEPTH_LIMIT
    union u9 under=u7                    ok
  )");
}

TEST(UnionCommandsTest, CreatesPointsWhenASecondPersonConfirms) {
  Script script;
  script.Run(R"(
    union   city                         ok
    union   other                        ok
    propose nowhere 500 ref=B-1          NOT_FOUND
    propose city 500 ref=B-1 by=fay      ok
    propose other 500 ref=B-1 by=fay     BANK_REFERENCE_USED
    propose nowhere 500 ref=B-1          NOT_FOUND       # before BANK_REFERENCE_USED
    budget  city 0                       ok
    confirm city p1 by=fay               SAME_PERSON
    confirm other p1 by=fay              NOT_FOUND       # another union's funding
    confirm city p9 by=fred              NOT_FOUND
    confirm nowhere p1 by=fred           NOT_FOUND
    confirm city p1 by=fred              ok
    budget  city 500                     ok
    confirm city p1 by=fay               SAME_PERSON     # before FUNDING_ALREADY_CONFIRMED
    confirm city p1 by=fred              FUNDING_ALREADY_CONFIRMED
    budget  city 500                     ok
  )");
}

TEST(UnionCommandsTest, RefusesFundingBeyondTheLargestAmount) {
  Script script;
  script.Run(R"(
    union   city                                ok
    propose city 999999999999999 ref=B-1        ok
    propose city 1 ref=B-2                      ok
    propose city 1 ref=B-3                      ok
    confirm city p1                             ok
    confirm city p2                             ok
    confirm city p3                             AMOUNT_OVERFLOW
    confirm city p1                             FUNDING_ALREADY_CONFIRMED
    budget  city 1000000000000000               ok
  )");
}

TEST(UnionCommandsTest, ReadersSeeWhatWasCreated) {
  Script script;
  script.Run(R"(
    union   province                     ok
    union   city under=province          ok
    union   other                        ok
    propose city 500 ref=B-1             ok
    confirm city p1                      ok
  )");
  const ledger::Readable& store = script.ledger().ledger.store();
  ASSERT_OK_AND_ASSIGN(const auto province, FindUnion(store, "province"));
  ASSERT_OK_AND_ASSIGN(const auto city, FindUnion(store, "city"));
  ASSERT_OK_AND_ASSIGN(const auto other, FindUnion(store, "other"));
  ASSERT_OK_AND_ASSIGN(const auto nowhere, FindUnion(store, "nowhere"));
  ASSERT_TRUE(province.has_value() && city.has_value() && other.has_value());
  EXPECT_FALSE(nowhere.has_value());
  EXPECT_EQ(city->row.parent, province->number);
  EXPECT_EQ(city->row.depth, 2U);
  EXPECT_EQ(city->row.id, "city");

  ASSERT_OK_AND_ASSIGN(const bool below, IsWithin(store, city->number, province->number));
  ASSERT_OK_AND_ASSIGN(const bool above, IsWithin(store, province->number, city->number));
  ASSERT_OK_AND_ASSIGN(const bool beside, IsWithin(store, other->number, province->number));
  ASSERT_OK_AND_ASSIGN(const bool itself, IsWithin(store, city->number, city->number));
  EXPECT_TRUE(below && itself);
  EXPECT_FALSE(above || beside);

  ASSERT_OK_AND_ASSIGN(const auto budgets, BudgetsOf(store, city->number));
  ASSERT_EQ(budgets.size(), 1U);
  EXPECT_EQ(budgets[0].origin, city->number);
  EXPECT_EQ(budgets[0].points, 500);
  ASSERT_OK_AND_ASSIGN(const auto none, BudgetsOf(store, province->number));
  EXPECT_TRUE(none.empty());

  ASSERT_OK_AND_ASSIGN(const auto funding, FindFunding(store, 4));
  ASSERT_TRUE(funding.has_value());
  EXPECT_TRUE(funding->confirm_time.has_value());
  EXPECT_EQ(funding->bank_reference, "B-1");
}

}  // namespace
}  // namespace puhui::issuing
