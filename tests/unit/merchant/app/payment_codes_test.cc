// SPDX-License-Identifier: Apache-2.0
// Payment codes at the till: once each, whoever repeats what, and never by trying.
#include "ledger/base/limits.h"
#include "ledger/storage/codec.h"
#include "merchant/app/code_shelf.h"
#include "merchant/core/payment_code.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace puhui::merchant {
namespace {

using ledger::Reason;

class PaymentCodesTest : public TillTest {
 protected:
  PaymentCodesTest() { AddLot(1'000, absl::Hours(1'000)); }

  std::string Make() {
    return absl::get<CodeShelf::Made>(
               shelf_->Make(kMember, CodePurpose::kTill, ledger_.clock().Now()))
        .digits;
  }
  // As a handler does it: the code is looked up when the call arrives.
  SpendCommand::Wish Wish(const std::string& digits, std::int64_t points) const {
    return {.points = Points::FromStored(points),
            .authorization_code = "A1B2C3",
            .code = shelf_->Look(digits, CodePurpose::kTill)};
  }
  absl::StatusOr<ledger::Outcome> Pay(TillCall call, const std::string& digits,
                                      std::int64_t points = 10, std::uint64_t request = 0) {
    PurchaseCommand command(State(), std::move(call), Wish(digits, points));
    return Submit(command, request);
  }
  // The process dies; the journal stays.
  void Restart() { shelf_ = std::make_unique<CodeShelf>(parts_); }
  std::string Guess() { return PaymentCodeOf("77", random_.Below(kCodeNumbers)); }
  std::size_t UsedCodes() {
    return ledger::List(ledger_.store(), kUsedCodeTable, {}, 1'000)->size();
  }

  SeededRandom random_{11};
  ledger::KeyedHash keyed_hash_{std::string(32, 'k')};
  const CodeShelf::Parts parts_{.keyed_hash = &keyed_hash_, .random = &random_, .prefix = "77"};
  std::unique_ptr<CodeShelf> shelf_ = std::make_unique<CodeShelf>(parts_);
};

TEST_F(PaymentCodesTest, ACodePaysOnceAndTheRecordSaysSo) {
  const std::string code = Make();
  const absl::Time expiry = ledger_.clock().Now() + kPaymentCodeLifetime;
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid, Pay(NextCall(), code));
  const journal::v1::Purchase& purchase = paid.first().entry().purchase();
  EXPECT_EQ(purchase.code().code_hash(),
            ledger::TagBytes(shelf_->Look(code, CodePurpose::kTill).tag));
  EXPECT_EQ(purchase.code().expire_time_micros(), absl::ToUnixMicros(expiry));
  EXPECT_EQ(paid.first().entry().member(), kMember.ToBytes());
  EXPECT_EQ(paid.first().SerializeAsString().find(code), std::string::npos);
  EXPECT_EQ(Available(), 990);
  EXPECT_THAT(Pay(NextCall(), code), Declines(Reason::kPaymentCodeUsed));
  EXPECT_THAT(Pay(NextCall("t-2"), code), Declines(Reason::kPaymentCodeUsed));
  EXPECT_EQ(Available(), 990);
}

TEST_F(PaymentCodesTest, ACodeReservesPointsAndIsUsedByThat) {
  const std::string code = Make();
  AuthorizeCommand command(State(), NextCall(), Wish(code, 10), absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome held, Submit(command));
  EXPECT_TRUE(held.first().entry().authorization().has_code());
  EXPECT_EQ(Held(), 10);
  EXPECT_THAT(Pay(NextCall(), code), Declines(Reason::kPaymentCodeUsed));
  EXPECT_OK(Capture(NextCall(), held.first().sequence(), 10));
}

TEST_F(PaymentCodesTest, ADeclineDoesNotUseIt) {
  const std::string code = Make();
  EXPECT_THAT(Pay(NextCall(), code, 1'001), Declines(Reason::kInsufficientPoints));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid, Pay(NextCall(), code, 1'000));
  EXPECT_TRUE(paid.first().entry().has_purchase());
}

// The clock of the decision counts, not that of the look-up.
TEST_F(PaymentCodesTest, ACodeIsGoodUpToItsLastMoment) {
  const std::string code = Make();
  const std::string other = Make();
  ledger_.clock().Advance(kPaymentCodeLifetime - absl::Microseconds(100));
  EXPECT_TRUE(Pay(NextCall(), code)->first().entry().has_purchase());
  ledger_.clock().Advance(absl::Microseconds(100));
  EXPECT_THAT(Pay(NextCall(), other), Declines(Reason::kPaymentCodeExpired));
  // Nor is it any use to guess: the till learns nothing of the member.
  EXPECT_EQ(Available(), 990);
}

TEST_F(PaymentCodesTest, ARepeatedCallIsAnsweredAlikeWhateverBecameOfTheCode) {
  const std::string code = Make();
  const TillCall call = NextCall();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome first, Pay(call, code, 10, 77));
  ledger_.clock().Advance(absl::Hours(2));
  Restart();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Pay(call, code, 10, 77));
  EXPECT_EQ(again.first().SerializeAsString(), first.first().SerializeAsString());
  EXPECT_EQ(Available(), 990);
  // A decline too.
  const TillCall late = NextCall();
  EXPECT_THAT(Pay(late, "770000000000000001", 10, 78), Declines(Reason::kPaymentCodeUnknown));
  EXPECT_THAT(Pay(late, "770000000000000001", 10, 78), Declines(Reason::kPaymentCodeUnknown));
  EXPECT_EQ(tables_.code_guesses.Find(TerminalNumber{1})->counted.in_day, 1U);
}

TEST_F(PaymentCodesTest, AfterARestartAUsedCodeIsStillUsedAndOthersAreGone) {
  const std::string used = Make();
  const std::string unused = Make();
  ASSERT_OK(Pay(NextCall(), used));
  Restart();
  EXPECT_THAT(Pay(NextCall(), used), Declines(Reason::kPaymentCodeUsed));
  EXPECT_THAT(Pay(NextCall(), unused), Declines(Reason::kPaymentCodeUnknown));
}

TEST_F(PaymentCodesTest, UsedCodesAreForgottenByLaterOnesTwoForEach) {
  for (int i = 0; i < 6; ++i) ASSERT_OK(Pay(NextCall(), Make()));
  EXPECT_EQ(UsedCodes(), 6U);
  ledger_.clock().Advance(kPaymentCodeLifetime + kUsedCodesKept);
  ASSERT_OK(Pay(NextCall(), Make()));
  EXPECT_EQ(UsedCodes(), 5U);
  for (int i = 0; i < 9; ++i) ASSERT_OK(Pay(NextCall(), Make()));
  EXPECT_EQ(UsedCodes(), 10U);
  EXPECT_EQ(ledger::List(ledger_.store(), kUsedCodeOrderTable, {}, 1'000)->size(), 10U);
}

TEST_F(PaymentCodesTest, TenWrongCodesInAMinuteBlockOneTerminalForFive) {
  const std::string good = Make();
  for (std::size_t i = 1; i <= kWrongCodesMax; ++i) {
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome wrong, Pay(NextCall(), Guess()));
    const journal::v1::Declined& declined = wrong.first().declined();
    EXPECT_EQ(ledger::ReasonFromNumber(declined.reason()), Reason::kPaymentCodeUnknown);
    EXPECT_EQ(declined.codes_blocked_until_micros() != 0, i == kWrongCodesMax) << i;
    EXPECT_TRUE(declined.member().empty());
  }
  // Good codes are not looked up either; cards and other terminals are as before.
  EXPECT_THAT(Pay(NextCall(), good), Declines(Reason::kPaymentCodesBlocked));
  EXPECT_THAT(Pay(NextCall(), Guess()), Declines(Reason::kPaymentCodesBlocked));
  Buy(1);
  EXPECT_TRUE(Pay(NextCall("t-2"), good)->first().entry().has_purchase());
  ledger_.clock().Advance(kWrongCodesBlock - absl::Seconds(1));
  EXPECT_THAT(Pay(NextCall(), Make()), Declines(Reason::kPaymentCodesBlocked));
  ledger_.clock().Advance(absl::Seconds(2));
  EXPECT_TRUE(Pay(NextCall(), Make())->first().entry().has_purchase());
}

// The block is in the views: whoever folds the journal has it too.
TEST_F(PaymentCodesTest, ABlockAndAUsedCodeSurviveARecovery) {
  const std::string used = Make();
  ASSERT_OK(Pay(NextCall("t-2"), used));
  for (std::size_t i = 0; i < kWrongCodesMax; ++i) ASSERT_OK(Pay(NextCall(), Guess()));
  testing::LedgerFixture recovered;
  Tables tables(&recovered.set());
  MerchantApplier applier(&tables, &recovered.views());
  recovered.Attach(&applier);
  ASSERT_OK(recovered.RecoverFrom(ledger_));
  const CodeGuesses* guesses = tables.code_guesses.Find(TerminalNumber{1});
  ASSERT_NE(guesses, nullptr);
  EXPECT_EQ(ledger::EncodeValue(*guesses),
            ledger::EncodeValue(*tables_.code_guesses.Find(TerminalNumber{1})));
  PurchaseCommand blocked({&tables, &recovered.views()}, NextCall(), Wish(Make(), 1));
  blocked.request = testing::RequestOf(5'000);
  EXPECT_THAT(recovered.Run(blocked), Declines(Reason::kPaymentCodesBlocked));
  PurchaseCommand again({&tables, &recovered.views()}, NextCall("t-2"), Wish(used, 1));
  again.request = testing::RequestOf(5'001);
  EXPECT_THAT(recovered.Run(again), Declines(Reason::kPaymentCodeUsed));
}

// Ten thousand tries from one terminal, as fast as it likes, while members show as many codes as
// there may be: twenty are looked up in a day.
TEST_F(PaymentCodesTest, TenThousandGuessesAreTwentyLookUpsADay) {
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    shelf_->Make(MemberId(2, i), CodePurpose::kTill, ledger_.clock().Now() + absl::Hours(24));
  }
  std::size_t looked_up = 0;
  std::size_t blocked = 0;
  for (int i = 0; i < 10'000; ++i) {
    ledger_.clock().Advance(absl::Seconds(8));  // 22 hours in all.
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome guess, Pay(NextCall(), Guess()));
    ASSERT_TRUE(guess.first().has_declined());
    const Reason reason = ledger::ReasonFromNumber(guess.first().declined().reason());
    if (reason == Reason::kPaymentCodeUnknown) ++looked_up;
    if (reason == Reason::kPaymentCodesBlocked) ++blocked;
  }
  EXPECT_EQ(looked_up, kWrongCodesPerDayMax);
  EXPECT_EQ(blocked, 10'000 - kWrongCodesPerDayMax);
  EXPECT_EQ(Available(), 1'000);
}

TEST(PaymentCodeBytesTest, KeysAndRowsHaveTheirGoldenBytes) {
  const ledger::Tag tag = testing::TagOf(0x0102);
  const std::string tag_hex = absl::BytesToHexString(ledger::TagBytes(tag));
  const absl::Time second = absl::FromUnixSeconds(1);
  const auto key = [](const auto& table, const auto& of) {
    return absl::BytesToHexString(ledger::EncodeKey(table.id, of));
  };
  EXPECT_EQ(key(kUsedCodeTable, tag), "52" + tag_hex);
  EXPECT_EQ(key(kUsedCodeOrderTable, std::uint32_t{258}), "5300000102");
  EXPECT_EQ(key(kCodeGuessTable, TerminalNumber{258}), "5400000102");
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeValue(UsedCodeRow{tag, second})),
            tag_hex + "80897a");
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeValue(CodeGuesses{
                .counted =
                    {.lately = {second}, .day_start = second, .in_day = 3, .blocked_until = second},
                .doubted_until = second,
                .hidden = {second}})),
            "0180897a80897a0380897a80897a0180897a");
}

TEST(PaymentCodeBytesTest, RecordsHaveTheirGoldenBytes) {
  journal::v1::Record record;
  journal::v1::UsedCode& used = *record.mutable_entry()->mutable_purchase()->mutable_code();
  used.set_code_hash("h");
  used.set_expire_time_micros(1'000'000);
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()), "420c3a0af201070a016810c0843d");
  record.Clear();
  *record.mutable_entry()->mutable_authorization()->mutable_code() = journal::v1::UsedCode();
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()), "42056203f20100");
  record.Clear();
  record.mutable_declined()->set_codes_blocked_until_micros(1);
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()), "ca0103f00101");
  record.Clear();
  record.mutable_declined()->set_device_code(true);
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()), "ca0103900201");
}

}  // namespace
}  // namespace puhui::merchant
