// SPDX-License-Identifier: Apache-2.0
#include "services/audit/history_fold.h"

#include "audit/index/facts_of.h"
#include "issuing/app/tables.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "services/audit/hide_occasions.h"
#include "services/audit/history_kinds.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

namespace jv1 = journal::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class HistoryFoldTest : public ::testing::Test {
 protected:
  // "field: before -> after", of each change.
  static std::vector<std::string> TextsOf(HistoryFold& fold, const jv1::Record& record) {
    const auto changes = fold.Take(record);
    EXPECT_OK(changes);
    std::vector<std::string> texts;
    if (!changes.ok()) return texts;
    for (const v1::FieldChange& change : *changes) {
      texts.push_back(absl::StrCat(change.field(), ": ", change.before(), " -> ", change.after()));
    }
    return texts;
  }
  HistoryFold FoldOf(const std::string& collection) {
    return {{.collection = collection}, &names_};
  }
  // As whoever has the role is told it.
  jv1::Record ToldTo(Role role, jv1::Record record) {
    Principal principal;
    principal.role = role;
    EXPECT_OK(HideOccasions(principal, store_, &record));
    return record;
  }
  static jv1::Record Created(const std::string& name, const std::string& occasion) {
    jv1::Record record;
    jv1::CampaignCreated& created = *record.mutable_campaign_created();
    created.set_number(5);
    created.set_display_name(name);
    created.set_occasion(occasion);
    created.mutable_terms()->set_day_cap(100);
    created.mutable_terms()->add_categories(5411);
    created.set_person("people/zhang-3");
    return record;
  }
  static jv1::Record Updated(const std::string& name, const std::string& occasion) {
    jv1::Record record;
    jv1::CampaignUpdated& updated = *record.mutable_campaign_updated();
    updated.set_campaign(5);
    updated.mutable_before()->set_display_name("whatever it says here");
    updated.mutable_after()->set_display_name(name);
    updated.mutable_after()->set_occasion(occasion);
    return record;
  }

  // Campaign 5, as it is now.
  void IsFor(const std::string& occasion, bool personal) {
    ledger::WriteBatch batch;
    ledger::PutRow(batch, issuing::kCampaignTable, CampaignNumber{5},
                   issuing::CampaignRow{.occasion = occasion, .personal = personal});
    ASSERT_OK(store_.Commit(batch, ledger::Durability::kView));
  }

  ledger::MemoryStore store_;
  Names names_{&store_};
};

TEST_F(HistoryFoldTest, ACampaignIsTheSumOfItsRecords) {
  HistoryFold fold = FoldOf("campaigns");
  EXPECT_THAT(
      TextsOf(fold, Created("春节慰问", "spring-festival")),
      ElementsAre("display_name:  -> 春节慰问", "occasion:  -> spring-festival", "state:  -> DRAFT",
                  "terms.categories:  -> 5411", "terms.day_cap:  -> 100"));
  // Terms are told as a whole: what is not in them any more is gone.
  EXPECT_THAT(TextsOf(fold, Updated("春节", "spring-festival")),
              ElementsAre("display_name: 春节慰问 -> 春节", "terms.categories: 5411 -> ",
                          "terms.day_cap: 100 -> "));
  jv1::Record approval;
  approval.mutable_entry()->mutable_approval()->set_campaign(5);
  EXPECT_THAT(TextsOf(fold, approval), ElementsAre("state: DRAFT -> APPROVED"));
  jv1::Record voided;
  voided.mutable_approvals_voided()->set_reason(1);
  EXPECT_THAT(TextsOf(fold, voided),
              ElementsAre("reason:  -> PLAN_CHANGED", "state: APPROVED -> DRAFT"));
}

TEST_F(HistoryFoldTest, AFundingIsProposedAndThenDecided) {
  jv1::Record proposed;
  proposed.mutable_funding_proposed()->set_points(500);
  proposed.mutable_funding_proposed()->set_bank_reference("B-1");
  proposed.mutable_funding_proposed()->set_person("people/fin-1");
  HistoryFold fold = FoldOf("fundings");
  EXPECT_THAT(TextsOf(fold, proposed),
              ElementsAre("bank_reference:  -> B-1", "points:  -> 500", "state:  -> PROPOSED"));
  jv1::Record rejected;
  rejected.mutable_funding_rejected()->set_proposal(7);
  rejected.mutable_funding_rejected()->set_person("people/fin-2");
  rejected.mutable_funding_rejected()->set_reason("mistyped");
  EXPECT_THAT(TextsOf(fold, rejected),
              ElementsAre("reason:  -> mistyped", "state: PROPOSED -> REJECTED"));
  HistoryFold other = FoldOf("fundings");
  TextsOf(other, proposed);
  jv1::Record confirmed;
  confirmed.mutable_entry()->mutable_funding()->set_proposal(7);
  confirmed.mutable_entry()->mutable_funding()->set_person("people/fin-2");
  EXPECT_THAT(TextsOf(other, confirmed), ElementsAre("state: PROPOSED -> CONFIRMED"));
}

TEST_F(HistoryFoldTest, OccasionsOfPersonsAreForThoseWhoDecide) {
  IsFor("retirement", true);
  HistoryFold told = FoldOf("campaigns");
  EXPECT_THAT(TextsOf(told, ToldTo(Role::kHr, Created("Help in illness", "illness"))),
              ::testing::Contains("occasion:  -> illness"));
  HistoryFold hidden = FoldOf("campaigns");
  EXPECT_THAT(
      TextsOf(hidden, ToldTo(Role::kAuditor, Created("Help in illness", "illness"))),
      ElementsAre("display_name:  -> personal", "occasion:  -> personal", "state:  -> DRAFT",
                  "terms.categories:  -> 5411", "terms.day_cap:  -> 100"));
  EXPECT_THAT(TextsOf(hidden, ToldTo(Role::kAuditor, Updated("Help in retirement", "retirement"))),
              ElementsAre("terms.categories: 5411 -> ", "terms.day_cap: 100 -> "));
  jv1::Record started;
  started.mutable_issue_started()->mutable_rules()->set_occasion("retirement");
  started.mutable_issue_started()->set_campaign(5);
  EXPECT_THAT(TextsOf(hidden, ToldTo(Role::kAuditor, started)),
              ElementsAre("state: DRAFT -> ISSUING"));
}

// Its name stays when the occasion is changed, and so do the words that were written until then.
TEST_F(HistoryFoldTest, WhatACampaignWasForOnceIsInNoneOfItsRecords) {
  jv1::Record rows;
  rows.mutable_plan_rows()->set_campaign(5);
  rows.mutable_plan_rows()->add_reasons()->set_text("a fire at home");
  jv1::Record rejected;
  rejected.mutable_campaign_rejected()->set_campaign(5);
  rejected.mutable_campaign_rejected()->set_reason("no hardship");
  // To a holiday, from one.
  for (const std::string occasion : {"spring-festival", "hardship"}) {
    IsFor(occasion, true);
    HistoryFold fold = FoldOf("campaigns");
    EXPECT_THAT(TextsOf(fold, ToldTo(Role::kAuditor, Created("Aid", "hardship"))),
                ::testing::IsSupersetOf({"display_name:  -> personal", "occasion:  -> personal"}));
    EXPECT_THAT(TextsOf(fold, ToldTo(Role::kAuditor, Updated("Aid", "spring-festival"))),
                ElementsAre("terms.categories: 5411 -> ", "terms.day_cap: 100 -> "));
    EXPECT_EQ(ToldTo(Role::kAuditor, rows).plan_rows().reasons(0).text(), "personal");
    EXPECT_THAT(TextsOf(fold, ToldTo(Role::kAuditor, rejected)),
                ElementsAre("reason:  -> personal", "state: DRAFT -> REJECTED"));
    EXPECT_EQ(ToldTo(Role::kHr, rows).plan_rows().reasons(0).text(), "a fire at home");
  }
}

TEST_F(HistoryFoldTest, WhyPointsOfPersonsAreTakenBackIsForThoseWhoDecide) {
  constexpr Sequence kClawBack = 9;
  ledger::WriteBatch batch;
  ledger::PutRow(batch, issuing::kClawBackTable, kClawBack,
                 issuing::ClawBackRow{.campaign = CampaignNumber{5}});
  ASSERT_OK(store_.Commit(batch, ledger::Durability::kView));
  IsFor("illness", true);
  jv1::Record proposed;
  proposed.mutable_claw_back_proposed()->set_campaign(5);
  proposed.mutable_claw_back_proposed()->set_reason("well again");
  jv1::Record rejected;
  rejected.mutable_claw_back_decided()->set_claw_back(kClawBack);
  rejected.mutable_claw_back_decided()->set_reason("still ill");
  HistoryFold told = FoldOf("clawBacks");
  EXPECT_THAT(TextsOf(told, ToldTo(Role::kHr, proposed)),
              ElementsAre("reason:  -> well again", "state:  -> RUNNING"));
  EXPECT_THAT(TextsOf(told, ToldTo(Role::kHr, rejected)),
              ElementsAre("decision_reason:  -> still ill", "state: RUNNING -> REJECTED"));
  HistoryFold hidden = FoldOf("clawBacks");
  EXPECT_THAT(TextsOf(hidden, ToldTo(Role::kAuditor, proposed)),
              ElementsAre("reason:  -> personal", "state:  -> RUNNING"));
  EXPECT_THAT(TextsOf(hidden, ToldTo(Role::kAuditor, rejected)),
              ElementsAre("decision_reason:  -> personal", "state: RUNNING -> REJECTED"));
}

TEST_F(HistoryFoldTest, WhatAMessageHasAFieldForIsAsItSays) {
  HistoryFold fold = FoldOf("merchants");
  jv1::Record registered;
  registered.mutable_merchant_registered()->set_id("m-7");
  registered.mutable_merchant_registered()->set_fee_basis_points(100);
  EXPECT_THAT(TextsOf(fold, registered),
              ElementsAre("fee_basis_points:  -> 100", "id:  -> m-7", "state:  -> ACTIVE"));
  jv1::Record suspended;
  suspended.mutable_merchant_state_changed()->set_state(2);
  suspended.mutable_merchant_state_changed()->set_reason("an inspection");
  EXPECT_THAT(TextsOf(fold, suspended),
              ElementsAre("reason:  -> an inspection", "state: ACTIVE -> SUSPENDED"));
  jv1::Record back;
  back.mutable_merchant_state_changed()->set_state(1);
  EXPECT_THAT(TextsOf(fold, back),
              ElementsAre("reason: an inspection -> ", "state: SUSPENDED -> ACTIVE"));
  jv1::Record agreed;
  agreed.mutable_agreement_made()->set_start_micros(0);
  agreed.mutable_agreement_made()->set_end_micros(1'700'000'000'000'000);
  agreed.mutable_agreement_made()->set_fee_basis_points(50);
  EXPECT_THAT(TextsOf(fold, agreed), ElementsAre("agreement.end:  -> 2023-11-14T22:13:20+00:00",
                                                 "agreement.fee_basis_points:  -> 50"));
}

// A run that somebody pauses, or that pauses for rows that would be refused, has the plan it had.
TEST_F(HistoryFoldTest, WhatARunIsPausedForIsNotItsPlan) {
  HistoryFold fold = FoldOf("campaigns");
  jv1::Record started;
  started.mutable_issue_started()->set_rows(1'000);
  EXPECT_THAT(TextsOf(fold, started), ElementsAre("rows:  -> 1000", "state:  -> ISSUING"));
  jv1::Record paused;
  paused.mutable_issue_paused()->set_person("people/hr-1");
  EXPECT_THAT(TextsOf(fold, paused), IsEmpty());
  paused.mutable_issue_paused()->clear_person();
  paused.mutable_issue_paused()->set_row(3);
  paused.mutable_issue_paused()->set_reason(640);
  paused.mutable_issue_paused()->set_rows(2);
  EXPECT_THAT(TextsOf(fold, paused),
              ElementsAre("stopped_by.reason:  -> RULE_PACK_BROKEN", "stopped_by.row:  -> 3",
                          "stopped_by.rows:  -> 2"));
  jv1::Record resumed;
  resumed.mutable_issue_resumed()->set_without_all_or_nothing(true);
  EXPECT_THAT(TextsOf(fold, resumed),
              ElementsAre("stopped_by.reason: RULE_PACK_BROKEN -> ", "stopped_by.row: 3 -> ",
                          "stopped_by.rows: 2 -> ", "without_all_or_nothing:  -> true"));
}

TEST_F(HistoryFoldTest, AMallIsActiveUntilItIsBlocked) {
  HistoryFold fold = FoldOf("merchants");
  jv1::Record enabled;
  enabled.mutable_mall_enabled()->set_points_per_day_max(500);
  EXPECT_THAT(TextsOf(fold, enabled),
              ElementsAre("mall.points_per_day_max:  -> 500", "mall.state:  -> ACTIVE"));
  jv1::Record blocked;
  blocked.mutable_mall_changed()->set_points_per_day_max(500);
  blocked.mutable_mall_changed()->set_state(2);
  EXPECT_THAT(TextsOf(fold, blocked), ElementsAre("mall.state: ACTIVE -> BLOCKED"));
}

// Of a thing with thousands of fields a record touches a few.
TEST_F(HistoryFoldTest, OnlyWhatWasTouchedIsLookedAt) {
  HistoryFields fields;
  fields["rows"] = "2";
  fields["terms.day_cap"] = "100";
  fields["terms.weekdays"] = "3";
  EXPECT_EQ(fields.TakeTouched().size(), 3U);
  fields["state"] = "DRAFT";
  fields["state"] = "ISSUING";
  fields.EraseBelow("terms.w");
  fields.Erase("nothing");
  EXPECT_THAT(fields.TakeTouched(), ElementsAre(Pair("state", ""), Pair("terms.weekdays", "3")));
  EXPECT_THAT(fields.TakeTouched(), IsEmpty());
  EXPECT_THAT(fields.values(), ElementsAre(Pair("rows", "2"), Pair("state", "ISSUING"),
                                           Pair("terms.day_cap", "100")));
  EXPECT_EQ(fields.At("terms.weekdays"), "");
}

TEST_F(HistoryFoldTest, DaysAreTold) {
  HistoryFold fold = FoldOf("campaigns");
  jv1::Record created;
  jv1::Terms& terms = *created.mutable_campaign_created()->mutable_terms();
  terms.set_first_day(20'785);
  terms.set_last_day(0);
  terms.add_holidays(20'820);
  terms.add_holidays(20'821);
  EXPECT_THAT(
      TextsOf(fold, created),
      ElementsAre("state:  -> DRAFT", "terms.first_day:  -> 2026-11-28",
                  "terms.holidays:  -> 2027-01-02, 2027-01-03", "terms.last_day:  -> 1970-01-01"));
  jv1::Record started;
  started.mutable_issue_started()->set_day(20'785);
  EXPECT_THAT(TextsOf(fold, started),
              ElementsAre("day:  -> 2026-11-28", "state: DRAFT -> ISSUING"));
}

TEST_F(HistoryFoldTest, NothingOfAPersonOrAKeyIsTold) {
  HistoryFold fold = FoldOf("members");
  jv1::Record joined;
  joined.mutable_member_joined()->set_member(std::string(16, 'm'));
  joined.mutable_member_joined()->set_card_hash(std::string(16, 'c'));
  joined.mutable_member_joined()->set_card_last_four("1234");
  joined.mutable_member_joined()->set_commitment(std::string(32, 'x'));
  EXPECT_THAT(TextsOf(fold, joined), ElementsAre("state:  -> ACTIVE"));
  jv1::Record left;
  left.mutable_member_changed()->set_state(3);
  left.mutable_member_changed()->set_revision(2);
  left.mutable_member_changed()->mutable_left()->set_points_returned(true);
  EXPECT_THAT(TextsOf(fold, left), ElementsAre("state: ACTIVE -> LEFT"));
  jv1::Record terminal;
  terminal.mutable_terminal_renewed()->set_certificate_pem("PEM");
  HistoryFold of_terminal = FoldOf("terminals");
  EXPECT_THAT(TextsOf(of_terminal, terminal), IsEmpty());
}

TEST_F(HistoryFoldTest, EveryKindIsOne) {
  for (const HistoryKind& kind : HistoryKinds()) {
    EXPECT_TRUE(audit::ParseKind(kind.kind).has_value()) << kind.kind;
  }
}

}  // namespace
}  // namespace puhui::services
