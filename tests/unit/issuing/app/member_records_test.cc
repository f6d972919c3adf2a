// SPDX-License-Identifier: Apache-2.0
// The bytes of what is stored about people: they are hashed, signed and folded for ever.
#include "issuing/app/member_rows.h"
#include "issuing/app/personal_data.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/codec.h"
#include "puhui/journal/v1/record.pb.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::issuing {
namespace {

namespace jv1 = journal::v1;

std::string HexOf(const std::string& bytes) { return ledger::ToHex(absl::string_view(bytes)); }

jv1::MemberChanged Changed() {
  jv1::MemberChanged changed;
  changed.set_member(std::string(16, '\x11'));
  changed.set_union_number(3);
  changed.set_state(2);
  changed.set_revision(300);
  return changed;
}

constexpr char kChangedHex[] =
    "0a10"
    "11111111111111111111111111111111"
    "1003"
    "1802"
    "20ac02";

TEST(MemberRecordsTest, AChangeOfAMemberHasTheseBytes) {
  jv1::Record record;
  *record.mutable_member_changed() = Changed();
  record.mutable_member_changed()->mutable_suspended();
  EXPECT_EQ(HexOf(record.SerializeAsString()), std::string("c2021b") + kChangedHex + "4200");
}

TEST(MemberRecordsTest, ALookAndWhatIsKeptOfItHaveTheseBytes) {
  jv1::MemberRevealed revealed;
  revealed.set_member(std::string(16, '\x11'));
  revealed.add_fields("mobile");
  revealed.set_reason("r");
  revealed.set_person("p");
  revealed.set_break_glass(true);
  revealed.set_day(258);
  EXPECT_EQ(HexOf(revealed.SerializeAsString()),
            "0a10"
            "11111111111111111111111111111111"
            "12066d6f62696c65"
            "1a0172"
            "220170"
            "2801"
            "308202");
  const RevealCountKey count{"p", absl::CivilDay() + 3};
  EXPECT_EQ(HexOf(ledger::EncodeKey(ledger::Table::kRevealCounts, count)), "8d700080000003");
  const UnionRevealKey reveal{UnionNumber{258}, 9};
  EXPECT_EQ(HexOf(ledger::EncodeKey(ledger::Table::kReveals, reveal)),
            "8e000001020000000000000009");
}

TEST(MemberRecordsTest, EveryKindOfChangeHasTheseBytes) {
  const std::string hash(16, '\x22');
  const std::string hash_hex = "22222222222222222222222222222222";
  const auto bytes = [](auto fill) {
    jv1::MemberChanged changed = Changed();
    fill(changed);
    return HexOf(changed.SerializeAsString()).substr(sizeof(kChangedHex) - 1);
  };
  EXPECT_EQ(bytes([](auto& c) { c.mutable_reinstated(); }), "4a00");
  EXPECT_EQ(bytes([](auto& c) { c.mutable_left()->set_points_returned(true); }), "52020801");
  EXPECT_EQ(bytes([](auto& c) { c.mutable_came_back()->set_from_union(4); }), "5a020804");
  EXPECT_EQ(bytes([](auto& c) { c.mutable_transferred()->set_from_union(4); }), "62020804");
  EXPECT_EQ(bytes([](auto& c) { c.mutable_updated()->add_fields("mobile"); }),
            "6a080a066d6f62696c65");
  EXPECT_EQ(bytes([&](auto& c) {
              c.mutable_card_issued()->set_card_hash(hash);
              c.mutable_card_issued()->set_card_last_four("4242");
              c.mutable_card_issued()->set_replaces(hash);
            }),
            "722a"
            "0a10" +
                hash_hex +
                "1204"
                "34323432"
                "1a10" +
                hash_hex);
  EXPECT_EQ(bytes([&](auto& c) { c.mutable_card_blocked()->set_card_hash(hash); }),
            "7a12"
            "0a10" +
                hash_hex);
  EXPECT_EQ(bytes([](auto& c) { c.mutable_erased(); }), "820100");
}

TEST(MemberRecordsTest, AReturnedLotHasTheseBytes) {
  jv1::Entry entry;
  entry.mutable_lot_returned()->set_campaign(1);
  entry.mutable_lot_returned()->set_lot(2);
  entry.mutable_lot_returned()->set_points(900);
  EXPECT_EQ(HexOf(entry.SerializeAsString()),
            "a20107"
            "0801"
            "1002"
            "188407");
}

TEST(MemberRecordsTest, ARowFromBeforeMembersChangedStillReads) {
  MemberRow row{.union_number = UnionNumber{3},
                .state = MemberState::kActive,
                .create_time = absl::FromUnixMicros(1)};
  const std::string whole = ledger::EncodeValue(row);
  EXPECT_EQ(HexOf(whole).substr(0, 6), "030102");
  EXPECT_EQ(HexOf(whole).substr(6 + 2 * (16 + 32)), "0000");
  row.revision = 7;
  row.erased = true;
  ASSERT_OK(ledger::DecodeValue(absl::string_view(whole).substr(0, whole.size() - 2), &row));
  EXPECT_EQ(row.revision, 0U);
  EXPECT_FALSE(row.erased);
}

TEST(MemberRecordsTest, PersonalDataFromBeforePassportsStillReads) {
  const PersonalData person{.external_id = "E1",
                            .full_name = "Li",
                            .id_number = "1",
                            .mobile = "2",
                            .department = "3",
                            .employment = "4",
                            .card_number = "5"};
  const std::string whole = ledger::EncodeValue(person);
  EXPECT_EQ(HexOf(whole),
            "024531"
            "024c69"
            "0131"
            "0132"
            "0133"
            "0134"
            "0135"
            "01"
            "00"
            "00");
  PersonalData read;
  ASSERT_OK(ledger::DecodeValue(absl::string_view(whole).substr(0, whole.size() - 3), &read));
  EXPECT_EQ(read.card_number, "5");
  EXPECT_EQ(read.document_kind, DocumentKind::kResidentId);
  EXPECT_TRUE(read.external_ids.empty());
}

}  // namespace
}  // namespace puhui::issuing
