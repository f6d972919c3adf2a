// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/archive_run.h"

#include "ledger/journal/prover.h"
#include "tests/unit/ledger/journal/archive_fixture.h"

#include <filesystem>

namespace puhui::ledger {
namespace {

class ArchiveRunTest : public ArchiveTest {
 protected:
  // 600 records in segments of 20, so that there are two complete tiles.
  ArchiveRunTest() {
    for (int i = 0; i < 30; ++i) journal_.Append(20);
  }
  void ExpectWhole() {
    const auto records = Records();
    ASSERT_OK(records);
    ASSERT_EQ(records->size(), journal_.last());
    for (Sequence sequence = 1; sequence <= journal_.last(); ++sequence) {
      ASSERT_EQ((*records)[sequence - 1], WrittenJournal::RecordOf(sequence, 8));
    }
  }
  std::size_t Files() { return archive_->files()->size(); }
};

TEST_F(ArchiveRunTest, WholeSegmentsUpToTheRecordGo) {
  const auto report = Archive(310);
  ASSERT_OK(report);
  EXPECT_EQ(report->first, 1u);
  EXPECT_EQ(report->last, 300u);
  EXPECT_EQ(report->held_from, 301u);
  EXPECT_EQ(report->root, journal_.RootAt(300));
  EXPECT_EQ(report->figures.segments, 15u);
  EXPECT_EQ(report->figures.records, 300u);
  EXPECT_EQ(report->file_bytes, std::filesystem::file_size(report->path));
  EXPECT_EQ(report->digest, Sha256().Digest(ReadBytes(report->path)));
  EXPECT_LT(report->file_bytes, report->figures.bytes);
  EXPECT_EQ(HeldFrom(), 301u);
  ExpectWhole();
}

TEST_F(ArchiveRunTest, GoesOnWhereTheLastOneEnded) {
  ASSERT_OK(Archive(100));
  const auto none = Archive(100);
  ASSERT_OK(none);
  EXPECT_EQ(none->path, "");
  EXPECT_EQ(none->held_from, 101u);
  journal_.Append(1);
  const auto more = Archive(555);
  ASSERT_OK(more);
  EXPECT_EQ(more->first, 101u);
  EXPECT_EQ(more->last, 540u);
  EXPECT_EQ(Files(), 2u);
  Reopen();
  ExpectWhole();
}

TEST_F(ArchiveRunTest, TheLastSegmentStays) {
  const auto report = Archive(1'000'000);
  ASSERT_OK(report);
  EXPECT_EQ(report->last, 580u);
  EXPECT_EQ(HeldFrom(), 581u);
  journal_.Append(3);
  ExpectWhole();
}

TEST_F(ArchiveRunTest, OfAnEmptyJournalNothingGoes) {
  MemoryStore empty;
  ArchivedStore store(&empty, archive_.get());
  const auto report = ArchiveThrough(
      {.store = &store, .archive = archive_.get(), .last = 10},
      [](std::uint64_t) -> absl::StatusOr<Hash> { return Hash{}; }, NoWait);
  ASSERT_OK(report);
  EXPECT_EQ(report->path, "");
}

TEST_F(ArchiveRunTest, ProofsOfArchivedRecordsAreTheSame) {
  const TreeHead head{journal_.last(), journal_.RootAt(journal_.last())};
  const auto no_damage = [](const absl::Status& status) { ADD_FAILURE() << status; };
  std::vector<std::vector<Hash>> before;
  for (const Sequence sequence : {1u, 150u, 299u, 300u, 301u, 599u}) {
    const auto path = Prover(no_damage).Inclusion(*store_, head, sequence, head.size);
    ASSERT_OK(path);
    before.push_back(*path);
  }
  ASSERT_OK(Archive(580));
  auto expected = before.begin();
  for (const Sequence sequence : {1u, 150u, 299u, 300u, 301u, 599u}) {
    const auto path = Prover(no_damage).Inclusion(*store_, head, sequence, head.size);
    ASSERT_OK(path);
    EXPECT_EQ(*path, *expected++);
  }
}

TEST_F(ArchiveRunTest, NothingIsDroppedWhenTheRootIsNotTheSignedOne) {
  const auto report = ArchiveThrough(
      {.store = store_.get(), .archive = archive_.get(), .last = 300},
      [](std::uint64_t) -> absl::StatusOr<Hash> { return EmptyRoot(); }, NoWait);
  EXPECT_TRUE(absl::IsDataLoss(report.status())) << report.status();
  EXPECT_EQ(HeldFrom(), 1u);
  EXPECT_TRUE(std::filesystem::is_empty(dir_.Join("archive")));
  EXPECT_OK(Archive(300));
}

TEST_F(ArchiveRunTest, AJournalThatWasChangedIsNotArchived) {
  SegmentBuilder builder(2, 3, 41);
  for (int i = 0; i < 20; ++i) builder.Add("forged");
  WriteBatch batch;
  batch.Put(Family::kJournal, SegmentKey(41), builder.Seal(journal_.RootAt(40)).bytes);
  ASSERT_OK(hot_.Commit(batch, Durability::kSynced));
  const auto report = Archive(300);
  EXPECT_TRUE(absl::IsDataLoss(report.status())) << report.status();
  EXPECT_EQ(HeldFrom(), 1u);
  EXPECT_EQ(Files(), 0u);
  EXPECT_TRUE(std::filesystem::is_empty(dir_.Join("archive")));
}

// The process ends while the file is being written, and when it is there but nothing is dropped.
TEST_F(ArchiveRunTest, WhatACrashLeavesIsTakenUp) {
  std::filesystem::create_directories(dir_.Join("archive"));
  WriteBytes(dir_.Join(absl::StrCat("archive/", kUnfinishedArchiveName)), "half of an archive");
  Reopen();
  ExpectWhole();
  const std::string path = dir_.Join(absl::StrCat("archive/", ArchiveFileName(1, 300)));
  std::string written;
  const auto stopped = ArchiveThrough(
      {.store = store_.get(), .archive = archive_.get(), .last = 300},
      [&](std::uint64_t) -> absl::StatusOr<Hash> {
        written = ReadBytes(path);
        return absl::CancelledError("stopped before anything is dropped");
      },
      NoWait);
  EXPECT_TRUE(absl::IsCancelled(stopped.status()));
  EXPECT_EQ(HeldFrom(), 1u);
  WriteBytes(path, written);
  Reopen();
  EXPECT_EQ(Files(), 1u);
  ExpectWhole();
  const auto again = Archive(300);
  ASSERT_OK(again);
  EXPECT_EQ(again->held_from, 301u);
  EXPECT_EQ(Files(), 1u);
  ExpectWhole();
}

// Nothing is signed for a moment, and then another period is asked for.
TEST_F(ArchiveRunTest, AFileThatIsNotProvedIsNotThereForTheNextRun) {
  const auto unsigned_yet = ArchiveThrough(
      {.store = store_.get(), .archive = archive_.get(), .last = 300},
      [](std::uint64_t) -> absl::StatusOr<Hash> { return absl::UnavailableError("not yet"); },
      NoWait);
  EXPECT_TRUE(absl::IsUnavailable(unsigned_yet.status())) << unsigned_yet.status();
  EXPECT_TRUE(std::filesystem::is_empty(dir_.Join("archive")));
  const auto report = Archive(400);
  ASSERT_OK(report);
  EXPECT_EQ(report->first, 1u);
  EXPECT_EQ(report->last, 400u);
  Reopen();
  EXPECT_EQ(archive_->unread(), "");
  EXPECT_EQ(Files(), 1u);
  ExpectWhole();
}

// Wherever the work is stopped, the journal is whole, and the next run ends it.
TEST_F(ArchiveRunTest, MayBeStoppedAtAnyRecord) {
  for (int stop_at = 1; stop_at < 60; stop_at += 7) {
    int steps = 0;
    const auto stopped = ArchiveThrough(
        {.store = store_.get(), .archive = archive_.get(), .last = 200},
        [this](std::uint64_t size) -> absl::StatusOr<Hash> { return journal_.RootAt(size); },
        [&](std::uint64_t /*records*/) {
          return ++steps == stop_at ? absl::CancelledError("stopped") : absl::OkStatus();
        });
    EXPECT_EQ(stopped.ok(), steps < stop_at) << stop_at;
    Reopen();
    ExpectWhole();
  }
  EXPECT_EQ(HeldFrom(), 201u);
}

TEST_F(ArchiveRunTest, WhatWasArchivedIsPutBackToTheSameRoot) {
  ASSERT_OK(Archive(200));
  ASSERT_OK(Archive(400));
  const auto report = RestoreArchives(hot_, *archive_, NoWait);
  ASSERT_OK(report);
  EXPECT_EQ(report->first, 1u);
  EXPECT_EQ(report->last, 400u);
  EXPECT_EQ(report->records, 600u);
  EXPECT_EQ(report->root, journal_.RootAt(600));
  EXPECT_EQ(HeldFrom(), 1u);
  EXPECT_EQ(Files(), 2u);
  ExpectWhole();
  const auto again = RestoreArchives(hot_, *archive_, NoWait);
  ASSERT_OK(again);
  EXPECT_EQ(again->first, 0u);
  EXPECT_EQ(again->root, journal_.RootAt(600));
}

TEST_F(ArchiveRunTest, ARestoreThatIsStoppedGoesOn) {
  ASSERT_OK(Archive(200));
  ASSERT_OK(Archive(400));
  int steps = 0;
  const auto stopped = RestoreArchives(hot_, *archive_, [&](std::uint64_t /*records*/) {
    return ++steps == 25 ? absl::CancelledError("stopped") : absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsCancelled(stopped.status()));
  EXPECT_EQ(HeldFrom(), 201u);  // The later file is back, and nothing is missing between.
  ExpectWhole();
  const auto report = RestoreArchives(hot_, *archive_, NoWait);
  ASSERT_OK(report);
  EXPECT_EQ(report->root, journal_.RootAt(600));
}

// A backup of the store beside archives that were made after it.
TEST_F(ArchiveRunTest, AStoreThatIsOlderThanTheArchivesIsFilledFromThem) {
  ASSERT_OK(CheckNotBehind(hot_, *archive_));
  MemoryStore backup;
  WriteBatch rows;
  const auto cursor = hot_.NewCursor(Family::kJournal);
  for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
    const Sequence first = SequenceOfKey(cursor->key());
    if (first == 101 || first > 221) continue;  // And a hole.
    rows.Put(Family::kJournal, std::string(cursor->key()), std::string(cursor->value()));
  }
  ASSERT_OK(backup.Commit(rows, Durability::kSynced));
  ASSERT_OK(Archive(200));
  ASSERT_OK(Archive(400));
  ASSERT_OK(CheckNotBehind(hot_, *archive_));
  const absl::Status behind = CheckNotBehind(backup, *archive_);
  EXPECT_TRUE(absl::IsFailedPrecondition(behind)) << behind;
  EXPECT_NE(behind.message().find("record 240 "), absl::string_view::npos) << behind;
  const auto report = RestoreArchives(backup, *archive_, NoWait);
  ASSERT_OK(report);
  EXPECT_EQ(report->first, 101u);
  EXPECT_EQ(report->last, 400u);
  EXPECT_EQ(report->records, 400u);
  EXPECT_EQ(report->root, journal_.RootAt(400));
  EXPECT_OK(CheckNotBehind(backup, *archive_));
}

TEST_F(ArchiveRunTest, AStoreThatWentAnotherWayIsNotFilled) {
  ASSERT_OK(Archive(400));
  MemoryStore other;
  WrittenJournal another(&other);
  for (int i = 0; i < 5; ++i) another.Append(20, /*record_bytes=*/30);
  const auto report = RestoreArchives(other, *archive_, NoWait);
  EXPECT_TRUE(absl::IsFailedPrecondition(report.status())) << report.status();
  EXPECT_EQ((*ReadLastHeader(other))->last(), 100u);
}

TEST_F(ArchiveRunTest, NothingIsPutBackFromAnArchiveThatIsNotWhole) {
  ASSERT_OK(Archive(200));
  ASSERT_OK(Archive(400));
  std::filesystem::remove((*archive_->files())[0]->path());
  Reopen();
  EXPECT_TRUE(absl::IsUnavailable(RestoreArchives(hot_, *archive_, NoWait).status()));
  EXPECT_EQ(HeldFrom(), 401u);
  EXPECT_TRUE(absl::IsUnavailable(Archive(500).status()));
}

}  // namespace
}  // namespace puhui::ledger
