// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/refusal_matchers.h"
#include "tests/unit/issuing/app/claw_back_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

namespace puhui::issuing {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;

TEST_F(ClawBackTest, TakesWhatEverybodyHasLeft) {
  script_.Run(kClawBackIssued);
  const Sequence claw_back = Proposed();
  EXPECT_EQ(Row(claw_back).state, ClawBackState::kRunning);
  EXPECT_EQ(Row(claw_back).points_max, 600);
  EXPECT_FALSE(Row(claw_back).needs_confirmation);
  script_.Run(R"(
    run                                      ok
    wallet   li 0                            ok
    wallet   wang 0                          ok
    wallet   zhao 0                          ok
    budget   city 1000                       ok
  )");
  const ClawBackRow row = Row(claw_back);
  EXPECT_EQ(row.state, ClawBackState::kDone);
  EXPECT_EQ(row.next_row, 3U);
  EXPECT_EQ(row.rows_taken, 3U);
  EXPECT_EQ(row.points_taken, 600);
  EXPECT_TRUE(row.finish_time.has_value());
  EXPECT_THAT(Verdicts(claw_back),
              ElementsAre(ElementsAre(0, 100, kTakenVerdict), ElementsAre(1, 200, kTakenVerdict),
                          ElementsAre(2, 300, kTakenVerdict)));
  // Nothing is left, and nothing of it is due any more.
  const Sequence again = Proposed();
  EXPECT_EQ(Row(again).points_max, 0);
  script_.Run("run ok");
  EXPECT_EQ(Row(again).rows_nothing_left, 3U);
}

TEST_F(ClawBackTest, TakesOfTheRowsThatAreNamedNoMoreThanIsSaid) {
  script_.Run(kClawBackIssued);
  const Sequence claw_back = Proposed({0, 2}, 150);
  EXPECT_EQ(Row(claw_back).points_max, 250);
  script_.Run(R"(
    run                                      ok
    wallet   li 0                            ok
    wallet   wang 200                        ok
    wallet   zhao 150                        ok
    budget   city 650                        ok
  )");
  EXPECT_THAT(Verdicts(claw_back),
              ElementsAre(ElementsAre(0, 100, kTakenVerdict), ElementsAre(2, 150, kTakenVerdict)));
}

TEST_F(ClawBackTest, NeverTakesWhatIsHeldOrSpent) {
  script_.Run(kClawBackIssued);
  Hold("li", 100);
  Buy("wang", 200);
  Hold("zhao", 120);
  const Sequence claw_back = Proposed();
  script_.Run("run ok");
  EXPECT_THAT(Verdicts(claw_back),
              ElementsAre(ElementsAre(0, 0, kHeldVerdict), ElementsAre(1, 0, kNothingLeftVerdict),
                          ElementsAre(2, 180, kTakenVerdict)));
  const ledger::Wallet& zhao = *ledger().ledger.views().wallets.Find(ledger().members.at("zhao"));
  EXPECT_EQ(zhao.lots.at(0).remaining, 120);
  EXPECT_EQ(zhao.lots.at(0).held, 120);
  Hold("li", -100);
  script_.Run("wallet li 100 ok");
}

TEST_F(ClawBackTest, LeavesWhatHasExpiredToTheSweep) {
  script_.Run(kClawBackIssued);
  Hold("li", 40);
  const Sequence claw_back = Proposed();
  script_.Run("advance 31d ok");
  RunToItsEnd(claw_back);
  EXPECT_THAT(Verdicts(claw_back),
              ElementsAre(ElementsAre(0, 0, kHeldVerdict), ElementsAre(1, 0, kExpiredVerdict),
                          ElementsAre(2, 0, kExpiredVerdict)));
  EXPECT_EQ(Row(claw_back).points_taken, 0);
  script_.Run(R"(
    run                                      ok
    budget   city 960                        ok
  )");
}

TEST_F(ClawBackTest, SaysWhichRowsTheRunHadRefused) {
  script_.Run(R"(
    union    city                            ok
    propose  city 1000 ref=B-1               ok
    confirm  city p1                         ok
    enrol    city li wang                    ok
    campaign gift of=city expires=30d        ok
    plan     gift li:100 wang:200            ok
    submit   gift                            ok
    approve  gift                            ok
    suspend  wang                            ok
    issue    gift                            ok
    run                                      ok
  )");
  const Sequence claw_back = Proposed();
  script_.Run("run ok");
  EXPECT_THAT(Verdicts(claw_back), ElementsAre(ElementsAre(0, 100, kTakenVerdict),
                                               ElementsAre(1, 0, kNotGrantedVerdict)));
  EXPECT_EQ(Row(claw_back).rows_not_granted, 1U);
}

TEST_F(ClawBackTest, TakesOfMembersWhateverBecameOfThem) {
  script_.Run(kClawBackIssued);
  script_.Run(R"(
    suspend  li                              ok
    leave    wang                            ok
  )");
  Proposed();
  script_.Run(R"(
    run                                      ok
    wallet   li 0                            ok
    wallet   wang 0                          ok
    budget   city 1000                       ok
  )");
}

// An earmark makes two lots of a grant: what may be spent anywhere goes first.
TEST_F(ClawBackTest, TakesOfTheFreeLotOfAGrantBeforeTheEarmarkedOne) {
  script_.Run(kClawBackIssued);
  const MemberId li = ledger().members.at("li");
  ledger::Wallet& wallet = ledger().ledger.views().wallets.Edit(li);
  ledger::Lot earmarked = wallet.lots.at(0);
  earmarked.number = LotNumber{NumberOf(earmarked.number) | std::uint32_t{1} << 31};
  earmarked.granted = earmarked.remaining = 60;
  wallet.lots.at(0).granted = wallet.lots.at(0).remaining = 40;
  wallet.lots.push_back(earmarked);
  const Sequence claw_back = Proposed({0}, 50);
  script_.Run("run ok");
  EXPECT_THAT(Verdicts(claw_back), ElementsAre(ElementsAre(0, 50, kTakenVerdict)));
  const ledger::Wallet& left = *ledger().ledger.views().wallets.Find(li);
  ASSERT_EQ(left.lots.size(), 1U);
  EXPECT_EQ(left.lots[0].number, earmarked.number);
  EXPECT_EQ(left.lots[0].remaining, 50);
}

TEST_F(ClawBackTest, WaitsForASecondPersonAboveTheThreshold) {
  script_.Run(kClawBackIssued);
  SetThreshold(599);
  const Sequence claw_back = Proposed();
  EXPECT_TRUE(Row(claw_back).needs_confirmation);
  script_.Run(R"(
    run                                      ok
    wallet   li 100                          ok
  )");
  EXPECT_EQ(Row(claw_back).state, ClawBackState::kProposed);
  EXPECT_THAT(Decide(claw_back, true, "pat"), Refuses(Reason::kSamePerson, "name"));
  ASSERT_OK(Decide(claw_back, true));
  EXPECT_EQ(Row(claw_back).state, ClawBackState::kRunning);
  EXPECT_EQ(Row(claw_back).decider, "ann");
  script_.Run(R"(
    run                                      ok
    budget   city 1000                       ok
  )");
  EXPECT_EQ(Row(claw_back).state, ClawBackState::kDone);
}

TEST_F(ClawBackTest, NeedsNobodyElseUpToTheThreshold) {
  script_.Run(kClawBackIssued);
  SetThreshold(600);
  EXPECT_EQ(Row(Proposed({0}, 0)).state, ClawBackState::kRunning);
  script_.Run("run ok");
  EXPECT_EQ(Row(Proposed({}, 200)).points_max, 500);
}

TEST_F(ClawBackTest, SmallOnesThatComeToMuchNeedASecondPersonToo) {
  script_.Run(kClawBackIssued);
  SetThreshold(150);
  EXPECT_EQ(Row(Proposed({0}, 0)).state, ClawBackState::kRunning);
  script_.Run("run ok");
  EXPECT_EQ(Row(Proposed({1}, 50)).state, ClawBackState::kRunning);
  script_.Run("run ok");
  EXPECT_EQ(Row(Proposed({1}, 1)).state, ClawBackState::kProposed);
}

TEST_F(ClawBackTest, WhereTwoApproveWhateverTheSizeASecondPersonConfirms) {
  script_.Run(kClawBackIssued);
  SetThreshold(0, /*approvers=*/2);
  EXPECT_EQ(Row(Proposed({0}, 1)).state, ClawBackState::kProposed);
}

TEST_F(ClawBackTest, TakesNothingWhenItIsRejected) {
  script_.Run(kClawBackIssued);
  SetThreshold(1);
  const Sequence claw_back = Proposed();
  EXPECT_THAT(Decide(claw_back, false, "pat"), Refuses(Reason::kSamePerson, "name"));
  ASSERT_OK(Decide(claw_back, false));
  EXPECT_EQ(Row(claw_back).state, ClawBackState::kRejected);
  EXPECT_EQ(Row(claw_back).decision_reason, "by mistake");
  script_.Run(R"(
    run                                      ok
    wallet   li 100                          ok
  )");
  EXPECT_THAT(Decide(claw_back, true), Refuses(Reason::kClawBackState, "name"));
}

TEST_F(ClawBackTest, RefusesAProposalByTheEarliestRuleItBreaks) {
  script_.Run(kClawBackIssued);
  EXPECT_THAT(Propose({}, 0, "none"), Refuses(Reason::kNotFound, "campaign"));
  script_.Run("campaign draft of=city expires=30d ok");
  EXPECT_THAT(Propose({}, 0, "draft"), Refuses(Reason::kCampaignState, "campaign"));
  ASSERT_OK(Propose({0}));
  EXPECT_THAT(Propose({1}), Refuses(Reason::kClawBackState, "campaign"));
  script_.Run("run ok");
  EXPECT_OK(Propose({1}));
  // Rows that were looked for before it was issued are not rows of it.
  script_.Run("run ok");
  ProposeClawBackCommand unknown(&ledger().tables, &ledger().ledger.views(),
                                 {.campaign = *CampaignId::Parse("gift", "campaign")});
  EXPECT_THAT(ledger().ledger.Run(unknown), Refuses(Reason::kCampaignState, "campaign"));
}

TEST_F(ClawBackTest, RefusesADecisionByTheEarliestRuleItBreaks) {
  script_.Run(kClawBackIssued);
  SetThreshold(150);
  const Sequence first = Proposed();
  const Sequence second = Proposed();
  EXPECT_THAT(Decide(first, true, "pat"), Refuses(Reason::kSamePerson));
  EXPECT_THAT(Decide(999, true), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Decide(first, true, "ann", "none"), Refuses(Reason::kNotFound, "name"));
  script_.Run("campaign draft of=city expires=30d ok");
  EXPECT_THAT(Decide(first, true, "ann", "draft"), Refuses(Reason::kNotFound, "name"));
  const CampaignNumber gift = ledger().Campaign("gift").number;
  ledger().tables.campaigns.Edit(gift).state = CampaignState::kClosed;
  EXPECT_THAT(Decide(first, true), Refuses(Reason::kCampaignState, "name"));
  ledger().tables.campaigns.Edit(gift).state = CampaignState::kIssued;
  ASSERT_OK(Decide(first, true));
  EXPECT_THAT(Decide(first, true), Refuses(Reason::kClawBackState, "name"));
  EXPECT_THAT(Decide(second, true), Refuses(Reason::kClawBackState, "name"));
  ASSERT_OK(Decide(second, false));
}

TEST_F(ClawBackTest, APieceIsOfARunningOneThatStandsThere) {
  script_.Run(kClawBackIssued);
  const Sequence claw_back = Proposed();
  const auto run = [&](ClawBackPiece piece) {
    ClawBackChunkCommand command(&ledger().tables, &ledger().ledger.views(), std::move(piece));
    return ledger().ledger.Run(command);
  };
  const MemberId li = ledger().members.at("li");
  EXPECT_THAT(run({.claw_back = 999, .rows = {{0, li, true}}}), Refuses(Reason::kNotFound));
  EXPECT_THAT(run({.claw_back = claw_back, .first = 1, .rows = {{1, li, true}}}),
              Refuses(Reason::kClawBackState));
  script_.Run("run ok");
  EXPECT_THAT(run({.claw_back = claw_back, .first = 3, .rows = {{0, li, true}}}),
              Refuses(Reason::kClawBackState));
}

TEST(ClawBackBoundTest, IsNeverMoreThanWhatCanComeBack) {
  CampaignRow campaign;
  campaign.plan.rows = 10;
  const ledger::CampaignFigures figures{
      .granted = 1'000, .available = 400, .spent = 300, .expired = 200, .returned = 100};
  ClawBackWish wish;
  EXPECT_EQ(ClawBackBound(wish, campaign, figures), 700);
  wish.points_per_row_max = 50;
  EXPECT_EQ(ClawBackBound(wish, campaign, figures), 500);
  wish.points_per_row_max = 70;
  EXPECT_EQ(ClawBackBound(wish, campaign, figures), 700);
  wish.points_per_row_max = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(ClawBackBound(wish, campaign, figures), 700);
  wish.rows = {{0, 100}, {3, 20}};
  EXPECT_EQ(ClawBackBound(wish, campaign, figures), 120);
  wish.points_per_row_max = 30;
  EXPECT_EQ(ClawBackBound(wish, campaign, figures), 50);
  wish.rows = {{0, 5'000}};
  wish.points_per_row_max = 0;
  EXPECT_EQ(ClawBackBound(wish, campaign, figures), 700);
}

// A campaign of `count` rows, issued: row i gives i + 1 points. Then everything is to be taken
// back.
Sequence PrepareClawBack(IssuingLedger& ledger, int count) {
  PUHUI_CHECK_OK(ledger.CreateUnion("city").status());
  PUHUI_CHECK_OK(ledger.Fund("city", 1'000'000'000).status());
  NamedRows rows;
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) {
    names.push_back(absl::StrCat("m", i));
    rows.emplace_back(names.back(), i + 1);
  }
  PUHUI_CHECK_OK(ledger.Enrol("city", names).status());
  PUHUI_CHECK_OK(ledger.CreateCampaign("gift", "city", absl::Hours(24)).status());
  PUHUI_CHECK_OK(ledger.UploadPlan("gift", rows).status());
  PUHUI_CHECK_OK(ledger.Submit("gift").status());
  PUHUI_CHECK_OK(ledger.Approve("gift").status());
  PUHUI_CHECK_OK(ledger.StartIssue("gift").status());
  PUHUI_CHECK_OK(ledger.RunDueChores().status());
  ProposeClawBackCommand command(
      &ledger.tables, &ledger.ledger.views(),
      {.campaign = *CampaignId::Parse("gift", "campaign"), .rows_known = true, .person = "pat"});
  const Result outcome = ledger.ledger.Run(command);
  PUHUI_CHECK_OK(outcome.status());
  return outcome->first().sequence();
}

constexpr int kClawBackRows = 2 * static_cast<int>(kClawBackChunkRows) + 76;

TEST(ClawBackCrashTest, GoesOnAfterACrashWhereItStopped) {
  IssuingLedger undisturbed;
  const Sequence claw_back = PrepareClawBack(undisturbed, kClawBackRows);
  ASSERT_OK(undisturbed.RunDueChores());
  for (int commands = 0; commands < 3; ++commands) {
    IssuingLedger dead;
    PrepareClawBack(dead, kClawBackRows);
    ASSERT_OK(dead.RunDueChores(commands));
    IssuingLedger alive;
    ASSERT_OK(alive.ledger.RecoverFrom(dead.ledger));
    ASSERT_OK_AND_ASSIGN(const int rest, alive.RunDueChores());
    EXPECT_EQ(rest, 3 - commands);
    ASSERT_OK_AND_ASSIGN(const auto row, FindClawBack(alive.ledger.store(), claw_back));
    EXPECT_EQ(row->state, ClawBackState::kDone);
    EXPECT_EQ(row->rows_taken, static_cast<std::uint64_t>(kClawBackRows));
    EXPECT_EQ(alive.Budget("city"), 1'000'000'000);
    EXPECT_EQ(alive.ledger.last_sequence(), undisturbed.ledger.last_sequence());
    EXPECT_EQ(alive.SumOfTheBook(), 0);
  }
}

TEST(ClawBackCrashTest, PiecesAreGivenAheadOfThoseThatAreNotDurable) {
  IssuingLedger ledger;
  const Sequence claw_back = PrepareClawBack(ledger, kClawBackRows);
  ASSERT_OK_AND_ASSIGN(const auto row, FindClawBack(ledger.ledger.store(), claw_back));
  ASSERT_OK_AND_ASSIGN(
      const auto chore,
      ledger.chores.Begin({*row->due, ledger::kTimerClawBack, claw_back}, ledger.ledger.store()));
  ledger.ledger.Hold();
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(const auto command, chore->Next(ledger.ledger.store()));
    ASSERT_NE(command, nullptr);
    ASSERT_OK(ledger.ledger.Run(*command));
  }
  ASSERT_OK_AND_ASSIGN(const auto none, chore->Next(ledger.ledger.store()));
  EXPECT_EQ(none, nullptr);
  ledger.ledger.Release();
  ASSERT_OK_AND_ASSIGN(const auto done, FindClawBack(ledger.ledger.store(), claw_back));
  EXPECT_EQ(done->state, ClawBackState::kDone);
}

}  // namespace
}  // namespace puhui::issuing
