// SPDX-License-Identifier: Apache-2.0
// The bytes of what orders and vouchers store: once written they are read for ever.
#include "merchant/app/order_rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "tests/support/golden_bytes.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Tag;
using testing::KeyHex;
using testing::RecordHex;
using testing::ValueHex;

Tag Filled(std::uint8_t byte) {
  Tag tag{};
  tag.fill(byte);
  return tag;
}
std::string Hex16(const std::string& byte) {
  std::string hex;
  for (int i = 0; i < 16; ++i) hex += byte;
  return hex;
}
const MemberId kWho(0x0102030405060708, 0x090A0B0C0D0E0F10);
constexpr char kWhoHex[] = "0102030405060708090a0b0c0d0e0f10";

TEST(OrderBytesTest, KeysHaveTheirGoldenBytes) {
  EXPECT_EQ(KeyHex(kOrderTable, Sequence{258}), "750000000000000102");
  EXPECT_EQ(KeyHex(kMemberOrderTable, MemberOrderKey{kWho, 258}),
            std::string("76") + kWhoHex + "0000000000000102");
  EXPECT_EQ(KeyHex(kMerchantOrderTable, MerchantOrderKey{MerchantNumber{3}, 258}),
            "77000000030000000000000102");
  EXPECT_EQ(KeyHex(kVoucherTable, Filled(0xAB)), "78" + Hex16("ab"));
  EXPECT_EQ(KeyHex(kVoucherGuessTable, TerminalNumber{4}), "7900000004");
  EXPECT_EQ(KeyHex(kVoucherDigitTable, Filled(0xAB)), "7a" + Hex16("ab"));
  EXPECT_EQ(KeyHex(kDeliveryAddressTable, kWho), std::string("7b") + kWhoHex);
  EXPECT_EQ(KeyHex(kOfferCodeTable, OfferCodeKey{OfferNumber{5}, 6}), "7c0000000500000006");
  EXPECT_EQ(KeyHex(kOfferCodeCountTable, OfferNumber{5}), "8a00000005");
  EXPECT_EQ(KeyHex(kOfferCodeHashTable, Filled(0xCD)), "8b" + Hex16("cd"));
}

TEST(OrderBytesTest, AnOrderHasItsGoldenBytes) {
  OrderRow row{.merchant = MerchantNumber{3},
               .member = kWho,
               .offer = OfferNumber{5},
               .version = 2,
               .quantity = 4,
               .unit_points = 100,
               .fulfilment = FulfilmentKind::kPickUp,
               .store = "s-1",
               .place_time = absl::FromUnixMicros(7),
               .lapse_time = absl::FromUnixMicros(8)};
  const std::string before =
      std::string("03") + kWhoHex + "05" + "02" + "04" + "00" + "c801" + "01" + "03732d31";
  EXPECT_EQ(ValueHex(row), before + "01" + "0e" + "10" + "00" + "00" + "00" + "00" + "00" + "00" +
                               "00" + "00" + "00" + "00");
  row.state = OrderState::kFulfilled;
  row.accept_time = absl::FromUnixMicros(9);
  row.end_time = absl::FromUnixMicros(10);
  row.tracking = "SF";
  row.reason = "r";
  row.own_money = {.amount = 5, .currency = "CNY", .tender = "w"};
  row.address = Filled(0xEE);
  row.voucher = OrderVoucher{.digits = Filled(0xAB),
                             .expiry = absl::FromUnixMicros(11),
                             .transferable = true,
                             .holder = kWho,
                             .state = VoucherState::kRedeemed,
                             .redeem_time = absl::FromUnixMicros(12)};
  row.first_code = 6;
  EXPECT_EQ(ValueHex(row), before + "04" + "0e" + "10" + "0112" + "0114" + "025346" + "0172" +
                               "0a" + "03434e59" + "0177" + "01" + Hex16("ee") + "01" +
                               Hex16("ab") + "16" + "01" + kWhoHex + "02" + "0118" + "06");
}

TEST(OrderBytesTest, OtherRowsHaveTheirGoldenBytes) {
  EXPECT_EQ(ValueHex(MemberAddresses{.waiting = {{.id = Filled(0xEE), .sealed = "ab"}}}),
            "01" + Hex16("ee") + "026162");
  EXPECT_EQ(ValueHex(OfferCodeCounts{.added = 300, .given = 2}), "ac0202");
}

TEST(OrderBytesTest, RecordsHaveTheirGoldenBytes) {
  jv1::OrderPlaced placed;
  placed.set_offer(5);
  placed.set_version(2);
  placed.set_quantity(4);
  placed.set_unit_points(100);
  placed.set_fulfilment(1);
  placed.set_store("s-1");
  placed.mutable_own_money()->set_amount(5);
  placed.mutable_own_money()->set_currency("CNY");
  placed.mutable_own_money()->set_tender("w");
  placed.set_address("a");
  placed.mutable_voucher()->set_digits_hash("h");
  placed.mutable_voucher()->set_expire_time_micros(7);
  placed.mutable_voucher()->set_transferable(true);
  placed.set_first_code(6);
  EXPECT_EQ(RecordHex(placed),
            "080510021804206428013203732d313a0a08051203434e591a01774201614a070a0168100718015006");
  jv1::Record record;
  record.mutable_order_shipped()->set_order(258);
  record.mutable_order_shipped()->set_tracking("SF");
  record.mutable_order_shipped()->set_person("p");
  record.mutable_order_shipped()->set_returned(1);
  EXPECT_EQ(RecordHex(record), "9a090c088202120253461a01702001");
}

}  // namespace
}  // namespace puhui::merchant
