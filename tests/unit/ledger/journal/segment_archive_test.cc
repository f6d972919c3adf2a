// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/segment_archive.h"

#include "tests/unit/ledger/journal/archive_fixture.h"

#include "absl/strings/match.h"

#include <filesystem>
#include <thread>

namespace puhui::ledger {
namespace {

// Files of the records 1 to 10, 11 to 20 and 21 to 30; the store has 31 to 33.
class SegmentArchiveTest : public ArchiveTest {
 protected:
  SegmentArchiveTest() {
    for (int file = 0; file < 3; ++file) {
      for (const std::size_t count : {1u, 4u, 2u, 3u}) journal_.Append(count);
    }
    journal_.Append(3);
    for (const Sequence last : {10u, 20u, 30u}) PUHUI_CHECK_OK(Archive(last).status());
  }
  std::string PathOf(Sequence first, Sequence last) {
    return dir_.Join(absl::StrCat("archive/", ArchiveFileName(first, last)));
  }
  void ExpectMissing(const absl::Status& status, absl::string_view records) {
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), records)) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), dir_.Join("archive"))) << status;
  }
};

TEST_F(SegmentArchiveTest, ReadersSeeOneJournal) {
  EXPECT_EQ(HeldFrom(), 31u);
  EXPECT_EQ(archive_->files()->size(), 3u);
  for (const Sequence from : {1u, 2u, 10u, 11u, 12u, 30u, 31u, 33u}) {
    const auto records = Records(from);
    ASSERT_OK(records);
    ASSERT_EQ(records->size(), 33 - from + 1);
    EXPECT_EQ(records->front(), WrittenJournal::RecordOf(from, 8));
    EXPECT_EQ(records->back(), WrittenJournal::RecordOf(33, 8));
  }
  for (Sequence sequence = 1; sequence <= 33; ++sequence) {
    const auto record = ReadRecord(*store_, sequence);
    ASSERT_OK(record);
    EXPECT_EQ(*record, WrittenJournal::RecordOf(sequence, 8));
  }
  EXPECT_TRUE(absl::IsNotFound(ReadRecord(*store_, 34).status()));
}

TEST_F(SegmentArchiveTest, RecordsAreFoundInAnyOrderOfFiles) {
  const std::vector<Sequence> wanted = {1, 9, 10, 11, 21, 30, 31, 33};
  std::vector<Sequence> seen;
  ASSERT_OK(ReadRecordsAt(*store_, wanted, [&](Sequence at, absl::string_view record) {
    EXPECT_EQ(record, WrittenJournal::RecordOf(at, 8));
    seen.push_back(at);
    return absl::StatusOr<bool>(true);
  }));
  EXPECT_EQ(seen, wanted);
}

TEST_F(SegmentArchiveTest, WalksBackwardOverAllFiles) {
  std::vector<Sequence> firsts;
  const auto cursor = store_->NewCursor(Family::kJournal);
  for (cursor->SeekToLast(); cursor->Valid(); cursor->Prev()) {
    firsts.push_back(SequenceOfKey(cursor->key()));
  }
  ASSERT_OK(cursor->status());
  EXPECT_EQ(firsts, (std::vector<Sequence>{31, 28, 26, 22, 21, 18, 16, 12, 11, 8, 6, 2, 1}));
}

TEST_F(SegmentArchiveTest, ARestartFindsTheSame) {
  Reopen();
  const auto records = Records();
  ASSERT_OK(records);
  EXPECT_EQ(records->size(), 33u);
  EXPECT_OK(archive_->CheckWhole());
}

TEST_F(SegmentArchiveTest, ReadsThatGetToAMissingFileSayWhich) {
  std::filesystem::remove(PathOf(11, 20));
  Reopen();
  ExpectMissing(archive_->CheckWhole(), "records 11 to 20 ");
  ExpectMissing(Records(1).status(), "records 11 to 20 ");
  ExpectMissing(Records(15).status(), "records 11 to 20 ");
  ExpectMissing(ReadRecord(*store_, 11).status(), "records 11 to 20 ");
  EXPECT_OK(Records(21));
  EXPECT_OK(ReadRecord(*store_, 10));
  const auto cursor = store_->NewCursor(Family::kJournal);
  for (cursor->SeekToLast(); cursor->Valid(); cursor->Prev()) {
  }
  ExpectMissing(cursor->status(), "records 11 to 20 ");
}

TEST_F(SegmentArchiveTest, TheFirstAndTheLastFileAreMissedToo) {
  std::filesystem::remove(PathOf(1, 10));
  std::filesystem::remove(PathOf(21, 30));
  Reopen();
  ExpectMissing(Records(1).status(), "records 1 to 10 ");
  ExpectMissing(ReadRecord(*store_, 3).status(), "records 1 to 10 ");
  ExpectMissing(Records(11).status(), "records 21 to 30 ");
  ExpectMissing(ReadRecord(*store_, 21).status(), "records 21 to 30 ");
  ExpectMissing(ReadRecord(*store_, 30).status(), "records 21 to 30 ");
  EXPECT_OK(Records(31));
  EXPECT_OK(ReadRecord(*store_, 20));
}

TEST_F(SegmentArchiveTest, NothingIsThereWithoutItsDirectory) {
  std::filesystem::remove_all(dir_.Join("archive"));
  Reopen();
  EXPECT_EQ(archive_->last(), 0u);
  ExpectMissing(Records(1).status(), "records 1 to 30 ");
  EXPECT_OK(Records(31));
  const auto end = ReadLastHeader(*store_);
  ASSERT_OK(end);
  EXPECT_EQ((*end)->last(), 33u);
}

// What was put back into the store is read there, whatever became of the files.
TEST_F(SegmentArchiveTest, WhatTheStoreHasIsNotMissed) {
  ASSERT_OK(RestoreArchives(hot_, *archive_, NoWait));
  std::filesystem::remove(PathOf(1, 10));
  std::filesystem::remove(PathOf(11, 20));
  Reopen();
  for (Sequence sequence = 1; sequence <= 33; ++sequence) {
    const auto record = ReadRecord(*store_, sequence);
    ASSERT_OK(record);
    EXPECT_EQ(*record, WrittenJournal::RecordOf(sequence, 8));
    const auto cursor = store_->NewCursor(Family::kJournal);
    cursor->Seek(SegmentKey(sequence));
    EXPECT_EQ(cursor->Valid(), sequence <= 31) << sequence;
    EXPECT_OK(cursor->status());
  }
  const auto records = Records();
  ASSERT_OK(records);
  EXPECT_EQ(records->size(), 33u);
  std::size_t segments = 0;
  const auto cursor = store_->NewCursor(Family::kJournal);
  for (cursor->SeekToLast(); cursor->Valid(); cursor->Prev()) ++segments;
  EXPECT_OK(cursor->status());
  EXPECT_EQ(segments, 13u);
}

TEST_F(SegmentArchiveTest, ADamagedFileIsAMissingOneAndSaysWhy) {
  std::string bytes = ReadBytes(PathOf(11, 20));
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  WriteBytes(PathOf(11, 20), bytes);
  Reopen();
  EXPECT_TRUE(absl::StrContains(archive_->unread(), PathOf(11, 20)));
  ExpectMissing(Records(11).status(), PathOf(11, 20));
}

// Somebody put a file beside the others that has some of their records, and keeps nothing.
TEST_F(SegmentArchiveTest, OfFilesThatOverlapThoseThatHoldMoreAreRead) {
  ASSERT_OK(RestoreArchives(hot_, *archive_, NoWait));
  const auto other = SegmentArchive::Open(dir_.Join("other"));
  ASSERT_OK(other);
  ArchivedStore store(&hot_, other->get());
  const auto report = ArchiveThrough(
      {.store = &store, .archive = other->get(), .last = 15},
      [this](std::uint64_t size) -> absl::StatusOr<Hash> { return journal_.RootAt(size); }, NoWait);
  ASSERT_OK(report);
  ASSERT_EQ(report->last, 15u);
  std::filesystem::copy(report->path, PathOf(1, 15));
  Reopen();
  EXPECT_OK(archive_->CheckWhole());
  EXPECT_EQ(archive_->files()->size(), 3u);
  EXPECT_TRUE(absl::StrContains(archive_->unread(), PathOf(1, 15))) << archive_->unread();
  // Without the second file it is the one that holds more.
  std::filesystem::remove(PathOf(11, 20));
  Reopen();
  EXPECT_EQ(archive_->files()->size(), 2u);
  EXPECT_TRUE(absl::StrContains(archive_->unread(), PathOf(1, 10))) << archive_->unread();
  ExpectMissing(archive_->CheckWhole(), "records 16 to 20 ");
}

// As of a directory that two services share by mistake.
TEST_F(SegmentArchiveTest, AFileOfAnotherLedgerIsNotRead) {
  MemoryStore rows;
  WrittenJournal another(&rows);
  another.Append(3);
  another.Append(17);
  for (int i = 0; i < 3; ++i) another.Append(10, /*record_bytes=*/20);
  const auto folder = SegmentArchive::Open(dir_.Join("other"));
  ASSERT_OK(folder);
  ArchivedStore store(&rows, folder->get());
  for (const Sequence last : {20u, 40u}) {
    const auto report = ArchiveThrough(
        {.store = &store, .archive = folder->get(), .last = last},
        [&](std::uint64_t size) -> absl::StatusOr<Hash> { return another.RootAt(size); }, NoWait);
    ASSERT_OK(report);
    ASSERT_EQ(report->last, last);
  }
  std::filesystem::remove(PathOf(21, 30));
  const std::string wrong = PathOf(21, 40);
  std::filesystem::copy(dir_.Join(absl::StrCat("other/", ArchiveFileName(21, 40))), wrong);
  Reopen();
  // Records 1 to 20 are the same in both, so that it does follow; it leads to no root of this one.
  EXPECT_EQ(archive_->last(), 40u);
  int asked = 0;
  ASSERT_OK(archive_->LeaveOutOthers([&](std::uint64_t size) -> absl::StatusOr<Hash> {
    ++asked;
    return size > journal_.last() ? EmptyRoot() : journal_.RootAt(size);
  }));
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(archive_->last(), 20u);
  EXPECT_TRUE(absl::StrContains(archive_->unread(), wrong)) << archive_->unread();
  ExpectMissing(Records(21).status(), wrong);
  EXPECT_OK(Records(31));
}

TEST_F(SegmentArchiveTest, AFileThatDoesNotFollowIsNotRead) {
  MemoryStore rows;
  WrittenJournal another(&rows);
  another.Append(10, /*record_bytes=*/20);
  for (int i = 0; i < 3; ++i) another.Append(5);
  const auto folder = SegmentArchive::Open(dir_.Join("other"));
  ASSERT_OK(folder);
  ArchivedStore store(&rows, folder->get());
  for (const Sequence last : {10u, 20u}) {
    ASSERT_OK(ArchiveThrough(
        {.store = &store, .archive = folder->get(), .last = last},
        [&](std::uint64_t size) -> absl::StatusOr<Hash> { return another.RootAt(size); }, NoWait));
  }
  std::filesystem::copy(dir_.Join(absl::StrCat("other/", ArchiveFileName(11, 20))), PathOf(11, 20),
                        std::filesystem::copy_options::overwrite_existing);
  Reopen();
  EXPECT_TRUE(absl::StrContains(archive_->unread(), PathOf(11, 20))) << archive_->unread();
  ExpectMissing(Records(11).status(), "records 11 to 20 ");
  EXPECT_OK(ReadRecord(*store_, 10));
}

TEST_F(SegmentArchiveTest, BeyondTheMostFilesItOpensAndWritesNoMore) {
  auto archive = SegmentArchive::Open(dir_.Join("archive"), /*files_max=*/2);
  ASSERT_OK(archive);
  EXPECT_EQ((*archive)->files()->size(), 2u);
  EXPECT_TRUE(absl::StrContains((*archive)->unread(), "has 3 archives"));
  archive = SegmentArchive::Open(dir_.Join("archive"), /*files_max=*/3);
  ASSERT_OK(archive);
  EXPECT_EQ((*archive)->unread(), "");
  for (int i = 0; i < 3; ++i) journal_.Append(5);
  ArchivedStore store(&hot_, archive->get());
  const auto root = [this](std::uint64_t size) -> absl::StatusOr<Hash> {
    ADD_FAILURE() << "a file was written";
    return journal_.RootAt(size);
  };
  const auto report =
      ArchiveThrough({.store = &store, .archive = archive->get(), .last = 40}, root, NoWait);
  EXPECT_TRUE(absl::IsResourceExhausted(report.status())) << report.status();
  EXPECT_OK(ArchiveThrough({.store = &store, .archive = archive->get(), .last = 30}, root, NoWait));
}

TEST_F(SegmentArchiveTest, ManyMayReadAtOnce) {
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([this] {
      for (int pass = 0; pass < 20; ++pass) {
        const auto records = Records();
        PUHUI_CHECK_OK(records.status());
        PUHUI_CHECK(records->size() >= 33);
      }
    });
  }
  for (int i = 0; i < 5; ++i) {
    journal_.Append(2);
    PUHUI_CHECK_OK(Archive(journal_.last()).status());
  }
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace puhui::ledger
