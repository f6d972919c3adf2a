// SPDX-License-Identifier: Apache-2.0
// What a pack says of the earmarks of a holiday, through the real commands.
#include "tests/unit/issuing/app/rule_script.h"

#include <gtest/gtest.h>

namespace puhui::issuing::rule_earmarks_test {
namespace {

constexpr char kUnions[] = R"(
    union    city                                       ok
    propose  city 100000 ref=B-1                        ok
    confirm  city p1                                    ok
    enrol    city li wang                               ok
)";

// A share alone could be spent anywhere.
TEST(RuleEarmarksTest, AnEarmarkLiesInTheRegionsThatThePackNames) {
  RuleScript script;
  script.Run(kUnions);
  script.Run(R"(
    load     p earmark=3000 regions=610000+420100       ok
    bind     city p                                     ok
    holiday  nowhere of=city earmark=3000               ok
    plan     nowhere li:100                             ok
    preview  nowhere 0                                  EARMARK_REGIONS,0,0,-1
    submit   nowhere                                    ok
    approve  nowhere                                    ok
    issue    nowhere                                    ok
    run                                                 ok
    row      nowhere 0                                  EARMARK_REGIONS,0,0,-1
    holiday  elsewhere of=city earmark=3000 regions=440000+610100  ok
    give     elsewhere li:100                           ok
    row      elsewhere 0                                EARMARK_REGIONS,0,0,440000
    holiday  wider of=city earmark=3000 regions=420000  ok
    give     wider li:100                               ok
    row      wider 0                                    EARMARK_REGIONS,0,0,420000
    holiday  little of=city earmark=2999 regions=610100 ok
    give     little li:100                              ok
    row      little 0                                   EARMARK_SHARE,3000,0,2999
    holiday  right of=city earmark=3000 regions=420106+610100  ok
    give     right li:100 wang:200                      ok
    row      right 0                                    granted
    row      right 1                                    granted
    again                                               same
  )");
}

TEST(RuleEarmarksTest, AnEarmarkNamesCategoriesOfThePack) {
  RuleScript script;
  script.Run(kUnions);
  script.Run(R"(
    load     p earmark=3000 goods=5812                  ok
    load     p version=2 earmark=3000 goods=5812+5411 from=2025-01-02  ok
    bind     city p                                     ok
    holiday  other of=city earmark=3000                 ok
    give     other li:100                               ok
    row      other 0                                    EARMARK_CATEGORIES,0,0,5411
    holiday  any of=city earmark=3000 goods=none regions=610000  ok
    give     any li:100                                 ok
    row      any 0                                      EARMARK_CATEGORIES,0,0,-1
    date     2025-01-02T10:00                           ok
    holiday  right of=city earmark=3000                 ok
    give     right li:100                               ok
    row      right 0                                    granted
    again                                               same
  )");
}

}  // namespace
}  // namespace puhui::issuing::rule_earmarks_test
