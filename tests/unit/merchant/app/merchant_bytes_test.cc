// SPDX-License-Identifier: Apache-2.0
// The bytes of what the lives of merchants and terminals store: once written they are read for
// ever.
#include "ledger/storage/codec.h"
#include "merchant/app/authorization_rows.h"
#include "merchant/app/enrolment_rows.h"
#include "merchant/app/rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "tests/support/golden_bytes.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using testing::KeyHex;
using testing::RecordHex;
using testing::ValueHex;

MerchantRow Registered() {
  return {.id = "m-1",
          .display_name = "Grocer",
          .category = 5411,
          .fee_rate = BasisPoints::FromStored(250),
          .create_time = absl::FromUnixMicros(7)};
}

TEST(MerchantBytesTest, RowsHaveTheirGoldenBytes) {
  MerchantRow row = Registered();
  const std::string before = "036d2d310647726f636572a32afa01010e";
  EXPECT_EQ(ValueHex(row), before + "0000000000000000");
  row.close_time = absl::FromUnixMicros(8);
  row.agreements = {{.number = 1,
                     .start = absl::FromUnixMicros(9),
                     .end = absl::FromUnixMicros(10),
                     .fee = BasisPoints::FromStored(100),
                     .discount = BasisPoints::FromStored(50),
                     .settlement_days = 2,
                     .goods_named = true}};
  EXPECT_EQ(ValueHex(row), before + "0110" + "01011201146432" + "0201" + "000000000000");
  row = {.state = MerchantState::kRejected,
         .applicant = "p",
         .decide_time = absl::FromUnixMicros(8),
         .decide_reason = "r",
         .goods_named = true};
  EXPECT_EQ(ValueHex(row),
            "000000000500000000"
            "0170"
            "0110"
            "0172"
            "00"
            "01");
  EXPECT_EQ(KeyHex(kHeldTable, MerchantNumber{258}), "4d00000102");
}

TEST(MerchantBytesTest, AStoreHasItsZoneAtTheEnd) {
  StoreRow row{.display_name = "s", .region = 1, .time_zone = "Asia/Urumqi"};
  EXPECT_EQ(ValueHex(row),
            "0173"
            "01"
            "0b417369612f5572756d7169");
  ASSERT_OK(ledger::DecodeValue(absl::HexStringToBytes("017301"), &row));
  EXPECT_EQ(row.time_zone, "");
  jv1::Record record;
  record.mutable_store_created()->set_time_zone("Z");
  EXPECT_EQ(RecordHex(record), "b20104a201015a");
}

TEST(MerchantBytesTest, ARowOfAnEarlierVersionIsReadAsOneWithoutAgreements) {
  MerchantRow row;
  ASSERT_OK(
      ledger::DecodeValue(absl::HexStringToBytes("036d2d310647726f636572a32afa01010e"), &row));
  EXPECT_EQ(row.fee_rate.value(), 250U);
  EXPECT_FALSE(row.close_time.has_value());
  EXPECT_TRUE(row.agreements.empty());
}

TEST(MerchantBytesTest, RecordsHaveTheirGoldenBytes) {
  jv1::Record record;
  jv1::AgreementMade& made = *record.mutable_agreement_made();
  made.set_merchant(1);
  made.set_number(2);
  made.set_start_micros(3);
  made.set_end_micros(4);
  made.set_fee_basis_points(5);
  made.set_discount_basis_points(6);
  made.set_settlement_days(7);
  made.set_person("p");
  EXPECT_EQ(RecordHex(record),
            "82051108011002180320042805300638074201"
            "70");
  made.set_goods_named(true);
  EXPECT_EQ(RecordHex(record),
            "82051308011002180320042805300638074201"
            "704801");
  jv1::MerchantStateChanged& changed = *record.mutable_merchant_state_changed();
  changed.set_merchant(1);
  changed.set_state(2);
  changed.set_reason("r");
  changed.set_person("p");
  EXPECT_EQ(RecordHex(record), "8a050a080110021a0172220170");
  record.mutable_terminal_state_changed()->set_terminal(1);
  record.mutable_terminal_state_changed()->set_state(3);
  EXPECT_EQ(RecordHex(record), "92050408011003");
  record.mutable_terminal_renewed()->set_terminal(1);
  record.mutable_terminal_renewed()->set_certificate_pem("PEM");
  EXPECT_EQ(RecordHex(record),
            "9a050708011203"
            "50454d");
}

TEST(MerchantBytesTest, ApplicationsHaveTheirGoldenBytes) {
  jv1::Record record;
  jv1::MerchantApplied& applied = *record.mutable_merchant_applied();
  applied.mutable_wish()->set_number(1);
  applied.mutable_wish()->set_id("m");
  applied.mutable_wish()->set_display_name("n");
  applied.mutable_wish()->set_category(2);
  applied.set_person("p");
  EXPECT_EQ(RecordHex(record), "b2050f0a0a080112016d1a016e2002120170");
  jv1::MerchantDecided& decided = *record.mutable_merchant_decided();
  decided.set_merchant(1);
  decided.set_accepted(true);
  decided.set_reason("r");
  decided.set_fee_basis_points(4);
  decided.set_person("p");
  decided.set_balance_shown(true);
  EXPECT_EQ(RecordHex(record), "ba050e080110011a017220042a01703001");
  decided.set_goods_named(true);
  EXPECT_EQ(RecordHex(record), "ba0510080110011a017220042a017030013801");
  record.mutable_merchant_registered()->set_goods_named(true);
  EXPECT_EQ(RecordHex(record), "aa01023801");
}

TEST(MerchantBytesTest, EnrolmentCodesHaveTheirGoldenBytes) {
  EnrolmentCodeRow row{.store = "s",
                       .state = EnrolmentCodeState::kVoid,
                       .create_time = absl::FromUnixMicros(7),
                       .expiry = absl::FromUnixMicros(8),
                       .wrong = 10};
  row.code.fill(0xC0);
  EXPECT_EQ(ValueHex(row), "0173" + absl::BytesToHexString(std::string(16, '\xC0')) + "030e100a");
  EXPECT_EQ(KeyHex(kEnrolmentCodeTable, PlaceKey{MerchantNumber{258}, "t"}), "4e0000010274");
  jv1::Record record;
  jv1::EnrolmentCodeMade& made = *record.mutable_enrolment_code_made();
  made.set_merchant(1);
  made.set_store("s");
  made.set_id("t");
  made.set_code_hash("h");
  made.set_expire_micros(5);
  made.set_person("p");
  EXPECT_EQ(RecordHex(record), "a2051008011201731a01742201682805320170");
  jv1::EnrolmentCodeRefused& refused = *record.mutable_enrolment_code_refused();
  refused.set_merchant(1);
  refused.set_id("t");
  refused.set_fault(jv1::ENROLMENT_CODE_FAULT_WRONG);
  refused.set_wrong(10);
  refused.set_voided(true);
  EXPECT_EQ(RecordHex(record), "aa050b08011201741802200a2801");
  record.mutable_terminal_enrolled()->set_number(1);
  record.mutable_terminal_enrolled()->set_with_code(true);
  EXPECT_EQ(RecordHex(record), "ba01050801a00101");
}

TEST(MerchantBytesTest, APurchaseWithoutAnAgreementIsWrittenAsBefore) {
  jv1::Purchase purchase;
  purchase.set_points(1);
  const std::string before = purchase.SerializeAsString();
  purchase.set_agreement(0);
  purchase.set_discount_basis_points(0);
  EXPECT_EQ(purchase.SerializeAsString(), before);
  purchase.set_agreement(1);
  purchase.set_discount_basis_points(2);
  EXPECT_EQ(absl::BytesToHexString(purchase.SerializeAsString()), "1001a00101a80102");
}

}  // namespace
}  // namespace puhui::merchant
