// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/purchase.h"

#include "ledger/base/limits.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/merchant/core/book.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::AccountKind;
using ledger::LotSlice;
using ledger::Posting;

TEST(PurchasePostingsTest, MoveTheAmountFromTheWalletToPayableAndFee) {
  Book book;
  const auto postings = PurchasePostings(With(250), {Slice(1, 3, 1'000), Slice(2, 3, 39)});
  EXPECT_OK(ledger::CheckBalanced(postings));
  Post(postings, &book);
  EXPECT_EQ((book[{AccountKind::kWallet, UnionNumber{3}}]), -1'039);
  EXPECT_EQ((book[{AccountKind::kFee, UnionNumber{3}}]), 25);
  EXPECT_EQ((book[{AccountKind::kPayable, UnionNumber{3}}]), 1'014);
  EXPECT_EQ(FeeOf(postings), 25);
}

TEST(PurchasePostingsTest, KeepEveryPointWithItsOrigin) {
  Book book;
  Post(PurchasePostings(With(1'000), {Slice(1, 1, 55), Slice(2, 2, 50)}), &book);
  EXPECT_EQ((book[{AccountKind::kWallet, UnionNumber{1}}]), -55);
  EXPECT_EQ((book[{AccountKind::kWallet, UnionNumber{2}}]), -50);
  // 5 on the first 55, 10 on all 105.
  EXPECT_EQ((book[{AccountKind::kFee, UnionNumber{1}}]), 5);
  EXPECT_EQ((book[{AccountKind::kFee, UnionNumber{2}}]), 5);
  EXPECT_EQ((book[{AccountKind::kPayable, UnionNumber{1}}]), 50);
  EXPECT_EQ((book[{AccountKind::kPayable, UnionNumber{2}}]), 45);
}

TEST(PurchasePostingsTest, WithoutAFeeHaveNoFeeLine) {
  for (const Posting& posting : PurchasePostings(With(0), {Slice(1, 1, 10)})) {
    EXPECT_NE(posting.kind, AccountKind::kFee);
  }
  // All of it is fee: nothing is payable.
  for (const Posting& posting : PurchasePostings(With(10'000), {Slice(1, 1, 10)})) {
    EXPECT_NE(posting.kind, AccountKind::kPayable);
  }
}

TEST(RefundPostingsTest, LeaveTheRoundedDownFeeOnWhatIsKept) {
  // 3 % of 99 is 2; of the 66 that are kept, 1.
  const auto postings = RefundPostings(With(300), {Slice(1, 1, 99)}, {Slice(1, 1, 66)});
  EXPECT_OK(ledger::CheckBalanced(postings));
  EXPECT_EQ(FeeOf(postings), -1);
}

TEST(GivenBackTest, IsTheDifferenceTheLastLotFirst) {
  const std::vector<LotSlice> taken = {Slice(1, 1, 10), Slice(2, 1, 20), Slice(3, 2, 5)};
  const std::vector<LotSlice> back = GivenBack(taken, KeptSlices(taken, 18));
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[0].lot, LotNumber{3});
  EXPECT_EQ(back[0].points, 5);
  EXPECT_EQ(back[1].lot, LotNumber{2});
  EXPECT_EQ(back[1].points, 13);
  EXPECT_TRUE(GivenBack(taken, taken).empty());
}

TEST(LinesToRefundTest, BeginWithTheLastAndNeverTakeMoreThanIsKept) {
  const std::vector<PaidLine> lines = {
      {.points = 10, .parts = {{LotNumber{1}, 10}}},
      {.points = 20, .refunded = 5, .parts = {{LotNumber{1}, 8}, {LotNumber{2}, 12}}}};
  const std::vector<LineRefund> back = LinesToRefund(lines, 18);
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[0].line, 1U);
  EXPECT_EQ(back[0].points, 15);
  EXPECT_EQ(back[1].line, 0U);
  EXPECT_EQ(back[1].points, 3);
  EXPECT_DEATH(LinesToRefund(lines, 26), "points == 0");
}

TEST(KeptOfLinesTest, EachLineKeepsWhatWasSpentFirstForIt) {
  const std::vector<LotSlice> taken = {Slice(1, 1, 18), Slice(2, 1, 12)};
  const std::vector<PaidLine> lines = {
      {.points = 10, .refunded = 10, .parts = {{LotNumber{1}, 10}}},
      {.points = 20, .refunded = 5, .parts = {{LotNumber{1}, 8}, {LotNumber{2}, 12}}}};
  const std::vector<LotSlice> kept = KeptOfLines(taken, lines);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].points, 8);
  EXPECT_EQ(kept[1].points, 7);
}

TEST(KeptSlicesTest, AreWhatRefundsFromTheEndLeave) {
  const auto kept = KeptSlices({Slice(1, 1, 10), Slice(2, 1, 20)}, 20);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].points, 10);
  EXPECT_TRUE(KeptSlices({Slice(1, 1, 10)}, 10).empty());
}

// What a sequence of refunds leaves, after each step and at the end.
void RefundAllOf(SeededRandom& random, const std::vector<LotSlice>& taken, const Parties& parties) {
  std::int64_t total = 0;
  for (const LotSlice& slice : taken) total += slice.points;
  Book book;
  Post(PurchasePostings(parties, taken), &book);
  std::int64_t fee = FeeOf(PurchasePostings(parties, taken));
  ASSERT_EQ(fee, FeeRoundedDown(Points::FromStored(total), parties.fee_rate).value());
  std::int64_t already = 0;
  while (already < total) {
    const auto points =
        static_cast<std::int64_t>(1 + random.Below(static_cast<std::uint64_t>(total - already)));
    const auto postings =
        RefundPostings(parties, KeptSlices(taken, already), KeptSlices(taken, already + points));
    ASSERT_OK(ledger::CheckBalanced(postings));
    Post(postings, &book);
    already += points;
    fee += FeeOf(postings);
    ASSERT_EQ(fee, FeeRoundedDown(Points::FromStored(total - already), parties.fee_rate).value());
    for (const auto& [account, balance] : book) {
      if (account.first == AccountKind::kWallet) continue;
      ASSERT_GE(balance, 0) << ledger::AccountKindName(account.first);
    }
  }
  for (const auto& [account, balance] : book) ASSERT_EQ(balance, 0);
}

TEST(RefundPostingsTest, AnySequenceReturnsEveryPointToItsOriginAndTheFeeToZero) {
  SeededRandom random(8);
  for (int round = 0; round < 3'000; ++round) {
    std::vector<LotSlice> taken;
    const std::uint64_t lots = 1 + random.Below(6);
    for (std::uint64_t i = 0; i < lots; ++i) {
      taken.push_back(Slice(static_cast<std::uint32_t>(i + 1),
                            static_cast<std::uint32_t>(1 + random.Below(3)),
                            static_cast<std::int64_t>(1 + random.Below(400))));
    }
    ASSERT_NO_FATAL_FAILURE(
        RefundAllOf(random, taken, With(static_cast<std::uint32_t>(random.Below(10'001)))));
  }
}

TEST(FeeAdjustmentsTest, AreAddedUpByOrigin) {
  std::vector<FeeAdjustment> adjustments;
  AddAdjustment({UnionNumber{1}, 0}, &adjustments);
  EXPECT_TRUE(adjustments.empty());
  AddAdjustment({UnionNumber{1}, 7}, &adjustments);
  AddAdjustment({UnionNumber{2}, -3}, &adjustments);
  AddAdjustment({UnionNumber{1}, -2}, &adjustments);
  EXPECT_EQ(adjustments, (std::vector<FeeAdjustment>{{UnionNumber{1}, 5}, {UnionNumber{2}, -3}}));
  AddAdjustment({UnionNumber{1}, -5}, &adjustments);
  EXPECT_EQ(adjustments, (std::vector<FeeAdjustment>{{UnionNumber{2}, -3}}));
}

// 2.5 % of 1,000 is 25; of 400, 10.
TEST(FeeAdjustmentsTest, TheFeeIsNeverBelowZeroNorAboveWhatIsKept) {
  struct Row {
    std::int64_t adjusted;
    std::int64_t kept;
    std::int64_t fee;
    std::int64_t left;  // Of the adjustment.
  };
  const Row rows[] = {
      {7, 1'000, 18, 7},      {7, 400, 3, 7},         {25, 1'000, 0, 25},
      {25, 400, 0, 10},       {-100, 400, 110, -100}, {-975, 1'000, 1'000, -975},
      {-975, 400, 400, -390}, {0, 400, 10, 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(&row - rows);
    const std::vector<LotSlice> kept = {Slice(1, 1, row.kept)};
    std::vector<FeeAdjustment> adjustments;
    AddAdjustment({UnionNumber{1}, row.adjusted}, &adjustments);
    const BasisPoints rate = BasisPoints::FromStored(250);
    EXPECT_EQ(ShareOf(kept, rate, adjustments, UnionNumber{1}).points, row.kept);
    EXPECT_EQ(ShareOf(kept, rate, adjustments, UnionNumber{1}).fee, row.fee);
    std::vector<FeeAdjustment> left;
    AddAdjustment({UnionNumber{1}, row.left}, &left);
    EXPECT_EQ(AdjustmentsLeft(kept, rate, adjustments), left);
    EXPECT_EQ(AdjustmentsLeft({}, rate, adjustments), std::vector<FeeAdjustment>());
    EXPECT_EQ(ShareOf(kept, rate, adjustments, UnionNumber{2}).points, 0);
  }
}

// Moves some of what the merchant has of an origin between the two accounts, as two people may.
void AdjustSome(SeededRandom& random, const Parties& parties, const std::vector<LotSlice>& kept,
                std::vector<FeeAdjustment>* adjustments, Book* book) {
  if (kept.empty()) return;
  const UnionNumber origin = kept[random.Below(kept.size())].origin;
  const Share share = ShareOf(kept, parties.fee_rate, *adjustments, origin);
  const auto range = static_cast<std::uint64_t>(share.points) + 1;
  const std::int64_t points =
      static_cast<std::int64_t>(random.Below(range)) - (share.points - share.fee);
  (*book)[{AccountKind::kPayable, origin}] += points;
  (*book)[{AccountKind::kFee, origin}] -= points;
  AddAdjustment({origin, points}, adjustments);
}

// Whatever is adjusted and given back in whatever order: the accounts are those of what is kept,
// and nothing is in them in the end.
TEST(FeeAdjustmentsTest, AreGivenBackOnceWithThePurchase) {
  SeededRandom random(21);
  for (int round = 0; round < 500; ++round) {
    std::vector<LotSlice> taken;
    const std::uint64_t lots = 1 + random.Below(4);
    for (std::uint32_t lot = 1; lot <= lots; ++lot) {
      taken.push_back(Slice(lot, static_cast<std::uint32_t>(1 + random.Below(3)),
                            static_cast<std::int64_t>(1 + random.Below(400))));
    }
    const Parties parties = With(static_cast<std::uint32_t>(random.Below(10'001)));
    Book book;
    Post(PurchasePostings(parties, taken), &book);
    std::vector<FeeAdjustment> adjustments;
    for (std::vector<LotSlice> kept = taken; !kept.empty();) {
      AdjustSome(random, parties, kept, &adjustments, &book);
      const auto most = static_cast<std::uint64_t>(kept.back().points);
      const std::vector<LotSlice> after =
          KeptSlices(kept, static_cast<std::int64_t>(1 + random.Below(most)));
      Post(RefundPostings(parties, kept, after, adjustments), &book);
      adjustments = AdjustmentsLeft(after, parties.fee_rate, adjustments);
      kept = after;
      for (std::uint32_t number = 1; number <= 3; ++number) {
        const UnionNumber origin{number};
        const Share share = ShareOf(kept, parties.fee_rate, adjustments, origin);
        ASSERT_GE(share.fee, 0);
        ASSERT_LE(share.fee, share.points);
        ASSERT_EQ((book[{AccountKind::kFee, origin}]), share.fee);
        ASSERT_EQ((book[{AccountKind::kPayable, origin}]), share.points - share.fee);
      }
    }
    ASSERT_TRUE(adjustments.empty());
    for (const auto& [account, balance] : book) ASSERT_EQ(balance, 0);
  }
}

std::set<std::pair<AccountKind, UnionNumber>> AccountsOf(const std::vector<Posting>& postings) {
  std::set<std::pair<AccountKind, UnionNumber>> accounts;
  for (const Posting& posting : postings) accounts.insert({posting.kind, posting.origin});
  return accounts;
}

// Small lots of many unions, where rounding leaves many origins without a fee, or, with a fee near
// the whole, without anything payable.
TEST(RefundPostingsTest, TouchNoAccountThatThePurchaseDidNotAndSoFitIntoAnEntryToo) {
  SeededRandom random(10);
  for (const std::uint32_t rate : {1U, 300U, 5'000U, 9'500U, 9'999U, 10'000U}) {
    for (int round = 0; round < 20; ++round) {
      std::vector<LotSlice> taken;
      const std::uint64_t origins = 20 + random.Below(13);
      std::int64_t total = 0;
      for (std::uint32_t lot = 1; lot <= kLotsPerPurchaseMax; ++lot) {
        const auto origin = static_cast<std::uint32_t>(random.Below(origins));
        taken.push_back(Slice(lot, origin, static_cast<std::int64_t>(1 + random.Below(3))));
        total += taken.back().points;
      }
      const Parties parties = With(rate);
      const auto purchase = AccountsOf(PurchasePostings(parties, taken));
      for (std::int64_t already = 0; already < total; ++already) {
        const std::int64_t points =
            1 +
            static_cast<std::int64_t>(random.Below(static_cast<std::uint64_t>(total - already)));
        const auto refund = AccountsOf(RefundPostings(parties, KeptSlices(taken, already),
                                                      KeptSlices(taken, already + points)));
        ASSERT_TRUE(std::includes(purchase.begin(), purchase.end(), refund.begin(), refund.end()))
            << "rate " << rate << ", " << points << " after " << already;
      }
    }
  }
}

TEST(ExpiryAfterRefundTest, GivesAnExpiredLotThirtyDaysAndARunningOneNone) {
  EXPECT_EQ(ExpiryAfterRefund(kNow + absl::Microseconds(1), kNow), kNow + absl::Microseconds(1));
  EXPECT_EQ(ExpiryAfterRefund(kNow, kNow), kNow + absl::Hours(24 * 30));
  EXPECT_EQ(ExpiryAfterRefund(kNow - absl::Hours(9'999), kNow), kNow + absl::Hours(24 * 30));
}

}  // namespace
}  // namespace puhui::merchant
