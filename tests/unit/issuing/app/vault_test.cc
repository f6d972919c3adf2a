// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/vault.h"

#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace puhui::issuing {
namespace {

class VaultTest : public ::testing::Test {
 protected:
  Vault Make(char key, std::uint32_t key_id = 1) {
    return Vault({.key = std::string(32, key),
                  .key_id = key_id,
                  .keyed_hash = &keyed_hash_,
                  .random = &random_});
  }
  NewMember SealLi(const Vault& vault) {
    return vault.Seal({UnionNumber{3}, UnionNumber{1}},
                      {.external_id = "0042",
                       .full_name = "Li",
                       .id_number = "11010519491231002x",
                       .mobile = "13900000000",
                       .department = "Foundry",
                       .employment = "permanent"},
                      absl::UnixEpoch());
  }

  SeededRandom random_{7};
  ledger::KeyedHash keyed_hash_{std::string(32, 'k')};
};

TEST_F(VaultTest, OpensWhatItSealed) {
  const Vault vault = Make('v');
  const NewMember row = SealLi(vault);
  ASSERT_OK_AND_ASSIGN(const OpenedData opened, vault.Open(row.member, row.personal_data));
  EXPECT_EQ(opened.data.external_id, "0042");
  EXPECT_EQ(opened.data.full_name, "Li");
  EXPECT_EQ(opened.data.id_number, "11010519491231002x");
  EXPECT_EQ(opened.data.mobile, "13900000000");
  EXPECT_EQ(opened.data.department, "Foundry");
  EXPECT_EQ(opened.data.employment, "permanent");
  EXPECT_EQ(opened.commitment, row.commitment);
  EXPECT_EQ(row.card, vault.CardTag(opened.data.card_number));
  EXPECT_EQ(row.card_last_four, opened.data.card_number.substr(12));
}

TEST_F(VaultTest, SealsTheSamePersonDifferentlyEveryTime) {
  const Vault vault = Make('v');
  const NewMember first = SealLi(vault);
  const NewMember second = SealLi(vault);
  EXPECT_NE(first.member, second.member);
  EXPECT_NE(first.commitment, second.commitment);
  EXPECT_NE(first.personal_data.sealed, second.personal_data.sealed);
  EXPECT_NE(first.card, second.card);
  // But finds the same person again.
  EXPECT_EQ(first.id_number, second.id_number);
  EXPECT_EQ(first.external_id, second.external_id);
}

TEST_F(VaultTest, ARowOfAnotherMemberDoesNotOpen) {
  const Vault vault = Make('v');
  const NewMember first = SealLi(vault);
  const NewMember second = SealLi(vault);
  EXPECT_THAT(vault.Open(second.member, first.personal_data), HasCode(absl::StatusCode::kDataLoss));
}

TEST_F(VaultTest, AChangedRowDoesNotOpen) {
  const Vault vault = Make('v');
  const NewMember row = SealLi(vault);
  PersonalDataRow changed = row.personal_data;
  changed.sealed.back() = static_cast<char>(changed.sealed.back() ^ 1);
  EXPECT_THAT(vault.Open(row.member, changed), HasCode(absl::StatusCode::kDataLoss));
  changed = row.personal_data;
  changed.wrapped_key[3] = static_cast<char>(changed.wrapped_key[3] ^ 1);
  EXPECT_THAT(vault.Open(row.member, changed), HasCode(absl::StatusCode::kDataLoss));
}

TEST_F(VaultTest, AnErasedMemberKeyLeavesNothingToRead) {
  const Vault vault = Make('v');
  const NewMember row = SealLi(vault);
  PersonalDataRow erased = row.personal_data;
  erased.wrapped_key.clear();
  EXPECT_THAT(vault.Open(row.member, erased), HasCode(absl::StatusCode::kDataLoss));
}

TEST_F(VaultTest, AnotherKeyDoesNotOpen) {
  const NewMember row = SealLi(Make('v'));
  EXPECT_THAT(Make('w').Open(row.member, row.personal_data), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Make('v', 2).Open(row.member, row.personal_data),
              HasCode(absl::StatusCode::kInternal));
}

TEST_F(VaultTest, KeyedHashesTellPurposesAndUnionsApart) {
  const Vault vault = Make('v');
  const std::set<ledger::Tag> tags = {
      vault.IdNumberTag("88"), vault.CardTag("88"), vault.ExternalIdTag(UnionNumber{1}, "88"),
      vault.ExternalIdTag(UnionNumber{2}, "88"), vault.ExternalIdTag(UnionNumber{1}, "8")};
  EXPECT_EQ(tags.size(), 5U);
  EXPECT_EQ(vault.IdNumberTag("11010519491231002x"), vault.IdNumberTag("11010519491231002X"));
}

TEST_F(VaultTest, DrawsCardsOfItsOwnSchemeWithACheckDigit) {
  std::set<std::string> cards;
  for (int i = 0; i < 200; ++i) {
    const std::string card = DrawCardNumber(random_);
    EXPECT_EQ(card.size(), 16U);
    EXPECT_EQ(card.substr(0, 2), "88");
    EXPECT_TRUE(HasLuhnCheckDigit(card)) << card;
    cards.insert(card);
  }
  EXPECT_EQ(cards.size(), 200U);
}

TEST_F(VaultTest, ChecksLuhnDigits) {
  EXPECT_TRUE(HasLuhnCheckDigit("79927398713"));  // The example everybody uses.
  EXPECT_FALSE(HasLuhnCheckDigit("79927398710"));
  EXPECT_FALSE(HasLuhnCheckDigit("97927398713"));
  EXPECT_FALSE(HasLuhnCheckDigit("7992739871x"));
  EXPECT_FALSE(HasLuhnCheckDigit("0"));
  EXPECT_FALSE(HasLuhnCheckDigit(""));
}

}  // namespace
}  // namespace puhui::issuing
