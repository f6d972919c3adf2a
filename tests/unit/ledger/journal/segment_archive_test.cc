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

TEST_F(SegmentArchiveTest, TwoFilesWithOneRecordAreRefused) {
  std::filesystem::create_directories(dir_.Join("other"));
  ASSERT_OK(RestoreArchives(hot_, *archive_, NoWait));
  auto other = SegmentArchive::Open(dir_.Join("other"));
  ASSERT_OK(other);
  ArchivedStore store(&hot_, other->get());
  const auto report = ArchiveThrough(
      {.store = &store, .archive = other->get(), .last = 15},
      [this](std::uint64_t size) -> absl::StatusOr<Hash> { return journal_.RootAt(size); }, NoWait);
  ASSERT_OK(report);
  std::filesystem::copy(report->path, PathOf(1, report->last));
  const auto both = SegmentArchive::Open(dir_.Join("archive"));
  ASSERT_TRUE(absl::IsFailedPrecondition(both.status())) << both.status();
  EXPECT_TRUE(absl::StrContains(both.status().message(), PathOf(1, 10)));
  EXPECT_TRUE(absl::StrContains(both.status().message(), PathOf(1, report->last)));
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
