// SPDX-License-Identifier: Apache-2.0
// Terms, as a till meets them: each condition, and the earmark.
#include "tests/unit/merchant/app/terms_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Earmarked;
using ledger::HolidayRule;
using ledger::Reason;
using ledger::Terms;

// One condition that does not hold. An earmark of everything binds the whole grant.
struct Condition {
  const char* why_not;
  std::function<void(Terms*)> ask;
};

std::vector<Condition> Conditions() {
  return {
      {"NOT_STARTED",
       [](Terms* terms) { terms->start = FakeClock().Now() + absl::Microseconds(1'000'000); }},
      {"EXPIRED", [](Terms* terms) { terms->expiry = FakeClock().Now(); }},
      {"MERCHANT_DENIED", [](Terms* terms) { terms->denied_merchants = {MerchantNumber{1}}; }},
      {"MERCHANT_NOT_ALLOWED",
       [](Terms* terms) { terms->allowed_merchants = {MerchantNumber{2}}; }},
      {"CATEGORY", [](Terms* terms) { terms->categories = {kBookshop}; }},
      {"REGION", [](Terms* terms) { terms->regions = {110'000}; }},
      {"EARMARK_CATEGORY",
       [](Terms* terms) {
         terms->earmark.share = BasisPoints::FromStored(10'000);
         terms->earmark.categories = {kBookshop};
       }},
      {"EARMARK_REGION",
       [](Terms* terms) {
         terms->earmark.share = BasisPoints::FromStored(10'000);
         terms->earmark.regions = {110'000};
       }},
      {"WEEKDAY",
       [](Terms* terms) {
         terms->weekdays = ledger::kEveryWeekday & ~ledger::BitOf(absl::Weekday::wednesday);
       }},
      {"HOLIDAY",
       [](Terms* terms) {
         terms->holiday_rule = HolidayRule::kHolidaysOnly;
         terms->holidays = {kFirstDay + 1};
       }},
      {"HOLIDAY",
       [](Terms* terms) {
         terms->holiday_rule = HolidayRule::kWorkdaysOnly;
         terms->holidays = {kFirstDay};
       }},
  };
}

TEST_F(TermsTest, EachConditionThatDoesNotHoldKeepsTheLotClosed) {
  AddGrant(7, Open());
  std::int64_t open = 7;
  for (const Condition& row : Conditions()) {
    SCOPED_TRACE(row.why_not);
    Terms terms = Open();
    row.ask(&terms);
    AddGrant(100, terms);
    EXPECT_EQ(AvailableHere(), open);
    EXPECT_THAT(Purchase(NextCall(), open + 1), Declines(Reason::kInsufficientPoints));
  }
  // The same conditions, when they hold.
  Terms holds = Open();
  holds.start = ledger_.clock().Now();
  holds.allowed_merchants = {MerchantNumber{1}};
  holds.denied_merchants = {MerchantNumber{2}};
  holds.categories = {kGrocer};
  holds.weekdays = ledger::BitOf(absl::Weekday::wednesday);
  holds.holiday_rule = HolidayRule::kHolidaysOnly;
  holds.holidays = {kFirstDay};
  AddGrant(50, holds);
  EXPECT_EQ(AvailableHere(), open + 50);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome bought, Purchase(NextCall(), open + 50));
  EXPECT_TRUE(bought.first().entry().has_purchase());
}

TEST_F(TermsTest, WhatIsHeldIsNotAvailable) {
  AddGrant(100, Open());
  Hold(100);
  EXPECT_EQ(AvailableHere(), 0);
}

TEST_F(TermsTest, TheRegionIsThatOfTheStoreAndLiesInItsCityAndProvince) {
  for (const std::uint32_t region : {420'106U, 420'100U, 420'000U}) {
    Terms terms = Open();
    terms.regions = {region};
    AddGrant(100, terms);
  }
  EXPECT_EQ(AvailableHere("t-1"), 0) << "the region of its store is not known";
  EXPECT_EQ(AvailableHere("t-3"), 300);
  Terms elsewhere = Open();
  elsewhere.regions = {420'107};
  AddGrant(100, elsewhere);
  EXPECT_EQ(AvailableHere("t-3"), 300);
}

TEST_F(TermsTest, ALotThatHasNotStartedIsNotAvailableAnywhere) {
  Terms terms = Open();
  terms.start = ledger_start_ + absl::Hours(1);
  AddGrant(100, terms);
  EXPECT_EQ(Available(), 0);
  ledger_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(Available(), 100);
  EXPECT_EQ(AvailableHere(), 100);
}

TEST_F(TermsTest, WeekdaysGoByTheDayInChina) {
  Terms terms = Open();
  terms.weekdays = ledger::BitOf(absl::Weekday::thursday);
  AddGrant(100, terms);
  ledger_.clock().Set(absl::FromCivil(absl::CivilMinute(2025, 1, 1, 15, 59), absl::UTCTimeZone()));
  EXPECT_EQ(AvailableHere(), 0);
  ledger_.clock().Advance(absl::Minutes(1));
  EXPECT_EQ(AvailableHere(), 100);
}

// 30 % of 101 points, rounded up, are bound to books.
class EarmarkTest : public TermsTest {
 protected:
  EarmarkTest() {
    Terms terms = Open();
    terms.earmark = Share(3'000, {kBookshop});
    lot_ = LotNumber{AddGrant(101, terms)};
  }
  LotNumber lot_{};
};

TEST_F(EarmarkTest, AGrantOpensALotOfWhatIsBoundAndOneOfTheRest) {
  EXPECT_EQ(Remaining(lot_), 70);
  EXPECT_EQ(Remaining(Earmarked(lot_)), 31);
  EXPECT_EQ(Available(), 101);
  // Lots stay in the order of their numbers.
  AddGrant(10, Open());
  const ledger::Wallet& wallet = *ledger_.views().wallets.Find(kMember);
  ASSERT_EQ(wallet.lots.size(), 3U);
  EXPECT_EQ(wallet.lots[1].number, LotNumber{2});
  EXPECT_EQ(wallet.lots[2].number, Earmarked(lot_));
}

TEST_F(EarmarkTest, TheFreePartIsSpentAnywhereAndTheBoundPartThereOnly) {
  EXPECT_EQ(AvailableHere(), 70);
  EXPECT_THAT(Purchase(NextCall(), 71), Declines(Reason::kInsufficientPoints));
  Buy(70);
  EXPECT_EQ(AvailableHere(), 0);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome books, BuyBooks(31));
  EXPECT_TRUE(books.first().entry().has_purchase());
  EXPECT_EQ(Available(), 0);
}

TEST_F(EarmarkTest, TheBoundPartIsSpentFirst) {
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome books, BuyBooks(40));
  const journal::v1::Entry& entry = books.first().entry();
  ASSERT_EQ(entry.lots_size(), 2);
  EXPECT_EQ(LotNumber{entry.lots(0).lot()}, Earmarked(lot_));
  EXPECT_EQ(entry.lots(0).points(), -31);
  EXPECT_EQ(LotNumber{entry.lots(1).lot()}, lot_);
  EXPECT_EQ(entry.lots(1).points(), -9);
}

TEST_F(EarmarkTest, WhatComesBackIsBoundAgain) {
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome books, BuyBooks(101));
  TillCall call = NextCall();
  call.merchant_id = "m-2";
  ASSERT_OK(Refund(call, books.first().sequence(), 80));
  EXPECT_EQ(Remaining(lot_), 70);
  EXPECT_EQ(Remaining(Earmarked(lot_)), 10);
  EXPECT_EQ(AvailableHere(), 70);
}

TEST_F(EarmarkTest, BothPartsAreHeldAndGivenBack) {
  ASSERT_OK(BuyBooks(1));
  TillCall call = NextCall();
  call.merchant_id = "m-2";
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome held, Authorize(call, 60));
  ASSERT_EQ(held.first().entry().lots_size(), 2);
  EXPECT_EQ(Held(), 60);
  EXPECT_EQ(AvailableHere(), 40);
  call.trace_number = ++trace_;
  ASSERT_OK(Capture(call, held.first().sequence(), 35));
  EXPECT_EQ(Remaining(Earmarked(lot_)), 0);
  EXPECT_EQ(Remaining(lot_), 65);
}

TEST_F(TermsTest, AGrantTooSmallToSplitIsBoundWhole) {
  Terms terms = Open();
  terms.earmark = Share(1, {kBookshop});
  const LotNumber lot{AddGrant(1, terms)};
  EXPECT_EQ(Remaining(lot), 0);
  EXPECT_EQ(Remaining(Earmarked(lot)), 1);
  EXPECT_EQ(ledger_.views().wallets.Find(kMember)->lots.size(), 1U);
}

}  // namespace
}  // namespace puhui::merchant
