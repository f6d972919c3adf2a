// SPDX-License-Identifier: Apache-2.0
// What of the journal stands in the books that a merchant's are compared with.
#include "ledger/base/limits.h"
#include "merchant/app/reconciliation_queries.h"
#include "tests/unit/merchant/app/bill_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <tuple>
#include <vector>

namespace puhui::merchant {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using Told = std::tuple<Sequence, ReconciledKind, std::int64_t>;

class ReconciliationBooksTest : public BillTest {
 protected:
  ReconciliationBooksTest() {
    AddGrant(1'000, Open());
    start_ = ReconciledTime(ledger_.clock().Now());
  }
  // Of m-1, whose sales are all at s-1; nothing when there are more than `most`.
  absl::optional<std::vector<Told>> Books(absl::Time start, absl::Time end, std::size_t most) {
    const auto books = BooksOf(ledger_.store(), MerchantNumber{1}, start, end, most);
    PUHUI_CHECK_OK(books.status());
    if (!books->has_value()) return absl::nullopt;
    std::vector<Told> told;
    for (const auto& [store, of_store] : **books) {
      EXPECT_EQ(store, "s-1");
      for (const ReconciledTransaction& one : of_store) {
        told.emplace_back(one.reference, one.kind, one.points);
      }
    }
    return told;
  }

  absl::Time start_;
};

TEST_F(ReconciliationBooksTest, WhatMovedPointsStandsUnderTheReferenceThatTheTillGot) {
  const ShownBill bill = Present(400);
  ASSERT_TRUE(Pays(bill));
  const Sequence bought = Buy(100);
  const std::uint32_t trace_number = trace_;
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome refunded, Refund(NextCall(), bought, 30));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome undone,
                       Reverse(NextCall(), {.batch_number = 1, .trace_number = trace_number}));
  const Sequence held = Hold(50);
  ASSERT_OK(Capture(NextCall(), held, 20));
  // What moves nothing is in nobody's books: a hold that is given up, a bill that nobody paid, and
  // the reversal of what never arrived.
  ASSERT_OK(Void(NextCall(), Hold(60)));
  Present(70);
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = 999'999}));
  EXPECT_THAT(*Books(start_, start_ + absl::Hours(1), 100),
              UnorderedElementsAre(Told{bill.bill, ReconciledKind::kPurchase, 400},
                                   Told{bought, ReconciledKind::kPurchase, 100},
                                   Told{refunded.first().sequence(), ReconciledKind::kRefund, 30},
                                   Told{undone.first().sequence(), ReconciledKind::kReversal, 70},
                                   Told{held, ReconciledKind::kCapture, 20}));
}

TEST_F(ReconciliationBooksTest, EachIsInItsSecondAndTooManyAreNone) {
  constexpr std::size_t kSales = kStatementLinesPerRow + 8;  // Some are in no row of the index yet.
  std::vector<Sequence> sales;
  for (std::size_t i = 0; i < kSales; ++i) {
    sales.push_back(Buy(1));
    ledger_.clock().Advance(absl::Seconds(1));
  }
  const absl::Time end = start_ + absl::Seconds(static_cast<std::int64_t>(kSales));
  for (std::size_t i = 0; i < kSales; ++i) {
    const absl::Time second = start_ + absl::Seconds(static_cast<std::int64_t>(i));
    EXPECT_THAT(*Books(second, second + absl::Seconds(1), 1),
                ElementsAre(Told{sales[i], ReconciledKind::kPurchase, 1}));
  }
  EXPECT_EQ(Books(start_, end, kSales)->size(), kSales);
  EXPECT_EQ(Books(start_, end, kSales - 1), absl::nullopt);
  EXPECT_EQ(Books(start_, end, 3), absl::nullopt);
  EXPECT_TRUE(Books(start_ - absl::Hours(1), start_, kSales)->empty());
  EXPECT_TRUE(Books(end, end + absl::Hours(1), kSales)->empty());
}

}  // namespace
}  // namespace puhui::merchant
