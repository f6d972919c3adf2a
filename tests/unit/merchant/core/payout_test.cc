// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/payout.h"

#include "merchant/core/bank_answer.h"
#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace puhui::merchant {
namespace {

std::vector<OriginSum> Sums(const std::map<std::uint32_t, std::int64_t>& sums) {
  std::vector<OriginSum> ascending;
  for (const auto& [origin, points] : sums) ascending.push_back({UnionNumber{origin}, points});
  return ascending;
}

TEST(DueOfTest, PaysWhatADayCameTo) {
  const DuePayout due = DueOf(Sums({{1, 100}, {3, 50}}), {});
  EXPECT_EQ(due.sums, Sums({{1, 100}, {3, 50}}));
  EXPECT_EQ(due.carried, Sums({}));
  EXPECT_EQ(due.Points(), 150);
}

TEST(DueOfTest, OneUnionsMoneyNeverMakesUpForAnothers) {
  const DuePayout due = DueOf(Sums({{1, 100}, {2, -30}}), {});
  EXPECT_EQ(due.sums, Sums({{1, 100}}));
  EXPECT_EQ(due.carried, Sums({{2, -30}}));
}

TEST(DueOfTest, MakesUpForEarlierDaysFirst) {
  const auto carried = Sums({{1, -5}, {2, -30}, {4, -7}});
  EXPECT_EQ(DueOf(Sums({{2, 50}}), carried).sums, Sums({{2, 20}}));
  EXPECT_EQ(DueOf(Sums({{2, 50}}), carried).carried, Sums({{1, -5}, {4, -7}}));
  EXPECT_EQ(DueOf(Sums({{2, 30}}), carried).sums, Sums({}));
  EXPECT_EQ(DueOf(Sums({{2, 10}, {4, -1}}), carried).carried, Sums({{1, -5}, {2, -20}, {4, -8}}));
}

// However days come: what was paid and what is carried over are together what they came to, nothing
// is paid below zero, and nobody is paid more than all days so far came to.
TEST(DueOfTest, WhatIsPaidAndCarriedIsWhatDaysCameTo) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SeededRandom random(seed);
    std::map<std::uint32_t, std::int64_t> came_to;
    std::map<std::uint32_t, std::int64_t> paid;
    std::vector<OriginSum> carried;
    for (int day = 0; day < 30; ++day) {
      std::map<std::uint32_t, std::int64_t> sums;
      for (std::uint32_t origin = 1; origin <= 6; ++origin) {
        const auto points = static_cast<std::int64_t>(random.Below(200)) - 80;
        if (points != 0 && random.Below(3) != 0) sums[origin] = points;
      }
      for (const auto& [origin, points] : sums) came_to[origin] += points;
      const DuePayout due = DueOf(Sums(sums), carried);
      for (const OriginSum& sum : due.sums) {
        ASSERT_GT(sum.points, 0) << seed;
        paid[static_cast<std::uint32_t>(sum.origin)] += sum.points;
      }
      carried = due.carried;
      std::map<std::uint32_t, std::int64_t> together = paid;
      for (const OriginSum& sum : carried) {
        ASSERT_LT(sum.points, 0) << seed;
        together[static_cast<std::uint32_t>(sum.origin)] += sum.points;
      }
      for (const auto& [origin, points] : came_to) {
        ASSERT_EQ(together[origin], points) << seed << " day " << day;
      }
    }
  }
}

TEST(AccountAtTest, IsTheLastThatHasComeIntoUse) {
  const absl::Time start = absl::FromUnixSeconds(1'000);
  const std::vector<UsableAccount> accounts = {{1, start}, {3, start + absl::Hours(72)}};
  EXPECT_EQ(AccountAt({}, start), 0U);
  EXPECT_EQ(AccountAt(accounts, start - absl::Microseconds(1)), 0U);
  EXPECT_EQ(AccountAt(accounts, start), 1U);
  EXPECT_EQ(AccountAt(accounts, start + absl::Hours(72) - absl::Microseconds(1)), 1U);
  EXPECT_EQ(AccountAt(accounts, start + absl::Hours(72)), 3U);
}

TEST(FenPerPointTest, APointIsAWholeNumberOfFenOrTheRateIsNoRate) {
  EXPECT_EQ(FenPerPoint(100), 1U);
  EXPECT_EQ(FenPerPoint(1), 100U);
  EXPECT_EQ(FenPerPoint(25), 4U);
  for (const std::uint32_t rate : {0U, 3U, 99U, 101U, 200U, 1'000U}) {
    EXPECT_EQ(FenPerPoint(rate), 0U) << rate;
  }
}

TEST(MessageIdTest, NamesTheRunOfThisLedgerAlone) {
  constexpr char kPrefix[] = "PUHUI-1a2b3c4d";
  EXPECT_EQ(MessageId(kPrefix, 7), "PUHUI-1a2b3c4d-7");
  EXPECT_LE(MessageId(kPrefix, 4'294'967'295).size(), 35U);
  EXPECT_EQ(RunOfMessage(kPrefix, MessageId(kPrefix, 4'294'967'295)), 4'294'967'295);
  for (const char* other : {"", "PUHUI-1a2b3c4d", "PUHUI-1a2b3c4d-", "PUHUI-1a2b3c4d-07",
                            "PUHUI-1a2b3c4d-7 ", "PUHUI-1a2b3c4d--7", "PUHUI-1a2b3c4d-+7",
                            "PUHUI-ffffffff-7", "PUHUI-1a2b3c4d-4294967296"}) {
    EXPECT_EQ(RunOfMessage(kPrefix, other), absl::nullopt) << other;
  }
}

TEST(EndToEndIdTest, IsOfRunAndStatementAndFitsTheMessage) {
  EXPECT_EQ(EndToEndId(7, MerchantNumber{12}, absl::CivilDay(2026, 1, 2)), "R7-M12-20260102");
  EXPECT_LE(
      EndToEndId(4'294'967'295, MerchantNumber{4'294'967'295}, absl::CivilDay(9999, 12, 31)).size(),
      35U);
}

TEST(VerdictOfTest, MoneyLeftOnlyWhenTheBankSaysThatItIsSettled) {
  EXPECT_EQ(VerdictOf("ACSC"), Verdict::kPaid);
  EXPECT_EQ(VerdictOf("ACCC"), Verdict::kPaid);
  EXPECT_EQ(VerdictOf("RJCT"), Verdict::kRejected);
  EXPECT_EQ(VerdictOf("CANC"), Verdict::kRejected);
  for (const char* pending : {"ACCP", "ACSP", "ACTC", "PDNG", "RCVD", "ACWP", "ACFC", "PATC"}) {
    EXPECT_EQ(VerdictOf(pending), Verdict::kPending) << pending;
  }
  // Among them the one that says that the bank has changed the payment.
  for (const char* unknown : {"", "ACWC", "PART", "acsc", "ACSC "}) {
    EXPECT_EQ(VerdictOf(unknown), absl::nullopt) << unknown;
  }
}

}  // namespace
}  // namespace puhui::merchant
