// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/account.h"

#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace puhui::ledger::account_test {
namespace {

Posting Line(std::int64_t points, std::uint32_t origin = 1) {
  return {.kind = AccountKind::kBudget, .origin = UnionNumber{origin}, .points = points};
}

TEST(AccountTest, EveryKindHasANameOfItsOwn) {
  std::set<std::string> names;
  for (std::uint8_t kind = 1; kind <= kAccountKinds; ++kind) {
    names.insert(std::string(AccountKindName(static_cast<AccountKind>(kind))));
  }
  EXPECT_EQ(names.size(), kAccountKinds);
}

TEST(AccountTest, BoundsAreThoseOfTheChartOfAccounts) {
  for (std::uint8_t number = 1; number <= kAccountKinds; ++number) {
    const auto kind = static_cast<AccountKind>(number);
    EXPECT_TRUE(WithinBound(kind, 0)) << AccountKindName(kind);
    const bool below =
        kind == AccountKind::kFunding || kind == AccountKind::kPayable || kind == AccountKind::kFee;
    EXPECT_EQ(WithinBound(kind, -1), below) << AccountKindName(kind);
    EXPECT_EQ(WithinBound(kind, 1), kind != AccountKind::kFunding) << AccountKindName(kind);
  }
}

TEST(CheckBalancedTest, TakesAnEntryThatSumsToZeroForEachOrigin) {
  EXPECT_OK(CheckBalanced(std::vector<Posting>{Line(-5), Line(5)}));
  EXPECT_OK(CheckBalanced(std::vector<Posting>{Line(-5, 1), Line(7, 2), Line(5, 1), Line(-7, 2)}));
  EXPECT_OK(CheckBalanced(std::vector<Posting>{Line(-Points::kMax), Line(Points::kMax)}));
}

TEST(CheckBalancedTest, RefusesWhatDoesNotSumToZero) {
  EXPECT_THAT(CheckBalanced(std::vector<Posting>{Line(-5), Line(6)}),
              HasCode(absl::StatusCode::kInternal));
  // In all it is zero, but points changed their origin.
  EXPECT_THAT(CheckBalanced(std::vector<Posting>{Line(-5, 1), Line(5, 2)}),
              HasCode(absl::StatusCode::kInternal));
}

TEST(CheckBalancedTest, RefusesTooFewTooManyZeroAndHugePostings) {
  EXPECT_THAT(CheckBalanced({}), HasCode(absl::StatusCode::kInternal));
  EXPECT_THAT(CheckBalanced(std::vector<Posting>{Line(0)}), HasCode(absl::StatusCode::kInternal));
  EXPECT_THAT(CheckBalanced(std::vector<Posting>{Line(0), Line(0)}),
              HasCode(absl::StatusCode::kInternal));
  EXPECT_THAT(CheckBalanced(std::vector<Posting>{Line(Points::kMax + 1), Line(-Points::kMax - 1)}),
              HasCode(absl::StatusCode::kInternal));
  std::vector<Posting> many;
  for (std::size_t i = 0; i < kPostingsPerEntryMax; ++i) many.push_back(Line(i % 2 == 0 ? 1 : -1));
  EXPECT_OK(CheckBalanced(many));
  many.push_back(Line(1));
  many.push_back(Line(-1));
  EXPECT_THAT(CheckBalanced(many), HasCode(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace puhui::ledger::account_test
