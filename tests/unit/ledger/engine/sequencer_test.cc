// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "ledger/engine/account_queries.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/checkpoint_file.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace puhui::testing {
namespace {

using ledger::Outcome;
using ledger::Reason;

class SequencerTest : public EngineTest {
 protected:
  void SetUp() override { ASSERT_OK(Open()); }

  std::vector<std::int64_t> Times() {
    std::vector<std::int64_t> times;
    PUHUI_CHECK_OK(ledger::ReadRecords(
        *store_, 1, SIZE_MAX,
        [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
          PUHUI_ASSIGN_OR_RETURN(const auto record, ledger::ParseRecord(sequence, bytes));
          times.push_back(record.time_micros());
          return true;
        }));
    return times;
  }
};

std::string BytesOf(const Outcome& outcome) {
  std::string bytes;
  for (const journal::v1::Record* record : outcome.records()) {
    bytes += record->SerializeAsString();
  }
  return bytes;
}

TEST_F(SequencerTest, AnswersWithTheDurableRecords) {
  ASSERT_OK_AND_ASSIGN(const Outcome outcome, Run(Deposit(10)));
  EXPECT_EQ(outcome.first().sequence(), 1U);
  EXPECT_EQ(StoredBudget(), 10);
  ASSERT_OK_AND_ASSIGN(const std::string stored, ledger::ReadRecord(*store_, 1));
  EXPECT_EQ(stored, outcome.first().SerializeAsString());
}

TEST_F(SequencerTest, ARefusedCommandLeavesNothingBehind) {
  auto refused = std::make_unique<ScriptCommand>(
      [](const ledger::DecideContext&,
         ledger::Decision& decision) -> absl::optional<ledger::Refusal> {
        AddFunding(1, 10, decision);
        return ledger::Refusal{.reason = Reason::kBudgetTooSmall};
      });
  refused->request = RequestOf(1);
  EXPECT_THAT(Run(std::move(refused)), Refuses(Reason::kBudgetTooSmall));
  EXPECT_EQ(engine_->durable().sequence, 0U);
  // The same id may be tried again.
  EXPECT_OK(Run(Deposit(10, RequestOf(1))));
}

TEST_F(SequencerTest, ACommandWithoutRecordsIsAnsweredEmpty) {
  ASSERT_OK_AND_ASSIGN(const Outcome outcome, Run(Always([](ledger::Decision&) {})));
  EXPECT_TRUE(outcome.empty());
}

TEST_F(SequencerTest, ADuplicateGetsTheFirstOutcomeByteForByte) {
  ASSERT_OK_AND_ASSIGN(const Outcome first, Run(Deposit(10, RequestOf(1))));
  ASSERT_OK_AND_ASSIGN(const Outcome again, Run(Deposit(10, RequestOf(1))));
  EXPECT_EQ(BytesOf(first), BytesOf(again));
  EXPECT_EQ(decisions_, 1);
  EXPECT_THAT(Run(Deposit(10, RequestOf(1, /*body=*/2))),
              Refuses(Reason::kRequestIdReused, "request_id"));
  // Another caller's id is another id.
  EXPECT_OK(Run(Deposit(10, RequestOf(1, 2, "/terminal/other"))));
  EXPECT_EQ(StoredBudget(), 20);
}

TEST_F(SequencerTest, ConcurrentDuplicatesInOneGroupAndAcrossGroupsAreOne) {
  log_->Shut();
  Answer durable = Submit(Deposit(1, RequestOf(1)));
  log_->AwaitAppend(1);
  Answer decided = Submit(Deposit(10, RequestOf(2)));
  AwaitTrue([&] { return decisions_ == 2; });
  // The writer waits for room: all of these are one group.
  std::vector<Answer> answers;
  for (const std::uint64_t id : std::vector<std::uint64_t>{1, 2, 3, 3, 3}) {
    answers.push_back(Submit(Deposit(100, RequestOf(id))));
  }
  Answer reused = Submit(Deposit(100, RequestOf(3, /*body=*/9)));
  log_->Open();
  ASSERT_OK_AND_ASSIGN(const Outcome first, durable.get());
  ASSERT_OK_AND_ASSIGN(const Outcome second, decided.get());
  std::vector<std::string> bytes;
  for (Answer& answer : answers) {
    ASSERT_OK_AND_ASSIGN(const Outcome outcome, answer.get());
    bytes.push_back(BytesOf(outcome));
  }
  EXPECT_EQ(bytes[0], BytesOf(first));
  EXPECT_EQ(bytes[1], BytesOf(second));
  EXPECT_EQ(bytes[3], bytes[2]);
  EXPECT_EQ(bytes[4], bytes[2]);
  EXPECT_THAT(reused.get(), Refuses(Reason::kRequestIdReused));
  EXPECT_EQ(decisions_, 3);
  EXPECT_EQ(StoredBudget(), 111);
}

TEST_F(SequencerTest, DuplicatesFromManyThreadsAreDecidedOnce) {
  constexpr int kThreads = 8;
  constexpr std::uint64_t kIds = 200;
  std::vector<std::thread> threads;
  std::vector<std::vector<std::string>> answers(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, &mine = answers[static_cast<std::size_t>(t)]] {
      for (std::uint64_t id = 0; id < kIds; ++id) {
        const auto outcome = Run(Deposit(1, RequestOf(id)));
        mine.push_back(outcome.ok() ? BytesOf(*outcome) : outcome.status().ToString());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& mine : answers) EXPECT_EQ(mine, answers[0]);
  EXPECT_EQ(decisions_, static_cast<int>(kIds));
  EXPECT_EQ(StoredBudget(), static_cast<std::int64_t>(kIds));
  EXPECT_TRUE(Verify().ok());
}

TEST_F(SequencerTest, DecidesOnTopOfWhatIsNotDurableYet) {
  log_->Shut();
  Answer deposit = Submit(Deposit(10));
  log_->AwaitAppend(1);
  const auto spend = [this](std::int64_t points) {
    return std::make_unique<ScriptCommand>(
        [this, points](const ledger::DecideContext&,
                       ledger::Decision& decision) -> absl::optional<ledger::Refusal> {
          const ledger::AccountKey budget{ledger::AccountKind::kBudget, 1, UnionNumber{1}};
          if (books_->views.Balance(budget) < points) {
            return ledger::Refusal{.reason = Reason::kBudgetTooSmall};
          }
          AddApproval(7, 1, points, decision);
          return absl::nullopt;
        });
  };
  Answer fits = Submit(spend(8));
  Answer does_not = Submit(spend(3));
  log_->Open();
  EXPECT_OK(deposit.get());
  EXPECT_OK(fits.get());
  EXPECT_THAT(does_not.get(), Refuses(Reason::kBudgetTooSmall));
  EXPECT_EQ(StoredBudget(), 2);
}

TEST_F(SequencerTest, ReadersSeeOnlyWhatIsDurable) {
  log_->Shut();
  Answer answer = Submit(Deposit(10));
  log_->AwaitAppend(1);
  EXPECT_EQ(StoredBudget(), 0);
  EXPECT_EQ(engine_->durable().sequence, 0U);
  EXPECT_EQ(answer.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  log_->Open();
  EXPECT_OK(answer.get());
  EXPECT_EQ(StoredBudget(), 10);
  EXPECT_EQ(engine_->durable().sequence, 1U);
}

TEST_F(SequencerTest, AnswersInTheOrderOfTheJournal) {
  log_->Shut();
  std::vector<int> order;  // Of the completion thread alone.
  std::vector<Answer> answers;
  for (int i = 0; i < 250; ++i) {
    auto answered = std::make_shared<std::promise<absl::StatusOr<Outcome>>>();
    answers.push_back(answered->get_future());
    ASSERT_OK(engine_->Submit(Deposit(1), [i, &order, answered](absl::StatusOr<Outcome> outcome) {
      order.push_back(i);
      answered->set_value(std::move(outcome));
    }));
  }
  log_->Open();
  Sequence last = 0;
  for (Answer& answer : answers) {
    ASSERT_OK_AND_ASSIGN(const Outcome outcome, answer.get());
    EXPECT_EQ(outcome.first().sequence(), last + 1);
    last = outcome.first().sequence();
  }
  ASSERT_EQ(order.size(), 250U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(SequencerTest, OneBulkCommandPerGroupLetsInteractiveOnesPass) {
  log_->Shut();
  Answer first = Submit(Deposit(1));
  log_->AwaitAppend(1);
  Answer second = Submit(Deposit(1));
  AwaitTrue([&] { return decisions_ == 2; });
  std::vector<Answer> bulk;
  for (int i = 0; i < 3; ++i) bulk.push_back(Submit(Deposit(1), ledger::Priority::kBulk));
  Answer interactive = Submit(Deposit(1));
  log_->Open();
  ASSERT_OK_AND_ASSIGN(const Outcome passed, interactive.get());
  EXPECT_EQ(passed.first().sequence(), 3U);
  for (Answer& answer : bulk) EXPECT_OK(answer.get());
}

TEST_F(SequencerTest, AGroupOfBulkWorkAloneTakesSeveral) {
  log_->Shut();
  Answer first = Submit(Deposit(1), ledger::Priority::kBulk);
  log_->AwaitAppend(1);
  Answer second = Submit(Deposit(1), ledger::Priority::kBulk);
  AwaitTrue([&] { return decisions_ == 2; });
  std::vector<Answer> bulk;
  for (std::size_t i = 0; i < 2 * kGroupBulkCommandsMax + 1; ++i) {
    bulk.push_back(Submit(Deposit(1), ledger::Priority::kBulk));
  }
  log_->Open();
  for (Answer& answer : bulk) EXPECT_OK(answer.get());
  // The first command was alone; the second may be a group with some of the others, or without.
  EXPECT_GE(log_->appends(), 1 + 3);
  EXPECT_LE(log_->appends(), 2 + 3);
}

TEST_F(SequencerTest, BulkWorkMakesRoomForWhoComesAmidAGroup) {
  log_->Shut();
  Answer first = Submit(Deposit(1), ledger::Priority::kBulk);
  log_->AwaitAppend(1);
  Answer second = Submit(Deposit(1), ledger::Priority::kBulk);
  AwaitTrue([&] { return decisions_ == 2; });
  Answer interactive;
  std::vector<Answer> bulk;
  bulk.push_back(Submit(Deposit(1), ledger::Priority::kBulk));
  bulk.push_back(Submit(Always([&](ledger::Decision& decision) {
                          AddFunding(1, 1, decision);
                          interactive = Submit(Deposit(1));
                        }),
                        ledger::Priority::kBulk));
  for (int i = 0; i < 3; ++i) bulk.push_back(Submit(Deposit(1), ledger::Priority::kBulk));
  log_->Open();
  for (Answer& answer : bulk) EXPECT_OK(answer.get());
  ASSERT_OK_AND_ASSIGN(const Outcome passed, interactive.get());
  EXPECT_EQ(passed.first().sequence(), 5U);
}

TEST_F(SequencerTest, WhatIsPastItsDeadlineIsNotDecided) {
  std::unique_ptr<ledger::Command> late = Deposit(1);
  late->deadline = clock_.Now() - absl::Microseconds(1);
  EXPECT_THAT(Run(std::move(late)), Refuses(Reason::kDeadlineExceeded));
  EXPECT_EQ(decisions_, 0);
  std::unique_ptr<ledger::Command> just = Deposit(1);
  just->deadline = clock_.Now();
  EXPECT_OK(Run(std::move(just)));
}

TEST_F(SequencerTest, RefusesWhatWouldWaitBehindTooMany) {
  log_->Shut();
  Answer first = Submit(Deposit(1));
  log_->AwaitAppend(1);
  Answer second = Submit(Deposit(1));
  AwaitTrue([&] { return decisions_ == 2; });
  // Nothing is taken from the queues now. However slow the disk is, the floor is admitted.
  std::vector<Answer> waiting;
  for (std::size_t i = 0; i < kQueuedCommandsFloor; ++i) waiting.push_back(Submit(Deposit(1)));
  for (std::size_t i = 0; i < kQueuedCommandsMax; ++i) {
    waiting.push_back(Submit(Deposit(1), ledger::Priority::kBulk));
  }
  EXPECT_THAT(Submit(Deposit(1), ledger::Priority::kBulk).get(), Refuses(Reason::kOverloaded));
  std::size_t refused = 0;
  for (std::size_t i = 0; i < kQueuedCommandsMax; ++i) {
    if (!engine_->Submit(Deposit(1), [](auto) {}).ok()) ++refused;
  }
  EXPECT_GE(refused, kQueuedCommandsFloor);
  log_->Open();
  for (Answer& answer : waiting) ASSERT_OK(answer.get());
  EXPECT_OK(Run(Deposit(1)));
}

TEST_F(SequencerTest, TimeIncreasesStrictlyWhateverTheClockDoes) {
  const auto three = [] {
    return Always([](ledger::Decision& decision) {
      for (int i = 0; i < 3; ++i) AddFunding(1, 1, decision);
    });
  };
  for (int i = 0; i < 20; ++i) ASSERT_OK(Run(three()));
  clock_.Advance(-absl::Hours(1));
  for (int i = 0; i < 20; ++i) ASSERT_OK(Run(three()));
  // Readers judge at the time that the next command would be decided at.
  EXPECT_EQ(absl::ToUnixMicros(engine_->Now()), Times().back() + 1);
  clock_.Advance(absl::Hours(2));
  const absl::Time later = clock_.Now();
  EXPECT_EQ(engine_->Now(), later);
  ASSERT_OK_AND_ASSIGN(const Outcome outcome, Run(three()));
  EXPECT_EQ(outcome.first().time_micros(), absl::ToUnixMicros(later));
  const std::vector<std::int64_t> times = Times();
  ASSERT_EQ(times.size(), 123U);
  for (std::size_t i = 1; i < times.size(); ++i) ASSERT_GT(times[i], times[i - 1]) << i;
}

TEST_F(SequencerTest, TimeGoesOnIncreasingAfterARestart) {
  ASSERT_OK(Run(Deposit(1)));
  clock_.Advance(-absl::Hours(24));
  ASSERT_OK(Open());
  ASSERT_OK(Run(Deposit(1)));
  const std::vector<std::int64_t> times = Times();
  ASSERT_EQ(times.size(), 2U);
  EXPECT_GT(times[1], times[0]);
}

TEST_F(SequencerTest, SplitsSegmentsAtTheirBoundAndKeepsACommandTogether) {
  ASSERT_OK(Run(Always([](ledger::Decision& decision) {
    for (int i = 0; i < 300; ++i) {
      decision.Add().mutable_merchant_registered()->set_display_name(std::string(1'000, 'x'));
    }
    decision.Add().mutable_merchant_registered()->set_display_name(
        std::string(kSegmentBytesMax + 1, 'y'));
    AddFunding(1, 5, decision);
  })));
  int segments = 0;
  ASSERT_OK(ledger::ReadSegments(*store_, 1, [&](absl::string_view bytes) -> absl::StatusOr<bool> {
    ++segments;
    PUHUI_ASSIGN_OR_RETURN(const auto segment, ledger::SegmentView::Parse(bytes));
    EXPECT_TRUE(bytes.size() <= kSegmentBytesMax || segment.header().record_count == 1);
    return true;
  }));
  // Of the small ones seven to a segment, and six in the last; the large one; the rest.
  static_assert(kSegmentBytesMax == 8'192);
  EXPECT_EQ(segments, 45);
  EXPECT_EQ(log_->appends(), 1);
  EXPECT_EQ(engine_->durable().sequence, 302U);
  EXPECT_TRUE(Verify().ok());
  ASSERT_OK(Open());
  EXPECT_EQ(engine_->durable().sequence, 302U);
}

TEST_F(SequencerTest, ShutdownFinishesWhatWasAccepted) {
  log_->Shut();
  std::vector<Answer> answers;
  for (int i = 0; i < 250; ++i) answers.push_back(Submit(Deposit(1)));
  for (int i = 0; i < 250; ++i) answers.push_back(Submit(Deposit(1), ledger::Priority::kBulk));
  std::thread shutdown([this] { EXPECT_OK(engine_->Shutdown()); });
  // Refused from the moment the writer was told to stop.
  AwaitTrue([this] {
    return absl::IsUnavailable(engine_->Submit(Always([](ledger::Decision&) {}), [](auto) {}));
  });
  log_->Open();
  shutdown.join();
  for (Answer& answer : answers) EXPECT_OK(answer.get());
  ASSERT_OK_AND_ASSIGN(const Sequence applied, ledger::AppliedSequence(*store_));
  EXPECT_EQ(applied, engine_->durable().sequence);
  EXPECT_OK(engine_->Shutdown());
}

TEST_F(SequencerTest, TheCheckpointVouchesForWhatIsDurable) {
  for (int i = 0; i < 300; ++i) ASSERT_OK(Run(Deposit(1)));
  const ledger::Position durable = engine_->durable();
  ASSERT_OK(engine_->Shutdown());
  ASSERT_OK_AND_ASSIGN(const auto published, ledger::ReadPublishedCheckpoint(directory_.path()));
  ASSERT_TRUE(published.has_value());
  EXPECT_EQ(*published, engine_->checkpoint());
  ASSERT_OK_AND_ASSIGN(const ledger::Checkpoint checkpoint,
                       ledger::ParseCheckpoint(*published, key_.verify_key()));
  EXPECT_EQ(checkpoint.origin, options_.origin);
  EXPECT_EQ(checkpoint.size, 300U);
  EXPECT_EQ(checkpoint.root, durable.root);
  ledger::MerkleTree tree;
  ASSERT_OK(ledger::ReadRecords(*store_, 1, SIZE_MAX,
                                [&](Sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
                                  tree.Append(ledger::LeafHash(bytes));
                                  return true;
                                }));
  EXPECT_EQ(tree.Root(), checkpoint.root);
}

TEST_F(SequencerTest, ACheckpointAppearsWhileTheServiceRuns) {
  options_.checkpoint_interval = absl::Milliseconds(1);
  ASSERT_OK(Open());
  ASSERT_OK(Run(Deposit(1)));
  AwaitTrue([this] { return !engine_->checkpoint().empty(); });
  ASSERT_OK_AND_ASSIGN(const ledger::Checkpoint checkpoint,
                       ledger::ParseCheckpoint(engine_->checkpoint(), key_.verify_key()));
  EXPECT_EQ(checkpoint.size, 1U);
}

}  // namespace
}  // namespace puhui::testing
