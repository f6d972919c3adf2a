// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/issue_run.h"

#include "issuing/app/plan_queries.h"
#include "ledger/base/limits.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/script.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::issuing {
namespace {

using ledger::Reason;

constexpr char kApproved[] = R"(
    union    city                            ok
    propose  city 1000 ref=B-1               ok
    confirm  city p1                         ok
    enrol    city li wang zhao               ok
    campaign gift of=city expires=30d        ok
    plan     gift li:100 wang:200 zhao:300   ok
    submit   gift                            ok
    approve  gift                            ok
)";

// A campaign of `count` rows, approved: row i gives i + 1 points.
void PrepareRun(IssuingLedger& ledger, int count) {
  ASSERT_OK(ledger.CreateUnion("city"));
  ASSERT_OK(ledger.Fund("city", 1'000'000'000));
  NamedRows rows;
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) {
    names.push_back(absl::StrCat("m", i));
    rows.emplace_back(names.back(), i + 1);
  }
  ASSERT_OK(ledger.Enrol("city", names));
  ASSERT_OK(ledger.CreateCampaign("gift", "city", absl::Hours(24)));
  ASSERT_OK(ledger.UploadPlan("gift", rows));
  ASSERT_OK(ledger.Submit("gift"));
  ASSERT_OK(ledger.Approve("gift"));
}

// Everything in the view families, as bytes.
std::string Views(IssuingLedger& ledger) {
  std::string bytes;
  for (const ledger::Family family : {ledger::Family::kState, ledger::Family::kIndex}) {
    const auto cursor = ledger.ledger.store().NewCursor(family);
    for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
      absl::StrAppend(&bytes, cursor->key(), "=", cursor->value(), "\n");
    }
  }
  return bytes;
}

std::size_t Timers(IssuingLedger& ledger) {
  return ledger::List(ledger.ledger.store(), ledger::kTimerTable, {}, 100).value().size();
}

TEST(IssueRunTest, GrantsThePlanRowByRow) {
  Script script;
  script.Run(kApproved);
  script.Run(R"(
    issue    gift                            ok
    state    gift ISSUING                    ok
    wallet   li 0                            ok
    run                                      ok
    state    gift ISSUED                     ok
    wallet   li 100                          ok
    wallet   wang 200                        ok
    wallet   zhao 300                        ok
    budget   city 400                        ok
    issue    gift                            CAMPAIGN_STATE
  )");
  const CampaignRow& row = *script.ledger().Campaign("gift").row;
  EXPECT_EQ(row.rows_granted, 3U);
  EXPECT_EQ(row.points_granted, 600);
}

TEST(IssueRunTest, RefusesRowsOfMembersWhoAreNotActiveAndReturnsTheirPoints) {
  Script script;
  script.Run(kApproved);
  IssuingLedger& ledger = script.ledger();
  const MemberId wang = ledger.members.at("wang");
  ledger.ledger.views().wallets.Edit(wang).state = ledger::WalletState::kSuspended;
  script.Run(R"(
    issue    gift                            ok
    run                                      ok
    state    gift ISSUED                     ok
    wallet   li 100                          ok
    wallet   wang 0                          ok
    wallet   zhao 300                        ok
    budget   city 600                        ok
  )");
  ASSERT_OK_AND_ASSIGN(const auto gift, FindCampaign(ledger.ledger.store(), "gift"));
  ASSERT_OK_AND_ASSIGN(const auto rows, ListRows(ledger.ledger.store(), *gift, {.limit = 10}));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].outcome, RowOutcome::kGranted);
  EXPECT_EQ(rows[1].outcome, RowOutcome::kRefused);
  EXPECT_EQ(rows[1].reason, Reason::kMemberNotActive);
  EXPECT_EQ(rows[2].outcome, RowOutcome::kGranted);
  ASSERT_OK_AND_ASSIGN(const auto refused,
                       ListRows(ledger.ledger.store(), *gift, {.limit = 10, .refused_only = true}));
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].row, 1U);
  EXPECT_EQ(refused[0].what.member, wang);
  EXPECT_EQ(refused[0].what.points, 200);
}

TEST(IssueRunTest, RefusesARowByTheEarliestRuleItBreaks) {
  const absl::Time now = absl::UnixEpoch();
  ledger::Wallet wallet;
  ledger::Terms terms;
  terms.expiry = now + absl::Seconds(1);
  EXPECT_EQ(RefuseGrant(&wallet, terms, now), absl::nullopt);
  EXPECT_EQ(RefuseGrant(nullptr, terms, now), Reason::kMemberNotActive);
  wallet.lots.resize(kOpenLotsPerWalletMax - 1);
  EXPECT_EQ(RefuseGrant(&wallet, terms, now), absl::nullopt);
  wallet.lots.resize(kOpenLotsPerWalletMax);
  EXPECT_EQ(RefuseGrant(&wallet, terms, now), Reason::kOpenLotsLimit);
  terms.expiry = now;
  EXPECT_EQ(RefuseGrant(&wallet, terms, now), Reason::kCampaignExpired);
  wallet.state = ledger::WalletState::kSuspended;
  EXPECT_EQ(RefuseGrant(&wallet, terms, now), Reason::kMemberNotActive);
}

TEST(IssueRunTest, ARunThatMeetsTheExpiryRefusesTheRestAndReturnsIt) {
  Script script;
  script.Run(kApproved);
  script.Run(R"(
    issue    gift in=29d                     ok
    advance  30d                             ok
    run                                      ok
    state    gift ISSUED                     ok
    budget   city 1000                       ok
  )");
  EXPECT_EQ(script.ledger().Campaign("gift").row->rows_refused, 3U);
}

TEST(IssueRunTest, APieceRunsOnceAndInItsPlace) {
  Script script;
  script.Run(kApproved);
  IssuingLedger& ledger = script.ledger();
  const auto piece = [&](std::uint32_t version, std::uint64_t first_row, const NamedRows& rows) {
    IssueChunkCommand command(&ledger.tables, &ledger.ledger.views(),
                              {.campaign = ledger.Campaign("gift").number,
                               .version = version,
                               .first_row = first_row,
                               .rows = ledger.Packed(rows)});
    return ledger.ledger.Run(command);
  };
  EXPECT_THAT(piece(1, 0, {{"li", 100}}), Refuses(Reason::kCampaignState));  // Not started.
  ASSERT_OK(ledger.StartIssue("gift"));
  EXPECT_THAT(piece(2, 0, {{"li", 100}}), Refuses(Reason::kCampaignState));
  EXPECT_THAT(piece(1, 1, {{"wang", 200}}), Refuses(Reason::kCampaignState));
  EXPECT_OK(piece(1, 0, {{"li", 100}}));
  EXPECT_THAT(piece(1, 0, {{"li", 100}}), Refuses(Reason::kCampaignState));
  EXPECT_OK(piece(1, 1, {{"wang", 200}, {"zhao", 300}}));
  EXPECT_THAT(piece(1, 2, {{"zhao", 300}}), Refuses(Reason::kCampaignState));  // Ended.
  EXPECT_EQ(ledger.Available("li"), 100);
}

TEST(IssueRunTest, FiveThousandRowsEndWithSumsEqual) {
  IssuingLedger ledger;
  constexpr int kRows = 5'000;
  constexpr std::int64_t kPoints = std::int64_t{kRows} * (kRows + 1) / 2;
  PrepareRun(ledger, kRows);
  ASSERT_OK(ledger.StartIssue("gift"));
  EXPECT_EQ(Timers(ledger), 2U);
  ASSERT_OK_AND_ASSIGN(const int commands, ledger.RunDueChores());
  EXPECT_EQ(commands, 40);  // Chunks of 2,048, 2,048 and 904 rows, by 128.
  EXPECT_EQ(Timers(ledger), 1U);
  const CampaignRow& row = *ledger.Campaign("gift").row;
  EXPECT_EQ(row.state, CampaignState::kIssued);
  EXPECT_EQ(row.rows_granted, 5'000U);
  EXPECT_EQ(row.points_granted, kPoints);
  EXPECT_EQ(ledger.Budget("city"), 1'000'000'000 - kPoints);
  EXPECT_EQ(ledger.SumOfTheBook(), 0);
  EXPECT_EQ(ledger.Available("m4999"), 5'000);
}

constexpr int kThreePieces = 2 * static_cast<int>(kIssueChunkRows) + 76;

TEST(IssueRunTest, GoesOnAfterACrashWhereItStopped) {
  IssuingLedger undisturbed;
  PrepareRun(undisturbed, kThreePieces);
  ASSERT_OK(undisturbed.StartIssue("gift"));
  ASSERT_OK(undisturbed.RunDueChores());
  for (int commands = 0; commands < 3; ++commands) {
    IssuingLedger dead;
    PrepareRun(dead, kThreePieces);
    ASSERT_OK(dead.StartIssue("gift"));
    ASSERT_OK(dead.RunDueChores(commands));
    IssuingLedger alive;
    ASSERT_OK(alive.ledger.RecoverFrom(dead.ledger));
    EXPECT_EQ(Views(alive), Views(dead));
    ASSERT_OK_AND_ASSIGN(const int rest, alive.RunDueChores());
    EXPECT_EQ(rest, 3 - commands);
    EXPECT_EQ(alive.Campaign("gift").row->rows_granted, std::uint64_t{kThreePieces});
    EXPECT_EQ(alive.Budget("city"), undisturbed.Budget("city"));
    EXPECT_EQ(alive.ledger.last_sequence(), undisturbed.ledger.last_sequence());
    EXPECT_EQ(alive.SumOfTheBook(), 0);
  }
}

// Begins a run of three pieces, as the timers do.
absl::StatusOr<std::unique_ptr<ledger::Chore>> BeginThreePieces(IssuingLedger& ledger) {
  PrepareRun(ledger, kThreePieces);
  EXPECT_OK(ledger.StartIssue("gift"));
  const auto due = ledger::List(ledger.ledger.store(), ledger::kTimerTable, {}, 1);
  if (!due.ok()) return due.status();
  return ledger.chores.Begin(due->at(0).key, ledger.ledger.store());
}

TEST(IssueRunTest, PiecesAreGivenAheadOfThoseThatAreNotDurable) {
  IssuingLedger ledger;
  ASSERT_OK_AND_ASSIGN(const auto chore, BeginThreePieces(ledger));
  ledger.ledger.Hold();
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(const auto command, chore->Next(ledger.ledger.store()));
    ASSERT_NE(command, nullptr);
    ASSERT_OK(ledger.ledger.Run(*command));
  }
  ASSERT_OK_AND_ASSIGN(const auto none, chore->Next(ledger.ledger.store()));
  EXPECT_EQ(none, nullptr);
  ledger.ledger.Release();
  EXPECT_EQ(ledger.Campaign("gift").row->state, CampaignState::kIssued);
  EXPECT_EQ(ledger.SumOfTheBook(), 0);
}

// What was read ahead of a piece is not what counts when it comes.
TEST(IssueRunTest, WhoIsSuspendedAfterAPieceWasMadeGetsNothing) {
  IssuingLedger ledger;
  ASSERT_OK_AND_ASSIGN(const auto chore, BeginThreePieces(ledger));
  std::vector<std::unique_ptr<ledger::Command>> pieces;
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(auto piece, chore->Next(ledger.ledger.store()));
    pieces.push_back(std::move(piece));
  }
  ASSERT_OK(ledger.Suspend("m200"));
  for (const auto& piece : pieces) ASSERT_OK(ledger.ledger.Run(*piece));
  EXPECT_EQ(ledger.Campaign("gift").row->rows_refused, 1U);
  EXPECT_EQ(ledger.Campaign("gift").row->rows_granted, std::uint64_t{kThreePieces} - 1);
  EXPECT_EQ(ledger.SumOfTheBook(), 0);
}

TEST(IssueRunTest, TheSameInputsGiveTheSameBytes) {
  std::vector<std::string> journals[2];
  for (auto& journal : journals) {
    IssuingLedger ledger(/*seed=*/42);
    PrepareRun(ledger, 600);
    ASSERT_OK(ledger.StartIssue("gift"));
    ASSERT_OK(ledger.RunDueChores());
    journal = ledger.ledger.Journal();
  }
  EXPECT_GT(journals[0].size(), 1'200U);
  EXPECT_EQ(journals[0], journals[1]);
}

TEST(IssueRunTest, AnotherRunOpensTheNextLot) {
  Script script;
  script.Run(kApproved);
  script.Run(R"(
    issue    gift                            ok
    run                                      ok
    campaign more of=city expires=10d        ok
    plan     more li:50                      ok
    submit   more                            ok
    approve  more                            ok
    issue    more                            ok
    run                                      ok
    wallet   li 150                          ok
  )");
  IssuingLedger& ledger = script.ledger();
  const ledger::Wallet* li = ledger.ledger.views().wallets.Find(ledger.members.at("li"));
  ASSERT_EQ(li->lots.size(), 2U);
  EXPECT_EQ(li->lots[1].number, LotNumber{2});
  EXPECT_LT(li->lots[1].expiry, li->lots[0].expiry);
}

TEST(PlanQueriesTest, APreviewSaysWhatTheRunWillDo) {
  Script script;
  script.Run(kApproved);
  IssuingLedger& ledger = script.ledger();
  ledger.ledger.views().wallets.Edit(ledger.members.at("zhao")).state =
      ledger::WalletState::kSuspended;
  ASSERT_OK(ledger.CreateUnion("any"));  // Makes it durable.
  ASSERT_OK_AND_ASSIGN(const auto gift, FindCampaign(ledger.ledger.store(), "gift"));
  ASSERT_OK_AND_ASSIGN(
      const std::vector<RowVerdict> seen,
      PreviewRows(ledger.ledger.store(), *gift, {.limit = 10}, ledger.ledger.clock().Now()));
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].outcome, RowOutcome::kGranted);
  EXPECT_EQ(seen[1].outcome, RowOutcome::kGranted);
  EXPECT_EQ(seen[2].outcome, RowOutcome::kRefused);
  EXPECT_EQ(seen[2].reason, Reason::kMemberNotActive);
  ASSERT_OK_AND_ASSIGN(const PlanBudget budget, BudgetFor(ledger.ledger.store(), *gift));
  EXPECT_EQ(budget.points, 400);
  EXPECT_TRUE(budget.covers_plan);  // Reserved already.

  script.Run(R"(
    issue    gift                            ok
    run                                      ok
  )");
  ASSERT_OK_AND_ASSIGN(const auto rows, ListRows(ledger.ledger.store(), *gift, {.limit = 10}));
  EXPECT_EQ(rows[2].outcome, RowOutcome::kPending);  // As `gift` was read before the run.
  ASSERT_OK_AND_ASSIGN(const auto issued, FindCampaign(ledger.ledger.store(), "gift"));
  ASSERT_OK_AND_ASSIGN(const auto after, ListRows(ledger.ledger.store(), *issued, {.limit = 10}));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(after[i].outcome, seen[i].outcome);
    EXPECT_EQ(after[i].reason, seen[i].reason);
  }
}

TEST(PlanQueriesTest, PagesCrossTheChunksOfAPlan) {
  IssuingLedger ledger;
  PrepareRun(ledger, 4'200);
  ASSERT_OK_AND_ASSIGN(const auto gift, FindCampaign(ledger.ledger.store(), "gift"));
  std::uint64_t next = 0;
  while (true) {
    ASSERT_OK_AND_ASSIGN(const auto rows, ListRows(ledger.ledger.store(), *gift,
                                                   {.first_row = next, .limit = 1'000}));
    if (rows.empty()) break;
    for (const RowVerdict& row : rows) {
      EXPECT_EQ(row.row, next);
      EXPECT_EQ(row.what.points, static_cast<std::int64_t>(next) + 1);
      EXPECT_EQ(row.outcome, RowOutcome::kPending);
      ++next;
    }
  }
  EXPECT_EQ(next, 4'200U);
}

}  // namespace
}  // namespace puhui::issuing
