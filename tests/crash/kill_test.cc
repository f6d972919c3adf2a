// SPDX-License-Identifier: Apache-2.0
// A real puhuid, killed with SIGKILL amid concurrent calls and while it starts, again and again on
// one directory. What it answered stays, once; what it did not answer is there wholly or not at
// all; and a call that is made again is told the same.
#include "ledger/engine/account_queries.h"
#include "ledger/engine/rebuild_note.h"
#include "ledger/storage/rocks_store.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "services/admin/index_verification.h"
#include "services/admin/verification.h"
#include "tests/crash/hr_desk.h"
#include "tests/crash/journal_facts.h"
#include "tests/crash/till.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui::testing {
namespace {

constexpr std::uint64_t kSeed = 20'250'106;
constexpr int kRounds = 22;
constexpr std::size_t kMembers = 2'000;  // Four pieces of an issue run.
constexpr std::size_t kTills = 6;
constexpr std::size_t kCardsPerTill = 8;
constexpr std::int64_t kFunded = 1'000'000'000;
constexpr std::int64_t kFirstGrant = 300;
constexpr std::int64_t kFees[] = {37, 250};  // Basis points of the two merchants.

using Balances = std::map<int, std::int64_t>;  // By kind; an empty one is left out.

class KillTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override {
    constexpr std::size_t kLastWords = 8'192;
    const std::string log = HasFailure() ? deployment_.Log() : "";
    if (!log.empty()) {
      std::cout << "the server said last:\n"
                << log.substr(log.size() - std::min(log.size(), kLastWords)) << "\n";
    }
  }
  void OpenTill(Stage& stage, std::size_t number);

  // One round: everybody calls, the server is killed, comes back, and has to account for itself.
  void PlayRound(int round);
  void PlayUntilKilled(const std::string& campaign);
  void Restart();
  void KillAmidStarts();
  void ConnectAll();
  void ExpectIssued(Stage& stage, const std::string& campaign, std::int64_t points);
  void ExpectBalances();
  void ExpectWallets();
  void ExpectVerifies();
  void ExpectClosedLedger();
  Balances ModelBalances();

  Deployment deployment_;
  SeededRandom random_{kSeed};
  std::vector<std::string> members_;
  std::vector<std::unique_ptr<Till>> tills_;
  std::unique_ptr<HrDesk> hr_;
  v1::IssueCampaignRequest issue_;  // Of this round.
  absl::optional<Told> issue_told_;
  std::int64_t granted_each_ = 0;
  std::int64_t campaigns_ = 0;
  absl::Duration start_takes_;  // From exec until it listens, the last time.
  int kills_ = 0;
  int kills_amid_start_ = 0;
};

void KillTest::SetUp() {
  std::cout << "seed " << kSeed << "\n";
  ASSERT_OK(deployment_.Start());
  Stage stage(&deployment_, "fh-1", &random_);
  ASSERT_OK(stage.FoundUnion());
  ASSERT_OK(stage.Fund(kFunded));
  ASSERT_OK_AND_ASSIGN(members_, stage.EnrolMembers(1, kMembers));
  for (std::size_t m = 0; m < std::size(kFees); ++m) {
    ASSERT_OK(stage.OpenMerchant(
        {.id = absl::StrCat("m-", m), .fee_basis_points = static_cast<std::int32_t>(kFees[m])}));
  }
  for (std::size_t t = 0; t < kTills; ++t) ASSERT_NO_FATAL_FAILURE(OpenTill(stage, t));
  hr_ = std::make_unique<HrDesk>(stage.PathOf("hr"), stage.union_name(), kMembers + 1, kSeed + 100);
  ASSERT_OK(stage.Prepare({.id = "c-0", .members = members_, .points = kFirstGrant}));
  issue_.set_request_id(NewRequestId(random_));
  issue_.set_name("campaigns/c-0");
  ExpectIssued(stage, "c-0", kFirstGrant);
}

void KillTest::OpenTill(Stage& stage, std::size_t number) {
  std::vector<std::string> cards;
  for (std::size_t c = 0; c < kCardsPerTill; ++c) {
    ASSERT_OK_AND_ASSIGN(cards.emplace_back(), stage.CardOf(members_[number * kCardsPerTill + c]));
  }
  const std::size_t merchant = number % std::size(kFees);
  const std::string merchant_id = absl::StrCat("m-", merchant);
  const std::string terminal_id = absl::StrCat("t-", number);
  ASSERT_OK_AND_ASSIGN(TestIdentity certificate, stage.EnrollTerminal(merchant_id, terminal_id));
  tills_.push_back(std::make_unique<Till>(
      Till::Identity{.name = absl::StrCat("merchants/", merchant_id, "/terminals/", terminal_id),
                     .certificate = std::move(certificate)},
      TillModel(std::move(cards), kFees[merchant]), kSeed + 1 + number));
}

void KillTest::ConnectAll() {
  for (const auto& till : tills_) till->Connect(deployment_);
  hr_->Connect(deployment_);
}

void KillTest::PlayUntilKilled(const std::string& campaign) {
  const std::uint64_t issue_at = 60 + random_.Below(200);
  // In some rounds the call itself may be cut off, in most of them the run that it began.
  const bool cut_the_call = random_.Below(4) == 0;
  const std::uint64_t kill_after = 1 + random_.Below(16);
  issue_.set_request_id(NewRequestId(random_));
  issue_.set_name(absl::StrCat("campaigns/", campaign));
  issue_told_.reset();
  const auto issuer = v1::CampaignService::NewStub(deployment_.Connect("/hr/unions/fh-1"));
  Referee referee(&deployment_);
  std::vector<std::jthread> callers;
  for (const auto& till : tills_) {
    callers.emplace_back([&till, &referee] { till->Play(&referee); });
  }
  callers.emplace_back([this, &referee] { hr_->Play(&referee); });
  std::jthread issuing([&] {
    referee.AwaitAnswers(issue_at);
    if (cut_the_call) referee.KillAfter(kill_after);
    const Told told = Tell(*issuer, &v1::CampaignService::Stub::IssueCampaign, issue_);
    if (!cut_the_call) referee.KillAfter(kill_after);
    if (told.IsAnswer()) issue_told_ = told;
  });
  callers.clear();  // Waits for them.
  referee.End();
  issuing.join();
  ++kills_;
}

// At any moment between exec and listening, also while it folds its views anew.
void KillTest::KillAmidStarts() {
  ledger::RebuildNote note(deployment_.data_directory());
  if (random_.Below(3) == 0) {
    ASSERT_OK(note.Leave("the test wants it"));
  }
  for (std::uint64_t kills = random_.Below(4); kills > 0; --kills) {
    const absl::Duration after = start_takes_ * random_.Below(100) / 100;
    ASSERT_OK_AND_ASSIGN(const bool listened, deployment_.StartAndKill(after));
    ++kills_;
    if (!listened) ++kills_amid_start_;
  }
}

void KillTest::Restart() {
  ASSERT_NO_FATAL_FAILURE(KillAmidStarts());
  const absl::Time begun = absl::Now();
  ASSERT_OK(deployment_.Start());
  start_takes_ = absl::Now() - begun;
  if (random_.Below(3) == 0) {
    // Once more, while it takes up the issue run again.
    deployment_.Kill();
    ++kills_;
    ASSERT_OK(deployment_.Start());
  }
}

// The run goes on by itself, or begins now when the call that was to begin it was lost.
void KillTest::ExpectIssued(Stage& stage, const std::string& campaign, std::int64_t points) {
  const auto issuer = v1::CampaignService::NewStub(deployment_.Connect("/hr/unions/fh-1"));
  const Told again = Tell(*issuer, &v1::CampaignService::Stub::IssueCampaign, issue_);
  EXPECT_EQ(again.code, grpc::StatusCode::OK) << again.message;
  EXPECT_EQ(again, issue_told_.value_or(again));
  ASSERT_OK_AND_ASSIGN(const v1::IssueProgress progress, stage.AwaitIssued(campaign));
  EXPECT_EQ(progress.state(), v1::CAMPAIGN_STATE_ISSUED);
  EXPECT_EQ(progress.rows_granted(), kMembers);
  EXPECT_EQ(progress.points_granted(), points * static_cast<std::int64_t>(kMembers));
  EXPECT_EQ(Tell(*issuer, &v1::CampaignService::Stub::IssueCampaign, issue_), again);
  granted_each_ += points;
  ++campaigns_;
  for (const auto& till : tills_) till->model().GrantEnded(points);
}

Balances KillTest::ModelBalances() {
  const std::int64_t granted = granted_each_ * static_cast<std::int64_t>(kMembers);
  std::int64_t payable = 0;
  std::int64_t fee = 0;
  std::int64_t held = 0;
  for (const auto& till : tills_) {
    payable += till->model().Payable();
    fee += till->model().Fee();
    held += till->model().Held();
  }
  Balances balances = {{v1::ACCOUNT_KIND_FUNDING, -kFunded},
                       {v1::ACCOUNT_KIND_BUDGET, kFunded - granted},
                       {v1::ACCOUNT_KIND_WALLET, granted - payable - fee - held},
                       {v1::ACCOUNT_KIND_HELD, held},
                       {v1::ACCOUNT_KIND_PAYABLE, payable},
                       {v1::ACCOUNT_KIND_FEE, fee}};
  std::erase_if(balances, [](const auto& balance) { return balance.second == 0; });
  return balances;
}

void KillTest::ExpectBalances() {
  const auto auditor = v1::AuditService::NewStub(deployment_.Connect("/auditor"));
  ASSERT_OK_AND_ASSIGN(const auto trial, Ask(*auditor, &v1::AuditService::Stub::GetTrialBalance,
                                             v1::GetTrialBalanceRequest()));
  EXPECT_TRUE(trial.balanced());
  Balances balances;
  for (const v1::TrialBalanceLine& line : trial.lines()) {
    if (line.points() != 0) balances[line.kind()] += line.points();
  }
  EXPECT_EQ(balances, ModelBalances());
}

// To the point, of those who buy; of the others in sum, and at the end.
void KillTest::ExpectWallets() {
  const auto wallets = v1::WalletService::NewStub(deployment_.Connect("/auditor"));
  for (std::size_t i = 0; i < kTills * kCardsPerTill; ++i) {
    v1::GetWalletRequest request;
    request.set_name(absl::StrCat(members_[i], "/wallet"));
    ASSERT_OK_AND_ASSIGN(const auto response,
                         Ask(*wallets, &v1::WalletService::Stub::GetWallet, request));
    EXPECT_EQ(response.wallet().available_points(),
              tills_[i / kCardsPerTill]->model().Left(i % kCardsPerTill))
        << members_[i];
  }
}

void KillTest::ExpectVerifies() {
  const auto admin = v1::AdminService::NewStub(deployment_.Connect("/operator"));
  grpc::ClientContext context;
  SetPatience(&context);
  v1::StartVerifyRequest request;
  request.set_indexes(true);
  const auto reader = admin->StartVerify(&context, request);
  v1::StartVerifyResponse last;
  while (reader->Read(&last)) continue;
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_TRUE(last.result().ok()) << last.DebugString();
}

void KillTest::PlayRound(int round) {
  const std::string campaign = absl::StrCat("c-", round);
  const std::int64_t points = 20 + round;
  {
    Stage stage(&deployment_, "fh-1", &random_);
    ASSERT_OK(stage.Prepare({.id = campaign, .members = members_, .points = points}));
  }
  ConnectAll();
  for (const auto& till : tills_) till->model().GrantBegins(points);
  PlayUntilKilled(campaign);
  ASSERT_FALSE(HasFailure());
  ASSERT_NO_FATAL_FAILURE(Restart());
  ConnectAll();
  for (const auto& till : tills_) till->ExpectKept();
  hr_->ExpectKept();
  Stage stage(&deployment_, "fh-1", &random_);
  ASSERT_NO_FATAL_FAILURE(ExpectIssued(stage, campaign, points));
  ExpectBalances();
  ASSERT_FALSE(HasFailure());
  for (const auto& till : tills_) till->ExpectSameAnswers();
  hr_->ExpectSameAnswers();
  ExpectBalances();
  ExpectWallets();
  ExpectVerifies();
  for (const auto& till : tills_) till->EndRound();
  hr_->EndRound();
}

// After SIGTERM: everything is durable, and the journal holds what the model holds and no more.
void KillTest::ExpectClosedLedger() {
  ASSERT_OK_AND_ASSIGN(const auto report,
                       services::VerifyDataDirectory(deployment_.data_directory(), nullptr, {}));
  EXPECT_TRUE(report.ok()) << report.findings.front();
  ASSERT_OK_AND_ASSIGN(const auto index,
                       services::VerifyIndexDirectory(deployment_.data_directory(), "", {}));
  EXPECT_EQ(index.state, audit::IndexReport::State::kCompared);
  EXPECT_TRUE(index.ok()) << index.difference_count << index.damage;
  ASSERT_OK_AND_ASSIGN(
      const auto store,
      ledger::RocksStore::Open(
          {.path = services::StorePath(deployment_.data_directory()), .read_only = true}));
  ASSERT_OK_AND_ASSIGN(const auto totals, ledger::Totals(*store));
  Balances balances;
  for (const auto& [key, points] : totals) {
    if (points != 0) balances[static_cast<int>(key.kind)] += points;
  }
  EXPECT_EQ(balances, ModelBalances());

  const std::vector<Sequence> ends = RecoveredEnds(deployment_.Log());
  ASSERT_OK_AND_ASSIGN(JournalFacts facts, ReadFacts(*store, ends));
  TillModel::Counts counts;
  for (const auto& till : tills_) {
    const TillModel::Counts& of = till->model().counts();
    counts.purchases += of.purchases;
    counts.authorizations += of.authorizations;
    counts.captures += of.captures;
    counts.voids += of.voids;
    counts.refunds += of.refunds;
    counts.reversals += of.reversals;
    counts.tombstones += of.tombstones;
    counts.declines += of.declines;
  }
  EXPECT_EQ(facts.repeated_requests, 0U);
  EXPECT_EQ(facts.records["entry/purchase"], counts.purchases);
  EXPECT_EQ(facts.records["entry/authorization"], counts.authorizations);
  EXPECT_EQ(facts.records["entry/capture"], counts.captures);
  EXPECT_EQ(facts.records["entry/voided"], counts.voids);
  EXPECT_GT(counts.voids, 0U);
  EXPECT_EQ(facts.records["entry/refund"], counts.refunds);
  EXPECT_EQ(facts.records["entry/reversal"], counts.reversals);
  EXPECT_EQ(facts.records["tombstone"], counts.tombstones);
  EXPECT_EQ(facts.records["declined"], counts.declines);
  EXPECT_EQ(facts.records["member_joined"], kMembers + hr_->joined());
  EXPECT_EQ(facts.records["member_batch"], 1 + hr_->batches());
  EXPECT_EQ(facts.records["entry/grant"], kMembers * static_cast<std::uint64_t>(campaigns_));
  EXPECT_EQ(facts.records["issue_finished"], static_cast<std::uint64_t>(campaigns_));
  // A run that never meets the hard cases proves nothing.
  EXPECT_GT(facts.cuts_amid_issue, 0U);
  EXPECT_GT(kills_amid_start_, kRounds / 2);
  const std::size_t rebuilds = deployment_.CountInLog("folding all views anew");
  const std::size_t rebuilt = deployment_.CountInLog("views were doubted");
  EXPECT_GT(rebuilds, rebuilt);
  EXPECT_GT(rebuilt, 0U);
  std::cout << kills_ << " kills, " << facts.cuts_amid_issue << " amid an issue run, "
            << kills_amid_start_ << " amid a start, " << rebuilds - rebuilt << " amid a rebuild; "
            << counts.purchases << " purchases, " << counts.authorizations << " authorisations, "
            << counts.captures << " captures, " << counts.voids << " voids, " << counts.refunds
            << " refunds, " << counts.reversals << " reversals, " << counts.tombstones
            << " tombstones, " << counts.declines << " declines\n";
}

TEST_F(KillTest, WhatWasAnsweredStaysAndNothingHappensTwice) {
  for (int round = 1; round <= kRounds; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    ASSERT_NO_FATAL_FAILURE(PlayRound(round));
    ASSERT_FALSE(HasFailure());
  }
  for (const auto& till : tills_) till->ExpectSameAnswersToAll();
  hr_->ExpectSameAnswersToAll();
  std::size_t unanswered = 0;
  std::size_t there = 0;
  for (const auto& till : tills_) {
    unanswered += till->unanswered();
    there += till->unanswered_but_there();
    till->Disconnect();
  }
  hr_->Disconnect();
  std::cout << unanswered << " calls of tills went unanswered, " << there
            << " of them were there\n";
  EXPECT_GT(there, 0U);
  EXPECT_LT(there, unanswered);
  ASSERT_OK(deployment_.Stop());
  ExpectClosedLedger();
}

}  // namespace
}  // namespace puhui::testing
