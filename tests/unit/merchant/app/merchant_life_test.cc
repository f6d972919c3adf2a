// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "tests/unit/merchant/app/life_fixture.h"

#include <gtest/gtest.h>

#include <vector>

namespace puhui::merchant {
namespace {

using ledger::AccountKind;
using ledger::Reason;

class MerchantLifeTest : public LifeTest {
 protected:
  absl::Time Now() { return ledger_.clock().Now(); }
  MerchantRow Merchant() { return (*FindMerchant(ledger_.store(), "m-1"))->row; }
};

TEST_F(MerchantLifeTest, TheAgreementInForceSaysTheFee) {
  AddLot(1'000, absl::Hours(24));
  const Sequence before = Buy(100);
  ASSERT_OK(Agree(100, Now() + absl::Hours(1), absl::nullopt, 50));
  const Sequence early = Buy(100);
  ledger_.clock().Advance(absl::Hours(1));
  const Sequence later = Buy(100);
  EXPECT_EQ(Row(before).fee, 2);
  EXPECT_EQ(Row(early).fee, 2);
  EXPECT_EQ(Row(later).fee, 1);  // 1.5 % of 100, rounded down.
  EXPECT_EQ(Row(later).fee_rate.value(), 150U);
  EXPECT_EQ(Balance(AccountKind::kFee, 1), 5);
  EXPECT_EQ(Balance(AccountKind::kPayable, 1), 295);
}

TEST_F(MerchantLifeTest, ALaterAgreementChangesNoEarlierPurchase) {
  AddLot(1'000, absl::Hours(24));
  const Sequence bought = Buy(400);
  ASSERT_OK(Agree(5'000, absl::nullopt));
  ASSERT_OK(Refund(NextCall(), bought, 200));
  EXPECT_EQ(Row(bought).fee, 5);  // Still 2.5 %, of what was kept.
  const Sequence later = Buy(400);
  ASSERT_OK(Refund(NextCall(), later, 400));
  EXPECT_EQ(Balance(AccountKind::kFee, 1), 5);
}

TEST_F(MerchantLifeTest, TheRecordOfAPurchaseNamesItsAgreement) {
  AddLot(1'000, absl::Hours(24));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome without, Purchase(NextCall(), 100));
  EXPECT_EQ(without.first().entry().purchase().agreement(), 0U);
  ASSERT_OK(Agree(100, absl::nullopt, absl::nullopt, 50));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Purchase(NextCall(), 100));
  const journal::v1::Purchase& purchase = outcome.first().entry().purchase();
  EXPECT_EQ(purchase.agreement(), 1U);
  EXPECT_EQ(purchase.fee_basis_points(), 150U);
  EXPECT_EQ(purchase.discount_basis_points(), 50U);
}

TEST_F(MerchantLifeTest, ACaptureIsChargedByTheAgreementOfItsMoment) {
  AddLot(1'000, absl::Hours(24));
  const Sequence held = Hold(400);
  ASSERT_OK(Agree(1'000, Now() + absl::Hours(1)));
  ledger_.clock().Advance(absl::Hours(2));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Capture(NextCall(), held, 400));
  EXPECT_EQ(outcome.first().entry().capture().fee(), 40);
  EXPECT_EQ(outcome.first().entry().capture().agreement(), 1U);
}

TEST_F(MerchantLifeTest, AgreementsAreRefusedInOrder) {
  SetAgreementCommand lost(&tables_, {.merchant = *MerchantId::Parse("m-9", "id")});
  EXPECT_THAT(ledger_.Run(lost), Refuses(Reason::kNotFound, "merchant"));
  ASSERT_OK(Agree(100, Now() + absl::Hours(1), Now() + absl::Hours(2)));
  // Overlapping before past-dated, and that before their number.
  EXPECT_THAT(Agree(100, Now() - absl::Hours(1), Now() + absl::Hours(2)),
              Refuses(Reason::kAgreementOverlap, "first_day"));
  EXPECT_THAT(Agree(100, Now() - absl::Hours(1)),
              Refuses(Reason::kAgreementPastDated, "first_day"));
  EXPECT_THAT(Agree(100, absl::nullopt, Now() - absl::Hours(1)),
              Refuses(Reason::kAgreementPastDated, "last_day"));
  for (std::size_t i = 1; i < kAgreementsPerMerchantMax; ++i) {
    ASSERT_OK(Agree(100, Now() + absl::Hours(10 + i)));
  }
  EXPECT_THAT(Agree(100, Now() - absl::Hours(1)), Refuses(Reason::kAgreementPastDated));
  EXPECT_THAT(Agree(100, Now() + absl::Hours(9)), Refuses(Reason::kAgreementsLimit));
  ASSERT_OK(Put(MerchantState::kClosed));
  EXPECT_THAT(Agree(100, Now() + absl::Hours(9)), Refuses(Reason::kMerchantState, "merchant"));
  EXPECT_EQ(Merchant().agreements.size(), kAgreementsPerMerchantMax);
}

TEST_F(MerchantLifeTest, AgreementsAreListedByWhenTheyBegin) {
  ASSERT_OK(Agree(100, Now() + absl::Hours(2)));
  ASSERT_OK(Agree(200, Now() + absl::Hours(1)));
  ledger_.Hold();  // Not yet durable, and counted all the same.
  ASSERT_OK(Agree(300, Now() + absl::Hours(3)));
  ASSERT_OK(Agree(400, Now() + absl::Hours(4)));
  ledger_.Release();
  std::vector<std::uint32_t> numbers;
  for (const Agreement& agreement : Merchant().agreements) numbers.push_back(agreement.number);
  EXPECT_EQ(numbers, (std::vector<std::uint32_t>{2, 1, 3, 4}));
  EXPECT_EQ(Merchant().agreements[0].settlement_days, 2U);
}

TEST_F(MerchantLifeTest, StatesAreChangedAlongTheirLines) {
  using enum MerchantState;
  EXPECT_THAT(Put(kActive, "m-9"), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Put(kActive), Refuses(Reason::kMerchantState, "name"));
  ASSERT_OK(Put(kSuspended));
  EXPECT_THAT(Put(kSuspended), Refuses(Reason::kMerchantState));
  ASSERT_OK(Put(kActive));
  ASSERT_OK(Put(kSuspended));
  ASSERT_OK(Put(kClosed));
  EXPECT_EQ(Merchant().state, kClosed);
  EXPECT_TRUE(Merchant().close_time.has_value());
  for (const MerchantState state : {kActive, kSuspended, kClosed}) {
    EXPECT_THAT(Put(state), Refuses(Reason::kMerchantState));
  }
  CreateStoreCommand store(
      &tables_, {.merchant = *MerchantId::Parse("m-1", "id"), .id = *StoreId::Parse("s-7", "id")});
  EXPECT_THAT(ledger_.Run(store), Refuses(Reason::kMerchantNotActive));
}

TEST_F(MerchantLifeTest, WhatIsUnderWayGoesOnWhileAMerchantIsSuspended) {
  AddLot(1'000, absl::Hours(24));
  const Sequence bought = Buy(100);
  const Sequence held = Hold(50);
  const Sequence dropped = Hold(50);
  const Sequence reversed = Hold(50);
  ASSERT_OK(Put(MerchantState::kSuspended));
  EXPECT_THAT(Purchase(NextCall(), 10), Declines(Reason::kMerchantNotActive));
  EXPECT_THAT(Authorize(NextCall(), 10), Declines(Reason::kMerchantNotActive));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome captured, Capture(NextCall(), held, 40));
  EXPECT_TRUE(captured.first().entry().has_capture());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome voided, Void(NextCall(), dropped));
  EXPECT_TRUE(voided.first().entry().has_voided());
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome refunded, Refund(NextCall(), bought, 30));
  EXPECT_TRUE(refunded.first().entry().has_refund());
  const std::uint32_t trace = HoldRow(reversed).trace_number;
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome undone,
                       Reverse(NextCall(), {.batch_number = 1, .trace_number = trace}));
  EXPECT_TRUE(undone.first().entry().has_reversal());
  EXPECT_EQ(Held(), 0);
  ASSERT_OK(Put(MerchantState::kActive));
  Buy(10);
}

TEST_F(MerchantLifeTest, ClosingWaitsForOpenAuthorizations) {
  AddLot(1'000, absl::Hours(24));
  Hold(50);
  const Sequence second = Hold(50);
  const auto refused = Put(MerchantState::kClosed);
  EXPECT_THAT(refused, Refuses(Reason::kMerchantHasAuthorizations, "name"));
  const auto refusal = ledger::RefusalOf(refused.status());
  ASSERT_EQ(refusal->metadata.size(), 1U);
  EXPECT_EQ(refusal->metadata[0], std::pair(std::string("open_authorizations"), std::string("2")));
  ASSERT_OK(Capture(NextCall(), second, 50));
  EXPECT_THAT(Put(MerchantState::kClosed), Refuses(Reason::kMerchantHasAuthorizations));
  ASSERT_OK(Reverse(NextCall(), {.batch_number = 1, .trace_number = 1}));
  EXPECT_OK(Put(MerchantState::kClosed));
  EXPECT_OK(Put(MerchantState::kClosed, "m-2"));  // Had none.
}

TEST_F(MerchantLifeTest, AClosedMerchantGivesBackFor30Days) {
  AddLot(1'000, absl::Hours(24));
  const Sequence bought = Buy(100);
  ASSERT_OK(Put(MerchantState::kClosed));
  EXPECT_THAT(Purchase(NextCall(), 10), Declines(Reason::kMerchantNotActive));
  ledger_.clock().Advance(kRefundsAfterClosing - absl::Seconds(1));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome refunded, Refund(NextCall(), bought, 30));
  EXPECT_TRUE(refunded.first().entry().has_refund());
  ledger_.clock().Advance(absl::Seconds(2));
  // Before what else is wrong with it.
  EXPECT_THAT(Refund(NextCall(), bought, 1'000), Declines(Reason::kMerchantNotActive));
  // Nor in another way: the reversal finds it, and leaves it.
  const PurchaseRow row = Row(bought);
  ASSERT_OK_AND_ASSIGN(
      const ledger::Outcome late,
      Reverse(NextCall(), {.batch_number = row.batch_number, .trace_number = row.trace_number}));
  EXPECT_EQ(late.first().tombstone().purchase(), bought);
  EXPECT_EQ(Row(bought).refunded, 30);
}

}  // namespace
}  // namespace puhui::merchant
