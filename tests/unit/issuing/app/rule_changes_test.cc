// SPDX-License-Identifier: Apache-2.0
// What a campaign meets when another rule pack is in force than before.
#include "issuing/app/claw_back_commands.h"
#include "issuing/app/issue_run.h"
#include "issuing/app/rule_packs.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/rule_script.h"

#include <gtest/gtest.h>

namespace puhui::issuing::rule_changes_test {
namespace {

constexpr char kCity[] = R"(
    union    city                            ok
    propose  city 1000 ref=B-1               ok
    confirm  city p1                         ok
    enrol    city li wang                    ok
)";
constexpr char kApproved[] = R"(
    holiday  gift of=city                    ok
    plan     gift li:100 wang:200            ok
    submit   gift                            ok
    approve  gift                            ok
)";

TEST(StalePackTest, AnotherPackRefusesTheApproval) {
  RuleScript script;
  script.Run(kCity);
  script.Run(R"(
    holiday  gift of=city                    ok
    plan     gift li:100 wang:200            ok
    submit   gift                            ok
    submit   gift by=sue                     CAMPAIGN_STATE  # nothing has changed
    load     p year=150                      ok
    bind     city p                          ok
    preview  gift 1                          POINTS_PER_YEAR,150,0,200
    approve  gift plan=another               PLAN_CHANGED    # before RULE_PACK_CHANGED
    approve  gift                            RULE_PACK_CHANGED
    state    gift SUBMITTED                  ok
    submit   gift by=sue                     ok
    approve  gift by=sue                     SAME_PERSON
    approve  gift by=sam                     SAME_PERSON     # who had submitted before
    approve  gift                            ok
    bind     city none                       ok
    issue    gift                            RULE_PACK_CHANGED
  )");
}

TEST(StalePackTest, AnotherVersionRefusesTheRunAndSubmittingAgainGivesTheMoneyBack) {
  RuleScript script;
  script.Run(kCity);
  script.Run("load p ok");
  script.Run("bind city p ok");
  script.Run(kApproved);
  script.Run(R"(
    budget   city 700                        ok
    load     p version=2 year=150            ok
    issue    gift                            RULE_PACK_CHANGED
    state    gift APPROVED                   ok
    submit   gift                            ok
    state    gift SUBMITTED                  ok
    budget   city 1000                       ok
    issue    gift                            CAMPAIGN_STATE
    approve  gift                            ok
    budget   city 700                        ok
    issue    gift                            ok
    run                                      ok
    row      gift 0                          granted
    row      gift 1                          POINTS_PER_YEAR,150,0,200
    budget   city 900                        ok
    again                                    same
  )");
}

// The days of a version end between approval and run, with nobody loading anything.
TEST(StalePackTest, AVersionThatRunsOutIsAnotherToo) {
  RuleScript script;
  script.Run(kCity);
  script.Run(R"(
    load     p from=2024-01-01 to=2025-01-01                ok
    load     p version=2 from=2025-01-02                    ok
    bind     city p                                         ok
  )");
  EXPECT_EQ(PackInForce(script.ledger().tables, script.ledger().NumberOf("city"),
                        absl::CivilDay(2025, 1, 1)),
            (RulePackName{"p", 1}));
  script.Run(kApproved);
  script.Run(R"(
    advance  24h                             ok
    issue    gift                            RULE_PACK_CHANGED
    submit   gift                            ok
    approve  gift                            ok
    issue    gift                            ok
    run                                      ok
    row      gift 0                          granted
  )");
}

TEST(StalePackTest, ARunThatHasNotBegunGoesBackToDraft) {
  RuleScript script;
  script.Run(kCity);
  script.Run("load p ok");
  script.Run("bind city p ok");
  script.Run(kApproved);
  script.Run(R"(
    issue    gift                            ok
    load     p version=2 year=150            ok
    run                                      ok
    state    gift DRAFT                      ok
    budget   city 1000                       ok
    received li 2025 spring-festival         0
  )");
  IssuingLedger& ledger = script.ledger();
  EXPECT_EQ(ledger.Campaign("gift").row->void_reason, VoidReason::kRulePackChanged);
  EXPECT_TRUE(ledger.Campaign("gift").row->approvals.empty());
  ASSERT_OK_AND_ASSIGN(const auto timers,
                       ledger::List(ledger.ledger.store(), ledger::kTimerTable, {}, 10));
  EXPECT_TRUE(timers.empty());
  script.Run(R"(
    submit   gift                            ok
    approve  gift                            ok
    issue    gift                            ok
    run                                      ok
    row      gift 1                          POINTS_PER_YEAR,150,0,200
    state    gift ISSUED                     ok
  )");
  EXPECT_EQ(ledger.Campaign("gift").row->void_reason, VoidReason::kNone);
}

TEST(StalePackTest, AnotherKindOfIssuerBeforeTheFirstRowIsAnotherRule) {
  RuleScript script;
  script.Run(kCity);
  script.Run(R"(
    ship     hubei                           ok
    bind     city hubei                      ok
    kind     city well-funded                ok
  )");
  script.Run(kApproved);
  script.Run(R"(
    issue    gift                            ok
    kind     city enterprise                 ok
    run                                      ok
    state    gift DRAFT                      ok
    budget   city 1000                       ok
  )");
  EXPECT_EQ(script.ledger().Campaign("gift").row->void_reason, VoidReason::kRulePackChanged);
}

TEST(StalePackTest, ARunThatBeginsLongAfterItWasToGoesBackToDraft) {
  for (const char* late : {"advance 30d ok", "advance 366d ok"}) {
    RuleScript script;
    script.Run(kCity);
    script.Run(kApproved);
    script.Run("issue gift ok");
    script.Run(late);
    script.Run(R"(
      run                                      ok
      state    gift DRAFT                      ok
      budget   city 1000                       ok
    )");
    EXPECT_EQ(script.ledger().Campaign("gift").row->void_reason, VoidReason::kTooOld);
  }
}

// Once a row is granted the run goes on under the pack that it began under.
TEST(StalePackTest, ARunThatIsUnderWayKeepsItsPack) {
  RuleScript script;
  script.Run(kCity);
  script.Run("load p ok");
  script.Run("bind city p ok");
  script.Run(kApproved);
  script.Run("issue gift ok");
  IssuingLedger& ledger = script.ledger();
  const auto chunk = [&ledger](std::uint64_t first, const NamedRows& rows) {
    IssueChunkCommand command(&ledger.tables, &ledger.ledger.views(),
                              {.campaign = ledger.Campaign("gift").number,
                               .version = 1,
                               .first_row = first,
                               .rows = ledger.Packed(rows)});
    return ledger.ledger.Run(command).status();
  };
  ASSERT_OK(chunk(0, {{"li", 100}}));
  script.Run("load p version=2 year=150 ok");
  script.Run("preview gift 1 granted");
  ASSERT_OK(chunk(1, {{"wang", 200}}));
  script.Run(R"(
    row      gift 1                          granted
    again                                    same
  )");
  EXPECT_EQ(ledger.Campaign("gift").row->rule_pack, (RulePackName{"p", 1}));
}

TEST(ReceivedTest, WhatIsClawedBackGivesRoomAgain) {
  RuleScript script;
  script.Run(kCity);
  script.Run(R"(
    load     p year=500                      ok
    bind     city p                          ok
    holiday  gift of=city                    ok
    give     gift li:500                     ok
  )");
  IssuingLedger& ledger = script.ledger();
  ProposeClawBackCommand claw_back(&ledger.tables, &ledger.ledger.views(),
                                   {.campaign = *CampaignId::Parse("gift", "campaign"),
                                    .rows = {{.row = 0, .points = 500}},
                                    .rows_known = true,
                                    .points_per_row_max = 200,
                                    .reason = "issued twice",
                                    .person = "pat"});
  ASSERT_OK(ledger.ledger.Run(claw_back));
  script.Run(R"(
    run                                      ok
    received li 2025 spring-festival         300
    holiday  tomb of=city for=qingming       ok
    plan     tomb li:200 wang:501            ok
    preview  tomb 0                          granted
    preview  tomb 1                          POINTS_PER_YEAR,500,0,501
  )");
}

}  // namespace
}  // namespace puhui::issuing::rule_changes_test
