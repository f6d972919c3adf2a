// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/timers.h"

#include "ledger/base/mutex.h"
#include "ledger/storage/typed_reads.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include "absl/base/thread_annotations.h"
#include "absl/types/optional.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// Refuses and fails as long as it is told to.
class ToyChores final : public ledger::ChoreSource {
 public:
  // Funds union 1 with a point `steps` times, then finishes the campaign that the timer names.
  class ToyChore final : public ledger::Chore {
   public:
    ToyChore(std::uint64_t campaign, bool refuses, absl::Status fails, std::function<void()> asked)
        : campaign_(campaign),
          refuses_(refuses),
          fails_(std::move(fails)),
          asked_(std::move(asked)) {}
    absl::StatusOr<std::unique_ptr<ledger::Command>> Next(
        const ledger::Readable& /*store*/) override {
      if (asked_) asked_();
      PUHUI_RETURN_IF_ERROR(fails_);
      reads_on_ = reads_left > 0;
      if (reads_on_) {
        --reads_left;
        return std::unique_ptr<ledger::Command>();
      }
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

    bool reads_on() const override { return reads_on_; }

    int reads_left = 0;  // So often it has something to read first.

   private:
    const std::uint64_t campaign_;
    const bool refuses_;  // All of it or nothing: half of a chore would end its campaign too.
    const absl::Status fails_;
    const std::function<void()> asked_;
    int given_ = 0;
    bool reads_on_ = false;
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
    PUHUI_RETURN_IF_ERROR(fails_to_begin_[timer.reference]);
    auto chore = std::make_unique<ToyChore>(timer.reference, timer.reference <= refused_up_to_,
                                            fails_[timer.reference], asked_);
    chore->reads_left = reads_first_;
    return std::unique_ptr<ledger::Chore>(std::move(chore));
  }
  // All chores from now on, so often before their first command.
  void ReadFirst(int times) {
    MutexLock lock(&mutex_);
    reads_first_ = times;
  }

  void SetRefusing(bool refusing) { RefuseUpTo(refusing ? kEveryCampaign : 0); }
  void RefuseUpTo(std::uint64_t campaign) {
    MutexLock lock(&mutex_);
    refused_up_to_ = campaign;
  }
  // With OK: no more.
  void Fail(std::uint64_t campaign, absl::Status with) {
    MutexLock lock(&mutex_);
    fails_[campaign] = std::move(with);
  }
  void FailToBegin(std::uint64_t campaign, absl::Status with) {
    MutexLock lock(&mutex_);
    fails_to_begin_[campaign] = std::move(with);
  }
  std::vector<std::uint64_t> begun() const {
    MutexLock lock(&mutex_);
    return begun_;
  }
  std::size_t times_begun(std::uint64_t campaign) const {
    const std::vector<std::uint64_t> all = begun();
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), campaign));
  }

 private:
  static constexpr std::uint64_t kEveryCampaign = 1'000'000;

  mutable Mutex mutex_;
  std::uint64_t refused_up_to_ ABSL_GUARDED_BY(mutex_) = 0;
  int reads_first_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::uint64_t, absl::Status> fails_ ABSL_GUARDED_BY(mutex_);
  std::map<std::uint64_t, absl::Status> fails_to_begin_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> asked_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::uint64_t> begun_ ABSL_GUARDED_BY(mutex_);
};

class TimersTest : public EngineTest {
 protected:
  struct Report {
    absl::optional<std::uint8_t> kind;
    absl::Status status;
  };

  TimersTest() {
    chores_ = &toy_;
    options_.on_chore_failure = [this](absl::optional<std::uint8_t> kind,
                                       const absl::Status& status) {
      MutexLock lock(&mutex_);
      reports_.push_back({kind, status});
    };
  }
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

  // With one look after another.
  void AwaitLooking(const std::function<bool()>& condition) {
    AwaitTrue([&] {
      engine_->WakeTimers();
      return condition();
    });
  }
  // What was refused may rest.
  void AwaitAllDone() {
    AwaitLooking([this] {
      clock_.Advance(absl::Seconds(1));
      return TimersLeft() == 0;
    });
  }
  std::vector<Report> Reports() const {
    MutexLock lock(&mutex_);
    return reports_;
  }
  // When it returns, a look has come by everything that was due, and `campaign` is done.
  void LookOnce(std::uint32_t campaign) {
    const std::size_t left = TimersLeft();
    SetTimer(campaign, absl::ZeroDuration());
    engine_->WakeTimers();
    AwaitTrue([this, left] { return TimersLeft() == left; });
  }

  ToyChores toy_;
  mutable Mutex mutex_;
  std::vector<Report> reports_ ABSL_GUARDED_BY(mutex_);
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

// It keeps its place meanwhile, and is asked on when the others have been.
TEST_F(TimersTest, AChoreThatReadsOnIsAskedUntilItHasACommand) {
  toy_.ReadFirst(1'000);
  SetTimer(1, absl::ZeroDuration());
  SetTimer(2, absl::ZeroDuration());
  engine_->WakeTimers();
  AwaitTrue([this] { return TimersLeft() == 0; });
  EXPECT_EQ(toy_.times_begun(1), 1U);
  EXPECT_EQ(toy_.times_begun(2), 1U);
  EXPECT_EQ(StoredBudget(), 2 * ToyChores::kSteps);
  EXPECT_THAT(Reports(), IsEmpty());
}

TEST_F(TimersTest, ARefusedChoreBeginsAgainUntilItsWorkIsDone) {
  toy_.SetRefusing(true);
  SetTimer(1, absl::ZeroDuration());
  engine_->WakeTimers();
  AwaitTrue([this] { return toy_.begun().size() >= 2; });
  EXPECT_EQ(StoredBudget(), 0);
  toy_.SetRefusing(false);
  AwaitAllDone();
  EXPECT_EQ(StoredBudget(), ToyChores::kSteps);
}

// However fast looks follow each other, which they do while other work goes on: from its second
// refusal on it waits for the clock.
TEST_F(TimersTest, WhatIsRefusedAgainAndAgainIsReportedAndRests) {
  std::uint32_t other = 2;
  const auto look_on = [&] { LookOnce(other++); };
  // And the refusal is known: the second look comes by it.
  const auto await_begun = [&](std::size_t times) {
    AwaitLooking([&] { return toy_.times_begun(1) >= times; });
    look_on();
    look_on();
  };
  toy_.RefuseUpTo(1);
  SetTimer(1, absl::ZeroDuration());
  await_begun(2);
  for (int looks = 0; looks < 20; ++looks) look_on();
  EXPECT_EQ(toy_.times_begun(1), 2U);
  for (std::size_t refusals = 3; refusals <= 10; ++refusals) {
    EXPECT_THAT(Reports(), IsEmpty());
    clock_.Advance(absl::Milliseconds(100));
    await_begun(refusals);
    EXPECT_EQ(toy_.times_begun(1), refusals);
  }
  toy_.SetRefusing(false);
  look_on();
  EXPECT_EQ(toy_.times_begun(1), 10U);
  ASSERT_THAT(Reports(), SizeIs(1));
  EXPECT_EQ(Reports()[0].kind, kToyTimer);
  EXPECT_THAT(Reports()[0].status, Refuses(ledger::Reason::kCampaignState));
  AwaitAllDone();
}

// A piece of a plan that is damaged, say.
TEST_F(TimersTest, AChoreThatFailsIsReportedAndRestsWhileOthersGoOn) {
  toy_.Fail(1, absl::DataLossError("a chunk is missing"));
  SetTimer(1, absl::ZeroDuration());
  engine_->WakeTimers();
  AwaitTrue([this] { return Reports().size() == 1; });
  for (std::uint32_t other = 2; other <= 6; ++other) LookOnce(other);
  EXPECT_EQ(toy_.times_begun(1), 1U);
  ASSERT_THAT(Reports(), SizeIs(1));
  EXPECT_EQ(Reports()[0].kind, kToyTimer);
  EXPECT_EQ(Reports()[0].status, absl::DataLossError("a chunk is missing"));
  EXPECT_EQ(engine_->chore_failures(), 1U);

  // It is tried again, and rests longer each time.
  clock_.Advance(absl::Seconds(1));
  engine_->WakeTimers();
  AwaitTrue([this] { return Reports().size() == 2; });
  clock_.Advance(absl::Seconds(1));
  LookOnce(7);
  EXPECT_EQ(toy_.times_begun(1), 2U);
  // Once it can be read that is over: when it is refused then, it rests for a moment.
  toy_.Fail(1, absl::OkStatus());
  toy_.RefuseUpTo(1);
  clock_.Advance(absl::Seconds(1));
  AwaitLooking([this] { return toy_.times_begun(1) >= 4; });
  for (std::uint32_t other = 8; other <= 9; ++other) LookOnce(other);
  EXPECT_EQ(toy_.times_begun(1), 4U);
  toy_.SetRefusing(false);
  clock_.Advance(absl::Milliseconds(100));
  AwaitLooking([this] { return TimersLeft() == 0; });
  EXPECT_EQ(engine_->chore_failures(), 2U);
  EXPECT_EQ(StoredBudget(), 9 * ToyChores::kSteps);
}

TEST_F(TimersTest, AChoreThatCannotBeginIsReportedAndRestsToo) {
  toy_.FailToBegin(1, absl::DataLossError("the campaign cannot be read"));
  SetTimer(1, absl::ZeroDuration());
  engine_->WakeTimers();
  AwaitTrue([this] { return Reports().size() == 1; });
  LookOnce(2);
  EXPECT_EQ(toy_.times_begun(1), 1U);
  EXPECT_EQ(Reports()[0].status, absl::DataLossError("the campaign cannot be read"));
  toy_.FailToBegin(1, absl::OkStatus());
  AwaitAllDone();
}

// Nothing is due that anybody knows of, until it can be read again.
TEST_F(TimersTest, ATableThatCannotBeReadIsReportedAndReadAgain) {
  const std::string key = ledger::EncodeKey(ledger::kTimerTable.id,
                                            ledger::TimerKey{absl::UnixEpoch(), kToyTimer, 1'000});
  ledger::WriteBatch damage;
  damage.Put(ledger::kTimerTable.family, key, "no row");
  ASSERT_OK(memory_.Commit(damage, ledger::Durability::kView));
  engine_->WakeTimers();
  AwaitTrue([this] { return !Reports().empty(); });
  EXPECT_EQ(Reports()[0].kind, absl::nullopt);
  EXPECT_THAT(Reports()[0].status, HasCode(absl::StatusCode::kDataLoss));
  ledger::WriteBatch mended;
  mended.Delete(ledger::kTimerTable.family, key);
  ASSERT_OK(memory_.Commit(mended, ledger::Durability::kView));
  SetTimer(1, absl::ZeroDuration());
  AwaitAllDone();
}

TEST_F(TimersTest, ThatWritesAreRefusedIsNoFailureOfAChore) {
  SetTimer(1, absl::Hours(1));
  memory_.SetFreeBytes(0);
  AwaitTrue([this] { return !engine_->accepting().ok(); });
  clock_.Advance(absl::Hours(1));
  engine_->WakeTimers();
  AwaitTrue([this] { return toy_.begun().size() == 1; });
  memory_.SetFreeBytes(options_.disk_reserve_bytes);
  AwaitTrue([this] { return TimersLeft() == 0; });
  EXPECT_THAT(Reports(), IsEmpty());
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
  AwaitLooking([this] { return TimersLeft() == kRefusing; });
  EXPECT_EQ(StoredBudget(), ToyChores::kSteps);
  toy_.SetRefusing(false);
  AwaitAllDone();
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
