// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/campaign_commands.h"

#include "issuing/app/plan_commands.h"
#include "issuing/app/queries.h"
#include "ledger/journal/merkle.h"
#include "ledger/storage/codec.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <limits>
#include <utility>

namespace puhui::issuing {
namespace {

using ledger::Reason;

constexpr char kCity[] = R"(
    union    city                            ok
    union    plant under=city                ok
    union    elsewhere                       ok
    propose  city 1000 ref=B-1               ok
    confirm  city p1                         ok
    enrol    city li wang                    ok
    enrol    plant zhao                      ok
    enrol    elsewhere qian                  ok
)";
constexpr char kGift[] = R"(
    campaign gift of=city expires=30d        ok
)";

TEST(CampaignCommandsTest, RefusesCampaignsInOrder) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run(R"(
    campaign gift of=nowhere expires=30d     NOT_FOUND       # before ALREADY_EXISTS
    campaign gift of=city expires=30d        ALREADY_EXISTS
    state    gift DRAFT                      ok
  )");
}

// Before anything about the union: the shape of a call comes first.
TEST(CampaignCommandsTest, RefusesTermsByTheFirstContradiction) {
  Script script;
  IssuingLedger& ledger = script.ledger();
  const auto create = [&ledger](ledger::Terms terms) {
    CreateCampaignCommand command(&ledger.tables, {.id = *CampaignId::Parse("gift", "id"),
                                                   .union_id = *UnionId::Parse("city", "id"),
                                                   .terms = std::move(terms)});
    return ledger.ledger.Run(command);
  };
  const absl::Time expiry = ledger.ledger.clock().Now() + absl::Hours(1);
  EXPECT_THAT(create({.expiry = expiry}), Refuses(Reason::kNotFound, "union"));
  EXPECT_THAT(create({.expiry = expiry, .start = expiry, .weekdays = 0}),
              Refuses(Reason::kInvalidField, "terms.expiry"));
  EXPECT_THAT(create({.expiry = expiry, .weekdays = 0}),
              Refuses(Reason::kInvalidField, "terms.weekdays"));
}

TEST(CampaignCommandsTest, StoresTheTermsWithTheirListsSorted) {
  Script script;
  script.Run(kCity);
  IssuingLedger& ledger = script.ledger();
  ledger::Terms terms{.regions = {610'100, 610'000},
                      .denied_merchants = {MerchantNumber{8}, MerchantNumber{7}},
                      .weekdays = 0x1F,
                      .earmark = {.share = BasisPoints::FromStored(3'000), .categories = {5411}}};
  const absl::CivilDay today = absl::ToCivilDay(ledger.ledger.clock().Now(), absl::UTCTimeZone());
  ledger::ResolveDays({.first_day = today, .last_day = today + 30}, absl::UTCTimeZone(), &terms);
  CreateCampaignCommand command(&ledger.tables, {.id = *CampaignId::Parse("gift", "id"),
                                                 .union_id = *UnionId::Parse("city", "id"),
                                                 .terms = terms});
  ASSERT_OK(ledger.ledger.Run(command).status());
  ASSERT_OK_AND_ASSIGN(const auto gift, FindCampaign(ledger.ledger.store(), "gift"));
  ASSERT_TRUE(gift.has_value());
  ledger::SortLists(&terms);
  terms.origin = gift->row.union_number;
  EXPECT_EQ(ledger::EncodeValue(gift->terms), ledger::EncodeValue(terms));
}

TEST(CampaignCommandsTest, StoresTheCategoriesSorted) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  ASSERT_OK_AND_ASSIGN(const auto gift, FindCampaign(script.ledger().ledger.store(), "gift"));
  ASSERT_TRUE(gift.has_value());
  EXPECT_EQ(gift->terms.categories, (std::vector<std::uint32_t>{1000, 5411}));
  EXPECT_EQ(gift->row.creator, "cora");
}

TEST(CampaignCommandsTest, SubmitsOnlyThePlanThatWasMeant) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run(R"(
    submit  nothing                          NOT_FOUND
    submit  gift                             PLAN_EMPTY
    submit  gift plan=another                PLAN_EMPTY      # before PLAN_CHANGED
    plan    gift li:100 zhao:200             ok
    submit  gift plan=another                PLAN_CHANGED
    advance 30d                              ok
    submit  gift plan=another                PLAN_CHANGED    # before CAMPAIGN_EXPIRED
    submit  gift                             CAMPAIGN_EXPIRED
  )");
}

TEST(CampaignCommandsTest, SubmitsOnce) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run(R"(
    plan    gift li:100                      ok
    submit  gift                             ok
    state   gift SUBMITTED                   ok
    submit  gift plan=another                CAMPAIGN_STATE  # before PLAN_CHANGED
  )");
}

TEST(CampaignCommandsTest, ApprovesWithASecondPersonAndReservesTheTotal) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run(R"(
    approve nothing                          NOT_FOUND
    plan    gift li:300 zhao:400             ok
    approve gift by=cora                     SAME_PERSON     # before CAMPAIGN_STATE
    approve gift                             CAMPAIGN_STATE
    submit  gift by=sam                      ok
    approve gift by=cora                     SAME_PERSON     # created
    approve gift by=uma                      SAME_PERSON     # uploaded
    approve gift by=sam                      SAME_PERSON     # submitted
    approve gift plan=another                PLAN_CHANGED
    approve gift by=ann                      ok
    state   gift APPROVED                    ok
    budget  city 300                         ok
    approve gift by=ann                      SAME_PERSON     # has approved
    approve gift by=bob                      CAMPAIGN_STATE
  )");
}

TEST(CampaignCommandsTest, RefusesAPlanThatTheUnionsOwnMoneyDoesNotCover) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run(R"(
    plan    gift li:1000 zhao:1              ok
    submit  gift                             ok
    approve gift                             BUDGET_TOO_SMALL
    approve gift plan=another                PLAN_CHANGED     # before BUDGET_TOO_SMALL
    advance 30d                              ok
    approve gift                             CAMPAIGN_EXPIRED # before BUDGET_TOO_SMALL
    state   gift SUBMITTED                   ok
    budget  city 1000                        ok
  )");
  const Result refused = script.ledger().Approve("gift");
  EXPECT_THAT(refused, Refuses(Reason::kCampaignExpired));
}

TEST(CampaignCommandsTest, SaysWhatTheBudgetHas) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run(R"(
    plan    gift li:1001                     ok
    submit  gift                             ok
  )");
  const auto refusal = ledger::RefusalOf(script.ledger().Approve("gift").status());
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->metadata, (std::vector<std::pair<std::string, std::string>>{
                                   {"available", "1000"}, {"needed", "1001"}}));
}

TEST(CampaignCommandsTest, StartsAnIssueRunOnlyOfAnApprovedPlan) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run(R"(
    issue   nothing                          NOT_FOUND
    plan    gift li:100                      ok
    issue   gift                             CAMPAIGN_STATE
    submit  gift                             ok
    issue   gift                             CAMPAIGN_STATE
    approve gift                             ok
    advance 30d                              ok
    issue   gift                             CAMPAIGN_EXPIRED
    state   gift APPROVED                    ok
  )");
}

TEST(CampaignCommandsTest, ANewPlanTakesAnApprovedCampaignBackToDraftAndTheMoneyToTheBudget) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run(R"(
    plan      gift li:300                    ok
    submit    gift                           ok
    approve   gift                           ok
    budget    city 700                       ok
    startplan gift by=ulf                    ok
    state     gift DRAFT                     ok
    budget    city 1000                      ok
    issue     gift                           CAMPAIGN_STATE
    submit    gift by=sue                    ok              # the plan there was stands
    startplan nothing                        NOT_FOUND
    plan      gift wang:200 by=ulf           ok
    approve   gift                           CAMPAIGN_STATE
    submit    gift by=sue                    ok
    approve   gift by=ulf                    SAME_PERSON
    approve   gift by=uma                    ok              # her plan is gone
    issue     gift                           ok
    startplan gift                           CAMPAIGN_STATE
    run                                      ok
    startplan gift                           CAMPAIGN_STATE
    wallet    li 0                           ok
    wallet    wang 200                       ok
    budget    city 800                       ok
  )");
}

TEST(PlanCommandsTest, NamesTheRowThatBelongsToNobodyOfTheUnion) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run(R"(
    plan gift li:100 zhao:200                ok
    plan gift li:100 qian:200                MEMBER_OF_OTHER_UNION
    plan gift li:100 nobody:200              MEMBER_OF_OTHER_UNION
    plan gift li:100 li:200 qian:1           MEMBER_OF_OTHER_UNION   # before DUPLICATE_MEMBER
    plan gift li:100 wang:1 li:200           DUPLICATE_MEMBER_IN_PLAN
  )");
  IssuingLedger& ledger = script.ledger();
  EXPECT_THAT(ledger.UploadPlan("gift", {{"li", 1}, {"wang", 1}, {"qian", 1}}),
              Refuses(Reason::kMemberOfOtherUnion, "rows[2].member"));
  EXPECT_THAT(ledger.UploadPlan("gift", {{"li", 1}, {"wang", 1}, {"li", 1}}),
              Refuses(Reason::kDuplicateMemberInPlan, "rows[2].member"));
  // The plan stayed as it was.
  EXPECT_EQ(ledger.Campaign("gift").row->plan.rows, 2U);
  EXPECT_EQ(ledger.Campaign("gift").row->plan.points, 300);
  EXPECT_OK(ledger.Submit("gift"));
}

TEST(PlanCommandsTest, RefusesRowsThatAreNotNext) {
  Script script;
  script.Run(kCity);
  IssuingLedger& ledger = script.ledger();
  const std::string row = ledger.Packed({{"li", 5}});
  EXPECT_THAT(ledger.AddRows("gift", 0, row), Refuses(Reason::kNotFound));
  EXPECT_THAT(ledger.CompletePlan("gift"), Refuses(Reason::kNotFound));
  script.Run(kGift);
  EXPECT_THAT(ledger.AddRows("gift", 0, row), Refuses(Reason::kPlanRowOutOfOrder));
  EXPECT_THAT(ledger.CompletePlan("gift"), Refuses(Reason::kPlanRowOutOfOrder));
  ASSERT_OK(ledger.StartPlan("gift"));
  EXPECT_THAT(ledger.CompletePlan("gift"), Refuses(Reason::kPlanEmpty));
  EXPECT_THAT(ledger.AddRows("gift", 1, row), Refuses(Reason::kPlanRowOutOfOrder));
  ASSERT_OK(ledger.AddRows("gift", 0, row));
  EXPECT_THAT(ledger.AddRows("gift", 0, row), Refuses(Reason::kPlanRowOutOfOrder));
  // A short piece is the last one.
  EXPECT_THAT(ledger.AddRows("gift", 1, ledger.Packed({{"wang", 5}})),
              Refuses(Reason::kPlanRowOutOfOrder));
}

TEST(PlanCommandsTest, AnUploadThatAnotherOneOvertookIsRefused) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  IssuingLedger& ledger = script.ledger();
  const CampaignNumber gift = ledger.Campaign("gift").number;
  ASSERT_OK(ledger.StartPlan("gift"));
  ASSERT_OK(ledger.AddRows("gift", 0, ledger.Packed({{"li", 5}})));
  ASSERT_OK(ledger.StartPlan("gift"));
  CompletePlanCommand overtaken(&ledger.tables, gift, 1);
  EXPECT_THAT(ledger.ledger.Run(overtaken), Refuses(Reason::kPlanRowOutOfOrder));
  AddPlanRowsCommand late(
      &ledger.tables,
      {.campaign = gift, .version = 1, .first_row = 0, .rows = ledger.Packed({{"wang", 5}})});
  EXPECT_THAT(ledger.ledger.Run(late), Refuses(Reason::kPlanRowOutOfOrder));
  // What the overtaken upload named may be named again.
  EXPECT_OK(ledger.AddRows("gift", 0, ledger.Packed({{"li", 6}})));
  EXPECT_OK(ledger.CompletePlan("gift"));
}

TEST(PlanCommandsTest, ASubmittedCampaignTakesNoMoreRows) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run(R"(
    plan      gift li:100                    ok
    startplan gift                           ok
    submit    gift                           ok
  )");
  IssuingLedger& ledger = script.ledger();
  EXPECT_THAT(ledger.AddRows("gift", 7, ledger.Packed({{"qian", 5}})),
              Refuses(Reason::kCampaignState));
  EXPECT_THAT(ledger.CompletePlan("gift"), Refuses(Reason::kCampaignState));
}

TEST(PlanCommandsTest, RefusesATotalBeyondTheLargestAmount) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run(R"(
    plan gift li:1000000000000000 wang:1     AMOUNT_OVERFLOW
    plan gift li:999999999999999 wang:1      ok
  )");
}

TEST(PlanCommandsTest, HashesThePlanAsRfc9162) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run("plan gift li:100 wang:200 zhao:300 ok");
  IssuingLedger& ledger = script.ledger();
  const auto leaf = [&](const char* name, std::int64_t points) {
    return ledger::LeafHash(ledger.Packed({{name, points}}));
  };
  const ledger::Hash expected =
      ledger::NodeHash(ledger::NodeHash(leaf("li", 100), leaf("wang", 200)), leaf("zhao", 300));
  EXPECT_EQ(ledger.HashOf("gift"), expected);
  EXPECT_EQ(ledger.Campaign("gift").row->plan.points, 600);
  EXPECT_EQ(ledger.Campaign("gift").row->plan.uploader, "uma");
}

TEST(PlanCommandsTest, KeepsNoRowsOfPlansThatWereReplaced) {
  Script script;
  script.Run(kCity);
  script.Run(kGift);
  script.Run(R"(
    plan      gift li:100                    ok
    plan      gift wang:100                  ok
    startplan gift                           ok
  )");
  IssuingLedger& ledger = script.ledger();
  ASSERT_OK(ledger.AddRows("gift", 0, ledger.Packed({{"li", 5}})));
  ASSERT_OK(ledger.StartPlan("gift"));
  ASSERT_OK_AND_ASSIGN(const auto chunks,
                       ledger::List(ledger.ledger.store(), kPlanChunkTable, {}, 10));
  ASSERT_EQ(chunks.size(), 1U);
  EXPECT_EQ(chunks[0].key.version, 2U);
}

}  // namespace
}  // namespace puhui::issuing
