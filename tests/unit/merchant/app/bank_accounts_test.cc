// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "ledger/crypto/keyed_hash.h"
#include "merchant/app/bank_account_commands.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/folded_again.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::merchant {
namespace {

using ledger::Reason;

const BankAccountData kData{"6222020200112233445", "湖北普惠超市有限公司", "102521000009"};
constexpr absl::Duration kCooling = absl::Hours(72);

class BankAccountsTest : public TillTest {
 protected:
  absl::StatusOr<ledger::Outcome> Propose(const std::string& person,
                                          const BankAccountData& data = kData,
                                          const std::string& merchant = "m-1") {
    ProposeBankAccountCommand command(
        &tables_, {.merchant = *MerchantId::Parse(merchant, "id"),
                   .account = vault_.Seal(data),
                   .last_four = data.account_number.substr(data.account_number.size() - 4),
                   .person = person});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Confirm(std::uint32_t number, const std::string& person,
                                          bool said_alike = true,
                                          absl::Duration cooling = kCooling) {
    ConfirmBankAccountCommand command(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                                 .number = number,
                                                 .said_alike = said_alike,
                                                 .cooling = cooling,
                                                 .person = person});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Reject(std::uint32_t number,
                                         const std::string& person = "people/qian") {
    RejectBankAccountCommand command(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                                .number = number,
                                                .reason = "not ours",
                                                .person = person});
    return ledger_.Run(command);
  }
  std::uint32_t InUse() {
    const PayeeRow* payee = tables_.payees.Find(MerchantNumber{1});
    return payee == nullptr ? 0 : AccountAt(payee->usable, ledger_.clock().Now());
  }
  BankAccountRow Row(std::uint32_t number) {
    return **ledger::Find(ledger_.store(), kBankAccountTable,
                          BankAccountKey{MerchantNumber{1}, number});
  }

  SeededRandom random_{1};
  ledger::KeyedHash hash_{std::string(32, 'k')};
  BankAccountVault vault_{&hash_, &random_};
};

TEST_F(BankAccountsTest, TheFirstIsUsedAtOnceALaterOneAfterItsTime) {
  ASSERT_OK(Propose("people/zhao"));
  EXPECT_EQ(InUse(), 0U);
  ASSERT_OK(Confirm(1, "people/qian"));
  ledger_.clock().Advance(absl::Microseconds(10));  // Records are later than the clock by as much.
  EXPECT_EQ(InUse(), 1U);
  ASSERT_OK(Propose("people/zhao"));
  ASSERT_OK(Confirm(2, "people/qian"));
  EXPECT_EQ(InUse(), 1U);
  ledger_.clock().Advance(kCooling - absl::Seconds(1));
  EXPECT_EQ(InUse(), 1U);
  ledger_.clock().Advance(absl::Seconds(2));
  EXPECT_EQ(InUse(), 2U);
  EXPECT_EQ(Row(2).decider, "people/qian");
}

TEST_F(BankAccountsTest, AShorterPeriodLetsNoAccountOvertakeAnother) {
  ASSERT_OK(Propose("people/zhao"));
  ASSERT_OK(Confirm(1, "people/qian"));
  ASSERT_OK(Propose("people/zhao"));
  ASSERT_OK(Confirm(2, "people/qian", true, absl::Hours(720)));
  ASSERT_OK(Propose("people/zhao"));
  ASSERT_OK(Confirm(3, "people/qian", true, absl::Hours(24)));
  ledger_.clock().Advance(absl::Hours(25));
  EXPECT_EQ(InUse(), 1U);
  ledger_.clock().Advance(absl::Hours(696));
  EXPECT_EQ(InUse(), 3U);
}

TEST_F(BankAccountsTest, ProposalsAreRefusedInOrder) {
  EXPECT_THAT(Propose("people/zhao", kData, "m-9"), Refuses(Reason::kNotFound, "parent"));
  ASSERT_OK(Propose("people/zhao"));
  EXPECT_THAT(Propose("people/zhao"), Refuses(Reason::kBankAccountState, "parent"));
  ASSERT_OK(Propose("people/zhao", kData, "m-2"));  // Each merchant has its own.
  ASSERT_OK(Reject(1));
  for (std::uint32_t number = 2; number <= kBankAccountsPerMerchantMax + 1; ++number) {
    ASSERT_OK(Propose("people/zhao"));
    ASSERT_OK(Confirm(number, "people/qian"));
  }
  EXPECT_THAT(Propose("people/zhao"), Refuses(Reason::kBankAccountsLimit, "parent"));
}

TEST_F(BankAccountsTest, ConfirmationsAreRefusedInOrder) {
  EXPECT_THAT(Confirm(1, "people/qian"), Refuses(Reason::kNotFound, "name"));
  ASSERT_OK(Propose("people/zhao"));
  EXPECT_THAT(Confirm(2, "people/qian"), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Confirm(1, "people/zhao", false), Refuses(Reason::kSamePerson));
  EXPECT_THAT(Confirm(1, "people/qian", false),
              Refuses(Reason::kBankAccountDiffers, "account_number"));
  EXPECT_EQ(InUse(), 0U);
  ASSERT_OK(Confirm(1, "people/qian"));
  EXPECT_THAT(Confirm(1, "people/zhao"), Refuses(Reason::kSamePerson));
  EXPECT_THAT(Confirm(1, "people/sun", false), Refuses(Reason::kBankAccountState));
}

TEST_F(BankAccountsTest, WhatNobodyWasPaidToIsRejectedAndLeavesTheVault) {
  EXPECT_THAT(Reject(1), Refuses(Reason::kNotFound, "name"));
  ASSERT_OK(Propose("people/zhao"));
  const ledger::Hash commitment = Row(1).commitment;
  ASSERT_OK(vault_.Read(ledger_.store(), commitment));
  ASSERT_OK(Reject(1, "people/zhao"));  // Who proposed it may take it back.
  EXPECT_THAT(vault_.Read(ledger_.store(), commitment), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Reject(1), Refuses(Reason::kBankAccountState));
  EXPECT_THAT(Confirm(1, "people/qian"), Refuses(Reason::kBankAccountState));
  ASSERT_OK(Propose("people/zhao"));
  ASSERT_OK(Confirm(2, "people/qian"));
  EXPECT_THAT(Reject(2), Refuses(Reason::kBankAccountState));  // In use.
  ASSERT_OK(Propose("people/zhao"));
  ASSERT_OK(Confirm(3, "people/qian"));
  ASSERT_OK(Reject(3));  // Still cooling.
  ledger_.clock().Advance(kCooling + absl::Seconds(1));
  EXPECT_EQ(InUse(), 2U);
  EXPECT_EQ(Row(3).state, BankAccountState::kRejected);
  EXPECT_EQ(Row(3).reason, "not ours");
}

TEST_F(BankAccountsTest, TheJournalHasTheLastFourDigitsAlone) {
  ASSERT_OK(Propose("people/zhao"));
  ASSERT_OK(Confirm(1, "people/qian"));
  for (const std::string& record : ledger_.Journal()) {
    EXPECT_FALSE(absl::StrContains(record, kData.account_number));
    EXPECT_FALSE(absl::StrContains(record, kData.holder_name));
    EXPECT_FALSE(absl::StrContains(record, kData.bank_code));
  }
  EXPECT_EQ(Row(1).last_four, "3445");
  ASSERT_OK_AND_ASSIGN(const BankAccountData data, vault_.Read(ledger_.store(), Row(1).commitment));
  EXPECT_EQ(data, kData);
}

TEST_F(BankAccountsTest, TheVaultOpensOnlyWhatTheJournalVouchesFor) {
  const SealedBankAccount one = vault_.Seal(kData);
  const SealedBankAccount other = vault_.Seal(kData);
  EXPECT_NE(one.commitment, other.commitment);  // The salt differs.
  EXPECT_THAT(vault_.Open(one.commitment, other.sealed), HasCode(absl::StatusCode::kDataLoss));
  for (std::size_t i = 0; i < one.sealed.size(); ++i) {
    std::string altered = one.sealed;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_THAT(vault_.Open(one.commitment, altered), HasCode(absl::StatusCode::kDataLoss)) << i;
  }
  const ledger::KeyedHash foreign(std::string(32, 'f'));
  EXPECT_THAT(BankAccountVault(&foreign, &random_).Open(one.commitment, one.sealed),
              HasCode(absl::StatusCode::kDataLoss));
}

TEST_F(BankAccountsTest, AccountsAreTheSameWhenTheJournalIsFoldedAgain) {
  ASSERT_OK(Propose("people/zhao"));
  ASSERT_OK(Confirm(1, "people/qian"));
  ASSERT_OK(Propose("people/zhao"));
  ASSERT_OK(Reject(2));
  ExpectFoldsAlike(ledger_);
}

}  // namespace
}  // namespace puhui::merchant
