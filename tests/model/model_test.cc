// SPDX-License-Identifier: Apache-2.0
// The ledger equals its obvious model, step by step and after every restart.
#include "ledger/engine/account_queries.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/engine/recovery.h"
#include "ledger/engine/replay.h"
#include "ledger/engine/verify.h"
#include "ledger/journal/merkle.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "tests/model/random_driver.h"
#include "tests/support/participation_recount.h"
#include "tests/support/rounds.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/union_books.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <utility>

namespace puhui::testing {
namespace {

// Invariant 8: the views are what the records come to, and the root of an earlier moment is still
// theirs. The rebuilt rows are compared in memory, or written to a store at each step, or again and
// again because they are too many, in turn.
void ExpectVerified(const LedgerUnderTest& ledger, const ledger::Promises& promises) {
  static std::uint64_t times = 0;
  constexpr std::array<std::size_t, 3> kKept = {std::size_t{1} << 30, 0, 1};
  const std::size_t kept = kKept[times++ % kKept.size()];
  ledger::MemoryStore scratch;
  const auto report = ledger::Verify(
      ledger.store(), {.make_fold = [](ledger::Store* into) -> std::unique_ptr<ledger::Fold> {
                         return std::make_unique<services::Books>(into, std::size_t{16} << 20);
                       },
                       .scratch = &scratch,
                       .kept_bytes_max = kept,
                       .promises = promises,
                       .pace = [](std::uint64_t) { return absl::OkStatus(); }});
  ASSERT_OK(report);
  EXPECT_TRUE(report->ok()) << report->findings[0];
}

// Invariants 1 to 3, summed up without the ledger's own sums.
void ExpectPointsSound(const ledger::Readable& store) {
  std::map<std::pair<ledger::AccountKind, UnionNumber>, std::int64_t> off;
  ASSERT_OK(
      ledger::Scan(store, ledger::kWalletTable, {},
                   [&off](const MemberId&, ledger::Wallet& wallet) -> absl::StatusOr<bool> {
                     for (const ledger::Lot& lot : wallet.lots) {
                       EXPECT_GE(lot.held, 0);
                       EXPECT_LE(lot.held, lot.remaining);
                       EXPECT_GT(lot.remaining, 0);
                       EXPECT_LE(lot.remaining, lot.granted);
                       off[{ledger::AccountKind::kWallet, lot.origin}] += lot.remaining - lot.held;
                       off[{ledger::AccountKind::kHeld, lot.origin}] += lot.held;
                     }
                     return true;
                   }));
  std::map<UnionNumber, std::int64_t> books;
  ASSERT_OK(
      ledger::Scan(store, ledger::kTotalTable, {},
                   [&](const ledger::TotalKey& key, std::int64_t& total) -> absl::StatusOr<bool> {
                     books[key.origin] += total;
                     if (ledger::IsMemberAccount(key.kind)) off[{key.kind, key.origin}] -= total;
                     return true;
                   }));
  ASSERT_OK(ledger::Scan(
      store, ledger::kAccountTable, {},
      [](const ledger::AccountKey& key, std::int64_t& balance) -> absl::StatusOr<bool> {
        if (ledger::BoundOf(key.kind) == ledger::AccountBound::kNeverBelowZero) {
          EXPECT_GE(balance, 0);
        }
        EXPECT_LE(std::abs(balance), Points::kMax);
        return true;
      }));
  for (const auto& [account, sum] : off) EXPECT_EQ(sum, 0);
  for (const auto& [origin, sum] : books) EXPECT_EQ(sum, 0);
}

// Everything adds up at whatever record the journal is cut off behind. Tells the root of that.
void ExpectSoundAt(const LedgerUnderTest& ledger, Sequence prefix, ledger::Promises* promises) {
  SCOPED_TRACE(absl::StrCat("prefix of ", prefix, " records"));
  ledger::MemoryStore scratch;
  services::Books books(&scratch, std::size_t{16} << 20);
  ledger::MerkleTree tree;
  ledger::Replay replay(&scratch, &books, &tree);
  std::set<std::pair<std::uint32_t, std::uint64_t>> granted;
  ParticipationRecount recount;
  replay.Watch([&granted, &recount](const journal::v1::Record& record) {
    recount.Take(record);
    if (!record.has_entry() || !record.entry().has_grant()) return;
    const journal::v1::Grant& grant = record.entry().grant();
    // Invariant 4.
    EXPECT_TRUE(granted.emplace(grant.campaign(), grant.row()).second);
  });
  ASSERT_OK(replay.Run(ledger.store(), prefix));
  ASSERT_GE(tree.size(), prefix);  // To the end of its segment.
  promises->checkpoint = ledger::Checkpoint{
      .origin = "model", .size = tree.size(), .root = tree.Root(), .time = absl::UnixEpoch()};
  UnionBooks(&scratch).ExpectSound();
  recount.ExpectKept(scratch);
  ExpectPointsSound(scratch);
  ExpectPaidAndPayable(scratch);
  ExpectSpendingOfCampaigns(scratch);
}

struct Episode {
  int steps = 0;
  int compare_every = 0;
  int reopen_every = 0;
};
// Returns what was refused, and why, how often.
void Play(LedgerUnderTest& ledger, std::uint64_t seed, const Episode& episode,
          std::map<ledger::Reason, std::uint64_t>* met = nullptr) {
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  RandomDriver driver(&ledger, seed);
  SeededRandom prefixes(seed);
  driver.Settle();
  ledger::Promises promises;
  for (int step = 1; step <= episode.steps; ++step) {
    SCOPED_TRACE(absl::StrCat("step ", step));
    driver.Step();
    driver.CompareFigures();
    if (step % episode.compare_every == 0) driver.CompareAll();
    if (step % episode.reopen_every == 0) {
      ASSERT_OK(ledger.Reopen());
      driver.CompareAll();
      ExpectVerified(ledger, promises);
      ASSERT_OK_AND_ASSIGN(const Sequence last, ledger::AppliedSequence(ledger.store()));
      ExpectSoundAt(ledger, 1 + prefixes.Below(last), &promises);
    }
    ASSERT_FALSE(::testing::Test::HasFailure());
  }
  driver.ExpireEverything();
  ASSERT_OK(ledger.Reopen());
  ExpectVerified(ledger, promises);
  // A run that never gets anywhere proves nothing.
  EXPECT_GT(driver.carried_out(), static_cast<std::uint64_t>(episode.steps / 5));
  std::uint64_t refused = 0;
  for (const auto& [reason, times] : driver.refused()) {
    refused += times;
    if (met != nullptr) (*met)[reason] += times;
  }
  // More than payouts come to, most of whose tries are refused.
  EXPECT_GT(refused, static_cast<std::uint64_t>(episode.steps / 3));
}

// A rule that no step ever breaks is not compared with the model.
void ExpectMet(const std::map<ledger::Reason, std::uint64_t>& met,
               std::initializer_list<ledger::Reason> reasons) {
  if (kOneRoundIn > 1) return;  // Too few for all of them.
  for (const ledger::Reason reason : reasons) {
    EXPECT_TRUE(met.contains(reason)) << ledger::ReasonName(reason);
  }
}

void ExpectMarketplaceMet(const std::map<ledger::Reason, std::uint64_t>& met) {
  using enum ledger::Reason;
  ExpectMet(met, {kOfferState,       kOfferNotOpen,   kOfferNotPublished,      kOfferNotForMember,
                  kOfferNotForBill,  kOfferNotFound,  kOfferChanged,           kOfferLimitReached,
                  kOfferStockLimit,  kOutOfStock,     kOrderNotOffered,        kOrderState,
                  kOrderReturnAbove, kVoucherUnknown, kVoucherOtherStore,      kVoucherRedeemed,
                  kVoucherVoid,      kVoucherExpired, kVoucherNotTransferable, kVouchersBlocked,
                  kMallBlocked,      kMallLimit,      kMallLinkUnknown,        kMallOrderUsed,
                  kNoticeState});
}

// What depends on configuration, and limits of hundreds, the model does not come to.
void ExpectSettlementMet(const std::map<ledger::Reason, std::uint64_t>& met) {
  using enum ledger::Reason;
  ExpectMet(met, {kBusinessDayNotOver, kStatementState, kStatementDisputed, kStatementDigest,
                  kDisputeState, kAdjustmentAboveLine, kStatementNotDue, kBankAccountState,
                  kBankAccountMissing, kBankAccountDiffers, kBankAccountChanged, kPayoutRunState,
                  kPayoutFileChanged, kPaymentState, kPaymentDecided, kPaymentAmountDiffers});
}

TEST(ModelTest, TheRulesComeToWhatTheModelSays) {
  constexpr std::uint64_t kEpisodes = Rounds(150);
  std::map<ledger::Reason, std::uint64_t> met;
  for (std::uint64_t seed = 1; seed <= kEpisodes; ++seed) {
    RulesUnderTest ledger;
    ASSERT_NO_FATAL_FAILURE(
        Play(ledger, seed, {.steps = 1'200, .compare_every = 100, .reopen_every = 400}, &met));
  }
  ExpectMarketplaceMet(met);
  ExpectSettlementMet(met);
}

TEST(ModelTest, TheEngineComesToWhatTheModelSaysOverPowerCuts) {
  EngineUnderTest ledger;
  Play(ledger, 1, {.steps = Rounds(20'000), .compare_every = 2'000, .reopen_every = 1'000});
}

TEST(ModelTest, AFreshSeedComesToWhatTheModelSays) {
  const std::uint64_t seed = std::random_device()();
  std::cout << "fresh seed " << seed << "\n";
  constexpr std::uint64_t kEpisodes = Rounds(10);
  for (std::uint64_t i = 0; i < kEpisodes; ++i) {
    RulesUnderTest ledger;
    ASSERT_NO_FATAL_FAILURE(
        Play(ledger, seed + i, {.steps = 1'200, .compare_every = 100, .reopen_every = 400}));
  }
}

}  // namespace
}  // namespace puhui::testing
