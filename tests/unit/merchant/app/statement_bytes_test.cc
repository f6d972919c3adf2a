// SPDX-License-Identifier: Apache-2.0
// The bytes of what business days store: once written they are read for ever.
#include "ledger/storage/codec.h"
#include "merchant/app/business_days.h"
#include "merchant/app/rows.h"
#include "merchant/app/statement_rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "tests/support/golden_bytes.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::merchant::statement_bytes_test {
namespace {

namespace jv1 = journal::v1;
using testing::KeyHex;
using testing::RecordHex;
using testing::ValueHex;

constexpr MerchantNumber kMerchant{258};
const absl::CivilDay kDay(1970, 1, 3);

BusinessDay TheDay() {
  return {.day = kDay,
          .start = absl::FromUnixMicros(1),
          .end = absl::FromUnixMicros(2),
          .time_zone = "UTC"};
}

TEST(StatementBytesTest, KeysHaveTheirGoldenBytes) {
  EXPECT_EQ(KeyHex(kOpenDayTable, kMerchant), "6100000102");
  EXPECT_EQ(KeyHex(kStatementTable, StatementKey{kMerchant, kDay}), "620000010280000002");
  EXPECT_EQ(
      KeyHex(kDayFiguresTable, DayFiguresKey{kMerchant, kDay, UnionNumber{3}, CampaignNumber{4}}),
      "6300000102800000020000000300000004");
  EXPECT_EQ(KeyHex(kStatementLineTable, StatementLinesKey{kMerchant, 5}),
            "64000001020000000000000005");
  EXPECT_EQ(KeyHex(kDisputeTable, DisputeKey{kMerchant, kDay, 5}),
            "6500000102800000020000000000000005");
  EXPECT_EQ(KeyHex(ledger::kTimerTable, CutTimer(kMerchant, TheDay())),
            "0a8000000000000002060000000200000102");
  const CutReference read = ReadReference(CutTimer(kMerchant, TheDay()));
  EXPECT_EQ(read.merchant, kMerchant);
  EXPECT_EQ(read.day, kDay);
}

TEST(StatementBytesTest, RowsHaveTheirGoldenBytes) {
  const DayFigures figures{.purchases = 1,
                           .refunds = 2,
                           .earlier_refunds = 3,
                           .reversals = 4,
                           .fees = 5,
                           .discounts = 6,
                           .adjustments = -1,
                           .paid = 8};
  EXPECT_EQ(ValueHex(figures), "020406080a0c0110");
  const DayLines lines{.first = 1,
                       .last = 2,
                       .last_time = absl::FromUnixMicros(3),
                       .purchases = 4,
                       .refunds = 5,
                       .reversals = 6,
                       .adjustments = 7,
                       .figures = figures,
                       .payable_before = -2};
  const std::string day = "04020403555443";
  const std::string stored =
      "01020604050607"
      "020406080a0c0110"
      "03" +
      std::string(64, '0');
  EXPECT_EQ(ValueHex(OpenDayRow{.day = TheDay(), .lines = lines, .payable = 9, .recent = {1, 2}}),
            "01" + day + stored +
                "12"
                "020102");
  EXPECT_EQ(ValueHex(StatementRow{.state = StatementState::kAgreed,
                                  .day = TheDay(),
                                  .lines = lines,
                                  .cut = 10,
                                  .cut_time = absl::FromUnixMicros(4),
                                  .agree_time = absl::FromUnixMicros(5),
                                  .disputes = 2,
                                  .open_disputes = 1,
                                  .invoice_remark = "r"}),
            "03" + day + stored +
                "0a08"
                "010a"
                "0201"
                "0172");
  EXPECT_EQ(ValueHex(DisputeRow{.state = DisputeState::kProposed,
                                .reason = "r",
                                .create_time = absl::FromUnixMicros(1),
                                .points = -1,
                                .origin = UnionNumber{3},
                                .resolution_reason = "s",
                                .proposer = "p",
                                .propose_time = absl::FromUnixMicros(2),
                                .purchase = 7}),
            "02"
            "0172"
            "02"
            "01"
            "03"
            "0173"
            "0170"
            "0104"
            "00"
            "07");
  const std::string bytes = ledger::EncodeValue(
      PurchaseRow{.fee_adjustments = {{UnionNumber{3}, 2}, {UnionNumber{4}, -1}}});
  EXPECT_EQ(bytes.substr(bytes.size() - 5), std::string("\x02\x03\x04\x04\x01"));
}

TEST(StatementBytesTest, RecordsHaveTheirGoldenBytes) {
  jv1::Record record;
  record.mutable_entry()->mutable_opened_day()->set_day(2);
  EXPECT_EQ(RecordHex(record),
            "4205"
            "920302"
            "1004");
  record.Clear();
  record.mutable_day_cut()->set_merchant(1);
  EXPECT_EQ(RecordHex(record),
            "f20602"
            "0801");
  record.mutable_day_cut()->set_invoice_remark("r");
  EXPECT_EQ(RecordHex(record),
            "f20605"
            "0801"
            "6a0172");
  record.mutable_statement_agreed()->set_merchant(1);
  EXPECT_EQ(RecordHex(record),
            "fa0602"
            "0801");
  record.mutable_lines_disputed()->add_lines()->set_line(7);
  EXPECT_EQ(RecordHex(record),
            "820704"
            "1a020807");
  record.mutable_resolution_proposed()->set_points(-1);
  EXPECT_EQ(RecordHex(record),
            "8a0702"
            "2001");
  record.mutable_resolution_proposed()->set_purchase(7);
  EXPECT_EQ(RecordHex(record),
            "8a0704"
            "2001"
            "4007");
  record.mutable_dispute_dismissed()->set_line(7);
  EXPECT_EQ(RecordHex(record),
            "920702"
            "1807");
  record.mutable_entry()->mutable_adjustment()->set_points(-1);
  EXPECT_EQ(RecordHex(record),
            "4205"
            "b20102"
            "2001");
  record.mutable_entry()->mutable_adjustment()->set_purchase(7);
  EXPECT_EQ(RecordHex(record),
            "4207"
            "b20104"
            "2001"
            "3007");
  jv1::Refund refund;
  jv1::FeeAdjustment& left = *refund.add_fee_adjustments();
  left.set_origin(3);
  left.set_points(-1);
  EXPECT_EQ(absl::BytesToHexString(refund.SerializeAsString()), "3a0408031001");
  jv1::Reversal reversal;
  *reversal.add_fee_adjustments() = left;
  EXPECT_EQ(absl::BytesToHexString(reversal.SerializeAsString()), "2a0408031001");
}

}  // namespace
}  // namespace puhui::merchant::statement_bytes_test
