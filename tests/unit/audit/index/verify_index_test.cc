// SPDX-License-Identifier: Apache-2.0
#include "audit/index/verify_index.h"

#include "audit/index/index_rows.h"
#include "audit/index/index_writer.h"
#include "audit/index/segment_starts.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/index/random_journal.h"

#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = IndexDifference::Kind;
using State = IndexReport::State;

// An index that is followed in steps of any length, over a journal of random records.
class VerifyIndexTest : public ::testing::Test {
 protected:
  // One step of up to `records` records; as a process that has started again when `restarted`.
  void Step(std::size_t records, bool restarted = false) {
    if (writer_ == nullptr || restarted) {
      writer_ = nullptr;
      segments_ = std::make_unique<SegmentStarts>();
      ASSERT_OK_AND_ASSIGN(const auto mark, ReadMark(index_));
      ASSERT_OK(segments_->Load(index_, mark.sequence));
      ASSERT_OK_AND_ASSIGN(writer_,
                           IndexWriter::Open(&index_, town_.journal().store(), segments_.get()));
    }
    ASSERT_OK(writer_->Step(town_.journal().store(), Last(), records));
  }
  void FollowToTheEnd(std::size_t records) {
    do {
      Step(records);
    } while (writer_->mark().sequence < Last());
  }
  Sequence Last() { return town_.journal().records().size(); }

  IndexReport Verify() { return VerifyOver(town_.journal().store()); }
  IndexReport VerifyOver(const ledger::Readable& journal) {
    ledger::MemoryStore scratch;
    const auto report = VerifyIndex({.index = &index_, .journal = &journal, .scratch = &scratch});
    PUHUI_CHECK_OK(report.status());
    return *report;
  }
  // The one that it finds.
  IndexDifference Difference() {
    const IndexReport report = Verify();
    EXPECT_EQ(report.state, State::kCompared);
    EXPECT_FALSE(report.ok());
    EXPECT_EQ(report.difference_count, report.differences.size());
    EXPECT_THAT(report.differences, SizeIs(1));
    return report.differences.empty() ? IndexDifference{} : report.differences.front();
  }

  template <class K, class V>
  void Put(const ledger::TypedTable<K, V>& table, const K& key, const V& value) {
    ledger::WriteBatch batch;
    ledger::PutRow(batch, table, key, value);
    ASSERT_OK(index_.Commit(batch, ledger::Durability::kView));
  }
  template <class K, class V>
  void Delete(const ledger::TypedTable<K, V>& table, const K& key) {
    ledger::WriteBatch batch;
    ledger::DeleteRow(batch, table, key);
    ASSERT_OK(index_.Commit(batch, ledger::Durability::kView));
  }
  template <class K, class V>
  std::vector<ledger::Row<K, V>> RowsOf(const ledger::TypedTable<K, V>& table) {
    auto rows = ledger::List(index_, table, {}, 1'000'000);
    PUHUI_CHECK_OK(rows.status());
    return *std::move(rows);
  }
  // The first row of postings that has so many or more, and what is in it.
  std::pair<PostingsKey, std::vector<Sequence>> PostingsOfAtLeast(std::size_t count) {
    for (const auto& row : RowsOf(kPostingsTable)) {
      auto sequences = UnpackSequences(row.key.first, row.value);
      PUHUI_CHECK_OK(sequences.status());
      if (sequences->size() >= count) return {row.key, *std::move(sequences)};
    }
    ADD_FAILURE() << "no row is so long";
    return {};
  }
  // A row of movements that begins with something held and has several.
  ledger::Row<MovementsKey, MovementsRow> SomeMovements() {
    const auto rows = RowsOf(kMovementsTable);
    const auto found = std::find_if(rows.begin(), rows.end(), [](const auto& row) {
      return !row.value.before.empty() && row.value.movements.size() >= 3;
    });
    PUHUI_CHECK(found != rows.end());
    return *found;
  }

  RandomJournal town_{23};
  ledger::MemoryStore index_;
  std::unique_ptr<SegmentStarts> segments_;
  std::unique_ptr<IndexWriter> writer_;
};

TEST_F(VerifyIndexTest, AcceptsWhatWasFollowedInAnyStepsOverAnyRestarts) {
  SeededRandom random(5);
  for (int round = 0; round < 60; ++round) {
    town_.AppendCommands(static_cast<int>(random.Below(4)) + 1);
    for (std::uint64_t steps = random.Below(4); steps != 0; --steps) {
      Step(random.Below(9) + 1, random.Below(5) == 0);
    }
    if (round % 10 != 9) continue;
    const IndexReport report = Verify();
    EXPECT_TRUE(report.ok()) << report.difference_count;
    EXPECT_EQ(report.state, State::kCompared);
    EXPECT_EQ(report.last, writer_->mark().sequence);
    EXPECT_EQ(report.records, report.last);
    EXPECT_EQ(report.journal_last, Last());
    EXPECT_GT(report.rows, 0U);
  }
}

TEST_F(VerifyIndexTest, AcceptsWhatWasBuiltAtOnce) {
  town_.AppendCommands(80);
  FollowToTheEnd(1'000);
  EXPECT_TRUE(Verify().ok());
  town_.AppendCommands(80);
  FollowToTheEnd(7);
  EXPECT_TRUE(Verify().ok());
}

TEST_F(VerifyIndexTest, OneThatIsBehindIsComparedUpToWhereItIs) {
  town_.AppendCommands(40);
  Step(31);
  const IndexReport report = Verify();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.state, State::kCompared);
  EXPECT_EQ(report.last, 31U);
  EXPECT_EQ(report.journal_last, Last());
}

TEST_F(VerifyIndexTest, OneThatIsNotThereOrOfAnotherLedgerIsNoDifference) {
  town_.AppendCommands(10);
  EXPECT_EQ(Verify().state, State::kMissing);
  FollowToTheEnd(50);
  RandomJournal other(24);
  other.AppendCommands(30);
  IndexReport report = VerifyOver(other.journal().store());
  EXPECT_EQ(report.state, State::kForeign);
  EXPECT_TRUE(report.ok());
  RandomJournal earlier(23);
  earlier.AppendCommands(5);
  report = VerifyOver(earlier.journal().store());
  EXPECT_EQ(report.state, State::kForeign);
  EXPECT_TRUE(report.ok());
  ledger::MemoryStore scratch;
  ASSERT_OK_AND_ASSIGN(report,
                       VerifyIndex({.journal = &town_.journal().store(), .scratch = &scratch}));
  EXPECT_EQ(report.state, State::kMissing);
}

TEST_F(VerifyIndexTest, NamesAPostingThatIsMissing) {
  town_.AppendCommands(60);
  FollowToTheEnd(200);
  auto [key, sequences] = PostingsOfAtLeast(5);
  const Sequence gone = sequences[2];
  sequences.erase(sequences.begin() + 2);
  Put(kPostingsTable, key, PackSequences(sequences));
  const IndexDifference difference = Difference();
  EXPECT_EQ(difference.kind, Kind::kMissing);
  EXPECT_EQ(difference.table(), 0x91);
  EXPECT_EQ(difference.sequence, gone);
  EXPECT_EQ(difference.key,
            ledger::EncodeKey(kPostingsTable.id, PostingsKey{.list = key.list, .first = gone}));
}

TEST_F(VerifyIndexTest, NamesAPostingThatIsTooMuch) {
  town_.AppendCommands(60);
  FollowToTheEnd(200);
  auto [key, sequences] = PostingsOfAtLeast(3);
  sequences.push_back(sequences.back() + 1'000);
  Put(kPostingsTable, key, PackSequences(sequences));
  const IndexDifference difference = Difference();
  EXPECT_EQ(difference.kind, Kind::kAdded);
  EXPECT_EQ(difference.sequence, sequences.back());
  EXPECT_EQ(difference.key, ledger::EncodeKey(kPostingsTable.id, key));
}

TEST_F(VerifyIndexTest, NamesAPostingThatIsAnotherRecords) {
  town_.AppendCommands(60);
  FollowToTheEnd(200);
  auto [key, sequences] = PostingsOfAtLeast(3);
  ++sequences.back();
  Put(kPostingsTable, key, PackSequences(sequences));
  const IndexDifference difference = Difference();
  EXPECT_EQ(difference.kind, Kind::kMissing);
  EXPECT_EQ(difference.sequence, sequences.back() - 1);
}

TEST_F(VerifyIndexTest, NamesAListThatIsMissingAndOneThatNobodyIsOf) {
  town_.AppendCommands(60);
  FollowToTheEnd(1'000);
  const ListName last = RowsOf(kPostingsTable).back().key.list;
  for (const auto& row : RowsOf(kPostingsTable)) {
    if (row.key.list == last) Delete(kPostingsTable, row.key);
  }
  const PostingsKey nobody{.list = ListOfNumber(Dimension::kReason, 999'999), .first = 3};
  Put(kPostingsTable, nobody, PackSequences(std::vector<Sequence>{3}));
  const IndexReport report = Verify();
  ASSERT_THAT(report.differences, SizeIs(2));
  EXPECT_EQ(report.differences[0].kind, Kind::kAdded);
  EXPECT_EQ(report.differences[0].key, ledger::EncodeKey(kPostingsTable.id, nobody));
  EXPECT_EQ(report.differences[1].kind, Kind::kMissing);
}

TEST_F(VerifyIndexTest, NamesARowThatCannotBeTakenApart) {
  town_.AppendCommands(60);
  FollowToTheEnd(200);
  const PostingsKey key = PostingsOfAtLeast(3).first;
  Put(kPostingsTable, key, std::string("\x81", 1));
  const IndexDifference difference = Difference();
  EXPECT_EQ(difference.kind, Kind::kAltered);
  EXPECT_EQ(difference.sequence, key.first);
}

TEST_F(VerifyIndexTest, NamesAMovementOfOtherPoints) {
  town_.AppendCommands(160);
  FollowToTheEnd(200);
  auto row = SomeMovements();
  const Sequence sequence = row.key.first + row.value.movements[0].beyond +
                            row.value.movements[1].beyond + row.value.movements[2].beyond;
  ++row.value.movements[2].points;
  Put(kMovementsTable, row.key, row.value);
  const IndexDifference difference = Difference();
  EXPECT_EQ(difference.kind, Kind::kAltered);
  EXPECT_EQ(difference.table(), 0x92);
  EXPECT_EQ(difference.key, ledger::EncodeKey(kMovementsTable.id, row.key));
  EXPECT_EQ(difference.sequence, sequence);
}

TEST_F(VerifyIndexTest, NamesABalanceThatIsNotWhatTheMovementsCameTo) {
  town_.AppendCommands(160);
  FollowToTheEnd(200);
  auto row = SomeMovements();
  --row.value.before.front().points;
  Put(kMovementsTable, row.key, row.value);
  const IndexDifference difference = Difference();
  EXPECT_EQ(difference.kind, Kind::kAltered);
  EXPECT_EQ(difference.key, ledger::EncodeKey(kMovementsTable.id, row.key));
  EXPECT_EQ(difference.sequence, row.key.first);
}

// Whoever reads a balance reads the last row, and would miss what the record did before.
TEST_F(VerifyIndexTest, NamesARowThatBeginsInTheMiddleOfARecord) {
  for (const std::uint32_t origins : {1U, 2U}) {
    std::vector<jv1::Record> command(1);
    for (std::uint32_t origin = 1; origin <= origins; ++origin) {
      jv1::Posting& posting = *command[0].mutable_entry()->add_postings();
      posting.set_kind(jv1::ACCOUNT_KIND_BUDGET);
      posting.set_origin(origin);
      posting.set_points(5);
    }
    town_.journal().Append("/caller/1", std::move(command));
  }
  FollowToTheEnd(50);
  auto [key, row] = RowsOf(kMovementsTable).front();
  ASSERT_THAT(row.movements, SizeIs(3));
  const MovementsRow rest{.before = {{row.movements[0].origin, row.movements[0].points}},
                          .movements = {row.movements[2]}};
  row.movements.pop_back();
  Put(kMovementsTable, key, row);
  key.first = Last();
  Put(kMovementsTable, key, rest);
  EXPECT_EQ(Difference().key, ledger::EncodeKey(kMovementsTable.id, key));
}

TEST_F(VerifyIndexTest, NamesAnOwnerAndARowOfNoTable) {
  town_.AppendCommands(40);
  FollowToTheEnd(150);
  const auto owners = RowsOf(kOwnersTable);
  Owner other = owners.front().value;
  other.number += 7;
  Put(kOwnersTable, owners.front().key, other);
  ledger::WriteBatch batch;
  batch.Put(ledger::Family::kIndex, "\x08nobody", "wrote this");
  ASSERT_OK(index_.Commit(batch, ledger::Durability::kView));
  const IndexReport report = Verify();
  ASSERT_THAT(report.differences, SizeIs(2));
  EXPECT_EQ(report.differences[0].kind, Kind::kAltered);
  EXPECT_EQ(report.differences[0].table(), 0x94);
  EXPECT_EQ(report.differences[0].sequence, Last());
  EXPECT_EQ(report.differences[1].kind, Kind::kAdded);
  EXPECT_EQ(report.differences[1].table(), 0x08);
}

TEST_F(VerifyIndexTest, ADamagedScratchStoreIsNoDamageOfTheIndex) {
  ledger::MemoryStore scratch;
  scratch.SetViewDamage(absl::DataLossError("a bit"));
  const auto report =
      VerifyIndex({.index = &index_, .journal = &town_.journal().store(), .scratch = &scratch});
  EXPECT_THAT(report.status(), HasCode(absl::StatusCode::kUnavailable));
}

TEST_F(VerifyIndexTest, SaysHowFarItIsAndEndsWithThePace) {
  town_.AppendCommands(40);
  FollowToTheEnd(150);
  ledger::MemoryStore scratch;
  std::uint64_t done = 0;
  std::uint64_t paced = 0;
  ASSERT_OK(VerifyIndex({.index = &index_,
                         .journal = &town_.journal().store(),
                         .scratch = &scratch,
                         .progress =
                             [&](std::uint64_t records, std::uint64_t all) {
                               EXPECT_EQ(all, Last());
                               done = records;
                             },
                         .pace =
                             [&](std::uint64_t work) {
                               paced += work;
                               return absl::OkStatus();
                             }})
                .status());
  EXPECT_EQ(done, Last());
  EXPECT_GE(paced, Last());
  ledger::MemoryStore other;
  EXPECT_THAT(VerifyIndex({.index = &index_,
                           .journal = &town_.journal().store(),
                           .scratch = &other,
                           .pace = [](std::uint64_t) { return absl::CancelledError("enough"); }})
                  .status(),
              HasCode(absl::StatusCode::kCancelled));
}

// Many records, so that sums are left at some of them.
class VerifyTotalsTest : public VerifyIndexTest {
 protected:
  VerifyTotalsTest() {
    constexpr std::size_t kRecords = 68'096;
    constexpr std::size_t kPerCommand = 64;
    for (std::size_t records = 0; records < kRecords; records += kPerCommand) {
      std::vector<jv1::Record> command(kPerCommand);
      for (jv1::Record& record : command) record.mutable_plan_rows()->set_campaign(1);
      for (const std::int64_t points : {1, -1}) {
        jv1::Posting* const posting = command[0].mutable_entry()->add_postings();
        posting->set_kind(points > 0 ? jv1::ACCOUNT_KIND_BUDGET : jv1::ACCOUNT_KIND_FUNDING);
        posting->set_owner(1);
        posting->set_origin(1);
        posting->set_points(points);
      }
      command[0].mutable_entry()->mutable_allocation()->set_from_union(1);
      town_.journal().Append("/caller/1", std::move(command));
    }
    // Steps that are not those of whoever rebuilds it.
    FollowToTheEnd(kStep);
  }

  static constexpr Sequence kStep = 34'000;
};

TEST_F(VerifyTotalsTest, SumsAreComparedWhereTheyAreAndAreWhereTheyMayBe) {
  const auto rows = RowsOf(kIndexTotalsTable);
  ASSERT_THAT(rows, SizeIs(2));
  ASSERT_EQ(rows[0].key, kStep);
  ASSERT_EQ(rows[1].key, 2 * kStep);
  EXPECT_THAT(Verify().differences, IsEmpty());
  TotalsRow other = rows[0].value;
  ++other.totals.front().points;
  Put(kIndexTotalsTable, kStep, other);
  Put(kIndexTotalsTable, kStep + 5, rows[0].value);
  const IndexReport report = Verify();
  ASSERT_THAT(report.differences, SizeIs(2));
  EXPECT_EQ(report.differences[0].kind, Kind::kAltered);
  EXPECT_EQ(report.differences[0].table(), 0x93);
  EXPECT_EQ(report.differences[0].sequence, kStep);
  EXPECT_EQ(report.differences[1].kind, Kind::kAdded);
  EXPECT_EQ(report.differences[1].sequence, kStep + 5);
  Delete(kIndexTotalsTable, kStep);
  Delete(kIndexTotalsTable, kStep + 5);
  const IndexDifference difference = Difference();
  EXPECT_EQ(difference.kind, Kind::kMissing);
  EXPECT_EQ(difference.sequence, kIndexTotalsEvery);
}

}  // namespace
}  // namespace puhui::audit
