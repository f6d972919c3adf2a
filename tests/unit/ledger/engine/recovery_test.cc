// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/recovery.h"

#include "ledger/engine/replay.h"
#include "ledger/journal/checkpoint_file.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/families.h"
#include "ledger/storage/rocks_store.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/faulty_file_system.h"
#include "tests/unit/ledger/engine/filled_ledger.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace puhui::testing {
namespace {

using ::testing::HasSubstr;

class RecoveryTest : public FilledLedgerTest {
 protected:
  void WriteMark(const ledger::HighWater& mark) {
    ASSERT_OK_AND_ASSIGN(auto file, ledger::HighWaterFile::Open(directory_.path()));
    ASSERT_OK(file.Write(mark));
    ASSERT_OK(file.Write(mark));
  }
  void WriteCheckpoint(const ledger::Checkpoint& checkpoint, const ledger::SigningKey& key) {
    ASSERT_OK(ledger::PublishCheckpoint(
        directory_.path(), ledger::SignCheckpoint(checkpoint, options_.key_name, key)));
  }
  void ClearViews() {
    for (const ledger::Family family : ledger::kAllFamilies) {
      if (!ledger::IsView(family)) continue;
      ASSERT_OK(store_->ClearFamily(family));
    }
  }
  // Open must fail with data loss and say `what`.
  void ExpectRefused(const std::string& what) {
    const absl::Status status = Open();
    EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
    EXPECT_THAT(std::string(status.message()), HasSubstr(what));
  }
};

TEST_F(RecoveryTest, AnEmptyLedgerOpensAtNothing) {
  ASSERT_OK(Open());
  EXPECT_EQ(engine_->durable().sequence, 0U);
  EXPECT_EQ(engine_->durable().root, ledger::EmptyRoot());
}

TEST_F(RecoveryTest, AfterACleanShutdownNothingIsReplayed) {
  Fill();
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK(Open());
    EXPECT_EQ(engine_->recovered().replayed, 0U);
    EXPECT_EQ(engine_->recovered().scanned, 300U);
    ExpectWhole();
    ASSERT_OK(engine_->Shutdown());
  }
}

TEST_F(RecoveryTest, ViewsOfAnEarlierReleaseAreFoldedFromTheBeginning) {
  Fill();
  // What the first release left: its own table of the applied sequence, and rows that mean nothing.
  Change(ledger::Family::kMeta, ledger::EncodeKey(ledger::Table::kApplied, std::uint8_t{0}),
         absl::nullopt);
  Change(ledger::Family::kMeta, std::string("\x01\x00", 2), std::string("\xac\x02", 2));
  Change(ledger::Family::kState, "\x20 as it was", "a row of then");
  ASSERT_OK(Open());
  EXPECT_EQ(engine_->recovered().replayed, 300U);
  ExpectWhole();
}

TEST_F(RecoveryTest, ViewsThatAreGoneAreFoldedFromTheBeginning) {
  Fill();
  ASSERT_NO_FATAL_FAILURE(ClearViews());
  ASSERT_OK(Open());
  EXPECT_EQ(engine_->recovered().replayed, 300U);
  ExpectWhole();
}

TEST_F(RecoveryTest, AnInterruptedRebuildBeginsAgain) {
  Fill();
  ASSERT_OK(store_->ClearFamily(ledger::Family::kMeta));  // Its first step.
  ASSERT_OK(Open());
  EXPECT_EQ(engine_->recovered().replayed, 300U);
  ExpectWhole();
}

TEST_F(RecoveryTest, AMarkBeyondTheJournalNamesTheMissingRecord) {
  Fill();
  WriteMark({301, root_});
  ExpectRefused("record 301 is missing");
}

TEST_F(RecoveryTest, ACheckpointBeyondTheJournalNamesTheMissingRecord) {
  Fill();
  WriteCheckpoint({.origin = options_.origin, .size = 310, .root = root_, .time = clock_.Now()},
                  key_);
  ExpectRefused("record 301 is missing");
}

TEST_F(RecoveryTest, AMarkWithAnotherRootIsRefused) {
  Fill();
  ledger::Hash other = root_;
  other[0] ^= 1;
  WriteMark({300, other});
  ExpectRefused("the first 300 records");
}

TEST_F(RecoveryTest, ACheckpointWithAnotherRootIsRefused) {
  Fill();
  WriteCheckpoint({.origin = options_.origin, .size = 200, .root = root_, .time = clock_.Now()},
                  key_);
  ExpectRefused("the first 200 records");
}

TEST_F(RecoveryTest, ACheckpointByAnotherKeyOrOriginIsRefused) {
  Fill();
  const ledger::Checkpoint checkpoint{
      .origin = options_.origin, .size = 300, .root = root_, .time = clock_.Now()};
  WriteCheckpoint(checkpoint, ledger::SigningKey::FromSeed(std::string(32, 'x')));
  EXPECT_THAT(Open(), HasCode(absl::StatusCode::kDataLoss));
  WriteCheckpoint(checkpoint, key_);
  EXPECT_OK(Open());
  engine_.reset();
  options_.origin = "another.example/ledger";
  EXPECT_THAT(Open(), HasCode(absl::StatusCode::kFailedPrecondition));
}

TEST_F(RecoveryTest, ALostTailIsNamed) {
  Fill();
  Change(ledger::Family::kJournal, ledger::SegmentKey(300), absl::nullopt);
  ExpectRefused("record 300 is missing");
}

TEST_F(RecoveryTest, ASegmentMissingInTheMiddleIsNamed) {
  Fill();
  Change(ledger::Family::kJournal, ledger::SegmentKey(150), absl::nullopt);
  ExpectRefused("sequence 150: missing");
}

TEST_F(RecoveryTest, ADamagedSegmentIsNamed) {
  Fill();
  ASSERT_OK_AND_ASSIGN(auto bytes, store_->Get(ledger::Family::kJournal, ledger::SegmentKey(150)));
  bytes->back() = static_cast<char>(bytes->back() ^ 1);
  Change(ledger::Family::kJournal, ledger::SegmentKey(150), *bytes);
  ExpectRefused("sequence 150");
}

TEST_F(RecoveryTest, AnAlteredRecordUnderAGoodChecksumIsRefusedWhenItIsFoldedAgain) {
  Fill();
  // The same record for another union, framed and summed as if it had always been so.
  ASSERT_OK_AND_ASSIGN(const std::string bytes, ledger::ReadRecord(*store_, 150));
  ASSERT_OK_AND_ASSIGN(journal::v1::Record record, ledger::ParseRecord(150, bytes));
  record.mutable_entry()->mutable_funding()->set_union_number(2);
  ASSERT_OK_AND_ASSIGN(const auto stored,
                       store_->Get(ledger::Family::kJournal, ledger::SegmentKey(150)));
  ASSERT_OK_AND_ASSIGN(const auto view, ledger::SegmentView::Parse(*stored));
  ledger::SegmentBuilder forged(0, view.header().epoch, 150);
  forged.Add(record.SerializeAsString());
  Change(ledger::Family::kJournal, ledger::SegmentKey(150),
         forged.Seal(view.header().root_before).bytes);
  EXPECT_FALSE(Verify().ok());
  ASSERT_NO_FATAL_FAILURE(ClearViews());
  ExpectRefused("the segment at record 151 does not continue the 150 records before it");
}

TEST_F(RecoveryTest, ViewsAheadOfTheJournalAreRefused) {
  Fill();
  Change(ledger::Family::kMeta, ledger::EncodeKey(ledger::Table::kApplied, std::uint8_t{0}),
         ledger::EncodeValue(Sequence{301}));
  ExpectRefused("record 301 is missing");
}

// The same over a disk whose power can be cut.
class PowerCutTest : public EngineTest {
 protected:
  void OpenStore() {
    rocks_.reset();
    auto opened = ledger::RocksStore::Open({.path = data_.Join("db"), .env = files_.env()});
    ASSERT_OK(opened);
    rocks_ = *std::move(opened);
    store_ = rocks_.get();
  }
  // Ends everything as a power cut does, and starts again.
  void CutAndRestart() {
    files_.CutPower();
    engine_.reset();
    books_.reset();
    log_.reset();
    rocks_.reset();
    files_.RestorePower();
    ASSERT_NO_FATAL_FAILURE(OpenStore());
    ASSERT_OK(Open());
  }
  ~PowerCutTest() override { engine_.reset(); }

  TempDir data_;
  FaultyFileSystem files_;
  std::unique_ptr<ledger::RocksStore> rocks_;
};

TEST_F(PowerCutTest, WhatWasAnsweredIsThereAndTheViewsAreFoldedAgain) {
  ASSERT_NO_FATAL_FAILURE(OpenStore());
  ASSERT_OK(Open());
  std::int64_t deposited = 0;
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 100; ++i) {
      ASSERT_OK(Run(Deposit(1, RequestOf(static_cast<std::uint64_t>(deposited)))));
      ++deposited;
      const bool flush = round == 2 && i == 50;
      ASSERT_OK(flush ? store_->FlushViews(/*wait=*/true) : absl::OkStatus());
    }
    ASSERT_NO_FATAL_FAILURE(CutAndRestart());
    EXPECT_EQ(engine_->durable().sequence, static_cast<Sequence>(deposited));
    EXPECT_EQ(StoredBudget(), deposited);
    // The round alone: a restart flushes what it replayed. In the third the views stood at 251.
    EXPECT_EQ(engine_->recovered().replayed, round == 2 ? 49U : 100U) << round;
    const ledger::VerifyReport report = Verify();
    EXPECT_TRUE(report.ok()) << report.findings[0];
  }
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Run(Deposit(1, RequestOf(7))));
  EXPECT_EQ(again.first().sequence(), 8U);
}

TEST_F(PowerCutTest, ACleanStopLeavesNothingToReplay) {
  ASSERT_NO_FATAL_FAILURE(OpenStore());
  ASSERT_OK(Open());
  for (std::uint64_t i = 0; i < 50; ++i) ASSERT_OK(Run(Deposit(1, RequestOf(i))));
  ASSERT_OK(engine_->Shutdown());
  engine_.reset();
  ASSERT_OK(rocks_->Close());
  ASSERT_NO_FATAL_FAILURE(CutAndRestart());
  EXPECT_EQ(engine_->recovered().replayed, 0U);
  EXPECT_EQ(StoredBudget(), 50);
}

}  // namespace
}  // namespace puhui::testing
