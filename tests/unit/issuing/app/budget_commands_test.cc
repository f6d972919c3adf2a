// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/budget_commands.h"

#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(BudgetCommandsTest, CreatesPointsWhenASecondPersonConfirms) {
  Script script;
  script.Run(R"(
    union   city                         ok
    union   other                        ok
    propose nowhere 500 ref=B-1          NOT_FOUND
    propose city 500 ref=B-1 by=fay      ok
    propose other 500 ref=B-1 by=fay     BANK_REFERENCE_USED
    propose nowhere 500 ref=B-1          NOT_FOUND       # before BANK_REFERENCE_USED
    budget  city 0                       ok
    confirm city p1 by=fay               SAME_PERSON
    confirm other p1 by=fay              NOT_FOUND       # another union's funding
    confirm city p9 by=fred              NOT_FOUND
    confirm nowhere p1 by=fred           NOT_FOUND
    confirm city p1 by=fred              ok
    budget  city 500                     ok
    confirm city p1 by=fay               SAME_PERSON     # before FUNDING_ALREADY_CONFIRMED
    confirm city p1 by=fred              FUNDING_ALREADY_CONFIRMED
    budget  city 500                     ok
    return  city 500                     NOT_A_CHILD     # a root
  )");
  ASSERT_OK_AND_ASSIGN(const auto funding, FindFunding(script.ledger().ledger.store(), 3));
  ASSERT_TRUE(funding.has_value());
  EXPECT_TRUE(funding->confirm_time.has_value());
  EXPECT_EQ(funding->bank_reference, "B-1");
  EXPECT_EQ(funding->state(), FundingState::kConfirmed);
  EXPECT_EQ(funding->person, "fay");
  EXPECT_EQ(funding->decider, "fred");
}

TEST(BudgetCommandsTest, ARejectedFundingLeavesItsBankReferenceToAnother) {
  Script script;
  script.Run(R"(
    union   city                         ok
    union   other                        ok
    propose city 5000 ref=B-1 by=fay     ok              # it should have been 500
    dismiss other p1                     NOT_FOUND       # another union's funding
    dismiss nowhere p1                   NOT_FOUND
    dismiss city p9                      NOT_FOUND
    propose city 500 ref=B-1             BANK_REFERENCE_USED
    dismiss city p1 by=fay               ok              # whoever proposed it withdraws it
    dismiss city p1                      FUNDING_REJECTED
    confirm city p1 by=fay               SAME_PERSON     # before FUNDING_REJECTED
    confirm city p1                      FUNDING_REJECTED
    budget  city 0                       ok
    propose other 500 ref=B-1 by=fay     ok
    propose city 500 ref=B-1             BANK_REFERENCE_USED
    dismiss other p2                     ok              # and so may another person
    propose city 500 ref=B-1 by=fay      ok
    dismiss city p1                      FUNDING_REJECTED
    propose city 500 ref=B-1             BANK_REFERENCE_USED   # still that of the third
    confirm city p3                      ok
    dismiss city p3 by=fay               FUNDING_ALREADY_CONFIRMED
    budget  city 500                     ok
    propose city 500 ref=B-1             BANK_REFERENCE_USED
  )");
  ASSERT_OK_AND_ASSIGN(const auto withdrawn, FindFunding(script.ledger().ledger.store(), 3));
  ASSERT_TRUE(withdrawn.has_value());
  EXPECT_EQ(withdrawn->state(), FundingState::kRejected);
  EXPECT_EQ(withdrawn->decider, "fay");
  EXPECT_EQ(withdrawn->reason, "mistyped");
  EXPECT_TRUE(withdrawn->reject_time.has_value());
  EXPECT_FALSE(withdrawn->confirm_time.has_value());
}

TEST(BudgetCommandsTest, AClosedUnionsFundingGivesItsBankReferenceBack) {
  Script script;
  script.Run(R"(
    union   city                         ok
    union   other                        ok
    propose city 500 ref=B-1             ok
    close   city                         ok
    confirm city p1                      UNION_CLOSED
    propose other 500 ref=B-1            BANK_REFERENCE_USED
    dismiss city p1                      ok
    confirm city p1                      FUNDING_REJECTED      # before UNION_CLOSED
    propose other 500 ref=B-1            ok
    confirm other p2                     ok
  )");
}

TEST(BudgetCommandsTest, FundingsAreListedByUnionFromTheOldest) {
  IssuingLedger ledger;
  for (const char* id : {"city", "town", "other"}) ASSERT_OK(ledger.CreateUnion(id));
  std::vector<Sequence> of_town;
  for (int i = 0; i < 5; ++i) {
    for (const char* id : {"city", "town"}) {
      ASSERT_OK_AND_ASSIGN(const ledger::Outcome proposed,
                           ledger.Propose(id, 1, absl::StrCat(id, "-", i), "fay"));
      if (id == std::string("town")) of_town.push_back(proposed.first().sequence());
    }
  }
  const ledger::Readable& store = ledger.ledger.store();
  const UnionNumber town = ledger.NumberOf("town");
  EXPECT_THAT(*ListFundings(store, town, 0, 9), ::testing::ElementsAreArray(of_town));
  EXPECT_THAT(*ListFundings(store, town, of_town[1], 2), ElementsAre(of_town[2], of_town[3]));
  EXPECT_THAT(*ListFundings(store, town, of_town[4], 9), ElementsAre());
  EXPECT_THAT(*ListFundings(store, ledger.NumberOf("other"), 0, 9), ElementsAre());
}

// Whoever wrote them.
TEST(BudgetCommandsTest, AFundingIsDecidedOnceAndByItsUnion) {
  IssuingLedger ledger;
  ASSERT_OK(ledger.CreateUnion("city"));
  ASSERT_OK(ledger.CreateUnion("town"));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome proposed, ledger.Propose("city", 1, "B-1", "fay"));
  const auto rejected = [](std::uint32_t of, Sequence proposal) {
    journal::v1::Record record;
    record.mutable_funding_rejected()->set_union_number(of);
    record.mutable_funding_rejected()->set_proposal(proposal);
    return record;
  };
  const Sequence proposal = proposed.first().sequence();
  EXPECT_THAT(ledger.applier.Apply(rejected(1, proposal + 1)),
              HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(ledger.applier.Apply(rejected(2, proposal)), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_OK(ledger.applier.Apply(rejected(1, proposal)));
  EXPECT_THAT(ledger.applier.Apply(rejected(1, proposal)), HasCode(absl::StatusCode::kDataLoss));
  journal::v1::Record confirmed;
  confirmed.mutable_entry()->mutable_funding()->set_union_number(1);
  confirmed.mutable_entry()->mutable_funding()->set_proposal(proposal);
  EXPECT_THAT(ledger.applier.Apply(confirmed), HasCode(absl::StatusCode::kDataLoss));
}

TEST(BudgetCommandsTest, AClosedUnionGetsNoMoneyEvenIfItWasProposed) {
  Script script;
  script.Run(R"(
    union   city                         ok
    propose city 500 ref=B-1             ok
    propose city 500 ref=B-2             ok
    confirm city p1                      ok
    union   works under=city             ok
    allocate city works 500              ok
    close   city                         UNION_HAS_CHILDREN
    move    works                        ok
    close   city                         ok
    confirm city p1                      FUNDING_ALREADY_CONFIRMED  # before UNION_CLOSED
    confirm city p2                      UNION_CLOSED
    budget  works 500 origin=city        ok
  )");
}

TEST(BudgetCommandsTest, RefusesFundingBeyondTheLargestAmount) {
  Script script;
  script.Run(R"(
    union   city                                ok
    propose city 999999999999999 ref=B-1        ok
    propose city 1 ref=B-2                      ok
    propose city 1 ref=B-3                      ok
    confirm city p1                             ok
    confirm city p2                             ok
    confirm city p3                             AMOUNT_OVERFLOW
    confirm city p1                             FUNDING_ALREADY_CONFIRMED
    budget  city 1000000000000000               ok
  )");
}

TEST(BudgetCommandsTest, HandsDownToChildrenOnly) {
  Script script;
  script.Run(R"(
    union    province                    ok
    union    city under=province         ok
    union    county under=city           ok
    union    other                       ok
    propose  province 1000 ref=B-1       ok
    confirm  province p1                 ok
    allocate nowhere city 1              NOT_FOUND
    allocate province nowhere 1          NOT_FOUND
    allocate province city 1 origin=nobody  NOT_FOUND
    allocate province city 1 origin=other   NOT_FOUND    # there is such a union, but none of its money
    allocate province county 1           NOT_A_CHILD
    allocate province other 1            NOT_A_CHILD
    allocate province province 1         NOT_A_CHILD
    allocate city province 1             NOT_A_CHILD
    allocate province county 5000        NOT_A_CHILD     # before BUDGET_TOO_SMALL
    allocate province city 1001          BUDGET_TOO_SMALL
    allocate province city 1001 origin=province  BUDGET_TOO_SMALL
    allocate province city 300           ok
    budget   province 700                ok
    budget   city 300 origin=province    ok
    budget   city 0                      ok              # whose money it is has not changed
    subtree  province 1000               ok
    subtree  city 300                    ok
    subtree  other 0                     ok
    allocate city county 300 origin=province  ok
    subtree  city 300                    ok
    allocate city county 1               BUDGET_TOO_SMALL
    return   county 301                  BUDGET_TOO_SMALL
    return   county 100                  ok
    return   nowhere 1                   NOT_FOUND
    return   county 1 origin=other       NOT_FOUND
    return   county 300 origin=province  BUDGET_TOO_SMALL
    return   city 100                    ok
    budget   province 800                ok
    subtree  province 1000               ok
    subtree  city 200                    ok
  )");
}

TEST(BudgetCommandsTest, SaysWhatThereIs) {
  IssuingLedger ledger;
  ASSERT_OK(ledger.CreateUnion("province"));
  ASSERT_OK(ledger.CreateUnion("city", "province"));
  ASSERT_OK(ledger.Fund("province", 700));
  const auto refusal = ledger::RefusalOf(ledger.Allocate("province", "city", 701).status());
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->field, "points");
  EXPECT_THAT(refusal->metadata, ElementsAre(Pair("available", "700"), Pair("needed", "701")));
}

TEST(BudgetCommandsTest, TakesTheOriginFirstThatHasBeenThereLongest) {
  Script script;
  script.Run(R"(
    union    province                    ok
    union    city under=province         ok
    union    county under=city           ok
    propose  province 1000 ref=B-1       ok
    propose  city 50 ref=B-2             ok
    propose  county 70 ref=B-3           ok
    confirm  province p1                 ok
    confirm  city p2                     ok
    confirm  county p3                   ok
    allocate province city 200           ok
    return   county 70                   ok
    # In the city's budget: 50 of its own, then 200 of the province's, then 70 of the county's.
    allocate city county 60              ok
    budget   city 0 origin=city          ok
    budget   city 190 origin=province    ok
    budget   city 70 origin=county       ok
    allocate city county 20 origin=county  ok
    budget   city 50 origin=county       ok
    return   county 50 origin=city       ok
    # Its own money came back, and is the last now.
    allocate city county 240             ok
    budget   city 0 origin=province      ok
    budget   city 0 origin=county        ok
    budget   city 50                     ok
    subtree  city 320                    ok
    subtree  city 200 origin=province    ok
    subtree  province 1120               ok
  )");
  const ledger::Outcome transfer = *script.ledger().Return("county", 70);
  std::vector<std::pair<std::uint32_t, std::int64_t>> postings;
  for (const auto& posting : transfer.first().entry().postings()) {
    EXPECT_EQ(posting.kind(), journal::v1::ACCOUNT_KIND_BUDGET);
    postings.emplace_back(posting.origin(), posting.points());
  }
  // The province's were there before the county's own came back.
  EXPECT_THAT(postings, ElementsAre(Pair(1, -70), Pair(1, 70)));
  EXPECT_EQ(transfer.first().entry().budget_return().points(), 70);
}

TEST(BudgetCommandsTest, AnEntryMovesPointsOfThirtyTwoOriginsAtMost) {
  IssuingLedger ledger;
  ASSERT_OK(ledger.CreateUnion("city"));
  constexpr auto kOrigins = static_cast<int>(kOriginsPerTransferMax) + 1;
  for (int i = 1; i <= kOrigins; ++i) {
    const std::string works = absl::StrCat("works-", i);
    ASSERT_OK(ledger.CreateUnion(works, "city"));
    ASSERT_OK(ledger.Fund(works, i == kOrigins ? 1'000 : 1));
    ASSERT_OK(ledger.Return(works, i == kOrigins ? 1'000 : 1));
  }
  EXPECT_THAT(ledger.Allocate("city", "works-1", kOrigins),
              Refuses(ledger::Reason::kOriginsPerEntryLimit, "points"));
  // Whether there is enough is not looked for beyond the limit.
  EXPECT_THAT(ledger.Allocate("city", "works-1", 5'000),
              Refuses(ledger::Reason::kOriginsPerEntryLimit));
  // Whoever names an origin need not care.
  ASSERT_OK(ledger.Allocate("city", "works-1", 900, absl::StrCat("works-", kOrigins)));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome all, ledger.Allocate("city", "works-1", kOrigins - 1));
  EXPECT_EQ(all.first().entry().postings_size(), static_cast<int>(kPostingsPerEntryMax));
  EXPECT_EQ(ledger.Sum("city", BudgetSum::kOwn), 100);
  EXPECT_THAT(ledger.Allocate("city", "works-1", 101), Refuses(ledger::Reason::kBudgetTooSmall));
}

TEST(BudgetCommandsTest, AMoveTakesTheBudgetsAlongAsTheyAre) {
  Script script;
  script.Run(R"(
    union    province                    ok
    union    city under=province         ok
    union    works under=city            ok
    union    other                       ok
    union    town under=other            ok
    propose  province 1000 ref=B-1       ok
    propose  works 30 ref=B-2            ok
    confirm  province p1                 ok
    confirm  works p2                    ok
    allocate province city 400           ok
    allocate city works 100              ok
    move     city under=town             ok
    subtree  province 600                ok
    subtree  other 430                   ok
    subtree  town 430                    ok
    subtree  town 400 origin=province    ok
    budget   works 100 origin=province   ok
    budget   works 30                    ok
    move     works under=other           ok              # the two places share a part of the way up
    subtree  other 430                   ok
    subtree  town 300                    ok
    subtree  city 300                    ok
    allocate province city 1             NOT_A_CHILD
    return   city 300                    ok              # to where it hangs now
    budget   town 300 origin=province    ok
    move     works                       ok
    subtree  other 300                   ok
    subtree  works 130                   ok
  )");
}

// Points that come back by expiry cannot be refused, so they have to go somewhere.
TEST(BudgetCommandsTest, WhatComesBackToAClosedUnionGoesToTheNearestOpenOneAbove) {
  Script script;
  script.Run(R"(
    union    province                    ok
    union    city under=province         ok
    union    county under=city           ok
    union    works                       ok
    enrol    works li                    ok
    move     works under=county          ok
    propose  county 500 ref=B-1          ok
    confirm  county p1                   ok
    campaign gift of=county expires=30d  ok
    plan     gift li:500                 ok
    submit   gift                        ok
    approve  gift                        ok
    issue    gift                        ok
    run                                  ok
    move     works                       ok
    close    county                      ok
    close    city                        ok
    advance  31d                         ok
    run                                  ok
    wallet   li 0                        ok
    budget   county 0                    ok
    budget   province 500 origin=county  ok
    subtree  province 500                ok
    close    province                    UNION_HAS_BUDGET
  )");
}

TEST(BudgetCommandsTest, WhatComesBackToAClosedTreeIsKeptAsExpired) {
  Script script;
  script.Run(R"(
    union    city                        ok
    union    works under=city            ok
    enrol    works li                    ok
    propose  city 500 ref=B-1            ok
    confirm  city p1                     ok
    campaign gift of=city expires=30d    ok
    plan     gift li:500                 ok
    submit   gift                        ok
    approve  gift                        ok
    issue    gift                        ok
    run                                  ok
    move     works                       ok
    close    city                        ok
    advance  31d                         ok
    run                                  ok
    budget   city 0                      ok
    expired  city 500                    ok
  )");
}

}  // namespace
}  // namespace puhui::issuing
