// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/journal_reader.h"

#include "ledger/storage/memory_store.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Shape {
  std::uint32_t partition = 0;
  std::uint64_t epoch = 1;
};

// Record n is "r<n>".
std::string SegmentOf(Sequence first, Sequence last, const Shape& shape = {}) {
  SegmentBuilder builder(shape.partition, shape.epoch, first);
  for (Sequence sequence = first; sequence <= last; ++sequence) {
    builder.Add(absl::StrCat("r", sequence));
  }
  return builder.Seal(Hash{}).bytes;
}

// A store that has lost everything in its journal from a key on, as one with a damaged block has.
class LosingStore final : public Readable {
 public:
  LosingStore(const Readable* whole, Sequence from) : whole_(*whole), from_(SegmentKey(from)) {}

  absl::StatusOr<absl::optional<std::string>> Get(Family family,
                                                  absl::string_view key) const override {
    return whole_.Get(family, key);
  }
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      Family family, absl::Span<const std::string> keys) const override {
    return whole_.MultiGet(family, keys);
  }
  std::unique_ptr<Cursor> NewCursor(Family family, CursorUse use) const override {
    return std::make_unique<LosingCursor>(whole_.NewCursor(family, use), from_);
  }

 private:
  class LosingCursor final : public Cursor {
   public:
    LosingCursor(std::unique_ptr<Cursor> whole, std::string from)
        : whole_(std::move(whole)), from_(std::move(from)) {}
    void Seek(absl::string_view key) override { whole_->Seek(key); }
    void SeekBackward(absl::string_view key) override { whole_->SeekBackward(key); }
    void SeekToLast() override { whole_->SeekToLast(); }
    void Next() override { whole_->Next(); }
    void Prev() override { whole_->Prev(); }
    bool Valid() const override { return whole_->Valid() && !Lost(); }
    absl::string_view key() const override { return whole_->key(); }
    absl::string_view value() const override { return whole_->value(); }
    absl::Status status() const override {
      return Lost() ? absl::DataLossError("a block") : whole_->status();
    }

   private:
    bool Lost() const { return whole_->Valid() && whole_->key() >= from_; }
    const std::unique_ptr<Cursor> whole_;
    const std::string from_;
  };

  const Readable& whole_;
  const std::string from_;
};

// Segments 1-3, 4-4 and 5-9.
class JournalReaderTest : public ::testing::Test {
 protected:
  JournalReaderTest() {
    Put(1, SegmentOf(1, 3));
    Put(4, SegmentOf(4, 4));
    Put(5, SegmentOf(5, 9));
  }
  void Put(Sequence key, std::string bytes) {
    WriteBatch batch;
    batch.Put(Family::kJournal, SegmentKey(key), std::move(bytes));
    ASSERT_OK(store_.Commit(batch, Durability::kSynced));
  }
  void Remove(Sequence key) {
    WriteBatch batch;
    batch.Delete(Family::kJournal, SegmentKey(key));
    ASSERT_OK(store_.Commit(batch, Durability::kSynced));
  }
  absl::StatusOr<std::vector<Sequence>> FirstsFrom(Sequence from) {
    std::vector<Sequence> firsts;
    absl::Status status =
        ReadSegments(store_, from, [&](absl::string_view bytes) -> absl::StatusOr<bool> {
          firsts.push_back(SegmentView::Parse(bytes)->first());
          return true;
        });
    if (!status.ok()) return status;
    return firsts;
  }
  std::vector<std::string> RecordsFrom(Sequence from, std::size_t count_max) {
    std::vector<std::string> records;
    EXPECT_OK(ReadRecords(store_, from, count_max,
                          [&](Sequence sequence, absl::string_view record) -> absl::StatusOr<bool> {
                            EXPECT_EQ(record, absl::StrCat("r", sequence));
                            records.emplace_back(record);
                            return true;
                          }));
    return records;
  }
  bool Names(const absl::Status& status, Sequence sequence) {
    return status.message().find(absl::StrCat("sequence ", sequence, ":")) !=
           absl::string_view::npos;
  }

  MemoryStore store_;
};

TEST_F(JournalReaderTest, BeginsWithTheSegmentThatHoldsTheSequence) {
  const std::pair<Sequence, std::vector<Sequence>> rows[] = {
      {0, {1, 4, 5}}, {1, {1, 4, 5}}, {3, {1, 4, 5}}, {4, {4, 5}}, {5, {5}}, {9, {5}}, {10, {}}};
  for (const auto& [from, firsts] : rows) {
    ASSERT_OK_AND_ASSIGN(const std::vector<Sequence> read, FirstsFrom(from));
    EXPECT_EQ(read, firsts) << from;
  }
}

TEST_F(JournalReaderTest, StopsWhenToldAndPassesFailuresOn) {
  int seen = 0;
  EXPECT_OK(ReadSegments(store_, 1,
                         [&](absl::string_view) -> absl::StatusOr<bool> { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
  EXPECT_THAT(ReadSegments(store_, 1,
                           [](absl::string_view) -> absl::StatusOr<bool> {
                             return absl::CancelledError("");
                           }),
              HasCode(absl::StatusCode::kCancelled));
}

TEST_F(JournalReaderTest, EmptyJournalHasNothing) {
  for (const Sequence key : {1u, 4u, 5u}) Remove(key);
  ASSERT_OK_AND_ASSIGN(const std::vector<Sequence> read, FirstsFrom(1));
  EXPECT_THAT(read, IsEmpty());
  EXPECT_THAT(ReadRecord(store_, 1), HasCode(absl::StatusCode::kNotFound));
  ASSERT_OK_AND_ASSIGN(const auto last, ReadLastHeader(store_));
  EXPECT_FALSE(last.has_value());
}

TEST_F(JournalReaderTest, NamesTheSequenceFromWhichOnTheStoreCannotRead) {
  const LosingStore losing(&store_, 5);
  const auto ignore = [](absl::string_view) { return true; };
  for (const absl::Status& status :
       {ReadSegments(losing, 1, ignore), ReadSegments(losing, 7, ignore),
        ReadRecord(losing, 5).status(), ReadLastHeader(losing).status()}) {
    EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
    EXPECT_THAT(std::string(status.message()),
                ::testing::ContainsRegex("sequence [57] or after: a block"));
  }
  EXPECT_OK(ReadRecord(losing, 4));
}

TEST_F(JournalReaderTest, NamesTheFirstMissingSequence) {
  Remove(4);
  for (const Sequence from : {1u, 3u, 4u}) {
    const absl::Status status = FirstsFrom(from).status();
    EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
    EXPECT_TRUE(Names(status, 4)) << status;
  }
  EXPECT_OK(FirstsFrom(5));
  Remove(1);
  EXPECT_TRUE(Names(FirstsFrom(1).status(), 1));
  EXPECT_TRUE(Names(FirstsFrom(2).status(), 2));
}

TEST_F(JournalReaderTest, NamesTheDamagedSegment) {
  std::string bytes = SegmentOf(4, 4);
  bytes.back() = '?';
  Put(4, bytes);
  for (const Sequence from : {1u, 4u}) {
    const absl::Status status = FirstsFrom(from).status();
    EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
    EXPECT_TRUE(Names(status, 4)) << status;
  }
  EXPECT_THAT(ReadRecord(store_, 4), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_OK(ReadRecord(store_, 5));
}

TEST_F(JournalReaderTest, RefusesASegmentThatDoesNotFollow) {
  const std::string strangers[] = {SegmentOf(3, 4),
                                   SegmentOf(5, 9),
                                   SegmentOf(4, 5),
                                   SegmentOf(4, 4, {.epoch = 2}),
                                   SegmentOf(4, 4, {.epoch = 0}),
                                   SegmentOf(4, 4, {.partition = 1})};
  for (const std::string& stranger : strangers) {
    Put(4, stranger);
    EXPECT_THAT(FirstsFrom(1), HasCode(absl::StatusCode::kDataLoss));
  }
  Put(4, SegmentOf(4, 4));
  EXPECT_OK(FirstsFrom(1));
  Put(5, SegmentOf(5, 9, {.epoch = 2}));
  EXPECT_OK(FirstsFrom(1)) << "an epoch may begin";
}

TEST_F(JournalReaderTest, ReadsOneRecord) {
  for (Sequence sequence = 1; sequence <= 9; ++sequence) {
    ASSERT_OK_AND_ASSIGN(const std::string record, ReadRecord(store_, sequence));
    EXPECT_EQ(record, absl::StrCat("r", sequence));
  }
  EXPECT_THAT(ReadRecord(store_, 0), HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(ReadRecord(store_, 10), HasCode(absl::StatusCode::kNotFound));
}

TEST_F(JournalReaderTest, TellsAMissingRecordFromOneNotWrittenYet) {
  Remove(4);
  const absl::Status status = ReadRecord(store_, 4).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_TRUE(Names(status, 4)) << status;
  Remove(1);
  EXPECT_THAT(ReadRecord(store_, 2), HasCode(absl::StatusCode::kDataLoss));
}

TEST_F(JournalReaderTest, ReadsRecordsAcrossSegments) {
  EXPECT_THAT(RecordsFrom(2, 4), ElementsAre("r2", "r3", "r4", "r5"));
  EXPECT_THAT(RecordsFrom(8, 100), ElementsAre("r8", "r9"));
  EXPECT_THAT(RecordsFrom(0, 1), ElementsAre("r1"));
  EXPECT_THAT(RecordsFrom(1, 0), IsEmpty());
  EXPECT_THAT(RecordsFrom(10, 5), IsEmpty());
}

TEST_F(JournalReaderTest, ReadsOneMomentOfTheStore) {
  const std::unique_ptr<Readable> snapshot = store_.TakeSnapshot();
  Put(10, SegmentOf(10, 10));
  EXPECT_THAT(ReadRecord(*snapshot, 10), HasCode(absl::StatusCode::kNotFound));
  EXPECT_OK(ReadRecord(store_, 10));
}

TEST_F(JournalReaderTest, FindsTheLastHeader) {
  ASSERT_OK_AND_ASSIGN(const auto last, ReadLastHeader(store_));
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->first, 5u);
  EXPECT_EQ(last->last(), 9u);
}

class ReadRecordsAtTest : public JournalReaderTest {
 protected:
  absl::StatusOr<std::vector<std::string>> At(const std::vector<Sequence>& sequences,
                                              std::size_t count_max = 100,
                                              const std::vector<Sequence>& starts = {}) {
    std::vector<std::string> records;
    absl::Status status = ReadRecordsAt(
        store_, sequences,
        [&](Sequence sequence, absl::string_view record) -> absl::StatusOr<bool> {
          EXPECT_EQ(record, absl::StrCat("r", sequence));
          records.emplace_back(record);
          return records.size() < count_max;
        },
        starts);
    if (!status.ok()) return status;
    return records;
  }
};

TEST_F(ReadRecordsAtTest, GivesThoseAndNoOthers) {
  EXPECT_THAT(*At({}), IsEmpty());
  EXPECT_THAT(*At({2}), ElementsAre("r2"));
  EXPECT_THAT(*At({1, 3, 4, 8}), ElementsAre("r1", "r3", "r4", "r8"));
  EXPECT_THAT(*At({1, 3, 4, 8}, 2), ElementsAre("r1", "r3"));
}

TEST_F(ReadRecordsAtTest, IsToldWhereSegmentsBegin) {
  const auto expected = ElementsAre("r1", "r3", "r4", "r8");
  EXPECT_THAT(*At({1, 3, 4, 8}, 100, {1, 1, 4, 5}), expected);
  // Whatever it is told.
  for (const Sequence start : std::vector<Sequence>{0, 1, 2, 4, 5, 9, 77}) {
    EXPECT_THAT(*At({1, 3, 4, 8}, 100, {start, start, start, start}), expected) << start;
  }
}

TEST_F(ReadRecordsAtTest, NamesWhatIsMissingOrDamaged) {
  EXPECT_THAT(At({9, 10}), HasCode(absl::StatusCode::kDataLoss));
  std::string damaged = SegmentOf(4, 4);
  damaged.back() ^= 1;
  Put(4, damaged);
  EXPECT_THAT(At({4}), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(At({4}, 100, {4}), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(*At({3, 5}), ElementsAre("r3", "r5"));  // Does not look at it.
  Remove(4);
  EXPECT_THAT(At({3, 4}), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::ledger
