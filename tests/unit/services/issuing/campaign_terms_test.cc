// SPDX-License-Identifier: Apache-2.0
// Terms in full, from the request to every answer that shows them.
#include "merchant/app/merchant_commands.h"
#include "tests/unit/services/issuing/campaign_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;

// Merchants m-1 to m-3.
class CampaignTermsTest : public CampaignTest {
 protected:
  CampaignTermsTest() {
    for (const char* id : {"m-1", "m-2", "m-3"}) {
      EXPECT_OK(ledger_.engine->Run(std::make_unique<merchant::RegisterMerchantCommand>(
                                        &ledger_.books.merchant,
                                        merchant::RegisterMerchantCommand::Wish{
                                            .id = *MerchantId::Parse(id, "id"), .category = 5411}),
                                    ledger::Priority::kInteractive));
    }
  }
  v1::CreateCampaignRequest WishUnder(v1::Terms terms, const std::string& id = "spring") {
    v1::CreateCampaignRequest request = CampaignWish(id);
    *request.mutable_terms() = std::move(terms);
    return request;
  }
};

v1::Terms Full() {
  v1::Terms terms;
  terms.set_first_day("2025-01-20");
  terms.set_last_day("2025-03-01");
  terms.set_expiry_policy(v1::EXPIRY_POLICY_EXPIRE);
  for (const char* category : {"5411", "5942"}) terms.add_merchant_categories(category);
  for (const char* region : {"420106", "420000"}) terms.add_regions(region);
  terms.add_allowed_merchants("merchants/m-2");
  terms.add_allowed_merchants("merchants/m-1");
  terms.add_denied_merchants("merchants/m-3");
  terms.add_weekdays(v1::WEEKDAY_SUNDAY);
  terms.add_weekdays(v1::WEEKDAY_MONDAY);
  terms.add_holidays("2025-01-29");
  terms.add_holidays("2025-01-28");
  terms.set_holiday_rule(v1::HOLIDAY_RULE_WORKDAYS_ONLY);
  terms.set_points_per_day_max(20'000);
  terms.mutable_earmark()->set_basis_points(3'000);
  terms.mutable_earmark()->add_merchant_categories("5411");
  terms.mutable_earmark()->add_regions("420100");
  return terms;
}

TEST_F(CampaignTermsTest, TermsInFullComeBackAsTheyWereGivenAndSorted) {
  const v1::CreateCampaignRequest request = WishUnder(Full());
  ASSERT_OK_AND_ASSIGN(const v1::CreateCampaignResponse created, Create(kHr, request));
  const v1::Terms& terms = created.campaign().terms();
  EXPECT_EQ(terms.first_day(), "2025-01-20");
  EXPECT_EQ(terms.last_day(), "2025-03-01");
  EXPECT_EQ(terms.time_zone(), "Asia/Shanghai");
  EXPECT_EQ(terms.start_time().seconds(), 1'737'302'400);   // 2025-01-19T16:00:00Z.
  EXPECT_EQ(terms.expire_time().seconds(), 1'740'844'800);  // 2025-03-01T16:00:00Z.
  EXPECT_EQ(terms.expiry_policy(), v1::EXPIRY_POLICY_EXPIRE);
  EXPECT_THAT(terms.merchant_categories(), ElementsAre("5411", "5942"));
  EXPECT_THAT(terms.regions(), ElementsAre("420000", "420106"));
  EXPECT_THAT(terms.allowed_merchants(), ElementsAre("merchants/m-1", "merchants/m-2"));
  EXPECT_THAT(terms.denied_merchants(), ElementsAre("merchants/m-3"));
  EXPECT_THAT(terms.weekdays(), ElementsAre(v1::WEEKDAY_MONDAY, v1::WEEKDAY_SUNDAY));
  EXPECT_THAT(terms.holidays(), ElementsAre("2025-01-28", "2025-01-29"));
  EXPECT_EQ(terms.holiday_rule(), v1::HOLIDAY_RULE_WORKDAYS_ONLY);
  EXPECT_EQ(terms.points_per_day_max(), 20'000);
  EXPECT_EQ(terms.earmark().basis_points(), 3'000);
  EXPECT_THAT(terms.earmark().merchant_categories(), ElementsAre("5411"));
  EXPECT_THAT(terms.earmark().regions(), ElementsAre("420100"));
  ASSERT_OK_AND_ASSIGN(const v1::Campaign read, Get(kAuditor));
  EXPECT_EQ(read.SerializeAsString(), created.campaign().SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const v1::CreateCampaignResponse again, Create(kHr, request));
  EXPECT_EQ(created.SerializeAsString(), again.SerializeAsString());
}

TEST_F(CampaignTermsTest, DaysAreOfTheZoneThatTheUnionInherits) {
  v1::UpdateUnionRequest update;
  update.set_request_id(NextRequestId());
  update.mutable_union_()->set_name("unions/fh-1");
  update.mutable_union_()->mutable_settings()->set_time_zone("Asia/Urumqi");
  update.mutable_update_mask()->add_paths("settings.time_zone");
  ASSERT_OK(Ask(*unions_, &v1::UnionService::Stub::UpdateUnion, kAdminPath, update));
  ASSERT_OK(CreateUnion(kAdminPath, UnionWish("works", "unions/fh-1")));
  v1::Terms terms;
  terms.set_last_day("2025-03-01");
  v1::CreateCampaignRequest request = WishUnder(terms);
  request.set_union_("unions/works");
  ASSERT_OK_AND_ASSIGN(const v1::CreateCampaignResponse created, Create(kHr, request));
  EXPECT_EQ(created.campaign().terms().time_zone(), "Asia/Urumqi");
  EXPECT_EQ(created.campaign().terms().expire_time().seconds(), 1'740'852'000);
  EXPECT_FALSE(created.campaign().terms().has_start_time());
}

TEST_F(CampaignTermsTest, MomentsMayBeGivenInsteadOfDays) {
  v1::Terms terms;
  terms.mutable_start_time()->set_seconds(1'740'000'000);
  terms.mutable_expire_time()->set_seconds(1'750'000'000);
  ASSERT_OK_AND_ASSIGN(const v1::CreateCampaignResponse created, Create(kHr, WishUnder(terms)));
  EXPECT_EQ(created.campaign().terms().start_time().seconds(), 1'740'000'000);
  EXPECT_EQ(created.campaign().terms().expire_time().seconds(), 1'750'000'000);
  EXPECT_EQ(created.campaign().terms().last_day(), "");
  EXPECT_EQ(created.campaign().terms().time_zone(), "");
}

TEST_F(CampaignTermsTest, AnAnswerMayBeSentBackWithOtherDays) {
  ASSERT_OK_AND_ASSIGN(const v1::CreateCampaignResponse first, Create(kHr, WishUnder(Full())));
  v1::Terms terms = first.campaign().terms();
  ASSERT_TRUE(terms.has_expire_time());
  const std::int64_t before = terms.expire_time().seconds();
  terms.set_last_day("2025-03-02");
  ASSERT_OK_AND_ASSIGN(const v1::CreateCampaignResponse later,
                       Create(kHr, WishUnder(terms, "later")));
  EXPECT_EQ(later.campaign().terms().expire_time().seconds(), before + 24 * 60 * 60);
}

using Spoil = std::function<void(v1::Terms*)>;

TEST_F(CampaignTermsTest, EachMalformedFieldIsNamedBeforeAnybodyIsAskedWhoCalls) {
  const std::vector<std::pair<const char*, Spoil>> rows = {
      {"terms.last_day", [](v1::Terms* t) { t->clear_last_day(); }},
      {"terms.last_day", [](v1::Terms* t) { t->set_last_day("2025-02-30"); }},
      {"terms.last_day", [](v1::Terms* t) { t->set_last_day("2025-3-01"); }},
      {"terms.last_day", [](v1::Terms* t) { t->set_last_day("2025-03-01T00"); }},
      {"terms.first_day", [](v1::Terms* t) { t->set_first_day("tomorrow"); }},
      {"terms.expiry_policy",
       [](v1::Terms* t) { t->set_expiry_policy(static_cast<v1::ExpiryPolicy>(9)); }},
      {"terms.merchant_categories[2]", [](v1::Terms* t) { t->add_merchant_categories("54"); }},
      {"terms.regions[2]", [](v1::Terms* t) { t->add_regions("42010"); }},
      {"terms.regions[2]", [](v1::Terms* t) { t->add_regions("420006"); }},
      {"terms.regions",
       [](v1::Terms* t) {
         for (int i = 0; i < 63; ++i) t->add_regions("420100");
       }},
      {"terms.allowed_merchants[2]", [](v1::Terms* t) { t->add_allowed_merchants("m-1"); }},
      {"terms.denied_merchants",
       [](v1::Terms* t) {
         for (int i = 0; i < 1'000; ++i) t->add_denied_merchants("merchants/m-3");
       }},
      {"terms.weekdays[2]", [](v1::Terms* t) { t->add_weekdays(v1::WEEKDAY_UNSPECIFIED); }},
      {"terms.weekdays[2]", [](v1::Terms* t) { t->add_weekdays(static_cast<v1::Weekday>(8)); }},
      {"terms.holidays[2]", [](v1::Terms* t) { t->add_holidays("01-28"); }},
      {"terms.holidays",
       [](v1::Terms* t) {
         for (int i = 0; i < 511; ++i) t->add_holidays("2025-01-28");
       }},
      {"terms.holiday_rule",
       [](v1::Terms* t) { t->set_holiday_rule(static_cast<v1::HolidayRule>(3)); }},
      {"terms.points_per_day_max", [](v1::Terms* t) { t->set_points_per_day_max(-1); }},
      {"terms.earmark.basis_points",
       [](v1::Terms* t) { t->mutable_earmark()->set_basis_points(0); }},
      {"terms.earmark.basis_points",
       [](v1::Terms* t) { t->mutable_earmark()->set_basis_points(10'001); }},
      {"terms.earmark.merchant_categories[1]",
       [](v1::Terms* t) { t->mutable_earmark()->add_merchant_categories("x"); }},
      {"terms.earmark.regions[1]", [](v1::Terms* t) { t->mutable_earmark()->add_regions("x"); }},
  };
  for (const auto& [field, spoil] : rows) {
    v1::Terms terms = Full();
    spoil(&terms);
    EXPECT_THAT(Create(kOutsider, WishUnder(terms)), Refuses(Reason::kInvalidField, field));
  }
}

TEST_F(CampaignTermsTest, EachContradictionIsNamedAsTheCallerKnowsIt) {
  const std::vector<std::pair<const char*, Spoil>> rows = {
      {"terms.last_day", [](v1::Terms* t) { t->set_last_day("2025-01-19"); }},
      {"terms.denied_merchants", [](v1::Terms* t) { t->add_denied_merchants("merchants/m-1"); }},
      {"terms.holiday_rule",
       [](v1::Terms* t) {
         t->set_holiday_rule(v1::HOLIDAY_RULE_HOLIDAYS_ONLY);
         t->clear_holidays();
         t->add_holidays("2026-01-28");
       }},
      {"terms.holidays", [](v1::Terms* t) { t->set_holiday_rule(v1::HOLIDAY_RULE_UNSPECIFIED); }},
      {"terms.earmark.merchant_categories",
       [](v1::Terms* t) { t->mutable_earmark()->add_merchant_categories("0763"); }},
      {"terms.earmark.merchant_categories",
       [](v1::Terms* t) {
         t->mutable_earmark()->clear_merchant_categories();
         t->mutable_earmark()->clear_regions();
       }},
      {"terms.earmark.regions", [](v1::Terms* t) { t->mutable_earmark()->add_regions("110000"); }},
  };
  for (const auto& [field, spoil] : rows) {
    v1::Terms terms = Full();
    spoil(&terms);
    EXPECT_THAT(Create(kHr, WishUnder(terms)), Refuses(Reason::kInvalidField, field)) << field;
    // What only the ledger knows is not told to everybody.
    EXPECT_THAT(Create(kOutsider, WishUnder(terms)), Refuses(Reason::kNotFound));
  }
  v1::Terms backwards;
  backwards.mutable_start_time()->set_seconds(1'750'000'000);
  backwards.mutable_expire_time()->set_seconds(1'750'000'000);
  EXPECT_THAT(Create(kHr, WishUnder(backwards)),
              Refuses(Reason::kInvalidField, "terms.expire_time"));
}

TEST_F(CampaignTermsTest, AMerchantThatIsNotThereIsNamedByItsField) {
  v1::Terms terms = Full();
  terms.add_allowed_merchants("merchants/m-9");
  EXPECT_THAT(Create(kHr, WishUnder(terms)),
              Refuses(Reason::kNotFound, "terms.allowed_merchants[2]"));
  terms = Full();
  terms.set_denied_merchants(0, "merchants/m-9");
  EXPECT_THAT(Create(kHr, WishUnder(terms)),
              Refuses(Reason::kNotFound, "terms.denied_merchants[0]"));
}

}  // namespace
}  // namespace puhui::services
