// SPDX-License-Identifier: Apache-2.0
// Card numbers at the till: nobody finds one by trying.
#include "ledger/base/limits.h"
#include "ledger/storage/codec.h"
#include "merchant/app/inquire_card_command.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::merchant {
namespace {

using ledger::Reason;

constexpr TerminalNumber kTill{1};  // "t-1" of m-1.

class CardGuessesTest : public TillTest {
 protected:
  CardGuessesTest() { AddLot(1'000, absl::Hours(1'000)); }

  SpendCommand::Wish Wish(const ledger::Tag& card, bool foreign = false) const {
    return {.card = card,
            .card_foreign = foreign,
            .points = Points::FromStored(1),
            .authorization_code = "A1B2C3"};
  }
  absl::StatusOr<ledger::Outcome> Pay(TillCall call, SpendCommand::Wish wish,
                                      std::uint64_t request = 0) {
    PurchaseCommand command(State(), std::move(call), std::move(wish));
    return Submit(command, request);
  }
  absl::StatusOr<ledger::Outcome> PayByCode(const ShownCode& code) {
    return Pay(NextCall(),
               {.points = Points::FromStored(1), .authorization_code = "A1B2C3", .code = code});
  }
  absl::StatusOr<ledger::Outcome> Inquire(const ShownCard& card, TerminalNumber terminal = kTill) {
    InquireCardCommand command(State(), terminal, card);
    return ledger_.Run(command);
  }
  // One that nobody has.
  static ledger::Tag Guess() {
    static std::uint64_t drawn = 0x6E55;
    return testing::TagOf(++drawn);
  }
  void SendWrongCards(std::size_t count, const std::string& terminal = "t-1") {
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_THAT(Pay(NextCall(terminal), Wish(Guess())), Declines(Reason::kCardNotFound)) << i;
    }
  }
  std::uint32_t InDay(TerminalNumber terminal = kTill) {
    const Guesses* guesses = tables_.card_guesses.Find(terminal);
    return guesses == nullptr ? 0 : guesses->in_day;
  }
  bool Pays(TillCall call) {
    return Pay(std::move(call), Wish(kCard))->first().entry().has_purchase();
  }
};

TEST_F(CardGuessesTest, TenWrongNumbersInAMinuteBlockOneTerminalForFive) {
  for (std::size_t i = 1; i <= kWrongCardsMax; ++i) {
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome wrong, Pay(NextCall(), Wish(Guess())));
    const journal::v1::Declined& declined = wrong.first().declined();
    EXPECT_EQ(ledger::ReasonFromNumber(declined.reason()), Reason::kCardNotFound);
    EXPECT_EQ(declined.cards_blocked_until_micros() != 0, i == kWrongCardsMax) << i;
    EXPECT_EQ(declined.codes_blocked_until_micros(), 0);
    EXPECT_FALSE(declined.card_foreign());
  }
  // A card that there is is not looked up either; other terminals are as before.
  EXPECT_THAT(Pay(NextCall(), Wish(kCard)), Declines(Reason::kCardsBlocked));
  EXPECT_THAT(Pay(NextCall(), Wish(Guess())), Declines(Reason::kCardsBlocked));
  EXPECT_THAT(Authorize(NextCall(), 1), Declines(Reason::kCardsBlocked));
  EXPECT_TRUE(Pays(NextCall("t-2")));
  EXPECT_EQ(InDay(), kWrongCardsMax);
  ledger_.clock().Advance(kWrongCardsBlock - absl::Seconds(1));
  EXPECT_THAT(Pay(NextCall(), Wish(kCard)), Declines(Reason::kCardsBlocked));
  ledger_.clock().Advance(absl::Seconds(2));
  EXPECT_TRUE(Pays(NextCall()));
}

TEST_F(CardGuessesTest, AWrongNumberCountsForTheTerminalThatSentIt) {
  SendWrongCards(kWrongCardsMax - 1, "t-2");
  SendWrongCards(1);
  EXPECT_EQ(InDay(), 1U);
  TillCall of_another_merchant = NextCall();
  of_another_merchant.merchant_id = "m-2";
  ASSERT_THAT(Pay(of_another_merchant, Wish(Guess())), Declines(Reason::kCardNotFound));
  EXPECT_TRUE(Pays(NextCall()));
  EXPECT_TRUE(Pays(NextCall("t-2")));
  SendWrongCards(1, "t-2");
  EXPECT_THAT(Pay(NextCall("t-2"), Wish(kCard)), Declines(Reason::kCardsBlocked));
  EXPECT_TRUE(Pays(NextCall()));
}

TEST_F(CardGuessesTest, CodesAndCardsAreCountedApart) {
  const ShownCode good{.tag = testing::TagOf(0xC0DE),
                       .known = ShownCode::Known{.member = kMember,
                                                 .expiry = ledger_.clock().Now() + absl::Hours(1),
                                                 .device = absl::nullopt}};
  SendWrongCards(kWrongCardsMax);
  EXPECT_EQ(tables_.code_guesses.Find(kTill), nullptr);
  EXPECT_TRUE(PayByCode(good)->first().entry().has_purchase());
  // Nor are devices doubted for a wrong card.
  ledger_.clock().Advance(kWrongCardsBlock + absl::Seconds(1));
  for (std::size_t i = 0; i < kWrongCodesMax; ++i) {
    ASSERT_THAT(PayByCode({.tag = Guess()}), Declines(Reason::kPaymentCodeUnknown));
  }
  ASSERT_THAT(PayByCode({.tag = Guess()}), Declines(Reason::kPaymentCodesBlocked));
  EXPECT_EQ(InDay(), kWrongCardsMax);
  EXPECT_TRUE(Pays(NextCall()));
}

// A bank's card at the till is no guess, however often somebody holds one out.
TEST_F(CardGuessesTest, ANumberOfAnotherSchemeDoesNotCount) {
  for (std::size_t i = 0; i < 2 * kWrongCardsPerDayMax; ++i) {
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome wrong, Pay(NextCall(), Wish(Guess(), true)));
    ASSERT_EQ(ledger::ReasonFromNumber(wrong.first().declined().reason()), Reason::kCardNotFound);
    ASSERT_TRUE(wrong.first().declined().card_foreign());
  }
  EXPECT_EQ(tables_.card_guesses.Find(kTill), nullptr);
  EXPECT_TRUE(Pays(NextCall()));
  // Of a terminal that is blocked it says as little as any other.
  SendWrongCards(kWrongCardsMax);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome blocked, Pay(NextCall(), Wish(Guess(), true)));
  EXPECT_EQ(ledger::ReasonFromNumber(blocked.first().declined().reason()), Reason::kCardsBlocked);
  EXPECT_FALSE(blocked.first().declined().card_foreign());
}

TEST_F(CardGuessesTest, ARepeatedCallIsAnsweredAlikeAndCountsOnce) {
  const TillCall call = NextCall();
  const ledger::Tag wrong = Guess();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome first, Pay(call, Wish(wrong), 77));
  SendWrongCards(kWrongCardsMax - 1);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Pay(call, Wish(wrong), 77));
  EXPECT_EQ(again.first().SerializeAsString(), first.first().SerializeAsString());
  EXPECT_EQ(InDay(), kWrongCardsMax);
}

TEST_F(CardGuessesTest, TenThousandGuessesAreTwentyLookUpsADay) {
  std::size_t looked_up = 0;
  for (int i = 0; i < 10'000; ++i) {
    ledger_.clock().Advance(absl::Seconds(8));  // 22 hours in all.
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome guess, Pay(NextCall(), Wish(Guess())));
    const Reason reason = ledger::ReasonFromNumber(guess.first().declined().reason());
    if (reason == Reason::kCardNotFound) ++looked_up;
  }
  EXPECT_EQ(looked_up, kWrongCardsPerDayMax);
}

TEST_F(CardGuessesTest, ABalanceIsAskedForWithTheSameBudget) {
  const Sequence before = ledger_.last_sequence();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome known, Inquire({.hash = kCard}));
  EXPECT_TRUE(known.empty());
  EXPECT_EQ(ledger_.last_sequence(), before);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome foreign, Inquire({.hash = Guess(), .foreign = true}));
  EXPECT_TRUE(foreign.first().declined().card_foreign());
  EXPECT_EQ(InDay(), 0U);
  SendWrongCards(kWrongCardsMax - 1);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome last, Inquire({.hash = Guess()}));
  const journal::v1::Declined& declined = last.first().declined();
  EXPECT_EQ(ledger::ReasonFromNumber(declined.reason()), Reason::kCardNotFound);
  EXPECT_NE(declined.cards_blocked_until_micros(), 0);
  EXPECT_EQ(declined.till().merchant(), 1U);
  EXPECT_EQ(declined.till().terminal(), 1U);
  // It is no call of the till, so there is nothing under its keys.
  EXPECT_EQ(tables_.till_calls.Find({kTill, 0, 0}), nullptr);
  const Sequence blocked = ledger_.last_sequence();
  EXPECT_THAT(Inquire({.hash = kCard}), Refuses(Reason::kCardsBlocked));
  EXPECT_THAT(Inquire({.hash = Guess()}), Refuses(Reason::kCardsBlocked));
  EXPECT_EQ(ledger_.last_sequence(), blocked);
  EXPECT_THAT(Pay(NextCall(), Wish(kCard)), Declines(Reason::kCardsBlocked));
  EXPECT_OK(Inquire({.hash = kCard}, TerminalNumber{3}));  // Its neighbour, "t-2".
}

// The block is in the views: whoever folds the journal has it too.
TEST_F(CardGuessesTest, ABlockSurvivesARecovery) {
  SendWrongCards(kWrongCardsMax - 1);
  ASSERT_OK(Inquire({.hash = Guess()}));
  testing::LedgerFixture recovered;
  Tables tables(&recovered.set());
  MerchantApplier applier(&tables, &recovered.views());
  recovered.Attach(&applier);
  ASSERT_OK(recovered.RecoverFrom(ledger_));
  ASSERT_NE(tables.card_guesses.Find(kTill), nullptr);
  EXPECT_EQ(ledger::EncodeValue(*tables.card_guesses.Find(kTill)),
            ledger::EncodeValue(*tables_.card_guesses.Find(kTill)));
  PurchaseCommand blocked({&tables, &recovered.views()}, NextCall(), Wish(kCard));
  blocked.request = testing::RequestOf(5'000);
  EXPECT_THAT(recovered.Run(blocked), Declines(Reason::kCardsBlocked));
}

TEST(CardGuessBytesTest, KeysRowsAndRecordsHaveTheirGoldenBytes) {
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeKey(kCardGuessTable.id, TerminalNumber{258})),
            "5d00000102");
  const absl::Time second = absl::FromUnixSeconds(1);
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeValue(Guesses{
                .lately = {second}, .day_start = second, .in_day = 3, .blocked_until = second})),
            "0180897a80897a0380897a");
  journal::v1::Record record;
  record.mutable_declined()->set_cards_blocked_until_micros(1);
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()), "ca0103800201");
  record.mutable_declined()->Clear();
  record.mutable_declined()->set_card_foreign(true);
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()), "ca0103880201");
}

}  // namespace
}  // namespace puhui::merchant
