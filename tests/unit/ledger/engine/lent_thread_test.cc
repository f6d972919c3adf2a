// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui::testing {
namespace {

using ledger::Outcome;

class LentThreadTest : public EngineTest {
 protected:
  void SetUp() override { ASSERT_OK(Open()); }

  Answer SubmitLent(std::unique_ptr<ledger::Command> command) {
    auto answer = std::make_shared<std::promise<absl::StatusOr<Outcome>>>();
    Answer future = answer->get_future();
    PUHUI_CHECK_OK(
        engine_->SubmitLent(std::move(command), [this, answer](absl::StatusOr<Outcome> outcome) {
          answered_by_ = std::this_thread::get_id();
          answer->set_value(std::move(outcome));
        }));
    return future;
  }
  static bool Answered(const Answer& answer) {
    return answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  std::thread::id answered_by_;
};

TEST_F(LentThreadTest, CarriesWhatWasSubmittedThroughBeforeItReturns) {
  // Nobody is woken. But the writer's own thread may have only just begun, and takes them then.
  for (int tried = 1;; ++tried) {
    ASSERT_LE(tried, 5);
    const int appends = log_->appends();
    const int decided = decisions_;
    std::vector<Answer> answers;
    for (int i = 0; i < 10; ++i) answers.push_back(SubmitLent(Deposit(1)));
    const bool left_alone = decisions_ == decided;
    engine_->LendThread();
    const bool carried = left_alone && std::all_of(answers.begin(), answers.end(), Answered) &&
                         answered_by_ == std::this_thread::get_id();
    for (Answer& answer : answers) EXPECT_OK(answer.get());
    EXPECT_EQ(StoredBudget(), 10 * tried);
    if (!carried) continue;
    EXPECT_EQ(log_->appends(), appends + 1);
    break;
  }
}

TEST_F(LentThreadTest, ReturnsWhenNothingWaits) {
  engine_->LendThread();
  EXPECT_EQ(log_->appends(), 0);
}

TEST_F(LentThreadTest, LeavesItsCommandsToAWriterThatIsAtWork) {
  log_->Shut();
  Answer appending = Submit(Deposit(1));
  log_->AwaitAppend(1);
  Answer decided = Submit(Deposit(1));
  AwaitTrue([this] { return decisions_ == 2; });
  // The writer waits for room now.
  Answer lent = SubmitLent(Deposit(1));
  engine_->LendThread();
  EXPECT_FALSE(Answered(lent));
  log_->Open();
  EXPECT_OK(lent.get());
  EXPECT_OK(appending.get());
  EXPECT_OK(decided.get());
  EXPECT_NE(answered_by_, std::this_thread::get_id());
}

TEST_F(LentThreadTest, AnswersAfterEveryGroupBefore) {
  log_->Shut();
  Answer before = Submit(Deposit(1));
  log_->AwaitAppend(1);
  std::promise<bool> in_order;
  PUHUI_CHECK_OK(engine_->SubmitLent(
      Deposit(1), [&](const absl::StatusOr<Outcome>&) { in_order.set_value(Answered(before)); }));
  std::thread lender([this] { engine_->LendThread(); });
  log_->Open();
  lender.join();
  engine_->LendThread();  // Where the writer was still at work the first time.
  EXPECT_TRUE(in_order.get_future().get());
}

TEST_F(LentThreadTest, BulkWorkAndWhatComesTooLateAreLeftToTheWriter) {
  log_->Shut();
  Answer lent;
  std::thread lender([&] {
    lent = SubmitLent(Deposit(1));
    engine_->LendThread();
  });
  log_->AwaitAppend(1);
  Answer bulk = Submit(Deposit(1), ledger::Priority::kBulk);
  log_->Open();
  lender.join();
  EXPECT_OK(lent.get());
  EXPECT_OK(bulk.get());
}

TEST_F(LentThreadTest, WritesABoundedNumberOfGroups) {
  // Each fills a group.
  const auto large = [] {
    return Always([](ledger::Decision& decision) {
      decision.Add().mutable_store_created()->set_display_name(std::string(kGroupBytesMax, 'x'));
    });
  };
  bool carried = false;
  for (int tried = 1; !carried; ++tried) {  // As above.
    ASSERT_LE(tried, 5);
    std::vector<Answer> answers;
    for (std::size_t i = 0; i < kLentGroupsMax + 2; ++i) answers.push_back(SubmitLent(large()));
    engine_->LendThread();
    carried = std::all_of(answers.begin(), answers.begin() + kLentGroupsMax, Answered);
    for (Answer& answer : answers) EXPECT_OK(answer.get());  // The writer's own thread was woken.
    EXPECT_EQ(log_->appends(), tried * static_cast<int>(answers.size()));
  }
}

TEST_F(LentThreadTest, AFailedAppendAnswersUnknownAndIsToldOnce) {
  log_->FailWith(absl::UnavailableError("input/output error"));
  Answer first = SubmitLent(Deposit(1));
  engine_->LendThread();
  EXPECT_THAT(first.get(), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(engine_->SubmitLent(Deposit(1), [](const absl::StatusOr<Outcome>&) {}),
              HasCode(absl::StatusCode::kUnavailable));
  EXPECT_EQ(failures_, 1);
}

TEST_F(LentThreadTest, ShutdownFinishesWhatNobodyLentAThreadFor) {
  Answer answer = SubmitLent(Deposit(1));
  EXPECT_OK(engine_->Shutdown());
  EXPECT_OK(answer.get());
  engine_->LendThread();  // Nothing to do any more.
  EXPECT_EQ(log_->appends(), 1);
}

// Lenders, a submitter and bulk work, with duplicates: each request is decided once.
TEST_F(LentThreadTest, ManyThreadsAreTheWriterInTurn) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (int round = 0; round < kRounds; ++round) {
        const auto id = static_cast<std::uint64_t>(round + 1);
        auto answer = std::make_shared<std::promise<absl::StatusOr<Outcome>>>();
        const auto done = [answer](absl::StatusOr<Outcome> outcome) {
          answer->set_value(std::move(outcome));
        };
        const auto command = [&] { return Deposit(1, RequestOf(id)); };
        absl::Status submitted;
        if (t == 0) {
          submitted = engine_->SubmitBulk(command(), done);
        } else if (t == 1) {
          submitted = engine_->Submit(command(), done);
        } else {
          submitted = engine_->SubmitLent(command(), done);
          engine_->LendThread();
        }
        EXPECT_OK(submitted);
        EXPECT_OK(answer->get_future().get());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(decisions_, kRounds);
  EXPECT_EQ(StoredBudget(), kRounds);
}

}  // namespace
}  // namespace puhui::testing
