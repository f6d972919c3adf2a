// SPDX-License-Identifier: Apache-2.0
// One fault of the disk, at every operation of the store in turn while records are dropped that an
// archive has. Wherever it stops, each record is in the store or in the file, and the next run ends
// it.
#include "ledger/storage/rocks_store.h"
#include "tests/crash/impatient_env.h"
#include "tests/support/faulty_file_system.h"
#include "tests/unit/ledger/journal/archive_fixture.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::archive_fault_test {
namespace {

using Fault = FaultyFileSystem::Fault;
using ledger::WrittenJournal;

constexpr int kSegments = 15;
constexpr std::size_t kPerSegment = 20;
constexpr Sequence kArchived = 200;

class ArchiveFaultTest : public ::testing::Test {
 protected:
  ~ArchiveFaultTest() override { Stop(); }

  void Open() {
    ASSERT_OK_AND_ASSIGN(rocks_, ledger::RocksStore::Open({.path = data_->Join("db"),
                                                           .env = env_.get(),
                                                           .block_cache_bytes = 1 << 20,
                                                           .write_buffer_bytes = 1 << 20}));
    ASSERT_OK_AND_ASSIGN(archive_, ledger::SegmentArchive::Open(data_->Join("archive")));
    store_ = std::make_unique<ledger::ArchivedStore>(rocks_.get(), archive_.get());
  }
  // As a process that dies: nothing is closed.
  void Stop() {
    store_.reset();
    archive_.reset();
    rocks_.reset();
  }
  // A journal whose files are on the disk, so that there are some to drop.
  void Begin() {
    Stop();
    data_ = std::make_unique<TempDir>();
    files_ = std::make_unique<FaultyFileSystem>();
    env_ = std::make_unique<testing::ImpatientEnv>(files_->env());
    ASSERT_NO_FATAL_FAILURE(Open());
    journal_ = std::make_unique<WrittenJournal>(rocks_.get());
    for (int i = 0; i < kSegments; ++i) journal_->Append(kPerSegment);
    ASSERT_OK(rocks_->Close());
    Stop();
    ASSERT_NO_FATAL_FAILURE(Open());
  }
  absl::StatusOr<ledger::ArchiveReport> Archive() {
    return ledger::ArchiveThrough(
        {.store = store_.get(), .archive = archive_.get(), .last = kArchived},
        [this](std::uint64_t size) -> absl::StatusOr<ledger::Hash> {
          return journal_->RootAt(size);
        },
        ledger::NoWait);
  }
  void ExpectWhole() {
    std::vector<std::string> records;
    ASSERT_OK(
        ledger::ReadRecords(*store_, 1, SIZE_MAX, [&](Sequence /*at*/, absl::string_view record) {
          records.emplace_back(record);
          return absl::StatusOr<bool>(true);
        }));
    ASSERT_EQ(records.size(), journal_->last());
    for (Sequence sequence = 1; sequence <= journal_->last(); ++sequence) {
      ASSERT_EQ(records[sequence - 1], WrittenJournal::RecordOf(sequence, 8));
    }
  }
  // Archives once for each n, with the fault from the n-th operation, or at it, until a run does
  // not meet it; returns how many did.
  int ArchiveWithEach(bool for_good) {
    for (std::uint64_t n = 1;; ++n) {
      SCOPED_TRACE(n);
      Begin();
      if (HasFatalFailure()) return 0;
      files_->FailAt(n, Fault::kIoError, for_good);
      const absl::Status archived = Archive().status();
      if (!files_->failed()) {
        EXPECT_OK(archived);
        return static_cast<int>(n - 1);
      }
      if (for_good) files_->CutPower();
      Stop();
      if (for_good) files_->RestorePower();
      files_->Heal();
      Open();
      ExpectWhole();
      if (HasFailure()) return 0;
      const absl::StatusOr<ledger::ArchiveReport> again = Archive();
      EXPECT_OK(again);
      EXPECT_EQ(again.ok() ? again->held_from : 0, kArchived + 1);
      ExpectWhole();
      if (HasFailure()) return 0;
    }
  }

  std::unique_ptr<TempDir> data_;
  std::unique_ptr<FaultyFileSystem> files_;
  std::unique_ptr<testing::ImpatientEnv> env_;
  std::unique_ptr<WrittenJournal> journal_;
  std::unique_ptr<ledger::RocksStore> rocks_;
  std::unique_ptr<ledger::SegmentArchive> archive_;
  std::unique_ptr<ledger::ArchivedStore> store_;
};

TEST_F(ArchiveFaultTest, AnIoErrorAtAnyOperationOfADropLosesNoRecord) {
  EXPECT_GT(ArchiveWithEach(/*for_good=*/false), 1);
}

TEST_F(ArchiveFaultTest, ADeadDiskFromAnyOperationOnThenAPowerCutLosesNoRecord) {
  EXPECT_GT(ArchiveWithEach(/*for_good=*/true), 1);
}

}  // namespace
}  // namespace puhui::archive_fault_test
