// SPDX-License-Identifier: Apache-2.0
// Baskets that are reserved first: what is held for which line, and what of it is captured.
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/terms_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::BasketLine;
using ledger::Reason;
using ledger::Terms;

class HeldBasketTest : public TermsTest {
 protected:
  static SpendCommand::Wish WishFor(std::vector<BasketLine> lines, bool partial) {
    std::int64_t points = 0;
    for (const BasketLine& line : lines) points += line.points;
    return {.card = kCard,
            .points = Points::FromStored(points),
            .authorization_code = "A1B2C3",
            .accept_partial = partial,
            .lines = std::move(lines)};
  }
  absl::StatusOr<ledger::Outcome> BuyLines(std::vector<BasketLine> lines, bool partial = false) {
    PurchaseCommand command(State(), NextCall(), WishFor(std::move(lines), partial));
    return Submit(command);
  }
  absl::StatusOr<ledger::Outcome> HoldLines(std::vector<BasketLine> lines, bool partial = false) {
    AuthorizeCommand command(State(), NextCall(), WishFor(std::move(lines), partial),
                             absl::Hours(1));
    return Submit(command);
  }
  absl::StatusOr<ledger::Outcome> CaptureLines(Sequence hold, std::vector<LineCapture> lines) {
    std::int64_t points = 0;
    for (const LineCapture& line : lines) points += line.points;
    CaptureCommand command(State(), NextCall(), hold, Points::FromStored(points), std::move(lines));
    return Submit(command);
  }
  absl::StatusOr<ledger::Outcome> RefundLine(Sequence purchase, std::size_t line,
                                             std::int64_t points) {
    RefundCommand command(State(), NextCall(), purchase, Points::FromStored(points),
                          {{line, points}});
    return Submit(command);
  }
  void ReverseLast() {
    const std::uint32_t last = trace_;
    ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = last}));
  }
  Terms Books() const {
    Terms terms = Open();
    terms.categories = {kBookshop};
    return terms;
  }
  std::int64_t HeldOf(LotNumber lot) {
    return ledger_.views().wallets.Find(kMember)->FindLot(lot)->held;
  }
};

// What each lot gave, and each for which line.
std::vector<std::string> TakenBy(const journal::v1::Entry& entry) {
  std::vector<std::string> taken;
  for (const journal::v1::LotChange& lot : entry.lots()) {
    taken.push_back(absl::StrCat("lot ", lot.lot(), ": ", lot.points()));
  }
  const journal::v1::Purchase& purchase = entry.has_capture() ? entry.capture() : entry.purchase();
  for (const journal::v1::BasketLine& line : purchase.lines()) {
    taken.push_back(line.ShortDebugString());
  }
  taken.push_back(absl::StrCat("points ", purchase.points(), ", fee ", purchase.fee()));
  return taken;
}

// Without the points that are held: those come and go with the authorisation.
std::map<std::pair<int, std::uint32_t>, std::int64_t> EarnedBy(const journal::v1::Entry& entry) {
  std::map<std::pair<int, std::uint32_t>, std::int64_t> earned;
  for (const journal::v1::Posting& posting : entry.postings()) {
    const bool members = posting.kind() == journal::v1::ACCOUNT_KIND_WALLET ||
                         posting.kind() == journal::v1::ACCOUNT_KIND_HELD;
    if (!members) earned[{posting.kind(), posting.origin()}] += posting.points();
  }
  return earned;
}

TEST_F(HeldBasketTest, EachLineIsHeldInLotsThatMayPayForIt) {
  AddGrant(100, Books());
  AddGrant(100, Open());
  ASSERT_OK_AND_ASSIGN(const auto outcome,
                       HoldLines({{.points = 60}, {.category = kBookshop, .points = 70}}));
  const journal::v1::Authorization& held = outcome.first().entry().authorization();
  ASSERT_EQ(held.lines_size(), 2);
  EXPECT_EQ(held.lines(0).category(), kGrocer);
  ASSERT_EQ(held.lines(0).parts_size(), 1);
  EXPECT_EQ(held.lines(0).parts(0).lot(), 2U);
  EXPECT_EQ(held.lines(1).parts(0).lot(), 1U);
  EXPECT_EQ(HeldOf(LotNumber{1}), 70);
  EXPECT_EQ(HeldOf(LotNumber{2}), 60);
  EXPECT_EQ(HoldRow(outcome.first().sequence()).lines.size(), 2U);
}

TEST_F(HeldBasketTest, WhatCannotBeHeldIsDeclinedAndAPartIsApproved) {
  AddGrant(100, Books());
  const std::vector<BasketLine> lines = {{.points = 60}, {.category = kBookshop, .points = 70}};
  ASSERT_OK_AND_ASSIGN(const auto declined, HoldLines(lines));
  EXPECT_EQ(declined.first().declined().available(), 70);
  ASSERT_OK_AND_ASSIGN(const auto part, HoldLines(lines, true));
  EXPECT_EQ(part.first().entry().authorization().points(), 70);
  EXPECT_EQ(part.first().entry().authorization().asked_points(), 130);
  ASSERT_OK_AND_ASSIGN(const auto captured, Capture(NextCall(), part.first().sequence(), 70));
  EXPECT_EQ(captured.first().entry().capture().lines(0).parts_size(), 0);
}

TEST_F(HeldBasketTest, ACaptureOfNamedLinesReleasesTheOthers) {
  AddGrant(100, Books());
  AddGrant(100, Open());
  const auto held = HoldLines({{.points = 60}, {.category = kBookshop, .points = 70}});
  ASSERT_OK(held);
  const Sequence reference = held->first().sequence();
  ASSERT_OK_AND_ASSIGN(const auto captured, CaptureLines(reference, {{1, 40}}));
  EXPECT_EQ(captured.first().entry().capture().points(), 40);
  EXPECT_EQ(Remaining(LotNumber{1}), 60);
  EXPECT_EQ(Remaining(LotNumber{2}), 100);
  EXPECT_EQ(Held(), 0);
  const PurchaseRow row = Row(reference);
  ASSERT_EQ(row.lines.size(), 2U);
  EXPECT_EQ(row.lines[0].Paid(), 0);
  EXPECT_EQ(row.lines[1].Paid(), 40);
  EXPECT_EQ(row.lines[1].points, 70);
  EXPECT_TRUE(HoldRow(reference).lines.empty());
  // The line keeps its number.
  EXPECT_THAT(RefundLine(reference, 0, 1), Declines(Reason::kRefundAbovePurchase));
  ASSERT_OK(RefundLine(reference, 1, 40));
  EXPECT_EQ(Remaining(LotNumber{1}), 100);
}

TEST_F(HeldBasketTest, WithoutNamesTheLastLineGoesBackFirst) {
  AddGrant(100, Books());
  AddGrant(100, Open());
  const auto held = HoldLines({{.category = kBookshop, .points = 70}, {.points = 60}});
  ASSERT_OK(held);
  ASSERT_OK(Capture(NextCall(), held->first().sequence(), 90));
  const PurchaseRow row = Row(held->first().sequence());
  EXPECT_EQ(row.lines[0].Paid(), 70);
  EXPECT_EQ(row.lines[1].Paid(), 20);
  EXPECT_EQ(Remaining(LotNumber{1}), 30);
  EXPECT_EQ(Remaining(LotNumber{2}), 80);
}

// Were the first points taken, whatever the line, the earmarked ones would pay for other goods.
TEST_F(HeldBasketTest, AnEarmarkIsHonouredByAnyPart) {
  Terms terms = Open();
  terms.earmark = Share(5'000, {kBookshop});
  AddGrant(100, terms);
  const auto held = HoldLines({{.category = kBookshop, .points = 50}, {.points = 50}});
  ASSERT_OK(held);
  ASSERT_OK_AND_ASSIGN(const auto captured, CaptureLines(held->first().sequence(), {{1, 50}}));
  for (const journal::v1::LotChange& lot : captured.first().entry().lots()) {
    EXPECT_EQ(lot.points(), ledger::IsEarmarked(LotNumber{lot.lot()}) ? 0 : -50);
  }
}

TEST_F(HeldBasketTest, MoreThanIsHeldForALineIsDeclinedAndNamesTheLine) {
  AddGrant(200, Open());
  const auto held = HoldLines({{.points = 60}, {.category = kBookshop, .points = 70}});
  ASSERT_OK(held);
  const Sequence reference = held->first().sequence();
  ASSERT_OK_AND_ASSIGN(const auto above, CaptureLines(reference, {{1, 10}, {0, 61}}));
  ASSERT_TRUE(above.first().has_declined());
  EXPECT_EQ(ledger::ReasonFromNumber(above.first().declined().reason()),
            Reason::kCaptureAboveAuthorization);
  EXPECT_EQ(above.first().declined().line(), 2U);
  EXPECT_EQ(above.first().declined().available(), 60);
  EXPECT_THAT(CaptureLines(reference, {{2, 1}}), Declines(Reason::kCaptureAboveAuthorization));
  EXPECT_EQ(Held(), 130);
  // Nothing is held for lines where there are none.
  EXPECT_THAT(CaptureLines(Hold(10), {{0, 5}}), Declines(Reason::kCaptureAboveAuthorization));
}

TEST_F(HeldBasketTest, AVoidAndAReversalGiveAllBackAndKeepTheLines) {
  AddGrant(100, Books());
  AddGrant(100, Open());
  const std::vector<BasketLine> lines = {{.points = 60}, {.category = kBookshop, .points = 70}};
  ASSERT_OK_AND_ASSIGN(const auto first, HoldLines(lines));
  ASSERT_OK(Void(NextCall(), first.first().sequence()));
  EXPECT_EQ(HoldRow(first.first().sequence()).lines.size(), 2U);
  ASSERT_OK(HoldLines(lines));
  ReverseLast();
  EXPECT_EQ(Held(), 0);
  EXPECT_EQ(Available(), 200);
}

// The applier takes no record at its word.
TEST_F(HeldBasketTest, ACaptureOfOtherLinesIsDamage) {
  AddGrant(200, Open());
  ASSERT_OK_AND_ASSIGN(const auto held, HoldLines({{.points = 60}, {.points = 70}}));
  ASSERT_OK_AND_ASSIGN(const auto captured,
                       CaptureLines(held.first().sequence(), {{0, 10}, {1, 20}}));
  const auto fold = [&](const std::function<void(journal::v1::Purchase&)>& spoil) {
    testing::LedgerFixture other;
    Tables tables(&other.set());
    MerchantApplier applier(&tables, &other.views());
    const TerminalNumber terminal{held.first().entry().authorization().till().terminal()};
    tables.terminals.Put(terminal, *tables_.terminals.Find(terminal));
    EXPECT_OK(applier.Apply(held.first()));
    journal::v1::Record record = captured.first();
    spoil(*record.mutable_entry()->mutable_capture());
    return applier.Apply(record);
  };
  EXPECT_OK(fold([](auto&) {}));
  const absl::StatusCode damage = absl::StatusCode::kDataLoss;
  EXPECT_THAT(fold([](auto& capture) { capture.clear_lines(); }), HasCode(damage));
  EXPECT_THAT(fold([](auto& capture) { capture.mutable_lines(0)->set_category(kBookshop); }),
              HasCode(damage));
  EXPECT_THAT(fold([](auto& capture) { capture.mutable_lines(0)->set_points(61); }),
              HasCode(damage));
  EXPECT_THAT(fold([](auto& capture) { capture.mutable_lines(0)->clear_parts(); }),
              HasCode(damage));
  EXPECT_THAT(fold([](auto& capture) { capture.mutable_lines(1)->mutable_parts(0)->set_lot(9); }),
              HasCode(damage));
}

// Of whatever wallet and basket: two ways to the same purchase, with what was bought undone in
// between, so that both find the same points.
TEST_F(HeldBasketTest, AllOfABasketCapturedIsTheBasketBought) {
  SeededRandom random(2'026);
  int bought_ones = 0;
  int declined_ones = 0;
  for (int i = 0; i < 9; ++i) {
    Terms terms = Open();
    terms.expiry += absl::Hours(static_cast<std::int64_t>(random.Below(48)));
    if (i % 3 == 0) terms.categories = {kBookshop};
    if (i % 3 == 1) terms.day_cap = Points::FromStored(30);
    if (i % 4 == 1) terms.earmark = Share(4'000, {kBookshop});
    AddGrant(50, terms);
  }
  const std::int64_t available = Available();
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE(round);
    std::vector<BasketLine> lines;
    for (std::uint64_t i = 1 + random.Below(5); i > 0; --i) {
      lines.push_back({.category = random.Below(2) == 0 ? kBookshop : 0,
                       .points = static_cast<std::int64_t>(1 + random.Below(120))});
    }
    const bool partial = random.Below(2) == 0;
    ASSERT_OK_AND_ASSIGN(const auto bought, BuyLines(lines, partial));
    if (bought.first().has_entry()) ReverseLast();
    ASSERT_OK_AND_ASSIGN(const auto held, HoldLines(lines, partial));
    ASSERT_EQ(held.first().has_entry(), bought.first().has_entry());
    if (held.first().has_declined()) {
      ++declined_ones;
      ASSERT_EQ(held.first().declined().reason(), bought.first().declined().reason());
      ASSERT_EQ(held.first().declined().available(), bought.first().declined().available());
      continue;
    }
    ++bought_ones;
    ASSERT_OK_AND_ASSIGN(const auto captured,
                         Capture(NextCall(), held.first().sequence(),
                                 held.first().entry().authorization().points()));
    ASSERT_EQ(TakenBy(captured.first().entry()), TakenBy(bought.first().entry()));
    ASSERT_EQ(EarnedBy(captured.first().entry()), EarnedBy(bought.first().entry()));
    ReverseLast();
    ASSERT_EQ(Available(), available);
  }
  EXPECT_GT(bought_ones, 30);
  EXPECT_GT(declined_ones, 10);
}

// Whatever part of whatever line is captured, each line has taken the first of what was held for
// it, the rest is back in its lots, and refunds line by line leave nothing behind.
TEST_F(HeldBasketTest, AnyPartOfAnyLineIsCapturedFromTheLotsOfThatLine) {
  SeededRandom random(7);
  for (int i = 0; i < 6; ++i) AddGrant(37, i % 2 == 0 ? Books() : Open());
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    ASSERT_OK_AND_ASSIGN(const auto held,
                         HoldLines({{.points = static_cast<std::int64_t>(1 + random.Below(50))},
                                    {.category = kBookshop,
                                     .points = static_cast<std::int64_t>(1 + random.Below(90))},
                                    {.points = static_cast<std::int64_t>(1 + random.Below(50))}},
                                   true));
    const Sequence reference = held.first().sequence();
    const std::vector<PaidLine> before = HoldRow(reference).lines;
    std::vector<LineCapture> wish;
    for (std::size_t line = 0; line < before.size(); ++line) {
      const auto most = static_cast<std::uint64_t>(before[line].Paid());
      const auto points = static_cast<std::int64_t>(random.Below(most + 1));
      if (points > 0) wish.push_back({line, points});
    }
    for (std::size_t line = 0; wish.empty(); ++line) {
      if (before[line].Paid() > 0) wish.push_back({line, before[line].Paid()});
    }
    ASSERT_OK_AND_ASSIGN(const auto captured, CaptureLines(reference, wish));
    ASSERT_TRUE(captured.first().has_entry());
    std::map<std::uint32_t, std::int64_t> of_lot;
    for (const LineCapture& line : wish) {
      std::int64_t points = line.points;
      for (const ledger::LinePart& part : before[line.line].parts) {
        const std::int64_t first = std::min(points, part.points);
        of_lot[static_cast<std::uint32_t>(part.lot)] += first;
        points -= first;
      }
    }
    for (const journal::v1::LotChange& lot : captured.first().entry().lots()) {
      ASSERT_EQ(-lot.points(), of_lot[lot.lot()]);
    }
    ASSERT_EQ(Held(), 0);
    for (const LineCapture& line : wish) ASSERT_OK(RefundLine(reference, line.line, line.points));
    ASSERT_EQ(Row(reference).state, PurchaseState::kRefunded);
    ASSERT_EQ(Row(reference).fee, 0);
    ASSERT_EQ(Available(), 6 * 37);
  }
}

}  // namespace
}  // namespace puhui::merchant
