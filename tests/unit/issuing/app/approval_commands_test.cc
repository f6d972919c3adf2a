// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/approval_commands.h"

#include "issuing/app/queries.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"

#include <gtest/gtest.h>

#include <vector>

namespace puhui::issuing {
namespace {

using ledger::Reason;

constexpr char kSubmitted[] = R"(
    union    city                            ok
    propose  city 1000 ref=B-1               ok
    confirm  city p1                         ok
    enrol    city li wang                    ok
    campaign gift of=city expires=90d        ok
    plan     gift li:300 wang:400            ok
)";

TEST(ApprovalCommandsTest, AsManyPeopleApproveAsThePolicyWantsWhenItIsSubmitted) {
  Script script;
  script.Run(kSubmitted);
  script.Run(R"(
    set      city approvers=3                ok
    submit   gift                            ok
    set      city approvers=1                ok              # later: of no matter
    approve  gift by=ann                     ok
    state    gift SUBMITTED                  ok
    budget   city 1000                       ok
    approve  gift by=ann                     SAME_PERSON
    approve  gift by=bea                     ok
    issue    gift                            CAMPAIGN_STATE
    approve  gift by=uma                     SAME_PERSON     # uploaded
    approve  gift by=cai                     ok
    state    gift APPROVED                   ok
    budget   city 300                        ok
    approve  gift by=dan                     CAMPAIGN_STATE
  )");
  EXPECT_EQ(script.ledger().Campaign("gift").row->approvals.size(), 3U);
}

TEST(ApprovalCommandsTest, LargePlansNeedTwo) {
  Script script;
  script.Run(kSubmitted);
  script.Run(R"(
    set      city approvers=1 two_above=700  ok
    submit   gift                            ok              # 700 is not above 700
    approve  gift by=ann                     ok
    state    gift APPROVED                   ok
    plan     gift li:300 wang:401            ok
    submit   gift                            ok
    approve  gift by=ann                     ok
    state    gift SUBMITTED                  ok
    approve  gift by=bea                     ok
    state    gift APPROVED                   ok
  )");
}

TEST(ApprovalCommandsTest, TheFirstOfTwoAlreadyLooksAtTheBudget) {
  Script script;
  script.Run(kSubmitted);
  script.Run(R"(
    set      city approvers=2                ok
    union    plant under=city                ok
    submit   gift                            ok
    approve  gift by=ann                     ok
    allocate city plant 301                  ok              # spent between the two
    approve  gift by=bea                     BUDGET_TOO_SMALL
    return   plant 301                       ok
    approve  gift by=bea                     ok
  )");
}

TEST(ApprovalCommandsTest, AnyChangeVoidsApprovals) {
  Script script;
  script.Run(kSubmitted);
  script.Run(R"(
    set      city approvers=2                ok
    submit   gift                            ok
    approve  gift by=ann                     ok
    change   gift expires=50d by=eve         ok
    state    gift DRAFT                      ok
    approve  gift by=bea                     CAMPAIGN_STATE
    submit   gift                            ok
    approve  gift by=eve                     SAME_PERSON     # changed it
    approve  gift by=ann                     ok              # once more: the first is void
    approve  gift by=bea                     ok
    budget   city 300                        ok
    change   gift occasion=qingming          ok
    budget   city 1000                       ok
    issue    gift                            CAMPAIGN_STATE
  )");
  const CampaignRow& row = *script.ledger().Campaign("gift").row;
  EXPECT_EQ(row.void_reason, VoidReason::kDetailsChanged);
  EXPECT_TRUE(row.approvals.empty());
  EXPECT_EQ(row.occasion, "qingming");
  script.Run("plan gift li:1 ok");
  EXPECT_EQ(script.ledger().Campaign("gift").row->void_reason, VoidReason::kDetailsChanged);
  script.Run(R"(
    submit   gift                            ok
    startplan gift                           ok
  )");
  EXPECT_EQ(script.ledger().Campaign("gift").row->void_reason, VoidReason::kPlanChanged);
}

// Two approvers race with a change: whoever looked before it approves nothing.
TEST(ApprovalCommandsTest, NobodyApprovesTermsThatWereChangedMeanwhile) {
  Script script;
  script.Run(kSubmitted);
  script.Run("submit gift ok");
  IssuingLedger& ledger = script.ledger();
  const std::string looked_at = ledger.CampaignEtagOf("gift");
  script.Run(R"(
    change   gift expires=50d                ok
    submit   gift                            ok              # the same plan, the same hash
  )");
  EXPECT_THAT(ledger.Approve("gift", "ann", looked_at), Refuses(Reason::kEtagMismatch, "etag"));
  EXPECT_THAT(ledger.Reject("gift", looked_at), Refuses(Reason::kEtagMismatch, "etag"));
  const std::string now = ledger.CampaignEtagOf("gift");
  EXPECT_THAT(ledger.UpdateCampaign({.campaign = *CampaignId::Parse("gift", "id"),
                                     .occasion = "qingming",
                                     .etag = looked_at,
                                     .person = "cora"}),
              Refuses(Reason::kEtagMismatch, "campaign.etag"));
  EXPECT_OK(ledger.Approve("gift", "ann", now));
}

TEST(ApprovalCommandsTest, ApprovalsGrowTooOld) {
  Script script;
  script.Run(kSubmitted);
  script.Run(R"(
    submit   gift                            ok
    approve  gift                            ok
    budget   city 300                        ok
    issue    gift in=31d                     APPROVAL_EXPIRED
    advance  31d                             ok
    issue    gift                            APPROVAL_EXPIRED
    run                                      ok
    state    gift DRAFT                      ok
    budget   city 1000                       ok
    issue    gift                            CAMPAIGN_STATE
    submit   gift                            ok
    approve  gift                            ok
    issue    gift                            ok
    advance  29d                             ok
    run                                      ok              # nothing of it can grow old now
    state    gift ISSUED                     ok
  )");
}

TEST(ApprovalCommandsTest, SaysThatApprovalsGrewTooOld) {
  Script script;
  script.Run(kSubmitted);
  script.Run(R"(
    set      city approvers=2                ok
    submit   gift                            ok
    approve  gift by=ann                     ok
    advance  31d                             ok
    approve  gift by=bea                     APPROVAL_EXPIRED
    run                                      ok
    state    gift DRAFT                      ok
  )");
  EXPECT_EQ(script.ledger().Campaign("gift").row->void_reason, VoidReason::kTooOld);
  ExpireApprovalsCommand again(&script.ledger().tables, script.ledger().Campaign("gift").number);
  EXPECT_THAT(script.ledger().ledger.Run(again), Refuses(Reason::kCampaignState));
}

TEST(ApprovalCommandsTest, RejectsWithAReasonAndGivesBack) {
  Script script;
  script.Run(kSubmitted);
  script.Run(R"(
    reject   nothing                         NOT_FOUND
    reject   gift                            CAMPAIGN_STATE
    submit   gift                            ok
    reject   gift etag=stale                 ETAG_MISMATCH
    reject   gift                            ok
    state    gift REJECTED                   ok
    submit   gift                            CAMPAIGN_STATE  # as it is
    reject   gift                            CAMPAIGN_STATE
    plan     gift li:100                     ok
    state    gift DRAFT                      ok
    submit   gift                            ok
    approve  gift                            ok
    budget   city 900                        ok
    reject   gift                            ok
    budget   city 1000                       ok
    change   gift occasion=qingming          ok
    state    gift DRAFT                      ok
  )");
}

TEST(ApprovalCommandsTest, KeepsWhyItWasRejectedUntilItIsChanged) {
  Script script;
  script.Run(kSubmitted);
  script.Run(R"(
    submit   gift                            ok
    reject   gift                            ok
  )");
  EXPECT_EQ(script.ledger().Campaign("gift").row->end_reason, "too much");
  script.Run("change gift occasion=qingming ok");
  EXPECT_EQ(script.ledger().Campaign("gift").row->end_reason, "");
}

TEST(ApprovalCommandsTest, WhatItWasForOnceIsNotForgotten) {
  Script script;
  script.Run(kSubmitted);
  EXPECT_FALSE(script.ledger().Campaign("gift").row->personal);
  script.Run("change gift occasion=hardship ok");
  EXPECT_TRUE(script.ledger().Campaign("gift").row->personal);
  script.Run("change gift occasion=qingming ok");
  EXPECT_EQ(script.ledger().Campaign("gift").row->occasion, "qingming");
  EXPECT_TRUE(script.ledger().Campaign("gift").row->personal);
}

TEST(ApprovalCommandsTest, RefusesChangesInOrder) {
  Script script;
  script.Run(kSubmitted);
  script.Run(R"(
    change   nothing expires=0s              NOT_FOUND
    submit   gift                            ok
    approve  gift                            ok
    issue    gift                            ok
    change   gift expires=10d etag=stale     CAMPAIGN_STATE  # before ETAG_MISMATCH
    run                                      ok
    change   gift expires=10d                CAMPAIGN_STATE
  )");
  IssuingLedger& ledger = script.ledger();
  const absl::Time now = ledger.ledger.clock().Now();
  EXPECT_THAT(ledger.UpdateCampaign({.campaign = *CampaignId::Parse("nothing", "id"),
                                     .terms = ledger::Terms{.expiry = now, .start = now}}),
              Refuses(Reason::kInvalidField, "campaign.terms.expiry"));  // before NOT_FOUND
}

TEST(ApprovalCommandsTest, IssuesMoneyThatWasAllocatedToIt) {
  Script script;
  script.Run(R"(
    union    city                            ok
    union    plant under=city                ok
    propose  city 1000 ref=B-1               ok
    confirm  city p1                         ok
    enrol    plant zhao                      ok
    allocate city plant 600                  ok
    campaign none of=plant origin=nowhere expires=60d     NOT_FOUND
    campaign own  of=plant expires=60d                    ok
    campaign gift of=plant origin=city expires=60d        ok
    plan     own  zhao:100                   ok
    submit   own                             ok
    approve  own                             BUDGET_TOO_SMALL # none of it is its own
    plan     gift zhao:700                   ok
    submit   gift                            ok
    approve  gift                            BUDGET_TOO_SMALL
    plan     gift zhao:500                   ok
    submit   gift                            ok
    approve  gift                            ok
    budget   plant 100 origin=city           ok
    issue    gift                            ok
    run                                      ok
    wallet   zhao 500                        ok
    advance  60d                             ok
    run                                      ok
    budget   plant 600 origin=city           ok
  )");
}

}  // namespace
}  // namespace puhui::issuing
