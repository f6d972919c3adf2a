// SPDX-License-Identifier: Apache-2.0
// The shapes of the provinces, and what people have received, through the real commands.
#include "issuing/app/issue_run.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/rule_script.h"

#include <gtest/gtest.h>

namespace puhui::issuing {
namespace {

constexpr char kProvince[] = R"(
    union    province                        ok
    union    city under=province             ok
    union    works under=city                ok
    union    county under=province           ok
    propose  city 100000000 ref=B-1          ok
    confirm  city p1                         ok
    propose  works 100000000 ref=B-2         ok
    confirm  works p2                        ok
    propose  county 100000000 ref=B-3        ok
    confirm  county p3                       ok
    enrol    works li wang                   ok
    enrol    county zhao                     ok
)";

TEST(RulePacksTest, NothingIsLimitedWhereNobodyNamesAPack) {
  RuleScript script;
  script.Run(kProvince);
  script.Run(R"(
    ship     anhui                                      ok
    holiday  gift of=city for=harvest                   ok
    give     gift li:99000000                           ok
    row      gift 0                                     granted
    received li 2025 harvest                            99000000
    again                                               same
  )");
}

TEST(RulePacksTest, GuizhouGivesFiveHundredAtSpringFestivalAndTwoHundredAtEachOther) {
  RuleScript script;
  script.Run(kProvince);
  script.Run(R"(
    ship     guizhou                                    ok
    bind     province guizhou                           ok
    holiday  spring of=city                             ok
    give     spring li:50000 wang:50001                 ok
    row      spring 0                                   granted
    row      spring 1                                   POINTS_PER_OCCASION,50000,0,50001
    holiday  tomb of=city for=qingming                  ok
    give     tomb li:20000 wang:20001                   ok
    row      tomb 0                                     granted
    row      tomb 1                                     POINTS_PER_OCCASION,20000,0,20001
    holiday  ox of=works for=siyueba                    ok
    give     ox li:20000                                ok
    row      ox 0                                       granted
    holiday  more of=works for=siyueba                  ok
    give     more li:1 wang:20000                       ok
    row      more 0                                     POINTS_PER_OCCASION,20000,20000,1
    row      more 1                                     granted
    holiday  odd of=works for=harvest                   ok
    give     odd li:1                                   ok
    row      odd 0                                      OCCASION,0,0,0
    received li 2025 spring-festival                    50000
    received wang 2025 spring-festival                  0
    again                                               same
  )");
}

TEST(RulePacksTest, HubeiAllowsMoreToWellFundedEnterprises) {
  RuleScript script;
  script.Run(kProvince);
  script.Run(R"(
    ship     hubei                                      ok
    bind     province hubei                             ok
    kind     province enterprise                        ok
    holiday  spring of=city                             ok
    give     spring li:120000                           ok
    holiday  tomb of=city for=qingming                  ok
    give     tomb li:1                                  ok
    row      tomb 0                                     POINTS_PER_YEAR,120000,120000,1
    kind     works well-funded                          ok
    holiday  boat of=works for=dragon-boat              ok
    give     boat li:30001 wang:150000                  ok
    row      boat 0                                     POINTS_PER_YEAR,150000,120000,30001
    row      boat 1                                     granted
    holiday  moon of=works for=mid-autumn               ok
    give     moon li:30000                              ok
    row      moon 0                                     granted
    again                                               same
  )");
}

TEST(RulePacksTest, ShaanxiFormerlyAllowedThreeHolidays) {
  RuleScript script;
  script.Run(R"(
    date     2018-02-01T10:00                           ok
  )");
  script.Run(kProvince);
  script.Run(R"(
    ship     shaanxi-1                                  ok
    ship     shaanxi-2                                  ok
    bind     city shaanxi                               ok
    holiday  a of=city                                  ok
    give     a li:1                                     ok
    holiday  b of=city for=qingming                     ok
    give     b li:1                                     ok
    holiday  c of=works for=labour-day                  ok
    give     c li:1                                     ok
    holiday  d of=works for=dragon-boat                 ok
    give     d li:1                                     ok
    row      d 0                                        OCCASIONS_PER_YEAR,3,3,1
    holiday  e of=works for=qingming                    ok
    give     e li:99997 wang:100001                     ok
    row      e 0                                        granted
    row      e 1                                        POINTS_PER_YEAR,100000,0,100001
    again                                               same
  )");
}

TEST(RulePacksTest, ShaanxiLaterAsksForAnEarmarkOfThirtyPercent) {
  RuleScript script;
  script.Run(kProvince);
  script.Run(R"(
    ship     shaanxi-1                                  ok
    ship     shaanxi-2                                  ok
    bind     city shaanxi                               ok
    holiday  plain of=city                              ok
    give     plain li:100                               ok
    row      plain 0                                    EARMARK_SHARE,3000,0,0
    holiday  little of=city earmark=2999                ok
    give     little li:100                              ok
    row      little 0                                   EARMARK_SHARE,3000,0,2999
    budget   city 100000000                             ok
    holiday  right of=city earmark=3000                 ok
    give     right li:220000 wang:220001                ok
    row      right 0                                    granted
    row      right 1                                    POINTS_PER_YEAR,220000,0,220001
    again                                               same
  )");
}

TEST(RulePacksTest, AnhuiCountsWhatOtherUnionsGave) {
  RuleScript script;
  script.Run(kProvince);
  script.Run(R"(
    ship     anhui                                      ok
    bind     province anhui                             ok
    holiday  city of=city                               ok
    give     city li:100000 wang:1                      ok
    holiday  works of=works for=mid-autumn              ok
    plan     works li:60000 wang:149999                 ok
    preview  works 0                                    POINTS_PER_YEAR,150000,100000,60000
    preview  works 1                                    granted
    submit   works                                      ok
    approve  works                                      ok
    budget   works 99790001                             ok
    issue    works                                      ok
    preview  works 0                                    POINTS_PER_YEAR,150000,100000,60000
    run                                                 ok
    row      works 0                                    POINTS_PER_YEAR,150000,100000,60000
    row      works 1                                    granted
    budget   works 99850001                             ok
    again                                               same
  )");
}

TEST(RulePacksTest, EventsOfALifeStandApart) {
  RuleScript script;
  script.Run(kProvince);
  script.Run(R"(
    ship     anhui                                      ok
    bind     province anhui                             ok
    holiday  spring of=city                             ok
    give     spring li:150000                           ok
    holiday  wedding of=city for=marriage               ok
    give     wedding li:60001 wang:60000                ok
    row      wedding 0                                  POINTS_PER_LIFE_EVENT,60000,0,60001
    row      wedding 1                                  granted
    holiday  cake of=works for=birthday                 ok
    give     cake li:30000                              ok
    row      cake 0                                     granted
    holiday  again of=works for=marriage                ok
    give     again li:60000 wang:1                      ok
    row      again 0                                    granted
    row      again 1                                    POINTS_PER_LIFE_EVENT,60000,60000,1
    holiday  moon of=works for=mid-autumn               ok
    give     moon li:1 wang:150000                      ok
    row      moon 0                                     POINTS_PER_YEAR,150000,150000,1
    row      moon 1                                     granted
    again                                               same
  )");
}

TEST(RulePacksTest, ATransferKeepsWhatWasReceived) {
  RuleScript script;
  script.Run(kProvince);
  script.Run(R"(
    holiday  spring of=works                            ok
    give     spring li:100000                           ok
    transfer li to=county                               ok
    ship     anhui                                      ok
    bind     county anhui                               ok
    holiday  moon of=county for=mid-autumn              ok
    give     moon li:50001 zhao:150000                  ok
    row      moon 0                                     POINTS_PER_YEAR,150000,100000,50001
    row      moon 1                                     granted
    received li 2025 spring-festival                    100000
    again                                               same
  )");
}

TEST(RulePacksTest, WhatGoesBackWhenSomebodyLeavesGivesRoomAgain) {
  RuleScript script;
  script.Run(kProvince);
  script.Run(R"(
    ship     anhui                                      ok
    bind     province anhui                             ok
    set      works leave=return                         ok
    holiday  spring of=works                            ok
    give     spring li:150000                           ok
    leave    li                                         ok
    received li 2025 spring-festival                    0
    rejoin   li to=county                               ok
    holiday  moon of=county for=mid-autumn              ok
    give     moon li:150000                             ok
    row      moon 0                                     granted
    leave    li                                         ok    # keeps them
    received li 2025 mid-autumn                         150000
    again                                               same
  )");
}

TEST(RulePacksTest, AYearBeginsAtMidnightInTheZoneOfTheUnion) {
  RuleScript script;
  script.Run("date 2024-12-31T10:00 ok");
  script.Run(kProvince);
  script.Run(R"(
    load     p year=500                                 ok
    bind     province p                                 ok
    holiday  a of=city                                  ok
    give     a li:500                                   ok
    date     2024-12-31T23:59                           ok
    holiday  b of=city                                  ok
    give     b li:1                                     ok
    row      b 0                                        POINTS_PER_YEAR,500,500,1
    date     2025-01-01T00:00                           ok    # in UTC it is still 2024
    holiday  c of=city                                  ok
    give     c li:500                                   ok
    row      c 0                                        granted
    received li 2024 spring-festival                    500
    received li 2025 spring-festival                    500
    again                                               same
  )");
}

// All rows of a run count in its day, when it goes on after midnight too.
TEST(RulePacksTest, ARunCountsInTheDayOnWhichItBegan) {
  RuleScript script;
  script.Run("date 2024-12-31T23:59 ok");
  script.Run(kProvince);
  script.Run(R"(
    load     p year=500 to=2024-12-31                   ok
    load     p version=2 year=100 from=2025-01-01       ok
    bind     province p                                 ok
    holiday  a of=city                                  ok
    plan     a li:500                                   ok
    submit   a                                          ok
    approve  a                                          ok
    issue    a                                          ok
    date     2025-01-01T00:01                           ok
    preview  a 0                                        granted
    run                                                 ok
    row      a 0                                        granted
    received li 2024 spring-festival                    500
    again                                               same
  )");
}

// Two campaigns for the same people: what the first decided counts before it is durable.
TEST(RulePacksTest, TwoRunsInOneGroupSeeEachOther) {
  RuleScript script;
  script.Run(kProvince);
  script.Run(R"(
    load     p year=500                                 ok
    bind     province p                                 ok
    holiday  a of=city                                  ok
    holiday  b of=works for=qingming                    ok
    plan     a li:300 wang:500                          ok
    plan     b li:300 wang:100                          ok
    submit   a                                          ok
    submit   b                                          ok
    approve  a                                          ok
    approve  b                                          ok
    issue    a                                          ok
    issue    b                                          ok
    preview  b 0                                        granted
  )");
  IssuingLedger& ledger = script.ledger();
  ledger.ledger.Hold();
  const auto chunk = [&ledger](const char* id, const NamedRows& rows) {
    IssueChunkCommand command(
        &ledger.tables, &ledger.ledger.views(),
        {.campaign = ledger.Campaign(id).number, .version = 1, .rows = ledger.Packed(rows)});
    return ledger.ledger.Run(command).status();
  };
  ASSERT_OK(chunk("a", {{"li", 300}, {"wang", 500}}));
  ASSERT_OK(chunk("b", {{"li", 300}, {"wang", 100}}));
  ledger.ledger.Release();
  script.Run(R"(
    row      a 0                                        granted
    row      a 1                                        granted
    row      b 0                                        POINTS_PER_YEAR,500,300,300
    row      b 1                                        POINTS_PER_YEAR,500,500,100
    received li 2025 qingming                           0
    again                                               same
  )");
}

TEST(RulePacksTest, APackThatHasRunOutLetsNothingBeIssued) {
  RuleScript script;
  script.Run(kProvince);
  script.Run(R"(
    load     p to=2024-12-31                            ok
    bind     province p                                 ok
    holiday  a of=city                                  ok
    give     a li:1                                     ok
    row      a 0                                        IN_FORCE,20088,0,20089
    again                                               same
  )");
}

TEST(RulePacksTest, TheNearestUnionAboveThatNamesOneDecides) {
  RuleScript script;
  script.Run(kProvince);
  script.Run(R"(
    load     narrow year=1                              ok
    load     wide year=1000                             ok
    bind     province narrow                            ok
    bind     works wide                                 ok
    holiday  a of=works                                 ok
    give     a li:900                                   ok
    row      a 0                                        granted
    holiday  b of=county                                ok
    give     b zhao:2                                   ok
    row      b 0                                        POINTS_PER_YEAR,1,0,2
    bind     works none                                 ok
    holiday  c of=works                                 ok
    give     c li:1                                     ok
    row      c 0                                        POINTS_PER_YEAR,1,900,1
  )");
}

}  // namespace
}  // namespace puhui::issuing
