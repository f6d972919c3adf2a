// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/reconciliation.h"

#include "ledger/crypto/hash.h"
#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'795'680'000);
const Pieces kHours{.start = kStart, .length = absl::Hours(1), .count = 24};

ReconciledTransaction Sale(Sequence reference, absl::Duration at, std::int64_t points = 100) {
  return {.reference = reference,
          .kind = ReconciledKind::kPurchase,
          .terminal = "t-1",
          .batch_number = 1,
          .trace_number = static_cast<std::uint32_t>(reference % 1'000'000),
          .points = points,
          .time = kStart + at};
}

TEST(ReconciledTransactionTest, TheBytesAreThoseOfTheDocument) {
  const ReconciledTransaction sale = Sale(123, absl::Hours(1) + absl::Seconds(1));
  EXPECT_EQ(TextOf(sale), "000000000123,1,t-1,1,123,100,1795683601\n");
  EXPECT_EQ(ledger::ToHex(ledger::TagBytes(HashOf({sale}))),
            ledger::ToHex(ledger::Sha256().Digest(TextOf(sale))).substr(0, 32));
  EXPECT_EQ(ReconciledTime(kStart + absl::Milliseconds(999)), kStart);
  // The example of docs/settlement.md.
  const ReconciledTransaction example{.reference = 123,
                                      .kind = ReconciledKind::kPurchase,
                                      .terminal = "t-1",
                                      .batch_number = 1,
                                      .trace_number = 42,
                                      .points = 17'100,
                                      .time = absl::FromUnixSeconds(1'795'696'496)};
  EXPECT_EQ(TextOf(example), "000000000123,1,t-1,1,42,17100,1795696496\n");
  EXPECT_EQ(ledger::ToHex(ledger::TagBytes(HashOf({example}))), "5e4386bec8ae8d8f04f50bb580ed91c7");
}

TEST(ReconciledTransactionTest, ThoseOfOneSecondStandByReferenceAndKind) {
  ReconciledTransaction capture = Sale(5, absl::ZeroDuration());
  capture.kind = ReconciledKind::kCapture;
  EXPECT_TRUE(ComesBefore(Sale(9, absl::ZeroDuration()), Sale(1, absl::Seconds(1))));
  EXPECT_TRUE(ComesBefore(Sale(1, absl::Seconds(1)), Sale(9, absl::Seconds(1))));
  EXPECT_TRUE(ComesBefore(Sale(5, absl::ZeroDuration()), capture));
  EXPECT_FALSE(ComesBefore(capture, capture));
}

TEST(HashPiecesTest, EveryTransactionIsInExactlyOnePiece) {
  const std::vector<ReconciledTransaction> books = {
      Sale(1, -absl::Seconds(1)), Sale(2, absl::ZeroDuration()),
      Sale(3, absl::Hours(1) - absl::Seconds(1)), Sale(4, absl::Hours(1)),
      Sale(5, absl::Hours(24))};
  const std::vector<HashedPiece> pieces = HashPieces(books, kHours);
  ASSERT_EQ(pieces.size(), 24U);
  EXPECT_EQ(pieces[0].transactions, 2U);
  EXPECT_EQ(pieces[0].hash, HashOf({books[1], books[2]}));
  EXPECT_EQ(pieces[1].transactions, 1U);
  EXPECT_EQ(pieces[2].hash, absl::nullopt);
}

std::vector<HashedTransaction> Hashed(const std::vector<ReconciledTransaction>& books) {
  std::vector<HashedTransaction> hashed;
  for (const ReconciledTransaction& sale : books) {
    hashed.push_back({sale.reference, sale.kind, HashOf({sale})});
  }
  return hashed;
}

TEST(CompareTransactionsTest, NamesWhatEitherSideLacksOrHasOtherwise) {
  const std::vector<ReconciledTransaction> ours = {
      Sale(1, absl::Seconds(1)), Sale(2, absl::Seconds(2)), Sale(3, absl::Seconds(3))};
  const std::vector<ReconciledTransaction> theirs = {
      Sale(1, absl::Seconds(1)), Sale(3, absl::Seconds(3), 101), Sale(4, absl::Seconds(4))};
  const TransactionDifferences differences = CompareTransactions(ours, Hashed(theirs));
  EXPECT_EQ(differences.ours, (std::vector<ReconciledTransaction>{ours[1], ours[2]}));
  EXPECT_EQ(differences.theirs, (std::vector<std::size_t>{1, 2}));
}

// One side's books with `changes` differences planted: what is gone, what is new, what is
// otherwise.
std::set<std::pair<Sequence, int>> Plant(SeededRandom& random, int changes,
                                         std::vector<ReconciledTransaction>* books) {
  std::set<std::pair<Sequence, int>> planted;
  for (int i = 0; i < changes && !books->empty(); ++i) {
    const std::size_t at = random.Below(books->size());
    ReconciledTransaction& sale = (*books)[at];
    if (planted.count({sale.reference, static_cast<int>(sale.kind)}) != 0) continue;
    planted.insert({sale.reference, static_cast<int>(sale.kind)});
    switch (random.Below(4)) {
      case 0:
        books->erase(books->begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 1:
        sale.points += 1;
        break;
      case 2:
        sale.trace_number += 1;
        break;
      default:
        sale.reference += 1'000'000;
        planted.insert({sale.reference, static_cast<int>(sale.kind)});
    }
  }
  std::sort(books->begin(), books->end(), ComesBefore);
  return planted;
}

// Whatever differs is found by going down from hours to transactions, and nothing else is named.
TEST(ReconciliationTest, FindsExactlyWhatWasPlanted) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SeededRandom random(seed);
    std::vector<ReconciledTransaction> ours;
    const auto sales = 1 + random.Below(2'000);
    for (Sequence reference = 1; reference <= sales; ++reference) {
      ours.push_back(Sale(reference, absl::Seconds(static_cast<std::int64_t>(random.Below(86'400))),
                          1 + static_cast<std::int64_t>(random.Below(50'000))));
      ours.back().kind = static_cast<ReconciledKind>(1 + random.Below(4));
    }
    std::sort(ours.begin(), ours.end(), ComesBefore);
    std::vector<ReconciledTransaction> theirs = ours;
    const auto planted = Plant(random, static_cast<int>(random.Below(6)), &theirs);
    std::set<std::pair<Sequence, int>> found;
    const std::vector<HashedPiece> of_ours = HashPieces(ours, kHours);
    const std::vector<HashedPiece> of_theirs = HashPieces(theirs, kHours);
    for (std::size_t i = 0; i < kHours.count; ++i) {
      if (of_ours[i] == of_theirs[i]) continue;
      const auto part = Within(theirs, kHours.StartOf(i), kHours.StartOf(i + 1));
      const std::vector<ReconciledTransaction> sent(part.begin(), part.end());
      const TransactionDifferences differences =
          CompareTransactions(Within(ours, kHours.StartOf(i), kHours.StartOf(i + 1)), Hashed(sent));
      for (const ReconciledTransaction& sale : differences.ours) {
        found.insert({sale.reference, static_cast<int>(sale.kind)});
      }
      for (const std::size_t at : differences.theirs) {
        found.insert({sent[at].reference, static_cast<int>(sent[at].kind)});
      }
    }
    ASSERT_EQ(found, planted) << seed;
  }
}

}  // namespace
}  // namespace puhui::merchant
