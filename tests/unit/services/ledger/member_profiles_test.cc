// SPDX-License-Identifier: Apache-2.0
// Whom things are for, as a reader learns it and as a decider does.
#include "services/ledger/member_profiles.h"

#include "ledger/storage/typed_reads.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/issuing_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

class MemberProfilesTest : public ::testing::Test {
 protected:
  MemberProfilesTest() {
    EXPECT_OK(ledger_.CreateUnion("fh-1"));
    issuing::PersonalData data{.external_id = "no-ann",
                               .full_name = "ann",
                               .id_number = "id-ann",
                               .mobile = "13900000000"};
    data.employment = "正式工";
    EXPECT_OK(ledger_.Enrol(
        "fh-1", {ledger_.vault.Seal(ledger_.HomeOf("fh-1"), data, ledger_.ledger.clock().Now())}));
    const auto members = ledger::List(ledger_.ledger.store(), issuing::kMemberTable, {}, 2);
    EXPECT_OK(members);
    member_ = members->front().key;
    audience_.employments = {"正式工"};
  }

  issuing::IssuingLedger ledger_;
  MemberId member_;
  merchant::Audience audience_;
  // What the member's row was not sealed under.
  const issuing::Vault damaged_{
      {.key = std::string(32, 'x'), .keyed_hash = &ledger_.keyed_hash, .random = &ledger_.random}};
};

TEST_F(MemberProfilesTest, AReaderAndADeciderKnowTheSameOfAMember) {
  MemberProfileReader reader(&ledger_.ledger.store(), &ledger_.vault, member_);
  ASSERT_OK_AND_ASSIGN(const bool is_for, reader.IsFor(audience_));
  EXPECT_TRUE(is_for);
  LedgerMemberProfiles profiles(&ledger_.tables, &ledger_.vault);
  const auto profile = profiles.Read(member_, audience_);
  ASSERT_TRUE(profile.has_value());
  EXPECT_TRUE(merchant::Admits(audience_, *profile));
}

// One row that is damaged takes no search from its member, nor what is for everybody.
TEST_F(MemberProfilesTest, WhatDoesNotOpenIsAsWhatWasErased) {
  MemberProfileReader reader(&ledger_.ledger.store(), &damaged_, member_);
  ASSERT_OK_AND_ASSIGN(const bool is_for, reader.IsFor(audience_));
  EXPECT_FALSE(is_for);
  ASSERT_OK_AND_ASSIGN(const bool again, reader.IsFor(audience_));
  EXPECT_FALSE(again);
  ASSERT_OK_AND_ASSIGN(const bool for_all, reader.IsFor({}));
  EXPECT_TRUE(for_all);
  LedgerMemberProfiles profiles(&ledger_.tables, &damaged_);
  const auto profile = profiles.Read(member_, audience_);
  ASSERT_TRUE(profile.has_value());
  EXPECT_FALSE(merchant::Admits(audience_, *profile));
}

}  // namespace
}  // namespace puhui::services
