// SPDX-License-Identifier: Apache-2.0
// The bytes of what authorisations store: once written they are read for ever.
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/codec.h"
#include "merchant/app/authorization_rows.h"
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
using testing::ValueHex;

const absl::Time kSecond = absl::FromUnixSeconds(1);

TEST(AuthorizationBytesTest, KeysHaveTheirGoldenBytes) {
  EXPECT_EQ(KeyHex(kAuthorizationTable, Sequence{258}), "490000000000000102");
  EXPECT_EQ(KeyHex(kCaptureTable, Sequence{258}), "4a0000000000000102");
  EXPECT_EQ(KeyHex(kExpiringTable, {kSecond, 258}), "4b80000000000f42400000000000000102");
  EXPECT_EQ(KeyHex(kExpiringCountTable, kSecond), "4c80000000000f4240");
  EXPECT_EQ(KeyHex(ledger::kTimerTable, {kSecond, ledger::kTimerAuthorizations, 0}),
            "0a80000000000f4240030000000000000000");
}

TEST(AuthorizationBytesTest, RowsHaveTheirGoldenBytes) {
  const AuthorizationRow row{.merchant = MerchantNumber{1},
                             .terminal = TerminalNumber{2},
                             .batch_number = 3,
                             .trace_number = 300,
                             .member = MemberId(4, 5),
                             .points = 6,
                             .state = AuthorizationState::kHeld,
                             .time = absl::FromUnixMicros(7),
                             .expiry = kSecond,
                             .authorization_code = "A1B2C3",
                             .card_last_four = "4242",
                             .taken = {{.lot = LotNumber{8},
                                        .campaign = CampaignNumber{9},
                                        .origin = UnionNumber{10},
                                        .points = 6,
                                        .granted = 11,
                                        .expiry = absl::FromUnixMicros(12)}},
                             .day = absl::CivilDay(1970, 1, 3)};
  EXPECT_EQ(ValueHex(row),
            "010203ac02"
            "00000000000000040000000000000005"
            "0c010e80897a"
            "06413142324333"
            "0434323432"
            "0108090a0c1618"
            "0104"
            "0000");
  AuthorizationRow of_a_basket = row;
  of_a_basket.lines = {{.category = 5411, .points = 6, .parts = {{LotNumber{8}, 6}}}};
  const std::string without = ValueHex(row);
  EXPECT_EQ(ValueHex(of_a_basket), without.substr(0, without.size() - 2) +
                                       "01"
                                       "a32a000c00"
                                       "01080c");
  AuthorizationRow read;
  ASSERT_OK(ledger::DecodeValue(ledger::EncodeValue(row), &read));
  EXPECT_EQ(ValueHex(read), ValueHex(row));
  EXPECT_EQ(ValueHex(ledger::Activity{.sequence = 9,
                                      .kind = ledger::ActivityKind::kAuthorization,
                                      .time = absl::FromUnixMicros(7),
                                      .points = 0,
                                      .points_after = 100,
                                      .counterparty = 1,
                                      .held = 40}),
            "09060e00c8010150");
  EXPECT_EQ(
      ValueHex(ledger::Wallet{.card_last_four = "4242",
                              .lots_ever = 1,
                              .lots = {},
                              .open_authorizations = 2,
                              .day_spending = {{CampaignNumber{9}, absl::CivilDay(1970, 1, 3), 6}},
                              .received_set = 300,
                              .spent_set = 3}),
      "010434323432010000020109040cac0203");
  EXPECT_EQ(ValueHex(StoreRow{.display_name = "x", .region = 420'106}), "01788ad21900");
}

// A row that was written before there were authorisations.
TEST(AuthorizationBytesTest, AnOlderWalletStillReads) {
  ledger::Wallet wallet;
  ASSERT_OK(ledger::DecodeValue(absl::HexStringToBytes("0104343234320100"), &wallet));
  EXPECT_EQ(wallet.open_authorizations, 0U);
  EXPECT_TRUE(wallet.day_spending.empty());
  EXPECT_EQ(wallet.received_set, 0U);
}

// An entry of one lot, with nothing else that is not its own.
jv1::Record Record() {
  jv1::Record record;
  record.set_sequence(7);
  jv1::LotChange& lot = *record.mutable_entry()->add_lots();
  lot.set_lot(1);
  lot.set_held(5);
  return record;
}
std::string Hex(const jv1::Record& record) {
  return absl::BytesToHexString(record.SerializeAsString());
}

TEST(AuthorizationBytesTest, RecordsHaveTheirGoldenBytes) {
  jv1::Record record = Record();
  jv1::Authorization& authorization = *record.mutable_entry()->mutable_authorization();
  authorization.mutable_till()->set_merchant(1);
  authorization.set_points(5);
  authorization.set_expire_time_micros(1'000'000);
  authorization.set_authorization_code("A1B2C3");
  authorization.set_card_last_four("4242");
  EXPECT_EQ(Hex(record),
            "080742201a040801380a62180a020801100518c0843d22064131423243332a0434323432");
  jv1::BasketLine& line = *authorization.add_lines();
  line.set_category(5'411);
  line.set_points(5);
  EXPECT_EQ(
      Hex(record),
      "080742271a040801380a621f0a020801100518c0843d22064131423243332a04343234323a0508a32a1805");
  record = Record();
  record.mutable_entry()->mutable_lots(0)->set_day(2);
  EXPECT_EQ(Hex(record), "080742081a060801380a4004");
  record = Record();
  jv1::Purchase& capture = *record.mutable_entry()->mutable_capture();
  capture.set_points(5);
  capture.set_authorization(6);
  EXPECT_EQ(Hex(record), "0807420c1a040801380a6a0410053806");
  record = Record();
  jv1::Void& voided = *record.mutable_entry()->mutable_voided();
  voided.mutable_till()->set_merchant(1);
  voided.set_authorization(6);
  voided.set_points(5);
  EXPECT_EQ(Hex(record), "080742101a040801380a72080a02080110061805");
  record = Record();
  jv1::AuthorizationExpiry& expiry = *record.mutable_entry()->mutable_authorization_expiry();
  expiry.set_authorization(6);
  expiry.set_points(5);
  expiry.set_merchant(1);
  EXPECT_EQ(Hex(record), "0807420e1a040801380a7a06080610051801");
}

}  // namespace
}  // namespace puhui::merchant
