// SPDX-License-Identifier: Apache-2.0
// What one member may spend under the same terms on one day.
#include "merchant/app/authorization_expiry.h"
#include "merchant/app/spending.h"
#include "tests/unit/merchant/app/terms_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ::testing::HasSubstr;

// 1,000 points, 100 a day. It is eight in the morning in China.
class DayCapTest : public TermsTest {
 protected:
  DayCapTest() {
    ledger::Terms terms = Open();
    terms.day_cap = Points::FromStored(100);
    AddGrant(1'000, terms);
  }
  void NextDay() { ledger_.clock().Advance(absl::Hours(24)); }
  // A store there, with a terminal.
  void OpenIn(const std::string& zone, const std::string& terminal) {
    const StoreId store = *StoreId::Parse(absl::StrCat("s-", terminal), "id");
    CreateStoreCommand created(
        &tables_, {.merchant = *MerchantId::Parse("m-1", "id"), .id = store, .time_zone = zone});
    PUHUI_CHECK_OK(ledger_.Run(created).status());
    EnrollTerminalCommand enrolled(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                              .store = store,
                                              .id = *TerminalId::Parse(terminal, "id")});
    PUHUI_CHECK_OK(ledger_.Run(enrolled).status());
  }
  std::vector<std::int64_t> Counted() {
    std::vector<std::int64_t> points;
    for (const auto& spent : ledger_.views().wallets.Find(kMember)->day_spending) {
      points.push_back(spent.points);
    }
    return points;
  }
};

TEST_F(DayCapTest, TheDayEndsAtMidnightInChina) {
  Buy(80);
  EXPECT_EQ(AvailableHere(), 20);
  EXPECT_THAT(Purchase(NextCall(), 21), Declines(Reason::kInsufficientPoints));
  ledger_.clock().Set(absl::FromCivil(absl::CivilMinute(2025, 1, 1, 15, 59), absl::UTCTimeZone()));
  EXPECT_EQ(AvailableHere(), 20);
  ledger_.clock().Advance(absl::Minutes(1));
  EXPECT_EQ(AvailableHere(), 100);
  Buy(100);
  EXPECT_EQ(AvailableHere(), 0);
  EXPECT_THAT(Counted(), ::testing::ElementsAre(80, 100));
}

TEST_F(DayCapTest, TheDayIsThatOfTheStoresZone) {
  OpenIn("Asia/Urumqi", "t-4");
  ASSERT_OK(Purchase(NextCall("t-4"), 80));
  // Midnight has passed in Shanghai, and comes in two hours in Urumqi.
  ledger_.clock().Set(absl::FromCivil(absl::CivilMinute(2025, 1, 1, 17, 59), absl::UTCTimeZone()));
  EXPECT_EQ(AvailableHere("t-1"), 100);
  EXPECT_EQ(AvailableHere("t-4"), 20);
  ledger_.clock().Advance(absl::Minutes(1));
  EXPECT_EQ(AvailableHere("t-4"), 100);
}

TEST_F(DayCapTest, TwoZonesAtOnceCountOnTheirOwnDays) {
  OpenIn("Asia/Urumqi", "t-4");
  ledger_.clock().Set(absl::FromCivil(absl::CivilMinute(2025, 1, 1, 17, 0), absl::UTCTimeZone()));
  ASSERT_OK(Purchase(NextCall("t-1"), 70));  // The second of January,
  ASSERT_OK(Purchase(NextCall("t-4"), 40));  // and still the first.
  EXPECT_EQ(AvailableHere("t-1"), 30);
  EXPECT_EQ(AvailableHere("t-4"), 60);
  EXPECT_THAT(Counted(), ::testing::ElementsAre(70, 40));
}

TEST_F(DayCapTest, NoZoneIsFurtherBehindThanWalletsCount) {
  OpenIn("Pacific/Kiritimati", "t-4");
  OpenIn("Pacific/Pago_Pago", "t-5");
  // Half past midnight on the third in the one, and before midnight of the first in the other.
  ledger_.clock().Set(absl::FromCivil(absl::CivilMinute(2025, 1, 2, 10, 30), absl::UTCTimeZone()));
  ASSERT_OK(Purchase(NextCall("t-4"), 70));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome behind, Purchase(NextCall("t-5"), 40));
  ASSERT_TRUE(behind.first().entry().has_purchase());
  EXPECT_EQ(AvailableHere("t-5"), 60);
  EXPECT_THAT(Counted(), ::testing::ElementsAre(70, 40));
}

TEST_F(DayCapTest, AZoneWhoseRulesAreNotKnownAnyMoreIsThatOfChina) {
  const absl::Time evening =
      absl::FromCivil(absl::CivilMinute(2025, 1, 1, 17, 0), absl::UTCTimeZone());
  EXPECT_EQ(DayAtStore(evening, "Asia/Urumqi"), absl::CivilDay(2025, 1, 1));
  EXPECT_EQ(DayAtStore(evening, "Nowhere/Town"), absl::CivilDay(2025, 1, 2));
  EXPECT_EQ(DayAtStore(evening, ""), absl::CivilDay(2025, 1, 2));
}

TEST_F(DayCapTest, OtherTermsPayTheRestAndCountNothing) {
  AddGrant(50, Open());
  EXPECT_EQ(AvailableHere(), 150);
  Buy(150);
  EXPECT_EQ(AvailableHere(), 0);
  EXPECT_THAT(Counted(), ::testing::ElementsAre(100));
}

TEST_F(DayCapTest, ARefundOnTheSameDayMakesRoomAgain) {
  const Sequence purchase = Buy(100);
  ASSERT_OK(Refund(NextCall(), purchase, 30));
  EXPECT_EQ(AvailableHere(), 30);
  ASSERT_OK(Refund(NextCall(), purchase, 20));
  EXPECT_EQ(AvailableHere(), 50);
}

TEST_F(DayCapTest, ARefundOnAnotherDayCountsOnThatOfThePurchase) {
  const Sequence purchase = Buy(100);
  NextDay();
  Buy(60);
  ASSERT_OK(Refund(NextCall(), purchase, 30));
  EXPECT_EQ(AvailableHere(), 40);
  EXPECT_THAT(Counted(), ::testing::ElementsAre(70, 60));
  NextDay();
  NextDay();
  Buy(10);
  EXPECT_THAT(Counted(), ::testing::ElementsAre(10));
  ASSERT_OK(Refund(NextCall(), purchase, 70));
  EXPECT_EQ(AvailableHere(), 90) << "that day is long dropped";
}

TEST_F(DayCapTest, AReversalTakesOffWhatWasNotRefunded) {
  const Sequence purchase = Buy(100);
  const std::uint32_t trace = trace_;
  ASSERT_OK(Refund(NextCall(), purchase, 30));
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
  EXPECT_EQ(AvailableHere(), 100);
  EXPECT_THAT(Counted(), ::testing::ElementsAre(0));
}

TEST_F(DayCapTest, WhatIsHeldCountsUntilItIsLetGo) {
  const Sequence first = Hold(60);
  EXPECT_EQ(AvailableHere(), 40);
  EXPECT_THAT(Authorize(NextCall(), 41), Declines(Reason::kInsufficientPoints));
  const Sequence second = Hold(40);
  EXPECT_EQ(AvailableHere(), 0);
  ASSERT_OK(Void(NextCall(), second));
  EXPECT_EQ(AvailableHere(), 40);
  ASSERT_OK(Capture(NextCall(), first, 25));
  EXPECT_EQ(AvailableHere(), 75);
  ASSERT_OK(Refund(NextCall(), first, 25));
  EXPECT_EQ(AvailableHere(), 100);
}

TEST_F(DayCapTest, AnAuthorisationCountsOnItsOwnDayWheneverItEnds) {
  const Sequence captured = Hold(60);
  const Sequence expired = Hold(40, absl::Hours(23));
  NextDay();
  Buy(50);
  ASSERT_OK(Capture(NextCall(), captured, 20));
  ExpireAuthorizationsCommand expire(State(), {expired});
  ASSERT_OK(ledger_.Run(expire));
  EXPECT_EQ(AvailableHere(), 50) << "today is as it was";
  EXPECT_THAT(Counted(), ::testing::ElementsAre(20, 50));
  ASSERT_OK(Refund(NextCall(), captured, 20));
  EXPECT_EQ(AvailableHere(), 50);
  EXPECT_THAT(Counted(), ::testing::ElementsAre(0, 50));
}

TEST_F(DayCapTest, AReversedAuthorisationIsTakenOff) {
  const std::uint32_t trace = trace_ + 1;
  Hold(60);
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
  EXPECT_EQ(AvailableHere(), 100);
}

TEST_F(DayCapTest, BothPartsOfAnEarmarkedGrantShareTheCap) {
  ledger::Terms terms = Open();
  terms.expiry -= absl::Hours(1);
  terms.day_cap = Points::FromStored(100);
  terms.earmark = Share(5'000, {kGrocer});
  AddGrant(160, terms);
  EXPECT_EQ(AvailableHere(), 200);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome bought, Purchase(NextCall(), 100));
  ASSERT_EQ(bought.first().entry().lots_size(), 2);
  EXPECT_EQ(bought.first().entry().lots(0).points(), -80);
  EXPECT_EQ(bought.first().entry().lots(1).points(), -20);
  EXPECT_EQ(AvailableHere(), 100);
}

TEST_F(DayCapTest, OnlyChangesUnderACapHaveADay) {
  AddGrant(50, Open());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome bought, Purchase(NextCall(), 150));
  const journal::v1::Entry& entry = bought.first().entry();
  ASSERT_EQ(entry.lots_size(), 2);
  EXPECT_EQ(entry.lots(0).campaign(), 1U);
  EXPECT_EQ(entry.lots(0).day(), 20'089);  // Days from 1970-01-01 to 2025-01-01.
  EXPECT_FALSE(entry.lots(1).has_day());
  EXPECT_EQ(Row(bought.first().sequence()).day, kFirstDay);
  const Sequence held = [&] {
    ledger_.clock().Advance(absl::Hours(24));
    return Hold(10);
  }();
  EXPECT_EQ(HoldRow(held).day, kFirstDay + 1);
}

TEST_F(TermsTest, WithoutACapNothingIsCounted) {
  AddGrant(50, Open());
  const Sequence purchase = Buy(50);
  EXPECT_EQ(Row(purchase).day, absl::nullopt);
  EXPECT_TRUE(ledger_.views().wallets.Find(kMember)->day_spending.empty());
}

// What no decider writes: a refund of a purchase of 10 points, as `change` leaves it.
class BrokenRefundTest : public DayCapTest {
 protected:
  absl::Status Fold(const std::function<void(journal::v1::Entry&)>& change) {
    const Sequence purchase = Buy(10);
    return ledger_
        .Run(*testing::Always([&](ledger::Decision& decision) {
          journal::v1::Entry& entry = *decision.Add().mutable_entry();
          testing::AddPosting(ledger::AccountKind::kWallet, 0, 1, 10, entry);
          testing::AddPosting(ledger::AccountKind::kPayable, 1, 1, -10, entry);
          entry.mutable_postings(0)->set_member(kMember.ToBytes());
          entry.set_member(kMember.ToBytes());
          journal::v1::LotChange& lot = *entry.add_lots();
          lot.set_lot(1);
          lot.set_points(10);
          lot.set_campaign(1);
          lot.set_origin(1);
          lot.set_granted(1'000);
          lot.set_day(20'089);
          entry.mutable_refund()->set_purchase(purchase);
          entry.mutable_refund()->set_points(10);
          change(entry);
        }))
        .status();
  }
};

TEST_F(BrokenRefundTest, AsItShouldBeItIsFolded) {
  ASSERT_OK(Fold([](journal::v1::Entry&) {}));
  EXPECT_EQ(AvailableHere(), 100);
}

TEST_F(BrokenRefundTest, WhatWasNotSpentOnADayDoesNotComeBackToIt) {
  const absl::Status folded = Fold([](auto& entry) { entry.mutable_lots(0)->set_day(20'090); });
  EXPECT_THAT(folded, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(std::string(folded.message()), HasSubstr("what was spent on day 20090"));
}

TEST_F(BrokenRefundTest, NothingIsSpentOnADayThatIsDropped) {
  const absl::Status folded = Fold([](auto& entry) {
    entry.mutable_lots(0)->set_day(20'087);
    entry.mutable_lots(0)->set_points(-1);
    entry.mutable_postings(0)->set_points(-1);
    entry.mutable_postings(1)->set_points(1);
  });
  EXPECT_THAT(folded, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(std::string(folded.message()), HasSubstr("what was spent on day 20087"));
}

TEST_F(DayCapTest, AnEntryCountsOnOneDayThatOfItsAuthorisation) {
  const Sequence held = Hold(10);
  const AuthorizationRow row = HoldRow(held);
  const auto release = [&](std::int32_t day) {
    return ledger_
        .Run(*testing::Always([&](ledger::Decision& decision) {
          journal::v1::Entry& entry = testing::AddHold({.campaign = 1,
                                                        .origin = 1,
                                                        .member = kMember,
                                                        .lot = 1,
                                                        .points = -10,
                                                        .expiry = row.taken[0].expiry},
                                                       decision);
          entry.mutable_voided()->set_authorization(held);
          entry.mutable_lots(0)->set_day(day);
        }))
        .status();
  };
  const absl::Status other_day = release(20'080);
  EXPECT_THAT(other_day, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(std::string(other_day.message()), HasSubstr("other points"));
}

}  // namespace
}  // namespace puhui::merchant
