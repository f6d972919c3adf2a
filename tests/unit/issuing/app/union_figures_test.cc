// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/union_figures.h"

#include "tests/support/status_matchers.h"
#include "tests/support/union_books.h"
#include "tests/unit/issuing/app/script.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::issuing::union_figures_test {
namespace {

constexpr char kIssued[] = R"(
    union    province                        ok
    union    city under=province             ok
    union    works under=city                ok
    union    harbour under=province          ok
    propose  works 1000 ref=B-1              ok
    confirm  works p1                        ok
    propose  city 1000 ref=B-2               ok
    confirm  city p2                         ok
    enrol    works li wang                   ok
    campaign gift of=works expires=30d       ok
    plan     gift li:100 wang:200            ok
    submit   gift                            ok
    approve  gift                            ok
    issue    gift                            ok
    run                                      ok
    campaign more of=city expires=60d        ok
    plan     more li:5                       ok
    submit   more                            ok
    approve  more                            ok
    issue    more                            ok
    run                                      ok
)";

// Every line of a script compares the figures of all unions with the sums of their campaigns'.
class UnionFiguresTest : public ::testing::Test {
 protected:
  std::int64_t Granted(const std::string& of) {
    const auto figures =
        SubtreeFiguresOf(script_.ledger().ledger.store(), script_.ledger().NumberOf(of));
    EXPECT_OK(figures);
    return figures.ok() ? figures->granted : -1;
  }

  Script script_;
};

TEST_F(UnionFiguresTest, AddUpTheCampaignsOfASubtree) {
  script_.Run(kIssued);
  EXPECT_EQ(Granted("works"), 300);
  EXPECT_EQ(Granted("city"), 305);
  EXPECT_EQ(Granted("province"), 305);
  EXPECT_EQ(Granted("harbour"), 0);
  script_.Run(R"(
    advance  31d                             ok
    run                                      ok
  )");
  ASSERT_OK_AND_ASSIGN(
      const ledger::CampaignFigures figures,
      SubtreeFiguresOf(script_.ledger().ledger.store(), script_.ledger().NumberOf("province")));
  EXPECT_EQ(figures,
            (ledger::CampaignFigures{.granted = 305, .available = 5, .expired = 300, .grants = 3}));
}

TEST_F(UnionFiguresTest, GoAlongWhenAUnionMoves) {
  script_.Run(kIssued);
  script_.Run(R"(
    move     works under=harbour             ok
  )");
  EXPECT_EQ(Granted("works"), 300);
  EXPECT_EQ(Granted("city"), 5);
  EXPECT_EQ(Granted("harbour"), 300);
  EXPECT_EQ(Granted("province"), 305);
  script_.Run(R"(
    move     harbour                         ok
    move     works under=city                ok
    advance  61d                             ok
    run                                      ok
  )");
  EXPECT_EQ(Granted("harbour"), 0);
  EXPECT_EQ(Granted("province"), 305);
}

// The move and what became of points just before it stand in one segment.
TEST_F(UnionFiguresTest, CountForWhomTheUnionWasUnderAtThatRecord) {
  script_.Run(kIssued);
  script_.Run(R"(
    campaign late of=works expires=30d       ok
    plan     late li:7                       ok
    submit   late                            ok
    approve  late                            ok
  )");
  IssuingLedger& ledger = script_.ledger();
  ASSERT_OK(ledger.StartIssue("late"));
  ledger.ledger.Hold();
  ASSERT_OK(ledger.RunDueChores(1));
  ASSERT_OK(ledger.MoveUnion("works", "harbour"));
  ASSERT_OK(ledger.Leave("li"));
  ledger.ledger.Release();
  testing::UnionBooks(&ledger.ledger.store()).ExpectSound();
  EXPECT_EQ(Granted("harbour"), 307);
  EXPECT_EQ(Granted("city"), 5);
}

}  // namespace
}  // namespace puhui::issuing::union_figures_test
