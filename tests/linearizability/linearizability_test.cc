// SPDX-License-Identifier: Apache-2.0
// Tills that ask at once hear what one till could have heard that asked one thing after the other.
#include "tests/linearizability/broken_desks.h"
#include "tests/linearizability/till_crowd.h"
#include "tests/support/rounds.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>

namespace puhui::testing {
namespace {

constexpr std::size_t kWallets = 3;
constexpr std::size_t kCallsOfATill = 52;
static_assert(kCallsOfATill * TillCrowd::kTills >= 200);
// Far above what a history of this size takes, and far below what the memory holds.
constexpr std::size_t kStepsMax = 1'000'000;

Linearizability Check(const TillHistory& history) {
  return LinearizabilityChecker<TillModel>(history, kStepsMax)
      .Check(TillModel::With(TillCrowd::kPoints));
}

// What all tills said and heard of one seed, at desks that `make_desk` makes of the ledger's.
template <class MakeDesk>
std::vector<TillHistory> PlayAt(TillLedger& ledger, std::uint64_t seed, MakeDesk make_desk) {
  std::vector<std::unique_ptr<TillDesk>> desks;
  std::vector<TillDesk*> borrowed;
  for (std::size_t i = 0; i < kWallets; ++i) {
    desks.push_back(
        make_desk(std::make_unique<LedgerDesk>(&ledger, ledger.AddWallet(TillCrowd::kPoints))));
    borrowed.push_back(desks.back().get());
  }
  return TillCrowd(std::move(borrowed), seed).Play(kCallsOfATill);
}

std::unique_ptr<TillDesk> AsItIs(std::unique_ptr<TillDesk> desk) { return desk; }

// How much of it was more than one caller after the other.
std::size_t Overlaps(const TillHistory& history) {
  std::size_t overlaps = 0;
  for (const TillOperation& operation : history) {
    if (operation.responded > operation.invoked + 1) ++overlaps;
  }
  return overlaps;
}

void ExpectLinearizable(std::uint64_t first_seed, std::uint64_t histories) {
  constexpr std::uint64_t kHistoriesOfALedger = 50;
  std::unique_ptr<TillLedger> ledger;
  std::size_t overlaps = 0;
  std::size_t declined = 0;
  for (std::uint64_t i = 0; i < histories; ++i) {
    if (i % kHistoriesOfALedger == 0) {
      if (ledger != nullptr) {
        ASSERT_OK(ledger->Verify());
      }
      ledger = std::make_unique<TillLedger>();
    }
    const std::uint64_t seed = first_seed + i;
    for (const TillHistory& history : PlayAt(*ledger, seed, AsItIs)) {
      ASSERT_EQ(Check(history), Linearizability::kYes) << "seed " << seed << "\n"
                                                       << TextOf(history);
      overlaps += Overlaps(history);
      for (const TillOperation& operation : history) {
        if (operation.output.declined.has_value()) ++declined;
      }
    }
  }
  ASSERT_OK(ledger->Verify());
  // Histories that hold no race, or nothing but refusals, prove nothing.
  const std::size_t calls = histories * TillCrowd::kTills * kCallsOfATill;
  EXPECT_GT(overlaps, calls / 4);
  EXPECT_GT(declined, calls / 20);
  EXPECT_LT(declined, calls / 2);
}

TEST(LinearizabilityTest, TillsHearWhatOneAfterTheOtherCouldHaveHeard) {
  ExpectLinearizable(1, Rounds(1'000));
}

TEST(LinearizabilityTest, OfAFreshSeedToo) {
  const std::uint64_t seed = std::random_device()();
  std::cout << "fresh seed " << seed << "\n";
  ExpectLinearizable(seed, Rounds(50));
}

// Plays until the bug is found; in how many histories.
template <class Desk>
std::size_t HistoriesUntilFound() {
  constexpr std::size_t kHistoriesMax = 50;
  TillLedger ledger;
  for (std::uint64_t seed = 1; seed <= kHistoriesMax; ++seed) {
    const auto histories = PlayAt(ledger, seed, [](std::unique_ptr<TillDesk> desk) {
      return std::make_unique<Desk>(std::move(desk));
    });
    for (const TillHistory& history : histories) {
      if (Check(history) == Linearizability::kNo) return seed;
    }
  }
  return kHistoriesMax + 1;
}

constexpr std::size_t kSoon = 5;

TEST(LinearizabilityTest, FindsADeskThatAnswersBeforeItIsDecided) {
  EXPECT_LE(HistoriesUntilFound<DeskThatAnswersEarly>(), kSoon);
}

TEST(LinearizabilityTest, FindsADeskThatReadsABalanceOfBefore) {
  EXPECT_LE(HistoriesUntilFound<DeskThatReadsOldBalances>(), kSoon);
}

TEST(LinearizabilityTest, FindsADeskThatDropsAVoid) {
  EXPECT_LE(HistoriesUntilFound<DeskThatDropsVoids>(), kSoon);
}

TEST(LinearizabilityTest, FindsADeskThatChargesARepeatedCallAgain) {
  EXPECT_LE(HistoriesUntilFound<DeskThatChargesRepeats>(), kSoon);
}

}  // namespace
}  // namespace puhui::testing
