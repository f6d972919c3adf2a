// SPDX-License-Identifier: Apache-2.0
// Whom of a union offers are for, as far as audiences name unions.
#include "services/market/offer_reach.h"

#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/issuing_ledger.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::ElementsAre;

// province (1 member) > (city (2) > works (3), county (4)); harbour (5) stands apart.
class OfferReachTest : public ::testing::Test {
 protected:
  OfferReachTest() {
    for (const char* id : {"province", "city", "works", "county", "harbour"}) {
      EXPECT_OK(ledger_.CreateUnion(id));
    }
    EXPECT_OK(ledger_.MoveUnion("city", "province"));
    EXPECT_OK(ledger_.MoveUnion("works", "city"));
    EXPECT_OK(ledger_.MoveUnion("county", "province"));
    int members = 0;
    for (const char* id : {"province", "city", "works", "county", "harbour"}) {
      std::vector<std::string> names;
      ++members;
      for (int i = 0; i < members; ++i) names.push_back(absl::StrCat(id, "-", i));
      EXPECT_OK(ledger_.Enrol(id, names));
    }
  }
  merchant::Audience For(const std::vector<const char*>& unions) {
    merchant::Audience audience;
    for (const char* id : unions) audience.unions.push_back(ledger_.NumberOf(id));
    merchant::SortLists(&audience);
    return audience;
  }
  std::int64_t MembersIn(const char* of, const std::vector<const char*>& unions) {
    OfferReach reach(&ledger_.ledger.store(), ledger_.NumberOf(of));
    const auto members = reach.MembersIn(For(unions));
    EXPECT_OK(members);
    const auto touches = reach.Touches(For(unions));
    EXPECT_OK(touches);
    EXPECT_EQ(*touches, **members > 0);
    return **members;
  }

  issuing::IssuingLedger ledger_;
};

TEST_F(OfferReachTest, CountsWhatOfTheAudienceIsWithinTheUnion) {
  EXPECT_EQ(MembersIn("province", {}), 10);
  EXPECT_EQ(MembersIn("city", {}), 5);
  EXPECT_EQ(MembersIn("city", {"province"}), 5);
  EXPECT_EQ(MembersIn("city", {"city"}), 5);
  EXPECT_EQ(MembersIn("province", {"city"}), 5);
  EXPECT_EQ(MembersIn("province", {"works", "county"}), 7);
  EXPECT_EQ(MembersIn("county", {"works"}), 0);
  EXPECT_EQ(MembersIn("province", {"harbour"}), 0);
  EXPECT_EQ(MembersIn("harbour", {"harbour", "city"}), 5);
}

TEST_F(OfferReachTest, NobodyCountsTwice) {
  EXPECT_EQ(MembersIn("province", {"city", "works"}), 5);
  EXPECT_EQ(MembersIn("province", {"works", "city", "province"}), 10);
}

TEST_F(OfferReachTest, APathLeadsFromTheUnionToTheRoot) {
  UnionPaths paths(&ledger_.ledger.store());
  ASSERT_OK_AND_ASSIGN(const auto path, paths.Of(ledger_.NumberOf("works")));
  EXPECT_THAT(path, ElementsAre(ledger_.NumberOf("works"), ledger_.NumberOf("city"),
                                ledger_.NumberOf("province")));
}

TEST(AsksForMoreTest, AnythingButUnionsIsMore) {
  merchant::Audience audience;
  audience.unions = {UnionNumber{1}};
  EXPECT_FALSE(AsksForMore(audience));
  audience.employments = {"permanent"};
  EXPECT_TRUE(AsksForMore(audience));
  audience.employments.clear();
  audience.campaigns = {CampaignNumber{1}};
  EXPECT_TRUE(AsksForMore(audience));
  audience.campaigns.clear();
  audience.joined_to = absl::CivilDay();
  EXPECT_TRUE(AsksForMore(audience));
}

}  // namespace
}  // namespace puhui::services
