// SPDX-License-Identifier: Apache-2.0
// Runs that grant nothing once a row would be refused.
#include "issuing/app/issue_run.h"
#include "issuing/app/plan_foresight.h"
#include "issuing/app/queries.h"
#include "issuing/app/run_commands.h"
#include "ledger/base/limits.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing::all_or_nothing_test {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::Pair;

constexpr char kApproved[] = R"(
    union    city                            ok
    propose  city 1000 ref=B-1               ok
    confirm  city p1                         ok
    enrol    city li wang zhao               ok
    campaign gift of=city expires=60d        ok
    plan     gift li:100 wang:200 zhao:300   ok
    submit   gift                            ok
    approve  gift                            ok
)";

// What `gift` has stopped for.
RunStop StopOf(IssuingLedger& ledger) {
  const CampaignRow& row = *ledger.Campaign("gift").row;
  EXPECT_EQ(row.paused, row.stopped.rows > 0);
  return row.stopped;
}

TEST(AllOrNothingTest, ARunWithoutABadRowIsLikeAnyOther) {
  Script script;
  script.Run(kApproved);
  script.Run(R"(
    issue    gift all=yes                    ok
    run                                      ok
    state    gift ISSUED                     ok
    wallet   zhao 300                        ok
    budget   city 400                        ok
  )");
}

TEST(AllOrNothingTest, ARunThatBeginsLaterLooksAtEveryRowThen) {
  Script script;
  script.Run(kApproved);
  script.Run(R"(
    issue    gift in=2d all=yes              ok
    suspend  wang                            ok
    suspend  zhao                            ok
    advance  2d                              ok
    run                                      ok
    state    gift ISSUING                    ok
    wallet   li 0                            ok
    budget   city 400                        ok
  )");
  const RunStop stop = StopOf(script.ledger());
  EXPECT_EQ(stop.row, 1U);
  EXPECT_EQ(stop.reason, Reason::kMemberNotActive);
  EXPECT_EQ(stop.rows, 2U);
  // Whoever resumes it without mending all finds it stopped again.
  script.Run(R"(
    reinstate wang                           ok
    resume   gift                            ok
    run                                      ok
    wallet   li 0                            ok
  )");
  EXPECT_EQ(StopOf(script.ledger()).row, 2U);
  script.Run(R"(
    reinstate zhao                           ok
    resume   gift                            ok
  )");
  EXPECT_EQ(StopOf(script.ledger()).rows, 0U);
  script.Run(R"(
    run                                      ok
    state    gift ISSUED                     ok
    wallet   li 100                          ok
    wallet   wang 200                        ok
    wallet   zhao 300                        ok
  )");
}

TEST(AllOrNothingTest, PeopleMayLetTheOthersHaveTheirsOrGiveItUp) {
  for (const bool cancelled : {false, true}) {
    Script script;
    script.Run(kApproved);
    script.Run(R"(
      issue    gift all=yes                  ok
      suspend  wang                          ok
      run                                    ok
      wallet   li 0                          ok
      pause    gift                          CAMPAIGN_STATE
    )");
    if (cancelled) {
      script.Run(R"(
        cancel   gift                        ok
        run                                  ok
        wallet   li 0                        ok
        budget   city 1000                   ok
      )");
      continue;
    }
    script.Run(R"(
      resume   gift all=no                   ok
      run                                    ok
      state    gift ISSUED                   ok
      wallet   li 100                        ok
      wallet   wang 0                        ok
      wallet   zhao 300                      ok
      budget   city 600                      ok
    )");
    EXPECT_FALSE(script.ledger().Campaign("gift").row->all_or_nothing);
  }
}

// Approvals that have grown too old come first: nobody has to mend rows that will not be issued.
TEST(AllOrNothingTest, WhatVoidsTheApprovalsComesBeforeBadRows) {
  Script script;
  script.Run(kApproved);
  script.Run(R"(
    issue    gift all=yes                    ok
    suspend  wang                            ok
    advance  31d                             ok
    run                                      ok
    state    gift DRAFT                      ok
    budget   city 1000                       ok
  )");
  EXPECT_FALSE(script.ledger().Campaign("gift").row->all_or_nothing);
}

TEST(AllOrNothingTest, WhatALookHasFoundIsRefusedInItsPlace) {
  Script script;
  script.Run(kApproved);
  IssuingLedger& ledger = script.ledger();
  const auto start = [&ledger](StartIssueCommand::Look look) {
    StartIssueCommand command(&ledger.tables, &ledger.ledger.views(),
                              {.campaign = Named<CampaignId>("gift"),
                               .person = "sam",
                               .all_or_nothing = true,
                               .looked = look});
    return ledger.ledger.Run(command);
  };
  const Sequence changed = ledger.Campaign("gift").row->changed;
  const RunStop bad{.row = 1, .reason = Reason::kOpenLotsLimit, .rows = 2};
  const Result refused = start({.changed = changed, .refused = bad});
  ASSERT_THAT(refused, Refuses(Reason::kRowWouldBeRefused, "name"));
  EXPECT_THAT(ledger::RefusalOf(refused.status())->metadata,
              ElementsAre(Pair("row", "1"), Pair("reason", "OPEN_LOTS_LIMIT"), Pair("rows", "2")));
  // A look at what was not approved counts for nothing, whatever it found.
  EXPECT_THAT(start({.changed = changed - 1}), Refuses(Reason::kEtagMismatch));
  EXPECT_THAT(start({.changed = changed - 1, .refused = bad}), Refuses(Reason::kEtagMismatch));
  EXPECT_EQ(ledger.Campaign("gift").row->state, CampaignState::kApproved);
  ASSERT_OK(start({.changed = changed}));
  EXPECT_TRUE(ledger.Campaign("gift").row->all_or_nothing);
  EXPECT_THAT(start({.changed = changed, .refused = bad}), Refuses(Reason::kCampaignState));
}

TEST(AllOrNothingTest, AForesightNamesTheFirstBadRowAndCountsAll) {
  Script script;
  script.Run(kApproved);
  IssuingLedger& ledger = script.ledger();
  script.Run("suspend zhao ok");
  ASSERT_OK_AND_ASSIGN(const auto gift, FindCampaign(ledger.ledger.store(), "gift"));
  PlanForesight foresight(*gift);
  const absl::Time now = ledger.ledger.clock().Now();
  ASSERT_OK_AND_ASSIGN(bool more, foresight.Look(ledger.ledger.store(), now));
  EXPECT_TRUE(more);
  ASSERT_OK_AND_ASSIGN(more, foresight.Look(ledger.ledger.store(), now));
  EXPECT_FALSE(more);
  EXPECT_EQ(foresight.refused().row, 2U);
  EXPECT_EQ(foresight.refused().reason, Reason::kMemberNotActive);
  EXPECT_EQ(foresight.refused().rows, 1U);
}

constexpr int kRows = 2 * static_cast<int>(kIssueChunkRows) + 76;

// Three pieces, approved, to be all or nothing.
void StartThreePieces(IssuingLedger& ledger) {
  ASSERT_OK(ledger.CreateUnion("city"));
  ASSERT_OK(ledger.Fund("city", 1'000'000));
  NamedRows rows;
  std::vector<std::string> names;
  for (int i = 0; i < kRows; ++i) {
    names.push_back(absl::StrCat("m", i));
    rows.emplace_back(names.back(), 10);
  }
  ASSERT_OK(ledger.Enrol("city", names));
  ASSERT_OK(ledger.CreateCampaign("gift", "city", absl::Hours(24)));
  ASSERT_OK(ledger.UploadPlan("gift", rows));
  ASSERT_OK(ledger.Submit("gift"));
  ASSERT_OK(ledger.Approve("gift"));
  ASSERT_OK(ledger.StartIssue("gift", absl::ZeroDuration(), /*all_or_nothing=*/true));
}

// The run's chore, as the timers begin it.
absl::StatusOr<std::unique_ptr<ledger::Chore>> BeginRun(IssuingLedger& ledger) {
  const auto due = ledger::List(ledger.ledger.store(), ledger::kTimerTable, {}, 1);
  if (!due.ok()) return due.status();
  return ledger.chores.Begin(due->at(0).key, ledger.ledger.store());
}

// Its next command, once it has looked; null: none.
std::unique_ptr<ledger::Command> NextOf(ledger::Chore& chore, IssuingLedger& ledger) {
  while (true) {
    auto command = chore.Next(ledger.ledger.store());
    EXPECT_OK(command);
    if (!command.ok()) return nullptr;
    if (*command != nullptr || !chore.reads_on()) return *std::move(command);
  }
}

TEST(AllOrNothingTest, AMemberWhoIsSuspendedAfterTheLookStopsTheRunBeforeThatPiece) {
  IssuingLedger ledger;
  ASSERT_NO_FATAL_FAILURE(StartThreePieces(ledger));
  ASSERT_OK_AND_ASSIGN(const auto chore, BeginRun(ledger));
  std::vector<std::unique_ptr<ledger::Command>> pieces;
  for (int i = 0; i < 3; ++i) {
    pieces.push_back(NextOf(*chore, ledger));
    ASSERT_NE(pieces.back(), nullptr);
  }
  ASSERT_OK(ledger.Suspend("m200"));
  ASSERT_OK(ledger.ledger.Run(*pieces[0]));
  ASSERT_OK(ledger.ledger.Run(*pieces[1]));
  EXPECT_THAT(ledger.ledger.Run(*pieces[2]), Refuses(Reason::kCampaignState));
  const RunStop stop = StopOf(ledger);
  EXPECT_EQ(stop.row, 200U);
  EXPECT_EQ(stop.reason, Reason::kMemberNotActive);
  EXPECT_EQ(stop.rows, 1U);
  EXPECT_EQ(ledger.Campaign("gift").row->rows_done, kIssueChunkRows);
  EXPECT_EQ(ledger.Campaign("gift").row->rows_refused, 0U);
  EXPECT_EQ(ledger.Available("m127"), 10);
  EXPECT_EQ(ledger.Available("m128"), 0);
  EXPECT_EQ(ledger.SumOfTheBook(), 0);

  // It outlives a crash, and so does that the run is of all or nothing.
  IssuingLedger alive;
  ASSERT_OK(alive.ledger.RecoverFrom(ledger.ledger));
  EXPECT_EQ(StopOf(alive).row, 200U);
  ASSERT_OK(alive.Resume("gift"));
  ASSERT_OK_AND_ASSIGN(const int commands, alive.RunDueChores());
  EXPECT_EQ(commands, 1);
  EXPECT_EQ(StopOf(alive).row, 200U);
  EXPECT_EQ(alive.Campaign("gift").row->rows_done, kIssueChunkRows);

  ASSERT_OK(ledger.Reinstate("m200"));
  ASSERT_OK(ledger.Resume("gift"));
  ASSERT_OK(ledger.RunDueChores());
  EXPECT_EQ(ledger.Campaign("gift").row->state, CampaignState::kIssued);
  EXPECT_EQ(ledger.Campaign("gift").row->rows_granted, std::uint64_t{kRows});
  EXPECT_EQ(ledger.SumOfTheBook(), 0);
}

TEST(AllOrNothingTest, ACrashAmidTheLookLosesNothing) {
  IssuingLedger dead;
  ASSERT_NO_FATAL_FAILURE(StartThreePieces(dead));
  ASSERT_OK_AND_ASSIGN(const auto chore, BeginRun(dead));
  ASSERT_OK_AND_ASSIGN(const auto command, chore->Next(dead.ledger.store()));
  EXPECT_EQ(command, nullptr);
  EXPECT_TRUE(chore->reads_on());
  IssuingLedger alive;
  ASSERT_OK(alive.ledger.RecoverFrom(dead.ledger));
  ASSERT_OK_AND_ASSIGN(const int commands, alive.RunDueChores());
  EXPECT_EQ(commands, 3);
  EXPECT_EQ(alive.Campaign("gift").row->rows_granted, std::uint64_t{kRows});
}

// Somebody stopped the run amid a look, mended what was wrong and went on: what that look found is
// of no account any more.
TEST(AllOrNothingTest, WhatWasFoundBeforeAPauseStopsNothingAfterIt) {
  IssuingLedger ledger;
  ASSERT_NO_FATAL_FAILURE(StartThreePieces(ledger));
  ASSERT_OK(ledger.Suspend("m200"));
  ASSERT_OK_AND_ASSIGN(const auto chore, BeginRun(ledger));
  const auto stops = NextOf(*chore, ledger);
  ASSERT_NE(stops, nullptr);
  EXPECT_EQ(NextOf(*chore, ledger), nullptr);  // One piece says it.
  ASSERT_OK(ledger.Pause("gift"));
  ASSERT_OK(ledger.Reinstate("m200"));
  ASSERT_OK(ledger.Resume("gift"));
  EXPECT_THAT(ledger.ledger.Run(*stops), Refuses(Reason::kCampaignState));
  EXPECT_EQ(StopOf(ledger).rows, 0U);
  ASSERT_OK(ledger.RunDueChores());
  EXPECT_EQ(ledger.Campaign("gift").row->rows_granted, std::uint64_t{kRows});
}

// Nor does what it let pass: the pieces that were under way then wait for the next look.
TEST(AllOrNothingTest, APieceOfBeforeAPauseGrantsNothingAfterIt) {
  IssuingLedger ledger;
  ASSERT_NO_FATAL_FAILURE(StartThreePieces(ledger));
  ASSERT_OK_AND_ASSIGN(const auto chore, BeginRun(ledger));
  const auto first = NextOf(*chore, ledger);
  ASSERT_NE(first, nullptr);
  ASSERT_OK(ledger.Pause("gift"));
  ASSERT_OK(ledger.Suspend("m200"));
  ASSERT_OK(ledger.Resume("gift"));
  EXPECT_THAT(ledger.ledger.Run(*first), Refuses(Reason::kCampaignState));
  ASSERT_OK(ledger.RunDueChores());
  EXPECT_EQ(StopOf(ledger).row, 200U);
  EXPECT_EQ(ledger.Campaign("gift").row->rows_done, 0U);
}

TEST(AllOrNothingTest, NoOtherRunPausesByItself) {
  Script script;
  script.Run(kApproved);
  script.Run("issue gift ok");
  IssuingLedger& ledger = script.ledger();
  journal::v1::Record record;
  journal::v1::IssuePaused& paused = *record.mutable_issue_paused();
  paused.set_campaign(static_cast<std::uint32_t>(ledger.Campaign("gift").number));
  paused.set_reason(static_cast<std::uint32_t>(Reason::kMemberNotActive));
  paused.set_rows(1);
  EXPECT_THAT(ledger.applier.Apply(record), HasCode(absl::StatusCode::kDataLoss));
  paused.set_rows(0);
  EXPECT_OK(ledger.applier.Apply(record));
}

}  // namespace
}  // namespace puhui::issuing::all_or_nothing_test
