// SPDX-License-Identifier: Apache-2.0
// A grant that opens two lots, and what the views refuse to fold of it.
#include "ledger/core/terms.h"
#include "ledger/engine/ledger_views.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::testing {
namespace {

using ::testing::HasSubstr;

const MemberId kMember(1, 1);

class EarmarkedGrantTest : public ::testing::Test {
 protected:
  EarmarkedGrantTest() : expiry_(ledger_.clock().Now() + absl::Hours(1)) {
    PUHUI_CHECK_OK(ledger_
                       .Run(*Always([this](ledger::Decision& decision) {
                         AddMember(kMember, TagOf(7), decision);
                         AddFunding(3, 1'000, decision);
                         AddCampaign({.number = 1, .origin = 3, .expiry = expiry_}, decision);
                         AddApproval(1, 3, 1'000, decision);
                       }))
                       .status());
  }
  absl::Status Grant(std::uint32_t lot, std::int64_t points, std::int64_t earmarked) {
    return ledger_
        .Run(*Always([&](ledger::Decision& decision) {
          AddGrant({.campaign = 1,
                    .origin = 3,
                    .member = kMember,
                    .lot = lot,
                    .points = points,
                    .expiry = expiry_,
                    .earmarked = earmarked},
                   decision);
        }))
        .status();
  }
  const ledger::Wallet& Wallet() { return *ledger_.views().wallets.Find(kMember); }

  LedgerFixture ledger_;
  const absl::Time expiry_;
};

TEST_F(EarmarkedGrantTest, LotsStandInTheOrderOfTheirNumbersWhateverIsBound) {
  ASSERT_OK(Grant(1, 100, 30));
  ASSERT_OK(Grant(2, 100, 0));
  ASSERT_OK(Grant(3, 100, 100));
  ASSERT_OK(Grant(4, 100, 1));
  std::vector<std::pair<std::uint32_t, std::int64_t>> lots;
  for (const ledger::Lot& lot : Wallet().lots) {
    lots.emplace_back(static_cast<std::uint32_t>(lot.number), lot.remaining);
    EXPECT_EQ(lot.granted, lot.remaining);
    EXPECT_EQ(lot.expiry, expiry_);
    EXPECT_EQ(Wallet().FindLot(lot.number), &lot);
  }
  constexpr std::uint32_t kBit = ledger::kEarmarkedBit;
  EXPECT_THAT(lots,
              ::testing::ElementsAre(::testing::Pair(1, 70), ::testing::Pair(2, 100),
                                     ::testing::Pair(4, 99), ::testing::Pair(kBit | 1, 30),
                                     ::testing::Pair(kBit | 3, 100), ::testing::Pair(kBit | 4, 1)));
  EXPECT_EQ(Wallet().lots_ever, 4U);
  EXPECT_EQ(Wallet().TotalPoints(), 400);
}

TEST_F(EarmarkedGrantTest, WhatNoRunWritesIsNotFolded) {
  struct Row {
    const char* finding;
    std::uint32_t lot;
    std::int64_t earmarked;
  };
  const std::vector<Row> rows = {{"101 of them earmarked", 1, 101},
                                 {"-1 of them earmarked", 1, -1},
                                 {"the wallet's next lot", 2, 30},
                                 {"the wallet's next lot", ledger::kEarmarkedBit | 1, 30}};
  for (const Row& row : rows) {
    const absl::Status folded = Grant(row.lot, 100, row.earmarked);
    EXPECT_THAT(folded, HasCode(absl::StatusCode::kDataLoss));
    EXPECT_THAT(std::string(folded.message()), HasSubstr(row.finding));
    EXPECT_TRUE(Wallet().lots.empty());
  }
}

}  // namespace
}  // namespace puhui::testing
