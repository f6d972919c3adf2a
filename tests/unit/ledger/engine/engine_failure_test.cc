// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/typed_reads.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include <gtest/gtest.h>

#include <vector>

namespace puhui::testing {
namespace {

using ledger::Outcome;

class EngineFailureTest : public EngineTest {
 protected:
  void SetUp() override { ASSERT_OK(Open()); }
  absl::Status AwaitFailure() { return failed_with_.get_future().get(); }
};

TEST_F(EngineFailureTest, AFailedAppendAnswersEverythingUnknownAndIsToldOnce) {
  ASSERT_OK(Run(Deposit(10)));
  log_->Shut();
  log_->FailWith(absl::UnavailableError("input/output error"));
  std::vector<Answer> answers;
  for (int i = 0; i < 200; ++i) answers.push_back(Submit(Deposit(1)));
  for (int i = 0; i < 20; ++i) answers.push_back(Submit(Deposit(1), ledger::Priority::kBulk));
  log_->Open();
  for (Answer& answer : answers) {
    const auto outcome = answer.get();
    EXPECT_THAT(outcome, HasCode(absl::StatusCode::kUnavailable));
    EXPECT_FALSE(ledger::RefusalOf(outcome.status()).has_value());
  }
  EXPECT_THAT(AwaitFailure(), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(engine_->accepting(), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Run(Deposit(1)), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_EQ(StoredBudget(), 10);
  EXPECT_EQ(log_->appends(), 2);  // Nothing was tried again.
  EXPECT_THAT(engine_->Shutdown(), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_EQ(failures_, 1);
}

TEST_F(EngineFailureTest, AReplayBehindAFailedAppendIsUnknownToo) {
  log_->Shut();
  log_->FailWith(absl::UnavailableError("input/output error"));
  Answer first = Submit(Deposit(1, RequestOf(1)));
  log_->AwaitAppend(1);
  Answer again = Submit(Deposit(1, RequestOf(1)));
  log_->Open();
  EXPECT_THAT(first.get(), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(again.get(), HasCode(absl::StatusCode::kUnavailable));
}

TEST_F(EngineFailureTest, WritesStopBeforeTheDiskIsFullAndGoOnWhenThereIsRoom) {
  memory_.SetFreeBytes(options_.disk_reserve_bytes - 1);
  AwaitTrue([this] { return !engine_->accepting().ok(); });
  EXPECT_THAT(Run(Deposit(1)), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_EQ(StoredBudget(), 0);
  memory_.SetFreeBytes(options_.disk_reserve_bytes);
  AwaitTrue([this] { return engine_->accepting().ok(); });
  EXPECT_OK(Run(Deposit(1)));
  EXPECT_EQ(failures_, 0);
}

TEST_F(EngineFailureTest, AfterAFullDiskReadsGoOnUntilThereIsRoomAndThenOnlyARestartHelps) {
  ASSERT_OK(Run(Deposit(10)));
  memory_.SetFreeBytes(0);
  AwaitTrue([this] { return !engine_->accepting().ok(); });
  // What was accepted before meets the full disk.
  memory_.SetFreeBytes(options_.disk_reserve_bytes);
  AwaitTrue([this] { return engine_->accepting().ok(); });
  log_->Shut();
  log_->FailWith(absl::ResourceExhaustedError("no space left"));
  Answer answer = Submit(Deposit(1));
  log_->AwaitAppend(2);
  memory_.SetFreeBytes(0);
  AwaitTrue([this] { return !engine_->accepting().ok(); });
  log_->Open();
  EXPECT_THAT(answer.get(), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_EQ(failures_, 0);
  EXPECT_EQ(StoredBudget(), 10);
  memory_.SetFreeBytes(options_.disk_reserve_bytes);
  EXPECT_THAT(AwaitFailure(), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(engine_->accepting().ok());
  engine_.reset();
  EXPECT_EQ(failures_, 1);
}

TEST_F(EngineFailureTest, AnUnknownAppendIsResolvedByItsRequestIdAfterARestart) {
  log_->FailWith(absl::UnavailableError("input/output error"));
  EXPECT_THAT(Run(Deposit(1, RequestOf(1))), HasCode(absl::StatusCode::kUnavailable));
  ASSERT_OK(Open());
  ASSERT_OK_AND_ASSIGN(const Outcome outcome, Run(Deposit(1, RequestOf(1))));
  EXPECT_EQ(outcome.first().sequence(), 1U);
  EXPECT_EQ(StoredBudget(), 1);
}

TEST_F(EngineFailureTest, WithoutACallbackTheProcessEnds) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        options_.on_failure = nullptr;
        PUHUI_CHECK_OK(Open());
        log_->FailWith(absl::UnavailableError("input/output error"));
        Run(Deposit(1)).status().IgnoreError();
      },
      "the journal failed");
}

}  // namespace
}  // namespace puhui::testing
