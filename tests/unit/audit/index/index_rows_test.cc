// SPDX-License-Identifier: Apache-2.0
// The bytes of the index, as docs/data-format/tables.md has them.
#include "audit/index/index_rows.h"

#include "ledger/storage/codec.h"
#include "tests/support/status_matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::audit {
namespace {

using ::testing::ElementsAre;

template <class K, class V>
std::string KeyOf(const ledger::TypedTable<K, V>& table, const K& key) {
  return ledger::ToHex(absl::string_view(ledger::EncodeKey(table.id, key)));
}
template <class V>
std::string ValueOf(const V& value) {
  return ledger::ToHex(absl::string_view(ledger::EncodeValue(value)));
}

TEST(IndexRowsTest, KeysHaveTheseBytes) {
  EXPECT_EQ(KeyOf(kMarkTable, std::uint8_t{0}), "9000");
  EXPECT_EQ(KeyOf(kPostingsTable, {.list = ListOf(RecordKind{.body = 8, .detail = 7}), .first = 9}),
            "91"
            "01"
            "0000000000000000"
            "0000000000080007"
            "0000000000000009");
  EXPECT_EQ(KeyOf(kPostingsTable, {.list = ListOf(MemberId(1, 2)), .first = 9}),
            "91"
            "02"
            "0000000000000001"
            "0000000000000002"
            "0000000000000009");
  EXPECT_EQ(
      KeyOf(kMovementsTable,
            {.account = RowNameOf({.kind = ledger::AccountKind::kWallet, .member = MemberId(1, 2)}),
             .first = 9}),
      "92"
      "04"
      "0000000000000001"
      "0000000000000002"
      "0000000000000009");
  EXPECT_EQ(KeyOf(kMovementsTable,
                  {.account = RowNameOf({.kind = ledger::AccountKind::kPayable, .owner = 258}),
                   .first = 9}),
            "92"
            "06"
            "0000000000000000"
            "0000000000000102"
            "0000000000000009");
  EXPECT_EQ(KeyOf(kIndexTotalsTable, Sequence{258}), "930000000000000102");
  EXPECT_EQ(KeyOf(kOwnersTable, Owned{.kind = OwnedKind::kTerminal, .number = 258}),
            "940200000102");
}

TEST(IndexRowsTest, ValuesHaveTheseBytes) {
  EXPECT_EQ(ValueOf(ledger::JournalMark{.sequence = 300}), "ac02" + std::string(64, '0'));
  EXPECT_EQ(
      ValueOf(MovementsRow{.before = {{.origin = UnionNumber{3}, .points = 500}},
                           .movements = {{.beyond = 0, .origin = UnionNumber{3}, .points = -1},
                                         {.beyond = 200, .origin = UnionNumber{4}, .points = 1}}}),
      "0103e807"
      "02000301c8010402");
  EXPECT_EQ(ValueOf(TotalsRow{.totals = {{.kind = ledger::AccountKind::kBudget,
                                          .origin = UnionNumber{3},
                                          .points = -64}}}),
            "0102037f");
  EXPECT_EQ(ValueOf(Owner{.number = 5, .store = "s-1"}), "0503732d31");
}

TEST(IndexRowsTest, ListsOfTextAreKnownByTheirHash) {
  ledger::Sha256 sha256;
  // SHA-256 of "abc" begins with ba7816bf 8f01cfea 414140de 5dae2223.
  EXPECT_EQ(ListOfText(Dimension::kActor, "abc", sha256), (ListName{.dimension = Dimension::kActor,
                                                                    .high = 0xba7816bf8f01cfea,
                                                                    .low = 0x414140de5dae2223}));
  EXPECT_EQ(ListOf({.merchant = MerchantNumber{12}, .store = "s-1"}, sha256),
            ListOfText(Dimension::kStore, "12/s-1", sha256));
}

TEST(IndexRowsTest, AmountsAreKnownByTheirNumberOfBinaryDigits) {
  EXPECT_EQ(AmountClass(0), 0U);
  EXPECT_EQ(AmountClass(1), 1U);
  EXPECT_EQ(AmountClass(2), 2U);
  EXPECT_EQ(AmountClass(3), 2U);
  EXPECT_EQ(AmountClass(4), 3U);
  EXPECT_EQ(AmountClass(INT64_MAX), 63U);
}

TEST(IndexRowsTest, SequencesArePackedByTheirDistance) {
  const std::vector<Sequence> sequences = {5, 6, 206, UINT64_MAX};
  const std::string packed = PackSequences(sequences);
  EXPECT_EQ(ledger::ToHex(absl::string_view(packed)), "01c801b1feffffffffffffff01");
  const auto unpacked = UnpackSequences(5, packed);
  ASSERT_OK(unpacked);
  EXPECT_EQ(*unpacked, sequences);
  EXPECT_THAT(*UnpackSequences(7, ""), ElementsAre(7));
}

TEST(IndexRowsTest, WhatIsNoListIsDataLoss) {
  for (const std::string& packed : {std::string("\x80", 1), std::string("\0", 1),
                                    std::string("\x01\x80", 2), std::string(11, '\x80')}) {
    EXPECT_THAT(UnpackSequences(5, packed), HasCode(absl::StatusCode::kDataLoss));
  }
  EXPECT_THAT(UnpackSequences(UINT64_MAX, std::string("\x01", 1)),
              HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::audit
