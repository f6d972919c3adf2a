// SPDX-License-Identifier: Apache-2.0
// One fault of the disk, at every operation of the store in turn while records are dropped that an
// archive has. Wherever it stops, each record is in the store or in the file, and the next run ends
// it.
#include "ledger/storage/rocks_store.h"
#include "tests/crash/impatient_env.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/store_files.h"
#include "tests/unit/ledger/journal/archive_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace puhui::archive_fault_test {
namespace {

using Fault = FaultyFileSystem::Fault;
using ledger::WrittenJournal;

constexpr std::size_t kPerSegment = 20;
constexpr Sequence kArchived = 200;
constexpr int kSegmentsAfter = 5;

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
  // Closes what is open, as the end of a day does.
  void EndTheDay() {
    ASSERT_OK(rocks_->Close());
    Stop();
  }
  // A journal whose files are on the disk, those of what is archived below level 0, so that there
  // are some to drop.
  void Begin() {
    Stop();
    data_ = std::make_unique<TempDir>();
    files_ = std::make_unique<FaultyFileSystem>();
    env_ = std::make_unique<testing::ImpatientEnv>(files_->env());
    ASSERT_NO_FATAL_FAILURE(Open());
    journal_ = std::make_unique<WrittenJournal>(rocks_.get());
    while (journal_->last() < kArchived) journal_->Append(kPerSegment);
    ASSERT_NO_FATAL_FAILURE(EndTheDay());
    SettleJournal(data_->Join("db"));
    archived_files_ = FilesOf(ledger::Family::kJournal, data_->Join("db"));
    ASSERT_FALSE(archived_files_.empty());
    ASSERT_NO_FATAL_FAILURE(Open());
    journal_->GoOnIn(rocks_.get());
    for (int i = 0; i < kSegmentsAfter; ++i) journal_->Append(kPerSegment);
    ASSERT_NO_FATAL_FAILURE(EndTheDay());
    ASSERT_NO_FATAL_FAILURE(Open());
  }
  // Whether any file is there that held nothing but what is archived.
  bool HasArchivedFiles() const {
    return std::any_of(archived_files_.begin(), archived_files_.end(),
                       [](const std::string& path) { return std::filesystem::exists(path); });
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
        EXPECT_FALSE(HasArchivedFiles());
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
      EXPECT_FALSE(HasArchivedFiles());
      ExpectWhole();
      if (HasFailure()) return 0;
    }
  }

  std::unique_ptr<TempDir> data_;
  std::unique_ptr<FaultyFileSystem> files_;
  std::unique_ptr<testing::ImpatientEnv> env_;
  std::unique_ptr<WrittenJournal> journal_;
  std::vector<std::string> archived_files_;
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

// An export, say, that began before records are dropped; and tills that go on.
TEST_F(ArchiveFaultTest, RunningItAgainGivesBackTheSpaceThatSomebodysReadingKept) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  journal_->GoOnIn(rocks_.get());
  std::unique_ptr<ledger::Readable> earlier = store_->TakeSnapshot();
  ASSERT_OK(Archive());
  EXPECT_TRUE(HasArchivedFiles());
  const std::unique_ptr<ledger::Readable> later = store_->TakeSnapshot();
  journal_->Append(kPerSegment);
  earlier.reset();
  ASSERT_OK_AND_ASSIGN(const ledger::ArchiveReport again, Archive());
  EXPECT_EQ(again.path, "");
  EXPECT_FALSE(HasArchivedFiles());
  ExpectWhole();
}

}  // namespace
}  // namespace puhui::archive_fault_test
