// SPDX-License-Identifier: Apache-2.0
// Velocity limits at the till: who has which, what counts, and what a till hears.
#include "merchant/app/limits.h"

#include "ledger/storage/codec.h"
#include "merchant/app/limit_commands.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;

const Limit kOneAnHour{.window = LimitWindow::kHour, .count_max = 1};

LimitTarget Everyone(LimitSubject subject) { return {.subject = subject}; }
LimitTarget Terminal(const char* id) {
  return {.subject = LimitSubject::kTerminal,
          .merchant = *MerchantId::Parse("m-1", "id"),
          .terminal = *TerminalId::Parse(id, "id")};
}

class LimitsTest : public TillTest {
 protected:
  LimitsTest() { AddLot(1'000, absl::Hours(1'000)); }

  absl::StatusOr<ledger::Outcome> Set(LimitTarget target, std::vector<Limit> limits) {
    SetLimitsCommand command(
        State(),
        {.target = std::move(target), .limits = std::move(limits), .person = "people/wang-1"});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> PayWithCode(TillCall call, std::uint64_t code) {
    PurchaseCommand command(
        State(), std::move(call),
        {.points = Points::FromStored(1),
         .authorization_code = "A1B2C3",
         .code = ShownCode{
             .tag = testing::TagOf(code),
             .known = ShownCode::Known{.member = kMember, .expiry = absl::InfiniteFuture()}}});
    return Submit(command);
  }
  bool Pays(const std::string& terminal = "t-1", std::int64_t points = 1) {
    const auto outcome = Purchase(NextCall(terminal), points);
    return outcome.ok() && outcome->first().entry().has_purchase();
  }
};

TEST_F(LimitsTest, WithoutLimitsNothingIsCounted) {
  ASSERT_TRUE(Pays() && Pays());
  EXPECT_TRUE(ledger::List(ledger_.store(), kVelocityTable, {}, 10)->empty());
  EXPECT_EQ(tables_.counts.Find(kLimitCount), nullptr);
}

TEST_F(LimitsTest, EachSubjectHasItsReasonAndTheirOrder) {
  const std::vector<std::pair<LimitSubject, Reason>> rows = {
      {LimitSubject::kCard, Reason::kCardLimit},
      {LimitSubject::kMember, Reason::kMemberLimit},
      {LimitSubject::kMerchant, Reason::kMerchantLimit},
      {LimitSubject::kTerminal, Reason::kTerminalLimit}};
  // Each is reported before those that were broken already.
  for (const auto& [subject, reason] : rows) {
    ASSERT_OK(Set(Everyone(subject), {{.window = LimitWindow::kDay, .count_max = 0}}));
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Purchase(NextCall(), 1));
    EXPECT_EQ(ledger::ReasonFromNumber(outcome.first().declined().reason()), reason);
    const journal::v1::LimitHit& hit = outcome.first().declined().limit();
    EXPECT_EQ(hit.window(), 3U);
    EXPECT_FALSE(hit.of_points());
    EXPECT_EQ(hit.allowed(), 0);
    EXPECT_EQ(outcome.first().declined().member(), kMember.ToBytes());
  }
  EXPECT_EQ(Available(), 1'000);
}

TEST_F(LimitsTest, ACountAndASumAreReachedButNotExceeded) {
  ASSERT_OK(
      Set(Everyone(LimitSubject::kMember), {{.window = LimitWindow::kMinute, .count_max = 2},
                                            {.window = LimitWindow::kHour, .points_max = 100}}));
  EXPECT_TRUE(Pays("t-1", 10) && Pays("t-2", 10));
  EXPECT_THAT(Purchase(NextCall(), 10), Declines(Reason::kMemberLimit));
  ledger_.clock().Advance(absl::Minutes(1));
  EXPECT_THAT(Purchase(NextCall(), 81), Declines(Reason::kMemberLimit));
  EXPECT_TRUE(Pays("t-1", 80));
  EXPECT_THAT(Purchase(NextCall(), 1), Declines(Reason::kMemberLimit));
  ledger_.clock().Advance(absl::Hours(1));
  EXPECT_TRUE(Pays());
}

TEST_F(LimitsTest, AnAuthorisationCountsAndItsCaptureDoesNot) {
  ASSERT_OK(
      Set(Everyone(LimitSubject::kTerminal), {{.window = LimitWindow::kHour, .count_max = 2}}));
  const Sequence held = Hold(10);
  ASSERT_OK(Capture(NextCall(), held, 10));
  EXPECT_TRUE(Pays());
  EXPECT_THAT(Authorize(NextCall(), 10), Declines(Reason::kTerminalLimit));
}

// In two zones there would be two days at once, and a payment in the one would begin the other
// anew.
TEST_F(LimitsTest, TheDayIsThatOfChinaWhereverTheStoreIs) {
  const StoreId store = *StoreId::Parse("s-4", "id");
  const MerchantId merchant = *MerchantId::Parse("m-1", "id");
  CreateStoreCommand created(&tables_,
                             {.merchant = merchant, .id = store, .time_zone = "Asia/Urumqi"});
  ASSERT_OK(ledger_.Run(created));
  EnrollTerminalCommand enrolled(
      &tables_, {.merchant = merchant, .store = store, .id = *TerminalId::Parse("t-4", "id")});
  ASSERT_OK(ledger_.Run(enrolled));
  ASSERT_OK(Set(Everyone(LimitSubject::kMember), {{.window = LimitWindow::kDay, .count_max = 2}}));
  const auto at = [&](int day, int hour) {
    ledger_.clock().Set(absl::FromCivil(absl::CivilHour(2025, 1, day, hour), absl::UTCTimeZone()));
  };
  at(1, 17);  // One o'clock after midnight in China, and an hour before it in Urumqi.
  EXPECT_TRUE(Pays("t-1") && Pays("t-4"));
  EXPECT_FALSE(Pays("t-1"));
  EXPECT_FALSE(Pays("t-4"));
  at(1, 19);
  EXPECT_FALSE(Pays("t-4"));
  at(2, 16);
  EXPECT_TRUE(Pays("t-4") && Pays("t-1"));
  EXPECT_FALSE(Pays("t-4"));
}

// What was paid was paid: giving it back opens no room for more.
TEST_F(LimitsTest, ARefundTakesNothingOff) {
  ASSERT_OK(Set(Everyone(LimitSubject::kMember), {kOneAnHour}));
  const Sequence bought = Buy(10);
  ASSERT_OK(Refund(NextCall(), bought, 10));
  EXPECT_THAT(Purchase(NextCall(), 10), Declines(Reason::kMemberLimit));
}

TEST_F(LimitsTest, OnesOwnLimitsReplaceThoseOfEveryone) {
  ASSERT_OK(Set(Everyone(LimitSubject::kTerminal), {kOneAnHour}));
  ASSERT_OK(Set(Terminal("t-2"), {{.window = LimitWindow::kHour, .count_max = 2}}));
  EXPECT_TRUE(Pays("t-1"));
  EXPECT_FALSE(Pays("t-1"));
  EXPECT_TRUE(Pays("t-2") && Pays("t-2"));
  EXPECT_FALSE(Pays("t-2"));
  ASSERT_OK(Set(Terminal("t-2"), {}));
  EXPECT_FALSE(Pays("t-2"));
  ASSERT_OK(Set(Everyone(LimitSubject::kTerminal), {}));
  EXPECT_TRUE(Pays("t-1") && Pays("t-2"));
  EXPECT_EQ(*tables_.counts.Find(kLimitCount), 0U);
}

// Each member and terminal that pays would leave a row behind that says that there is none.
TEST_F(LimitsTest, WhereNobodyHasLimitsOfOnesOwnNobodyIsLookedFor) {
  const std::vector<LimitSubject> subjects = {LimitSubject::kTerminal, LimitSubject::kMerchant,
                                              LimitSubject::kMember, LimitSubject::kCard};
  for (const LimitSubject subject : subjects) {
    ASSERT_OK(Set(Everyone(subject), {{.window = LimitWindow::kDay, .count_max = 100}}));
  }
  EXPECT_TRUE(Pays("t-1") && Pays("t-2"));
  EXPECT_EQ(tables_.limits.cached_rows(), subjects.size());
  // One terminal has some, then none again.
  ASSERT_OK(Set(Terminal("t-2"), {{.window = LimitWindow::kDay, .count_max = 2}}));
  ASSERT_OK(Set(Terminal("t-2"), {{.window = LimitWindow::kDay, .count_max = 1}}));
  EXPECT_EQ(*tables_.counts.Find(kOwnLimitCounts + 1), 1U);
  EXPECT_FALSE(Pays("t-2"));
  EXPECT_TRUE(Pays("t-1"));
  ASSERT_OK(Set(Terminal("t-2"), {}));
  ASSERT_OK(Set(Terminal("t-2"), {}));  // Twice does no harm.
  EXPECT_EQ(*tables_.counts.Find(kOwnLimitCounts + 1), 0U);
  EXPECT_TRUE(Pays("t-2"));
  EXPECT_EQ(*tables_.counts.Find(kLimitCount), subjects.size());
  EXPECT_EQ(tables_.counts.Find(kOwnLimitCounts + 3), nullptr);  // Nobody ever had any.
}

// Which card it was is in the record only while that is of use, and a code is no card.
TEST_F(LimitsTest, CardsAreToldApartOnlyWhileTheyAreLimited) {
  ASSERT_OK_AND_ASSIGN(ledger::Outcome paid, Purchase(NextCall(), 1));
  EXPECT_TRUE(paid.first().entry().purchase().card_hash().empty());
  ASSERT_OK(Set(Everyone(LimitSubject::kCard), {kOneAnHour}));
  ASSERT_OK_AND_ASSIGN(paid, Purchase(NextCall(), 1));
  EXPECT_EQ(paid.first().entry().purchase().card_hash(), ledger::TagBytes(kCard));
  EXPECT_THAT(Purchase(NextCall(), 1), Declines(Reason::kCardLimit));
  ASSERT_OK_AND_ASSIGN(paid, PayWithCode(NextCall(), 1));
  EXPECT_TRUE(paid.first().entry().has_purchase());
  EXPECT_TRUE(paid.first().entry().purchase().card_hash().empty());
}

TEST_F(LimitsTest, StateComesBeforeALimitAndFundsAfterIt) {
  ASSERT_OK(Set(Everyone(LimitSubject::kMember), {{.window = LimitWindow::kDay, .count_max = 0}}));
  EXPECT_THAT(Purchase(NextCall(), 1'001), Declines(Reason::kMemberLimit));
  ledger_.views().cards.Edit(kCard).state = ledger::CardState::kBlocked;
  EXPECT_THAT(Purchase(NextCall(), 1), Declines(Reason::kCardBlocked));
}

// What is said beforehand is what the till does.
TEST_F(LimitsTest, TheMostThatIsLeftIsPaidAndOnePointMoreIsNot) {
  AddLot(100'000, absl::Hours(1'000));
  SeededRandom random(17);
  const PaidBy by{.terminal = TerminalNumber{1},
                  .merchant = MerchantNumber{1},
                  .member = kMember,
                  .card = kCard};
  int paid = 0;
  int declined = 0;
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE(round);
    Limit limit{.window = static_cast<LimitWindow>(1 + random.Below(kLimitWindows))};
    if (random.Below(2) == 0) limit.count_max = static_cast<std::uint32_t>(random.Below(6));
    if (random.Below(2) == 0) limit.points_max = static_cast<std::int64_t>(random.Below(200));
    const bool bounds = limit.count_max.has_value() || limit.points_max.has_value();
    ASSERT_OK(Set(Everyone(static_cast<LimitSubject>(1 + random.Below(4))),
                  bounds ? std::vector<Limit>{limit} : std::vector<Limit>()));
    ASSERT_OK_AND_ASSIGN(const auto met, ReadLimitsOn(by, ledger_.store()));
    constexpr std::int64_t kNoLimit = 1'000;  // More than any of them leaves.
    const std::int64_t most = MostPayable(met, kNoLimit, ledger_.clock().Now());
    const auto found = FindLimit(met, Points::FromStored(most + 1), ledger_.clock().Now());
    ASSERT_EQ(found.has_value(), most < kNoLimit);
    if (found.has_value()) {
      ++declined;
      ASSERT_THAT(Purchase(NextCall(), most + 1), Declines(ReasonOf(found->subject)));
    }
    if (most > 0) {
      ++paid;
      ASSERT_TRUE(Pays("t-1", std::min<std::int64_t>(most, 100)));
    }
    ledger_.clock().Advance(absl::Seconds(static_cast<std::int64_t>(random.Below(7'200))));
  }
  EXPECT_GT(paid, 50);
  EXPECT_GT(declined, 50);
}

TEST_F(LimitsTest, AChangeKeepsWhatWasBeforeAndWhoMadeIt) {
  ASSERT_OK(Set(Terminal("t-1"), {kOneAnHour}));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome,
                       Set(Terminal("t-1"), {{.window = LimitWindow::kDay, .points_max = 5}}));
  const journal::v1::LimitsChanged& changed = outcome.first().limits_changed();
  EXPECT_EQ(changed.person(), "people/wang-1");
  EXPECT_EQ(changed.number(), 1U);
  ASSERT_EQ(changed.before_size(), 1);
  EXPECT_EQ(changed.before(0).count_max(), 1U);
  EXPECT_FALSE(changed.before(0).has_points_max());
  ASSERT_EQ(changed.after_size(), 1);
  EXPECT_EQ(changed.after(0).points_max(), 5);
}

TEST_F(LimitsTest, NobodyOfThatNameHasLimits) {
  EXPECT_THAT(Set(Terminal("t-9"), {kOneAnHour}), Refuses(Reason::kNotFound));
  EXPECT_THAT(Set({.subject = LimitSubject::kMerchant, .merchant = *MerchantId::Parse("m-9", "id")},
                  {kOneAnHour}),
              Refuses(Reason::kNotFound));
  EXPECT_THAT(Set({.subject = LimitSubject::kMember, .member = MemberId(9, 9)}, {kOneAnHour}),
              Refuses(Reason::kNotFound));
}

TEST_F(LimitsTest, ARecoveryCountsAlike) {
  ASSERT_TRUE(Pays());
  ASSERT_OK(Set(Everyone(LimitSubject::kMember), {{.window = LimitWindow::kDay, .count_max = 3}}));
  ASSERT_TRUE(Pays());
  Hold(5);
  testing::LedgerFixture recovered;
  Tables tables(&recovered.set());
  MerchantApplier applier(&tables, &recovered.views());
  recovered.Attach(&applier);
  ASSERT_OK(recovered.RecoverFrom(ledger_));
  const LimitKey key{.subject = LimitSubject::kMember,
                     .who = ledger::TagFromBytes(kMember.ToBytes())};
  ASSERT_NE(tables.velocities.Find(key), nullptr);
  EXPECT_EQ(tables.velocities.Find(key)->day.count, 2U);
  EXPECT_EQ(ledger::EncodeValue(*tables.velocities.Find(key)),
            ledger::EncodeValue(*tables_.velocities.Find(key)));
}

TEST(LimitBytesTest, KeysAndRowsHaveTheirGoldenBytes) {
  const LimitKey key{.subject = LimitSubject::kMerchant, .number = 258};
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeKey(kLimitTable.id, key)),
            "550200000102" + std::string(32, '0'));
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeKey(kVelocityTable.id, key)),
            "560200000102" + std::string(32, '0'));
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeValue(
                LimitsRow{.limits = {{.window = LimitWindow::kDay, .count_max = 3}},
                          .change = 7,
                          .time = absl::FromUnixSeconds(1)})),
            "0103010300"
            "0780897a");
  EXPECT_EQ(absl::BytesToHexString(
                ledger::EncodeValue(Velocity{.minute = {.number = 1, .count = 2, .points = 3}})),
            "020206"
            "000000"
            "000000");
}

}  // namespace
}  // namespace puhui::merchant
