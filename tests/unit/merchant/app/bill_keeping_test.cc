// SPDX-License-Identifier: Apache-2.0
// What is kept of bills, for how long, and as which bytes.
#include "ledger/storage/codec.h"
#include "merchant/app/bill_applier.h"
#include "tests/unit/merchant/app/bill_fixture.h"

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::merchant {
namespace {

using ledger::Reason;

class BillKeepingTest : public BillTest {
 protected:
  BillKeepingTest() { AddGrant(1'000, Open()); }
  std::size_t Kept() { return ledger::List(ledger_.store(), kBillTable, {}, 10'000)->size(); }
  std::size_t Ordered() {
    return ledger::List(ledger_.store(), kBillOrderTable, {}, 10'000)->size();
  }
};

TEST_F(BillKeepingTest, BillsOfATerminalAreForgottenByLaterOnesTwoForEach) {
  for (int i = 0; i < 6; ++i) Present(1);
  Present(1, kBillLifetimeDefault, "t-2");
  EXPECT_EQ(Kept(), 7U);
  ledger_.clock().Advance(kBillLifetimeDefault + kBillsKept + absl::Seconds(1));
  Present(1);
  EXPECT_EQ(Kept(), 6U);
  for (int i = 0; i < 5; ++i) Present(1);
  EXPECT_EQ(Kept(), 7U);  // Six of the first terminal, one of the other.
  EXPECT_EQ(Ordered(), 7U);
}

TEST_F(BillKeepingTest, ALatePayerHearsWhyForAWhileAndThenOfNoBill) {
  const ShownBill paid = Present(10);
  const ShownBill late = Present(10);
  ASSERT_TRUE(Pays(paid));
  const ReverseCommand::Original keys = KeysOf(late);
  ledger_.clock().Advance(kBillLifetimeDefault + kBillsKept - absl::Seconds(1));
  Present(1);
  EXPECT_THAT(Pay(paid), Declines(Reason::kBillPaid));
  EXPECT_THAT(Pay(late), Declines(Reason::kBillExpired));
  ledger_.clock().Advance(absl::Seconds(2));
  Present(1);
  EXPECT_THAT(Pay(paid), Refuses(Reason::kNotFound));
  EXPECT_THAT(Pay(late), Refuses(Reason::kNotFound));
  // The till still finds its calls: what it sold is a purchase for good.
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome reversed, Reverse(NextCall(), keys));
  EXPECT_EQ(reversed.first().tombstone().purchase(), late.bill);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome refunded, Refund(NextCall(), paid.bill, 10));
  EXPECT_TRUE(refunded.first().entry().has_refund());
}

TEST_F(BillKeepingTest, ATerminalHasSoManyAndMakesRoomByTime) {
  for (std::uint32_t i = 0; i < kBillsPerTerminalMax; ++i) Present(1, kBillLifetimeMin);
  EXPECT_THAT(Create(NextCall(), Wish(1)), Declines(Reason::kBillsPerTerminalLimit));
  Present(1, kBillLifetimeMin, "t-2");
  ledger_.clock().Advance(kBillLifetimeMin + kBillsKept + absl::Seconds(1));
  Present(1);
  EXPECT_EQ(Kept(), kBillsPerTerminalMax);  // Two less, and one of each terminal.
}

TEST_F(BillKeepingTest, ARecoveryKnowsHowEveryBillStands) {
  const ShownBill paid = Present(10);
  const ShownBill cancelled = Present(20);
  const ShownBill open = Present(30);
  ASSERT_TRUE(Pays(paid));
  ASSERT_OK(Reverse(NextCall(), KeysOf(cancelled)));
  testing::LedgerFixture recovered;
  Tables tables(&recovered.set());
  MerchantApplier applier(&tables, &recovered.views());
  recovered.Attach(&applier);
  ASSERT_OK(recovered.RecoverFrom(ledger_));
  const auto pay = [&](const ShownBill& bill) {
    PayBillCommand command({&tables, &recovered.views()}, bill, kMember, "A1B2C3");
    command.request = testing::RequestOf(++requests_);
    return recovered.Run(command);
  };
  EXPECT_THAT(pay(paid), Declines(Reason::kBillPaid));
  EXPECT_THAT(pay(cancelled), Declines(Reason::kBillCancelled));
  const auto last = pay(open);
  ASSERT_OK(last.status());
  EXPECT_TRUE(last->first().entry().has_purchase());
}

// A damaged journal stops whoever folds it: a bill ends once.
TEST_F(BillKeepingTest, ARecordThatEndsABillTwiceIsDamage) {
  const ShownBill bill = Present(10);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome paid, Pay(bill));
  BillApplier applier(&tables_);
  journal::v1::Record record = paid.first();
  EXPECT_EQ(applier.Apply(record).code(), absl::StatusCode::kDataLoss);
  record.mutable_bill_cancelled()->set_bill(bill.bill);
  EXPECT_EQ(applier.Apply(record).code(), absl::StatusCode::kDataLoss);
  record.mutable_bill_cancelled()->set_bill(1);
  EXPECT_EQ(applier.Apply(record).code(), absl::StatusCode::kDataLoss);
  const ShownBill late = Present(10);
  record.mutable_bill_cancelled()->set_bill(late.bill);
  record.set_time_micros(absl::ToUnixMicros(tables_.bills.Find(late.bill)->expiry));
  EXPECT_EQ(applier.Apply(record).code(), absl::StatusCode::kDataLoss);
}

TEST(BillBytesTest, KeysAndRowsHaveTheirGoldenBytes) {
  const auto key = [](const auto& table, const auto& of) {
    return absl::BytesToHexString(ledger::EncodeKey(table.id, of));
  };
  EXPECT_EQ(key(kBillTable, Sequence{258}), "5a0000000000000102");
  EXPECT_EQ(key(kBillOrderTable, BillOrderKey{TerminalNumber{258}, 3}), "5b0000010200000003");
  EXPECT_EQ(key(kTerminalBillsTable, TerminalNumber{258}), "5c00000102");
  const ledger::Tag token = testing::TagOf(0x0102);
  const BillRow row{.merchant = MerchantNumber{1},
                    .terminal = TerminalNumber{2},
                    .batch_number = 3,
                    .trace_number = 4,
                    .local_time = absl::FromUnixMicros(5),
                    .points = Points::FromStored(6),
                    .accept_partial = true,
                    .expiry = absl::FromUnixMicros(7),
                    .token = token,
                    .lines = {{.category = 8, .region = 9, .points = 10}}};
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeValue(row)),
            "010203040a06010e" + absl::BytesToHexString(ledger::TagBytes(token)) + "01080914");
  EXPECT_EQ(
      absl::BytesToHexString(ledger::EncodeValue(TerminalBills{.presented = 3, .forgotten = 1})),
      "0301");
}

TEST(BillBytesTest, RecordsHaveTheirGoldenBytes) {
  journal::v1::Record record;
  journal::v1::BillCreated& created = *record.mutable_bill_created();
  created.set_points(1);
  created.set_accept_partial(true);
  created.set_expire_time_micros(2);
  created.set_nonce("n");
  created.set_token_hash("h");
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()), "fa050c10012001280232016e3a0168");
  record.mutable_bill_cancelled()->set_bill(3);
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()), "8206021003");
  record.mutable_declined()->set_bill(3);
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()), "ca0103c00203");
  record.mutable_entry()->mutable_purchase()->set_bill(3);
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()), "42053a03c00203");
}

}  // namespace
}  // namespace puhui::merchant
