// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/union_commands.h"

#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace puhui::issuing {
namespace {

using ledger::Reason;

TEST(UnionCommandsTest, RefusesUnionsInOrder) {
  Script script;
  script.Run(R"(
    union province                       ok
    union city under=province            ok
    union city under=nowhere             NOT_FOUND       # before ALREADY_EXISTS
    union city under=province            ALREADY_EXISTS
    union city                           ALREADY_EXISTS
    close city                           ok
    union city under=city                ALREADY_EXISTS  # before UNION_CLOSED
    union works under=city               UNION_CLOSED
  )");
}

TEST(UnionCommandsTest, RefusesATreeDeeperThanTheLimit) {
  Script script;
  script.Run("union u1 ok");
  for (std::uint32_t depth = 2; depth <= kUnionDepthMax; ++depth) {
    script.Run(absl::StrCat("union u", depth, " under=u", depth - 1, " ok"));
  }
  script.Run(R"(
    union u9 under=u8                    UNION_DEPTH_LIMIT
    union u8 under=u8                    ALREADY_EXISTS  # before UNION_DEPTH_LIMIT
    union u9 under=u7                    ok
    close u8                             ok
    union u10 under=u8                   UNION_CLOSED    # before UNION_DEPTH_LIMIT
  )");
}

TEST(UnionCommandsTest, RefusesMovesInOrder) {
  Script script;
  script.Run(R"(
    union province                       ok
    union city under=province            ok
    union county under=city              ok
    union other                          ok
    union gone                           ok
    close gone                           ok
    move nowhere under=city              NOT_FOUND
    move county under=nowhere            NOT_FOUND
    move gone under=nowhere              NOT_FOUND       # before UNION_CLOSED
    move gone under=city                 UNION_CLOSED
    move county under=gone               UNION_CLOSED
    move city under=city                 UNION_CYCLE     # under itself
    move city under=county               UNION_CYCLE     # under its own child
    move province under=county           UNION_CYCLE
    move province under=county etag=old  UNION_CYCLE     # before ETAG_MISMATCH
    move county under=other etag=old     ETAG_MISMATCH
    move county under=other etag=now     ok
    move county under=other              ok              # where it hangs already
    move province under=county           ok              # no cycle any more
    move county                          ok              # a root
    move county                          ok
  )");
}

TEST(UnionCommandsTest, RefusesMovesBelowTheLastLevel) {
  Script script;
  script.Run("union u1 ok");
  for (std::uint32_t depth = 2; depth <= kUnionDepthMax; ++depth) {
    script.Run(absl::StrCat("union u", depth, " under=u", depth - 1, " ok"));
  }
  script.Run(R"(
    union a1                             ok
    union a2 under=a1                    ok
    union a3 under=a2                    ok
    move a1 under=u6                     UNION_DEPTH_LIMIT
    move a1 under=u6 etag=old            ETAG_MISMATCH   # before UNION_DEPTH_LIMIT
    move a1 under=u5                     ok              # a3 is on the last level
    union a4 under=a3                    UNION_DEPTH_LIMIT
    move a1                              ok
    union a4 under=a3                    ok
    close a4                             ok
    move a1 under=u5                     UNION_DEPTH_LIMIT  # closed unions keep their places
    move a3 under=u8                     UNION_DEPTH_LIMIT
    move a3                              ok
    move a1 under=u6                     ok
  )");
}

TEST(UnionCommandsTest, ClosesOnlyWhatHasNothingLeft) {
  Script script;
  script.Run(R"(
    union   city                         ok
    union   works under=city             ok
    union   shop under=city              ok
    close   nowhere                      NOT_FOUND
    close   city                         UNION_HAS_CHILDREN
    close   city etag=old                UNION_HAS_CHILDREN  # before ETAG_MISMATCH
    enrol   works li                     ok
    close   works                        UNION_HAS_MEMBERS
    propose shop 500 ref=B-1             ok
    confirm shop p1                      ok
    close   shop                         UNION_HAS_BUDGET
    close   shop etag=old                UNION_HAS_BUDGET    # before ETAG_MISMATCH
    return  shop 499                     ok
    close   shop                         UNION_HAS_BUDGET
    return  shop 1                       ok
    close   shop etag=old                ETAG_MISMATCH
    close   shop etag=now                ok
    close   shop                         UNION_CLOSED
    close   shop etag=old                UNION_CLOSED        # before ETAG_MISMATCH
    close   city                         UNION_HAS_CHILDREN  # works is still open
    budget  city 500 origin=shop         ok
  )");
}

TEST(UnionCommandsTest, CampaignsThatAreUnderWayKeepTheirUnionOpen) {
  Script script;
  script.Run(R"(
    union    city                        ok
    union    works under=city            ok
    union    other                       ok
    enrol    works li                    ok
    propose  city 500 ref=B-1            ok
    confirm  city p1                     ok
    campaign gift of=city expires=30d    ok
    plan     gift li:500                 ok
    move     works under=other           ok
    close    city                        UNION_HAS_BUDGET     # a draft is no active campaign
    submit   gift                        ok
    close    city                        UNION_HAS_CAMPAIGNS  # before UNION_HAS_BUDGET
    approve  gift                        ok
    move     city under=other            ok                   # the campaign goes along as it is
    close    city                        UNION_HAS_CAMPAIGNS
    issue    gift                        ok
    move     city                        ok
    close    city                        UNION_HAS_CAMPAIGNS
    run                                  ok
    wallet   li 500                      ok                   # who was moved away is in the plan
    state    gift ISSUED                 ok
    close    city                        ok
  )");
}

TEST(UnionCommandsTest, ANewPlanFreesTheUnionOfItsSubmittedCampaign) {
  Script script;
  script.Run(R"(
    union    city                        ok
    union    works under=city            ok
    union    other                       ok
    enrol    works li                    ok
    campaign gift of=city expires=30d    ok
    plan     gift li:500                 ok
    submit   gift                        ok
    move     works under=other           ok
    close    city                        UNION_HAS_CAMPAIGNS
    startplan gift                       ok
    close    city                        ok
  )");
}

TEST(UnionCommandsTest, AClosedUnionIsOfNoUse) {
  Script script;
  script.Run(R"(
    union    province                    ok
    union    city under=province         ok
    union    works under=city            ok
    union    other                       ok
    enrol    works li wang               ok
    propose  province 500 ref=B-0        ok
    confirm  province p1                 ok
    propose  city 500 ref=B-1            ok
    campaign gift of=city expires=30d    ok
    plan     gift li:100                 ok
    campaign half of=city expires=30d    ok
    startplan half                       ok
    move     works under=other           ok
  )");
  IssuingLedger& ledger = script.ledger();
  const std::string row = ledger.Packed({{"li", 100}});
  ASSERT_OK(ledger.MoveUnion("works", "city"));
  ASSERT_OK(ledger.AddRows("half", 0, row));
  ASSERT_OK(ledger.MoveUnion("works", "other"));
  script.Run(R"(
    close    city                        ok
    set      city locale=en              UNION_CLOSED
    set      city locale=en etag=old     UNION_CLOSED    # before ETAG_MISMATCH
    move     city under=other            UNION_CLOSED
    move     works under=city            UNION_CLOSED
    union    shop under=city             UNION_CLOSED
    propose  city 1 ref=B-2              UNION_CLOSED
    propose  city 1 ref=B-1              BANK_REFERENCE_USED  # before UNION_CLOSED
    confirm  city p2                     UNION_CLOSED
    confirm  city p2 by=fay              SAME_PERSON     # before UNION_CLOSED
    allocate province city 1             UNION_CLOSED
    allocate city works 1                UNION_CLOSED
    return   city 1                      UNION_CLOSED
    enrol    city zhao                   UNION_CLOSED
    campaign next of=city expires=30d    UNION_CLOSED
    campaign gift of=city expires=30d    ALREADY_EXISTS  # before UNION_CLOSED
    startplan gift                       UNION_CLOSED
    submit   gift                        UNION_CLOSED
    submit   gift plan=another           PLAN_CHANGED    # before UNION_CLOSED
    approve  gift                        CAMPAIGN_STATE
  )");
  EXPECT_THAT(ledger.AddRows("half", 1, row), Refuses(Reason::kPlanRowOutOfOrder));
  EXPECT_THAT(ledger.CompletePlan("half"), Refuses(Reason::kUnionClosed, "name"));
  EXPECT_THAT(ledger.Enrol("city", std::vector<NewMember>{ledger.Sealed("city", "sun")}),
              Refuses(Reason::kUnionClosed, "union"));
}

TEST(UnionCommandsTest, APlanGetsNoMoreRowsOnceItsUnionIsClosed) {
  Script script;
  script.Run(R"(
    union    city                        ok
    campaign gift of=city expires=30d    ok
    startplan gift                       ok
    close    city                        ok
  )");
  EXPECT_THAT(script.ledger().AddRows("gift", 0, script.ledger().Packed({{"li", 1}})),
              Refuses(Reason::kUnionClosed, "name"));
}

TEST(UnionCommandsTest, SaysHowMuchIsInTheWay) {
  IssuingLedger ledger;
  ASSERT_OK(ledger.CreateUnion("city"));
  ASSERT_OK(ledger.CreateUnion("works", "city"));
  ASSERT_OK(ledger.Enrol("works", std::vector<std::string>{"li", "wang"}));
  const auto refusal = ledger::RefusalOf(ledger.CloseUnion("works").status());
  ASSERT_TRUE(refusal.has_value());
  EXPECT_THAT(refusal->metadata, ::testing::ElementsAre(::testing::Pair("count", "2")));
}

TEST(UnionCommandsTest, RefusesUpdatesInOrder) {
  Script script;
  script.Run(R"(
    union city                           ok
    set   nowhere locale=en              NOT_FOUND
    set   nowhere locale=en etag=old     NOT_FOUND       # before ETAG_MISMATCH
    set   city locale=en etag=old        ETAG_MISMATCH
    set   city locale=en etag=now        ok
    set   city locale=en                 ok              # whatever it is now
  )");
}

TEST(UnionCommandsTest, AnUpdateSaysWhatWasBeforeAndTouchesNothingElse) {
  IssuingLedger ledger;
  ASSERT_OK(ledger.CreateUnion("city"));
  const UnionId city = *UnionId::Parse("city", "id");
  ASSERT_OK(ledger.UpdateUnion({.id = city, .time_zone = "Asia/Urumqi"}));
  ASSERT_OK_AND_ASSIGN(
      const ledger::Outcome outcome,
      ledger.UpdateUnion({.id = city,
                          .display_name = "市总工会",
                          .approval = ApprovalPolicy{.approvers = 2, .two_above_points = 900},
                          .leave = LeavePolicy::kReturn}));
  const journal::v1::UnionUpdated& updated = outcome.first().union_updated();
  EXPECT_EQ(updated.before().display_name(), "A union");
  EXPECT_EQ(updated.after().display_name(), "市总工会");
  EXPECT_EQ(updated.before().kind(), 1U);
  EXPECT_EQ(updated.after().kind(), 1U);
  const UnionSettings before = SettingsFrom(updated.before().settings());
  const UnionSettings after = SettingsFrom(updated.after().settings());
  EXPECT_EQ(before, (UnionSettings{.time_zone = "Asia/Urumqi"}));
  EXPECT_EQ(after, (UnionSettings{.time_zone = "Asia/Urumqi",
                                  .approval = ApprovalPolicy{2, 900},
                                  .leave = LeavePolicy::kReturn}));
  ASSERT_OK_AND_ASSIGN(const auto row, UnionByNumber(ledger.ledger.store(), UnionNumber{1}));
  EXPECT_EQ(row.settings, after);
  ASSERT_OK(ledger.UpdateUnion({.id = city, .approval = absl::optional<ApprovalPolicy>()}));
  ASSERT_OK_AND_ASSIGN(const auto again, UnionByNumber(ledger.ledger.store(), UnionNumber{1}));
  EXPECT_FALSE(again.settings.approval.has_value());
  EXPECT_EQ(again.settings.leave, LeavePolicy::kReturn);
}

TEST(UnionCommandsTest, EveryChangeAndNothingElseGivesAnotherEtag) {
  IssuingLedger ledger;
  ASSERT_OK(ledger.CreateUnion("province"));
  ASSERT_OK(ledger.CreateUnion("city"));
  std::set<std::string> seen = {ledger.Etag("province"), ledger.Etag("city")};
  EXPECT_EQ(seen.size(), 2U);
  ASSERT_OK(ledger.UpdateUnion({.id = *UnionId::Parse("city", "id"), .locale = "en"}));
  EXPECT_TRUE(seen.insert(ledger.Etag("city")).second);
  ASSERT_OK(ledger.MoveUnion("city", "province"));
  EXPECT_TRUE(seen.insert(ledger.Etag("city")).second);
  // Money, people and the parent's own changes are none of its own.
  ASSERT_OK(ledger.Fund("province", 500));
  ASSERT_OK(ledger.Allocate("province", "city", 500));
  ASSERT_OK(ledger.Return("city", 500));
  ASSERT_OK(ledger.UpdateUnion({.id = *UnionId::Parse("province", "id"), .locale = "zh-CN"}));
  EXPECT_TRUE(seen.contains(ledger.Etag("city")));
  ASSERT_OK(ledger.CloseUnion("city"));
  EXPECT_TRUE(seen.insert(ledger.Etag("city")).second);
  for (const std::string& etag : seen) EXPECT_EQ(etag.size(), 16U);
}

TEST(UnionCommandsTest, SettingsComeFromTheNearestUnionThatHasThem) {
  IssuingLedger ledger;
  ASSERT_OK(ledger.CreateUnion("province"));
  ASSERT_OK(ledger.CreateUnion("city", "province"));
  ASSERT_OK(ledger.CreateUnion("works", "city"));
  ASSERT_OK(ledger.CreateUnion("other"));
  const auto expect = [&ledger](const UnionSettings& wanted) {
    const UnionNumber works = ledger.NumberOf("works");
    EXPECT_EQ(ledger.tables.SettingsOf(works), wanted);
    const ledger::Readable& store = ledger.ledger.store();
    ASSERT_OK_AND_ASSIGN(const UnionRow row, UnionByNumber(store, works));
    ASSERT_OK_AND_ASSIGN(const UnionSettings read, SettingsReader(&store).Of(works, row));
    EXPECT_EQ(read, wanted);
  };
  UnionSettings wanted = {.time_zone = "Asia/Shanghai",
                          .locale = "zh-CN",
                          .approval = ApprovalPolicy{.approvers = 1, .two_above_points = 0},
                          .leave = LeavePolicy::kKeep};
  expect(wanted);
  ASSERT_OK(ledger.UpdateUnion({.id = *UnionId::Parse("province", "id"),
                                .time_zone = "Asia/Urumqi",
                                .locale = "en",
                                .approval = ApprovalPolicy{1, 10'000}}));
  wanted.time_zone = "Asia/Urumqi";
  wanted.locale = "en";
  wanted.approval = ApprovalPolicy{1, 10'000};
  expect(wanted);
  ASSERT_OK(ledger.UpdateUnion({.id = *UnionId::Parse("city", "id"),
                                .locale = "zh-CN",
                                .approval = ApprovalPolicy{3, 0},
                                .leave = LeavePolicy::kReturn}));
  wanted.locale = "zh-CN";
  wanted.approval = ApprovalPolicy{3, 0};
  wanted.leave = LeavePolicy::kReturn;
  expect(wanted);
  ASSERT_OK(ledger.MoveUnion("works", "other"));
  expect(DefaultSettings());
}

TEST(UnionCommandsTest, ReadersSeeWhatWasCreated) {
  Script script;
  script.Run(R"(
    union   province                     ok
    union   city under=province          ok
  )");
  const ledger::Readable& store = script.ledger().ledger.store();
  ASSERT_OK_AND_ASSIGN(const auto province, FindUnion(store, "province"));
  ASSERT_OK_AND_ASSIGN(const auto city, FindUnion(store, "city"));
  ASSERT_OK_AND_ASSIGN(const auto nowhere, FindUnion(store, "nowhere"));
  ASSERT_TRUE(province.has_value() && city.has_value());
  EXPECT_FALSE(nowhere.has_value());
  EXPECT_EQ(city->row.parent, province->number);
  EXPECT_EQ(city->row.id, "city");
  EXPECT_TRUE(city->row.open());
  EXPECT_EQ(province->row.below, std::vector<std::uint32_t>{1});
}

}  // namespace
}  // namespace puhui::issuing
