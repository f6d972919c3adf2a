// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/authorization.h"

#include "ledger/base/limits.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/merchant/core/book.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::AccountKind;
using ledger::LotSlice;
using ledger::Posting;

const MemberId kMember(1, 2);

TEST(HoldPostingsTest, MoveEveryOriginsPointsToHeldAndBack) {
  const std::vector<LotSlice> taken = {Slice(1, 3, 10), Slice(2, 4, 5), Slice(3, 3, 20)};
  Book book;
  const auto hold = HoldPostings(kMember, taken);
  EXPECT_OK(ledger::CheckBalanced(hold));
  Post(hold, &book);
  EXPECT_EQ((book[{AccountKind::kWallet, UnionNumber{3}}]), -30);
  EXPECT_EQ((book[{AccountKind::kHeld, UnionNumber{3}}]), 30);
  EXPECT_EQ((book[{AccountKind::kHeld, UnionNumber{4}}]), 5);
  const auto release = ReleasePostings(kMember, taken);
  EXPECT_OK(ledger::CheckBalanced(release));
  Post(release, &book);
  for (const auto& [account, points] : book) EXPECT_EQ(points, 0);
}

TEST(CapturePostingsTest, TakeThePartThatIsCapturedAndGiveTheRestBack) {
  Book book;
  // 2.5 % of 45 is 1: of the first lot's 30 nothing, of the 15 after it 1.
  const auto postings = CapturePostings(With(250), {Slice(1, 1, 30), Slice(2, 2, 60)},
                                        {Slice(1, 1, 30), Slice(2, 2, 15)});
  EXPECT_OK(ledger::CheckBalanced(postings));
  Post(postings, &book);
  EXPECT_EQ((book[{AccountKind::kHeld, UnionNumber{1}}]), -30);
  EXPECT_EQ((book[{AccountKind::kHeld, UnionNumber{2}}]), -60);
  EXPECT_EQ((book[{AccountKind::kPayable, UnionNumber{1}}]), 30);
  EXPECT_EQ((book[{AccountKind::kPayable, UnionNumber{2}}]), 14);
  EXPECT_EQ((book[{AccountKind::kFee, UnionNumber{2}}]), 1);
  EXPECT_EQ((book[{AccountKind::kWallet, UnionNumber{1}}]), 0);
  EXPECT_EQ((book[{AccountKind::kWallet, UnionNumber{2}}]), 45);
  EXPECT_EQ(FeeOf(postings), 1);
}

TEST(CapturePostingsTest, OfEverythingHaveNoLineOfTheWallet) {
  for (const Posting& posting : CapturePostings(With(250), {Slice(1, 1, 30)}, {Slice(1, 1, 30)})) {
    EXPECT_NE(posting.kind, AccountKind::kWallet);
  }
}

Reserved TwoLines() {
  return {.slices = {Slice(1, 1, 18), Slice(2, 2, 12)},
          .lines = {{.category = 5411, .points = 10, .parts = {{LotNumber{1}, 10}}},
                    {.points = 25, .parts = {{LotNumber{1}, 8}, {LotNumber{2}, 12}}}}};
}

TEST(CapturedPartTest, WithoutLinesLeavesTheLastSliceToGoBackFirst) {
  const Reserved part = CapturedPart({.slices = {Slice(1, 1, 18), Slice(2, 2, 12)}}, 20, {});
  ASSERT_EQ(part.slices.size(), 2U);
  EXPECT_EQ(part.slices[1].points, 2);
  EXPECT_TRUE(part.lines.empty());
}

TEST(CapturedPartTest, ALineIsTakenFromTheLotsThatWereHeldForItFirst) {
  const Reserved part = CapturedPart(TwoLines(), 9, {{1, 9}});
  ASSERT_EQ(part.slices.size(), 2U);
  EXPECT_EQ(part.slices[0].points, 8);
  EXPECT_EQ(part.slices[1].points, 1);
  ASSERT_EQ(part.lines.size(), 2U);
  EXPECT_EQ(part.lines[0].category, 5411U);
  EXPECT_TRUE(part.lines[0].parts.empty());
  EXPECT_EQ(part.lines[1].points, 25);
  EXPECT_EQ(part.lines[1].Paid(), 9);
}

TEST(CapturedPartTest, WhereNoneIsNamedTheLastLineGoesBackFirst) {
  const Reserved part = CapturedPart(TwoLines(), 13, {});
  EXPECT_EQ(part.lines[0].Paid(), 10);
  EXPECT_EQ(part.lines[1].Paid(), 3);
  ASSERT_EQ(part.slices.size(), 1U);
  EXPECT_EQ(part.slices[0].points, 13);
  EXPECT_EQ(CapturedPart(TwoLines(), 30, {}).Points(), 30);
}

TEST(CapturedPartTest, MoreThanIsHeldIsTheCallersBug) {
  EXPECT_DEATH(CapturedPart(TwoLines(), 31, {}), "rest >= 0");
  EXPECT_DEATH(CapturedPart(TwoLines(), 11, {{0, 11}}), "held.Paid");
  EXPECT_DEATH(CapturedPart(TwoLines(), 11, {{0, 10}}), "captured.Points");
}

TEST(OriginsOfTest, CountsEachUnionOnce) {
  EXPECT_EQ(OriginsOf({Slice(1, 3, 1), Slice(2, 4, 1), Slice(3, 3, 1)}), 2U);
  EXPECT_EQ(OriginsOf({}), 0U);
}

TEST(ExpiryOfAuthorizationTest, IsTheFirstWholeSecondThatIsFarEnough) {
  EXPECT_EQ(ExpiryOfAuthorization(kNow, absl::Minutes(1)), kNow + absl::Minutes(1));
  EXPECT_EQ(ExpiryOfAuthorization(kNow + absl::Microseconds(1), absl::Minutes(1)),
            kNow + absl::Seconds(61));
  EXPECT_EQ(ExpiryOfAuthorization(kNow - absl::Microseconds(1), absl::Minutes(1)),
            kNow + absl::Minutes(1));
}

// Whatever part is captured, and whatever of that is refunded later: the fee is that of what is
// kept, rounded down, every point stays with its origin, and the entry has room for its lines.
TEST(CapturePostingsTest, AnyPartLeavesTheFeeOfAPurchaseOfThatPart) {
  SeededRandom random(11);
  for (int round = 0; round < 1'000; ++round) {
    std::vector<LotSlice> taken;
    std::int64_t held = 0;
    const std::uint64_t origins = 1 + random.Below(kOriginsPerAuthorizationMax);
    for (std::uint32_t lot = 1, lots = static_cast<std::uint32_t>(1 + random.Below(64));
         lot <= lots; ++lot) {
      taken.push_back(Slice(lot, static_cast<std::uint32_t>(1 + random.Below(origins)),
                            static_cast<std::int64_t>(1 + random.Below(5))));
      held += taken.back().points;
    }
    const Parties parties = With(static_cast<std::uint32_t>(random.Below(10'001)));
    const auto captured =
        static_cast<std::int64_t>(1 + random.Below(static_cast<std::uint64_t>(held)));
    const std::vector<LotSlice> kept = CapturedPart({.slices = taken}, captured, {}).slices;
    const auto postings = CapturePostings(parties, taken, kept);
    ASSERT_OK(ledger::CheckBalanced(postings));  // At most kPostingsPerEntryMax of them.
    ASSERT_EQ(FeeOf(postings),
              FeeRoundedDown(Points::FromStored(captured), parties.fee_rate).value());
    Book book;
    Post(HoldPostings(kMember, taken), &book);
    Post(postings, &book);
    Book bought;
    Post(PurchasePostings(parties, kept), &bought);
    for (const auto& [account, points] : book) {
      ASSERT_EQ(points, account.first == AccountKind::kHeld ? 0 : bought[account])
          << ledger::AccountKindName(account.first);
    }
    const auto refunded =
        static_cast<std::int64_t>(1 + random.Below(static_cast<std::uint64_t>(captured)));
    const auto refund = RefundPostings(parties, kept, KeptSlices(kept, refunded));
    ASSERT_OK(ledger::CheckBalanced(refund));
    ASSERT_EQ(FeeOf(postings) + FeeOf(refund),
              FeeRoundedDown(Points::FromStored(captured - refunded), parties.fee_rate).value());
  }
}

}  // namespace
}  // namespace puhui::merchant
