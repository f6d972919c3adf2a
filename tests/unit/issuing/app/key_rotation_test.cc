// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/key_rotation.h"

#include "issuing/app/application_commands.h"
#include "issuing/app/privacy_commands.h"
#include "issuing/app/queries.h"
#include "issuing/app/vault_check.h"
#include "ledger/base/limits.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/issuing_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::issuing {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;

const std::string kSecondKey(32, 'w');

class KeyRotationTest : public ::testing::Test {
 protected:
  KeyRotationTest() { PUHUI_CHECK_OK(ledger_.CreateUnion("city").status()); }

  void EnrolMany(int first, int count) {
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) names.push_back(absl::StrCat("m", first + i));
    for (std::size_t at = 0; at < names.size(); at += 5'000) {
      ASSERT_OK(ledger_.Enrol(
          "city", std::vector<std::string>(names.begin() + static_cast<std::ptrdiff_t>(at),
                                           names.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                               at + 5'000, names.size())))));
      ledger_.ledger.clock().Advance(absl::Milliseconds(1));
    }
  }
  Result Start(std::uint32_t key_id, const std::string& key = kSecondKey) {
    ledger_.vault.AddKey(key_id, key);
    StartKeyRotationCommand command(&ledger_.tables, key_id, ledger_.vault.KeyCheck(key_id));
    Result started = ledger_.ledger.Run(command);
    if (started.ok()) ledger_.vault.UseKey(key_id);
    return started;
  }
  KeyRotationRow Rotation() { return **LastKeyRotation(ledger_.ledger.store()); }
  // How many rows are under which key.
  int Under(std::uint32_t key_id) {
    int rows = 0;
    PUHUI_CHECK_OK(ledger::Scan(ledger_.ledger.store(), kPersonalDataTable, {},
                                [&](const MemberId&, const PersonalDataRow& row) {
                                  rows += row.key_id == key_id ? 1 : 0;
                                  return absl::StatusOr<bool>(true);
                                }));
    return rows;
  }

  IssuingLedger ledger_;
};

TEST_F(KeyRotationTest, WrapsEveryKeyAnewInPieces) {
  EnrolMany(0, 1'300);
  ASSERT_OK(Start(2));
  EXPECT_EQ(Under(1), 1'300);
  EXPECT_FALSE(Rotation().finish_time.has_value());
  ASSERT_OK_AND_ASSIGN(const int pieces, ledger_.RunDueChores());
  EXPECT_EQ(pieces, 3);
  EXPECT_EQ(Under(1), 0);
  EXPECT_EQ(Under(2), 1'300);
  EXPECT_EQ(Rotation().members, 1'300U);
  EXPECT_TRUE(Rotation().finish_time.has_value());
  EXPECT_EQ(ledger_.Opened("m7").full_name, "m7");
  // Without the earlier key too.
  Vault later({.key = kSecondKey,
               .key_id = 2,
               .keyed_hash = &ledger_.keyed_hash,
               .random = &ledger_.random});
  ASSERT_OK_AND_ASSIGN(const auto row,
                       FindPersonalData(ledger_.ledger.store(), ledger_.members.at("m7")));
  ASSERT_OK_AND_ASSIGN(const OpenedData opened, later.Open(ledger_.members.at("m7"), *row));
  EXPECT_EQ(opened.data.full_name, "m7");
  ASSERT_OK_AND_ASSIGN(const int more, ledger_.RunDueChores());
  EXPECT_EQ(more, 0);
}

TEST_F(KeyRotationTest, EveryNumberOfMembersEnds) {
  for (const int members : {0, 1, 512, 513, 1'024}) {
    IssuingLedger ledger;
    ASSERT_OK(ledger.CreateUnion("city"));
    std::vector<std::string> names;
    for (int i = 0; i < members; ++i) names.push_back(absl::StrCat("m", i));
    if (members > 0) {
      ASSERT_OK(ledger.Enrol("city", names));
    }
    ledger.vault.AddKey(2, kSecondKey);
    StartKeyRotationCommand start(&ledger.tables, 2, ledger.vault.KeyCheck(2));
    ASSERT_OK(ledger.ledger.Run(start));
    ASSERT_OK(ledger.RunDueChores());
    const KeyRotationRow row = **LastKeyRotation(ledger.ledger.store());
    EXPECT_TRUE(row.finish_time.has_value()) << members;
    EXPECT_EQ(row.members, static_cast<std::uint64_t>(members));
  }
}

TEST_F(KeyRotationTest, GoesOnAfterARestartWhereItStopped) {
  EnrolMany(0, 1'300);
  ASSERT_OK(Start(2));
  ASSERT_OK_AND_ASSIGN(const int pieces, ledger_.RunDueChores(1));
  EXPECT_EQ(pieces, 1);
  EXPECT_EQ(Under(2), 512);
  IssuingLedger again;
  ASSERT_OK(again.ledger.RecoverFrom(ledger_.ledger));
  EXPECT_EQ(again.tables.VaultKey(), 2U);
  ASSERT_OK_AND_ASSIGN(const auto needed, NeededVaultKeys(again.ledger.store()));
  EXPECT_THAT(needed, ElementsAre(1, 2));
  // Without the new key it waits.
  EXPECT_THAT(again.RunDueChores(1), HasCode(absl::StatusCode::kInternal));
  again.vault.AddKey(2, kSecondKey);
  ASSERT_OK_AND_ASSIGN(const int rest, again.RunDueChores());
  EXPECT_EQ(rest, 2);
  const KeyRotationRow row = **LastKeyRotation(again.ledger.store());
  EXPECT_EQ(row.members, 1'300U);
  EXPECT_TRUE(row.finish_time.has_value());
  ASSERT_OK_AND_ASSIGN(const auto left, NeededVaultKeys(again.ledger.store()));
  EXPECT_THAT(left, ElementsAre(2));
}

TEST_F(KeyRotationTest, WhatChangesMeanwhileIsLeftAsItIs) {
  EnrolMany(0, 3);
  ASSERT_OK(ledger_.Leave("m2"));
  ASSERT_OK(Start(2));
  KeyRotationChore chore(&ledger_.tables, &ledger_.vault, Rotation());
  ASSERT_OK_AND_ASSIGN(const auto piece, chore.Next(ledger_.ledger.store()));
  // After the piece was read: one is changed, one is forgotten, somebody joins.
  UpdateMemberCommand update(&ledger_.tables, ledger_.Ref("m1"),
                             {.data = ledger_.ReplacementFor("m1", {.full_name = "Rose"})});
  ASSERT_OK(ledger_.ledger.Run(update));
  ErasePersonalDataCommand erase(&ledger_.tables, ledger_.Ref("m2"), {.revision = 1});
  ASSERT_OK(ledger_.ledger.Run(erase));
  EnrolMany(3, 1);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, ledger_.ledger.Run(*piece));
  EXPECT_EQ(outcome.first().key_rotation_advanced().members(), 1U);
  EXPECT_TRUE(outcome.first().key_rotation_advanced().finished());
  EXPECT_EQ(ledger_.Opened("m1").full_name, "Rose");
  EXPECT_EQ(Under(2), 3);
  EXPECT_EQ(Under(1), 0);
  ASSERT_OK_AND_ASSIGN(const auto erased,
                       FindPersonalData(ledger_.ledger.store(), ledger_.members.at("m2")));
  EXPECT_FALSE(erased.has_value());
  // The piece had its turn.
  EXPECT_THAT(ledger_.ledger.Run(*piece), Refuses(Reason::kKeyRotationRunning));
}

TEST_F(KeyRotationTest, NothingIsSealedUnderTheEarlierKeyAnyMore) {
  EnrolMany(0, 1);
  const NewMember early = ledger_.Sealed("city", "early");
  const Replacement data = ledger_.ReplacementFor("m0", ledger_.Opened("m0"));
  ASSERT_OK(Start(2));
  EXPECT_THAT(ledger_.Enrol("city", {early}), Refuses(Reason::kUnavailable));
  EXPECT_THAT(ledger_.EnrolOne("city", early), Refuses(Reason::kUnavailable));
  UpdateMemberCommand update(&ledger_.tables, ledger_.Ref("m0"), {.data = data});
  EXPECT_THAT(ledger_.ledger.Run(update), Refuses(Reason::kUnavailable));
  SubmitApplicationCommand submit(&ledger_.tables,
                                  {.union_id = *UnionId::Parse("city", "id"), .applicant = early});
  EXPECT_THAT(ledger_.ledger.Run(submit), Refuses(Reason::kUnavailable));
  EXPECT_OK(ledger_.EnrolOne("city", ledger_.Sealed("city", "early")));
}

TEST_F(KeyRotationTest, OneRunsAtATimeAndKeysAreCounted) {
  EnrolMany(0, 1);
  EXPECT_THAT(Start(3), Refuses(Reason::kKeyRotationRunning));
  ASSERT_OK(Start(2));
  EXPECT_THAT(Start(3), Refuses(Reason::kKeyRotationRunning));
  ASSERT_OK(ledger_.RunDueChores());
  EXPECT_THAT(Start(2), Refuses(Reason::kKeyRotationRunning));
  EXPECT_OK(Start(3, std::string(32, 'x')));
  ASSERT_OK(ledger_.RunDueChores());
  EXPECT_EQ(Under(3), 1);
}

TEST_F(KeyRotationTest, TheEarlierKeyOpensUntilItIsDone) {
  EnrolMany(0, 600);
  ASSERT_OK(Start(2));
  ASSERT_OK(ledger_.RunDueChores(1));
  EXPECT_EQ(Under(1), 88);
  for (const char* name : {"m0", "m599"}) EXPECT_EQ(ledger_.Opened(name).full_name, name);
}

class VaultCheckTest : public KeyRotationTest {
 protected:
  absl::Status Check(const Vault& vault, std::uint32_t key_id) {
    return CheckVaultKey(ledger_.ledger.store(), vault, key_id);
  }
  Vault With(const std::string& key, std::uint32_t key_id, const ledger::KeyedHash* lookup) {
    return Vault({.key = key, .key_id = key_id, .keyed_hash = lookup, .random = &ledger_.random});
  }
};

TEST_F(VaultCheckTest, AnEmptyVaultTakesAnyKey) {
  const Vault any = With(kSecondKey, 1, &ledger_.keyed_hash);
  EXPECT_OK(Check(any, 1));
  EXPECT_OK(CheckLookupKey(ledger_.ledger.store(), any));
}

TEST_F(VaultCheckTest, TheKeyOfAnotherLedgerIsKnown) {
  EnrolMany(0, 2);
  EXPECT_OK(Check(ledger_.vault, 1));
  EXPECT_OK(CheckLookupKey(ledger_.ledger.store(), ledger_.vault));
  EXPECT_THAT(Check(With(kSecondKey, 1, &ledger_.keyed_hash), 1),
              HasCode(absl::StatusCode::kInvalidArgument));
  const ledger::KeyedHash other_lookup(std::string(32, 'z'));
  const Vault wrong_lookup = With(std::string(32, 'v'), 1, &other_lookup);
  EXPECT_OK(Check(wrong_lookup, 1));
  EXPECT_THAT(CheckLookupKey(ledger_.ledger.store(), wrong_lookup),
              HasCode(absl::StatusCode::kInvalidArgument));
}

TEST_F(VaultCheckTest, BothKeysOfARotationAreTried) {
  EnrolMany(0, 600);
  ASSERT_OK(Start(2));
  // Nothing is under the new key yet: its check tells.
  EXPECT_OK(Check(ledger_.vault, 2));
  EXPECT_THAT(Check(With(std::string(32, 'x'), 2, &ledger_.keyed_hash), 2),
              HasCode(absl::StatusCode::kInvalidArgument));
  ASSERT_OK(ledger_.RunDueChores(1));
  EXPECT_OK(Check(ledger_.vault, 1));
  EXPECT_THAT(Check(With(std::string(32, 'x'), 1, &ledger_.keyed_hash), 1),
              HasCode(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace puhui::issuing
