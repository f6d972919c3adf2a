// SPDX-License-Identifier: Apache-2.0
#include "audit/access/access_journal.h"

#include "audit/access/access_rows.h"
#include "audit/access/access_walk.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/codec.h"
#include "tests/unit/audit/access/access_fixture.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>

#include <atomic>

namespace puhui::audit {
namespace {

using ::testing::HasSubstr;
using AccessJournalTest = AccessFixture;

// All of it, from the first byte, as verify goes over it.
absl::Status Walk(const ledger::Readable& moment, const AccessPromises& promises = {}) {
  AccessWalk walk(promises);
  for (bool more = true; more;) {
    PUHUI_ASSIGN_OR_RETURN(more, walk.Step(moment, 3));
  }
  return walk.Finish();
}

void ExpectDamage(const absl::Status& status, const std::string& text) {
  EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(std::string(status.message()), HasSubstr(text));
}

TEST_F(AccessJournalTest, WhatWasAppendedIsThereWithItsSequenceAndTime) {
  ASSERT_OK(Open());
  ASSERT_OK_AND_ASSIGN(const Sequence first, Append(ReadBy("people/a-1")));
  ASSERT_OK_AND_ASSIGN(const Sequence second, Append(ReadBy("people/a-2")));
  EXPECT_EQ(first, 1U);
  EXPECT_EQ(second, 2U);
  ASSERT_OK_AND_ASSIGN(const std::string bytes, ledger::ReadRecord(store_, 2));
  ASSERT_OK_AND_ASSIGN(const journal::v1::Access access, ParseAccess(2, bytes));
  EXPECT_EQ(access.person(), "people/a-2");
  EXPECT_EQ(access.purpose(), "年度审计");
  // The clock stood still between the two.
  EXPECT_EQ(access.time_micros(), absl::ToUnixMicros(clock_.Now()) + 1);
  EXPECT_EQ(journal_->size(), 2U);
  EXPECT_EQ(journal_->bytes(), SegmentAt(1).size() + SegmentAt(2).size());
}

TEST_F(AccessJournalTest, BytesAreWhatTheyHaveAlwaysBeen) {
  journal::v1::Access access = ReadBy("people/a-1");
  access.set_sequence(3);
  access.set_time_micros(5);
  access.set_filter("owner: unions/fh-1");
  access.set_code(7);
  access.set_reason("PERMISSION_DENIED");
  access.set_unended(true);
  access.set_begun(2);
  EXPECT_EQ(absl::BytesToHexString(access.SerializeAsString()),
            "08031005"
            "1a132f61756469746f722f70656f706c652f612d31"
            "220a70656f706c652f612d31"
            "2a1841756469745365727669636"
            "52f4c6973745265636f726473"
            "32126f776e65723a20756e696f6e732f66682d31"
            "3a0ce5b9b4e5baa6e5aea1e8aea1"
            "40324807"
            "52115045524d495353494f4e5f44454e494544"
            "58016002");
}

TEST_F(AccessJournalTest, WhatTheTilesTakeInHasTheseBytes) {
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeKey(kTiledTable.id, std::uint8_t{0})), "8c00");
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeValue(TiledRow{300, 7})), "ac0207");
}

TEST_F(AccessJournalTest, GoesOnAfterARestartAndSignsWhatIsThere) {
  ASSERT_OK(Open());
  AppendMany(5);
  ASSERT_OK(journal_->Shutdown());
  ASSERT_OK(Open());
  ASSERT_OK_AND_ASSIGN(const Sequence next, Append(ReadBy("people/a-1")));
  EXPECT_EQ(next, 6U);
  ASSERT_OK(journal_->Shutdown());
  ASSERT_OK_AND_ASSIGN(const ledger::Checkpoint checkpoint,
                       ledger::ParseCheckpoint(journal_->checkpoint(), key_.verify_key()));
  EXPECT_EQ(checkpoint.size, 6U);
  EXPECT_EQ(checkpoint.origin, "test/access");
  EXPECT_OK(Walk(store_, {.checkpoint = checkpoint}));
}

TEST_F(AccessJournalTest, ManyAtOnceAreAllWrittenEachOnce) {
  ASSERT_OK(Open());
  constexpr int kThreads = 4;
  constexpr int kEach = 200;
  std::atomic<std::uint64_t> sum{0};
  {
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kEach; ++i) {
          journal_->Append(ReadBy("people/a-1"),
                           [&sum](absl::StatusOr<Sequence> at) { sum += at.value_or(0); });
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  ASSERT_OK(journal_->Shutdown());
  constexpr std::uint64_t kAll = kThreads * kEach;
  EXPECT_EQ(sum, kAll * (kAll + 1) / 2);
  EXPECT_EQ(journal_->size(), kAll);
  EXPECT_OK(Walk(store_));
}

TEST_F(AccessJournalTest, AfterTheEndNothingIsTaken) {
  ASSERT_OK(Open());
  ASSERT_OK(journal_->Shutdown());
  EXPECT_THAT(Append(ReadBy("people/a-1")), HasCode(absl::StatusCode::kUnavailable));
}

// What a crash leaves of views: nothing, or those of an earlier moment.
TEST_F(AccessJournalTest, TilesThatAreGoneAreMadeAnew) {
  ASSERT_OK(Open());
  AppendMany(300);  // More than a tile.
  ASSERT_OK(journal_->Shutdown());
  const std::string note = journal_->checkpoint();
  journal_.reset();
  ASSERT_OK(store_.ClearFamily(ledger::Family::kTiles));
  ASSERT_OK(Open());
  EXPECT_EQ(journal_->checkpoint(), note);
  EXPECT_EQ(journal_->size(), 300U);
  ASSERT_OK(journal_->Shutdown());
  ASSERT_OK(store_.ClearFamily(ledger::Family::kMeta));
  ASSERT_OK(Open());
  AppendMany(1);
  ASSERT_OK(journal_->Shutdown());
  EXPECT_OK(Walk(store_));
}

// A tail that the store lost, though somebody was told about it.
TEST_F(AccessJournalTest, AMissingEndIsNamed) {
  ASSERT_OK(Open());
  AppendMany(3);
  ASSERT_OK(journal_->Shutdown());
  Remove(3);
  ExpectDamage(Open(), "access 3 is missing");
}

TEST_F(AccessJournalTest, AGapIsNamed) {
  ASSERT_OK(Open());
  AppendMany(3);
  ASSERT_OK(journal_->Shutdown());
  Remove(2);
  ExpectDamage(Walk(store_), "sequence 2");
}

TEST_F(AccessJournalTest, AChangedByteIsNamed) {
  ASSERT_OK(Open());
  AppendMany(3);
  ASSERT_OK(journal_->Shutdown());
  std::string bytes = SegmentAt(2);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  Replace(2, bytes);
  ExpectDamage(Walk(store_), "sequence 2");
}

// Whoever has the disk can make a sound segment, but not the roots that were written after it.
TEST_F(AccessJournalTest, ARewrittenPurposeIsNamed) {
  ASSERT_OK(Open());
  AppendMany(4);
  ASSERT_OK(journal_->Shutdown());
  Replace(2, WithAnotherPurpose(SegmentAt(2)));
  ExpectDamage(Walk(store_), "from sequence 2 to 2");
}

TEST_F(AccessJournalTest, ARewrittenLastOneIsFoundByTheSignedHead) {
  ASSERT_OK(Open());
  AppendMany(4);
  ASSERT_OK(journal_->Shutdown());
  ASSERT_OK_AND_ASSIGN(const ledger::Checkpoint checkpoint,
                       ledger::ParseCheckpoint(journal_->checkpoint(), key_.verify_key()));
  Replace(4, WithAnotherPurpose(SegmentAt(4)));
  EXPECT_OK(Walk(store_));  // Nothing in the journal itself speaks against it.
  ExpectDamage(Walk(store_, {.checkpoint = checkpoint}), "from sequence 4 to 4");
  EXPECT_THAT(Open(), HasCode(absl::StatusCode::kDataLoss));
}

// Segments of the ledger are no accesses, however sound.
TEST_F(AccessJournalTest, ALedgersSegmentIsRefused) {
  ASSERT_OK(Open());
  ASSERT_OK(journal_->Shutdown());
  ledger::SegmentBuilder builder(0, 1, 1);
  journal::v1::Access access = ReadBy("people/a-1");
  access.set_sequence(1);
  access.set_time_micros(1);
  builder.Add(access.SerializeAsString());
  Replace(1, builder.Seal(ledger::EmptyRoot()).bytes);
  ExpectDamage(Walk(store_), "another journal");
}

TEST_F(AccessJournalTest, AnotherJournalsCheckpointIsRefused) {
  ASSERT_OK(Open());
  AppendMany(1);
  ASSERT_OK(journal_->Shutdown());
  AccessJournal::Options options = Options();
  options.origin = "elsewhere/access";
  EXPECT_THAT(
      AccessJournal::Open({.clock = &clock_, .store = &store_, .log = log_.get()}, options, key_),
      HasCode(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace puhui::audit
