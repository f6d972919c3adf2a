// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/timers.h"

#include "ledger/base/mutex.h"
#include "ledger/storage/typed_reads.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include "absl/base/thread_annotations.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::testing {
namespace {

// Refuses as long as it is told to.
class ToyChores final : public ledger::ChoreSource {
 public:
  // Funds union 1 with a point `steps` times, then finishes the campaign that the timer names.
  class ToyChore final : public ledger::Chore {
   public:
    ToyChore(std::uint64_t campaign, bool refuses, std::function<void()> asked)
        : campaign_(campaign), refuses_(refuses), asked_(std::move(asked)) {}
    absl::StatusOr<std::unique_ptr<ledger::Command>> Next(
        const ledger::Readable& /*store*/) override {
      if (asked_) asked_();
      if (given_ > kSteps) return std::unique_ptr<ledger::Command>();
      const bool last = given_++ == kSteps;
      return std::unique_ptr<ledger::Command>(std::make_unique<ScriptCommand>(
          [refuses = refuses_, campaign = campaign_, last](
              const ledger::DecideContext&,
              ledger::Decision& decision) -> absl::optional<ledger::Refusal> {
            if (refuses) return ledger::Refusal{.reason = ledger::Reason::kCampaignState};
            if (last) {
              decision.Add().mutable_issue_finished()->set_campaign(
                  static_cast<std::uint32_t>(campaign));
            } else {
              AddFunding(1, 1, decision);
            }
            return absl::nullopt;
          }));
    }

   private:
    const std::uint64_t campaign_;
    const bool refuses_;  // All of it or nothing: half of a chore would end its campaign too.
    const std::function<void()> asked_;
    int given_ = 0;
  };
  static constexpr int kSteps = 10;

  // Called whenever a chore is asked for its next command.
  void WhenAsked(std::function<void()> asked) {
    MutexLock lock(&mutex_);
    asked_ = std::move(asked);
  }

  absl::StatusOr<std::unique_ptr<ledger::Chore>> Begin(const ledger::TimerKey& timer,
                                                       const ledger::Readable& /*store*/) override {
    MutexLock lock(&mutex_);
    if (timer.kind != kToyTimer) return std::unique_ptr<ledger::Chore>();
    begun_.push_back(timer.reference);
    return std::unique_ptr<ledger::Chore>(
        std::make_unique<ToyChore>(timer.reference, timer.reference <= refused_up_to_, asked_));
  }

  void SetRefusing(bool refusing) { RefuseUpTo(refusing ? kEveryCampaign : 0); }
  void RefuseUpTo(std::uint64_t campaign) {
    MutexLock lock(&mutex_);
    refused_up_to_ = campaign;
  }
  std::vector<std::uint64_t> begun() const {
    MutexLock lock(&mutex_);
    return begun_;
  }

 private:
  static constexpr std::uint64_t kEveryCampaign = 1'000'000;

  mutable Mutex mutex_;
  std::uint64_t refused_up_to_ ABSL_GUARDED_BY(mutex_) = 0;
  std::function<void()> asked_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::uint64_t> begun_ ABSL_GUARDED_BY(mutex_);
};

class TimersTest : public EngineTest {
 protected:
  TimersTest() { chores_ = &toy_; }
  ~TimersTest() override { engine_.reset(); }
  void SetUp() override { ASSERT_OK(Open()); }

  void SetTimer(std::uint32_t campaign, absl::Duration due_in) {
    const absl::Time due = clock_.Now() + due_in;
    ASSERT_OK(Run(Always([&](ledger::Decision& decision) {
      AddCampaign({.number = campaign, .origin = 1, .expiry = due}, decision);
    })));
  }
  std::size_t TimersLeft() {
    return ledger::List(*engine_->Read(), ledger::kTimerTable, {}, 100)->size();
  }

  ToyChores toy_;
};

TEST_F(TimersTest, AChoreRunsOnceItsTimeHasComeAndNotBefore) {
  SetTimer(1, absl::Hours(1));
  SetTimer(2, absl::Hours(2));
  clock_.Advance(absl::Hours(1));
  engine_->WakeTimers();
  AwaitTrue([this] { return TimersLeft() == 1; });
  EXPECT_EQ(StoredBudget(), ToyChores::kSteps);
  EXPECT_EQ(toy_.begun(), std::vector<std::uint64_t>{1});
  clock_.Advance(absl::Hours(1));
  AwaitTrue([this] { return TimersLeft() == 0; });  // Without a wake, too.
  EXPECT_EQ(StoredBudget(), 2 * ToyChores::kSteps);
  EXPECT_TRUE(Verify().ok());
}

// A chore may read for long; who wakes the timers, and whose command has ended, goes on.
TEST_F(TimersTest, NobodyWaitsForAChoreThatReads) {
  toy_.WhenAsked([engine = engine_.get()] { engine->WakeTimers(); });
  SetTimer(1, absl::ZeroDuration());
  engine_->WakeTimers();
  AwaitTrue([this] { return TimersLeft() == 0; });
  EXPECT_EQ(StoredBudget(), ToyChores::kSteps);
}

TEST_F(TimersTest, ARefusedChoreBeginsAgainUntilItsWorkIsDone) {
  toy_.SetRefusing(true);
  SetTimer(1, absl::ZeroDuration());
  engine_->WakeTimers();
  AwaitTrue([this] { return toy_.begun().size() >= 2; });
  EXPECT_EQ(StoredBudget(), 0);
  toy_.SetRefusing(false);
  AwaitTrue([this] { return TimersLeft() == 0; });
  EXPECT_EQ(StoredBudget(), ToyChores::kSteps);
}

TEST_F(TimersTest, MoreChoresThanMayRunAtOnceAllEnd) {
  for (std::uint32_t campaign = 1; campaign <= 40; ++campaign) {
    SetTimer(campaign, absl::ZeroDuration());
  }
  AwaitTrue([this] { return TimersLeft() == 0; });
  EXPECT_EQ(StoredBudget(), 40 * ToyChores::kSteps);
}

TEST_F(TimersTest, ChoresThatKeepRefusingDoNotKeepOthersOut) {
  constexpr std::uint32_t kRefusing = 50;
  toy_.RefuseUpTo(kRefusing);
  for (std::uint32_t campaign = 1; campaign <= kRefusing + 1; ++campaign) {
    SetTimer(campaign, absl::ZeroDuration());
  }
  AwaitTrue([this] { return TimersLeft() == kRefusing; });
  EXPECT_EQ(StoredBudget(), ToyChores::kSteps);
  toy_.SetRefusing(false);
  AwaitTrue([this] { return TimersLeft() == 0; });
}

TEST_F(TimersTest, ShutdownWaitsForTheCommandsOfAChore) {
  SetTimer(1, absl::ZeroDuration());
  log_->Shut();
  Answer interactive = Submit(Deposit(1'000));
  std::thread shutdown([this] { EXPECT_OK(engine_->Shutdown()); });
  log_->Open();
  shutdown.join();
  EXPECT_OK(interactive.get());
  EXPECT_TRUE(Verify().ok());
}

TEST_F(TimersTest, WhatARestartFindsDueIsDone) {
  toy_.SetRefusing(true);
  SetTimer(1, absl::ZeroDuration());
  ASSERT_OK(engine_->Shutdown());
  toy_.SetRefusing(false);
  ASSERT_OK(Open());
  AwaitTrue([this] { return TimersLeft() == 0; });
  EXPECT_EQ(StoredBudget(), ToyChores::kSteps);
}

}  // namespace
}  // namespace puhui::testing
