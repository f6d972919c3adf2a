// SPDX-License-Identifier: Apache-2.0
// Unions by the hundred: what is bounded stays bounded, and adds up at every prefix.
#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/union_books.h"
#include "tests/unit/issuing/app/issuing_ledger.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::issuing {
namespace {

TEST(UnionScaleTest, AMoveTakesPointsOfABoundedNumberOfOrigins) {
  IssuingLedger ledger;
  for (const char* id : {"province", "other"}) ASSERT_OK(ledger.CreateUnion(id));
  ASSERT_OK(ledger.CreateUnion("city", "province"));
  constexpr auto kOrigins = static_cast<int>(kOriginsPerMoveMax) + 1;
  for (int i = 1; i <= kOrigins; ++i) {
    const std::string works = absl::StrCat("works-", i);
    ASSERT_OK(ledger.CreateUnion(works, "city"));
    ASSERT_OK(ledger.Fund(works, 10));
  }
  EXPECT_THAT(ledger.MoveUnion("city", "other"),
              Refuses(ledger::Reason::kOriginsPerMoveLimit, "name"));
  EXPECT_EQ(ledger.Sum("province", BudgetSum::kSubtree), 10 * kOrigins);
  ASSERT_OK(ledger.MoveUnion("works-7", "province"));
  ASSERT_OK(ledger.MoveUnion("city", "other"));
  EXPECT_EQ(ledger.Sum("province", BudgetSum::kSubtree), 10);
  EXPECT_EQ(ledger.Sum("other", BudgetSum::kSubtree), 10 * (kOrigins - 1));
  puhui::testing::UnionBooks(&ledger.ledger.store()).ExpectSound();

  // A page of the origins, and the next one.
  const UnionNumber other = ledger.NumberOf("other");
  ASSERT_OK_AND_ASSIGN(const auto page,
                       ListBudgetLines(ledger.ledger.store(),
                                       {other, BudgetSum::kSubtree, UnionNumber{}}, kPageSizeMax));
  ASSERT_EQ(page.size(), kPageSizeMax);
  ASSERT_OK_AND_ASSIGN(
      const auto rest,
      ListBudgetLines(ledger.ledger.store(), {other, BudgetSum::kSubtree, page.back().origin},
                      kPageSizeMax));
  EXPECT_EQ(rest.size(), kOriginsPerMoveMax - kPageSizeMax);
  EXPECT_LT(page.back().origin, rest.front().origin);
}

TEST(UnionScaleTest, ATreeTakesInABoundedNumberOfTrees) {
  IssuingLedger ledger;
  ASSERT_OK(ledger.CreateUnion("all"));
  constexpr auto kTrees = static_cast<int>(kTreesJoinedMax);
  for (int i = 1; i <= kTrees; ++i) ASSERT_OK(ledger.CreateUnion(absl::StrCat("tree-", i)));
  for (int i = 1; i < kTrees; ++i) ASSERT_OK(ledger.MoveUnion(absl::StrCat("tree-", i), "all"));
  const std::string last = absl::StrCat("tree-", kTrees);
  EXPECT_THAT(ledger.MoveUnion(last, "all"), Refuses(ledger::Reason::kTreesJoinedLimit, "parent"));
  EXPECT_THAT(ledger.MoveUnion("all", last), Refuses(ledger::Reason::kTreesJoinedLimit, "parent"));
  ASSERT_OK(ledger.MoveUnion("tree-1", "tree-2"));  // Within the tree.
  EXPECT_EQ(ledger.tables.UnionOf(ledger.NumberOf("all")).search_roots.size(), kTreesJoinedMax);
}

}  // namespace
}  // namespace puhui::issuing
