// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/union_walk.h"

#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/issuing_ledger.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::issuing {
namespace {

using ::testing::ElementsAre;

// province > (city > (county > town), works), other > shop: each created in another order.
class UnionWalkTest : public ::testing::Test {
 protected:
  UnionWalkTest() {
    for (const char* id : {"province", "other", "city", "shop", "town", "county", "works"}) {
      EXPECT_OK(ledger_.CreateUnion(id));
    }
    for (const auto& [id, parent] :
         std::vector<std::pair<const char*, const char*>>{{"city", "province"},
                                                          {"shop", "other"},
                                                          {"county", "city"},
                                                          {"town", "county"},
                                                          {"works", "province"}}) {
      EXPECT_OK(ledger_.MoveUnion(id, parent));
    }
  }

  // What is left of a walk, each as its level and id.
  static std::vector<std::string> Rest(UnionWalk& walk) {
    std::vector<std::string> steps;
    while (true) {
      const auto step = walk.Next();
      EXPECT_OK(step);
      if (!step.ok() || !step->has_value()) return steps;
      steps.push_back(absl::StrCat((*step)->level, " ", (*step)->row.id));
    }
  }
  UnionWalk Walk(absl::string_view top, std::size_t levels = 0) {
    const UnionNumber number = top.empty() ? UnionNumber{} : ledger_.NumberOf(top);
    return UnionWalk(&ledger_.ledger.store(), number, levels);
  }
  std::vector<UnionNumber> Path(const std::vector<std::string>& ids) {
    std::vector<UnionNumber> path;
    for (const std::string& id : ids) path.push_back(ledger_.NumberOf(id));
    return path;
  }

  IssuingLedger ledger_;
};

TEST_F(UnionWalkTest, ShowsEachParentBeforeItsChildren) {
  UnionWalk province = Walk("province");
  EXPECT_THAT(Rest(province), ElementsAre("0 province", "1 city", "2 county", "3 town", "1 works"));
  EXPECT_THAT(Rest(province), ElementsAre()) << "the end stays the end";
  UnionWalk town = Walk("town");
  EXPECT_THAT(Rest(town), ElementsAre("0 town"));
  UnionWalk all = Walk("");
  EXPECT_THAT(Rest(all), ElementsAre("0 province", "1 city", "2 county", "3 town", "1 works",
                                     "0 other", "1 shop"));
  EXPECT_THAT(Rest(all), ElementsAre());
}

TEST_F(UnionWalkTest, GoesAsFarDownAsItIsTold) {
  UnionWalk one = Walk("province", 1);
  EXPECT_THAT(Rest(one), ElementsAre("0 province", "1 city", "1 works"));
  UnionWalk two = Walk("province", 2);
  EXPECT_THAT(Rest(two), ElementsAre("0 province", "1 city", "2 county", "1 works"));
  UnionWalk all = Walk("", 1);
  EXPECT_THAT(Rest(all), ElementsAre("0 province", "1 city", "1 works", "0 other", "1 shop"));
}

TEST_F(UnionWalkTest, GoesOnFromWhereverAnotherWalkStood) {
  for (const char* top : {"province", ""}) {
    UnionWalk whole = Walk(top);
    const std::vector<std::string> expected = Rest(whole);
    UnionWalk slow = Walk(top);
    for (std::size_t shown = 1; shown <= expected.size(); ++shown) {
      ASSERT_OK(slow.Next());
      UnionWalk next = Walk(top);
      ASSERT_OK_AND_ASSIGN(const bool resumed, next.Resume(slow.path()));
      ASSERT_TRUE(resumed);
      EXPECT_EQ(Rest(next),
                std::vector<std::string>(expected.begin() + static_cast<std::ptrdiff_t>(shown),
                                         expected.end()));
    }
  }
}

TEST_F(UnionWalkTest, TakesNoPathOfAnotherWalk) {
  UnionWalk city = Walk("city");
  ASSERT_OK_AND_ASSIGN(const bool other_top, city.Resume(Path({"province", "city"})));
  EXPECT_FALSE(other_top);
  ASSERT_OK_AND_ASSIGN(const bool empty, city.Resume({}));
  EXPECT_FALSE(empty);
}

TEST_F(UnionWalkTest, GoesOnBehindTheLastUnionThatIsStillInPlace) {
  const std::vector<UnionNumber> path = Path({"province", "city", "county", "town"});
  ASSERT_OK(ledger_.MoveUnion("county", "other"));
  UnionWalk province = Walk("province");
  ASSERT_OK(province.Resume(path));
  EXPECT_THAT(Rest(province), ElementsAre("1 works"));
  // The whole path has gone; what stands behind its top has not been shown yet.
  ASSERT_OK(ledger_.MoveUnion("province", "shop"));
  UnionWalk all = Walk("");
  ASSERT_OK(all.Resume(path));
  EXPECT_THAT(Rest(all), ElementsAre("0 other", "1 shop", "2 province", "3 city", "3 works",
                                     "1 county", "2 town"));
  UnionWalk beyond = Walk("province");
  ASSERT_OK(beyond.Resume(Path({"province", "nowhere"})));
  EXPECT_THAT(Rest(beyond), ElementsAre("1 city", "1 works"));
}

// Whoever keeps what a walk found goes by that.
TEST_F(UnionWalkTest, TheRecordThatChangedTheTreeLastIsTold) {
  const auto last = [&](const Result& done) { return done.ok() ? done->first().sequence() : 0; };
  const Result founded = ledger_.CreateUnion("village", "town");
  ASSERT_OK(founded);
  EXPECT_EQ(ledger_.applier.tree_changed(), last(founded));
  const Result moved = ledger_.MoveUnion("village", "shop");
  ASSERT_OK(moved);
  EXPECT_EQ(ledger_.applier.tree_changed(), last(moved));
  ASSERT_OK(ledger_.CloseUnion("village"));
  ASSERT_OK(ledger_.Enrol("town", std::vector<std::string>{"ann"}));
  EXPECT_EQ(ledger_.applier.tree_changed(), last(moved));
}

}  // namespace
}  // namespace puhui::issuing
