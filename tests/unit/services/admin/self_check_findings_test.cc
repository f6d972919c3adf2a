// SPDX-License-Identifier: Apache-2.0
// What becomes of what the looks at a ledger find: what is mended by itself, and what a later
// process knows of it.
#include "ledger/journal/tile.h"
#include "services/admin/self_check.h"
#include "tests/unit/services/admin/self_check_fixture.h"

#include "absl/types/optional.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using FindingsTest = SelfCheckTest;

TEST_F(FindingsTest, TheScrubFindsADamagedTileAndItsPlaceOutlivesAProcess) {
  for (int number = 0; number < 300; ++number) ASSERT_OK(CreateUnion(number));
  ASSERT_OK(engine_->Shutdown());  // The views are as far as the journal.
  ASSERT_OK_AND_ASSIGN(std::string tile, ledger::ReadTile(*store_, {0, 0}));
  tile[99 * sizeof(ledger::Hash)] = static_cast<char>(tile[99 * sizeof(ledger::Hash)] ^ 1);
  Put(ledger::Family::kTiles, ledger::TileKey({0, 0}), tile);
  {
    SelfCheck::Parts parts = Parts();
    parts.scrub_records_per_hour = 1;  // The thread waits, and notes the place when it stops.
    SelfCheck check(parts);
    ASSERT_OK(check.ScrubOnce());
    ASSERT_EQ(alerts_.size(), 1U);
    EXPECT_THAT(alerts_[0], HasSubstr("record 100 is not what row 000000000000000000 of tiles"));
    EXPECT_EQ(check.figures().scrub_findings, 1U);
    EXPECT_EQ(check.figures().scrub_sequence, 256U);
    EXPECT_EQ(check.figures().scrub_passes, 0U);
    check.Start();
    check.Stop();
  }
  SelfCheck check(Parts());
  ASSERT_OK(check.ScrubOnce());
  EXPECT_EQ(check.figures().scrub_passes, 1U) << "it went on with the second step";
}

TEST_F(FindingsTest, ATileThatTheScrubFindsDamagedIsBuiltAnewByTheNextStart) {
  DamageATile();
  SelfCheck check(PartsThatReport());
  ASSERT_OK(check.ScrubOnce());
  ASSERT_THAT(alerts_, SizeIs(1));
  const absl::optional<std::string> note = NoteOfRebuilding();
  ASSERT_TRUE(note.has_value());
  EXPECT_THAT(*note, HasSubstr("row 000000000000000000 of tiles"));
}

TEST_F(FindingsTest, ATileThatAVerificationFindsDamagedIsBuiltAnewByTheNextStart) {
  DamageATile();
  SelfCheck check(PartsThatReport());
  ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0));
  EXPECT_FALSE(ResultOf(*run).ok());
  const absl::optional<std::string> note = NoteOfRebuilding();
  ASSERT_TRUE(note.has_value());
  EXPECT_THAT(*note, HasSubstr("row 000000000000000000 of tiles"));
}

TEST_F(FindingsTest, ARowThatDiffersElsewhereIsLeftToWhoeverRunsTheService) {
  ASSERT_OK(CreateUnion(1));
  Put(ledger::Family::kIndex, "\x08nobody", "wrote this");
  SelfCheck check(PartsThatReport());
  ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0));
  EXPECT_FALSE(ResultOf(*run).ok());
  EXPECT_EQ(NoteOfRebuilding(), absl::nullopt);
}

TEST_F(FindingsTest, ATileIsLeftToWhoeverRunsTheServiceWhenOtherRowsDifferToo) {
  DamageATile();
  Put(ledger::Family::kIndex, "\x08nobody", "wrote this");
  SelfCheck check(PartsThatReport());
  ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0));
  EXPECT_EQ(ResultOf(*run).finding_count, 2U);
  EXPECT_EQ(NoteOfRebuilding(), absl::nullopt);
}

// A start that folds anew would refuse without them.
TEST_F(FindingsTest, ATileIsLeftToWhoeverRunsTheServiceWhileArchivesAreMissing) {
  DamageATile();
  SelfCheck::Parts parts = PartsThatReport();
  parts.archives_whole = [] { return absl::UnavailableError("records 1 to 200 are missing"); };
  SelfCheck check(parts);
  ASSERT_OK(check.ScrubOnce());
  EXPECT_EQ(check.figures().scrub_findings, 1U);
  ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0));
  EXPECT_FALSE(ResultOf(*run).ok());
  EXPECT_EQ(NoteOfRebuilding(), absl::nullopt);
}

TEST_F(FindingsTest, ATileIsLeftToWhoeverRunsTheServiceOnceRecordsWereFoundDamaged) {
  const std::string whole = DamageATile();
  ASSERT_OK_AND_ASSIGN(const std::string damaged, ledger::ReadTile(*store_, {0, 0}));
  ASSERT_OK_AND_ASSIGN(const std::string first, store_->FirstJournalKey());
  ASSERT_OK_AND_ASSIGN(const auto segment, store_->Get(ledger::Family::kJournal, first));
  int told = 0;
  SelfCheck::Parts parts = Parts();
  parts.on_damaged_tile = [&told](const absl::Status&) { ++told; };
  SelfCheck check(parts);
  Put(ledger::Family::kTiles, ledger::TileKey({0, 0}), whole);
  Put(ledger::Family::kJournal, first, segment->substr(0, segment->size() - 1));
  ASSERT_OK(check.ScrubOnce());
  EXPECT_GT(check.figures().scrub_findings, 0U);
  Put(ledger::Family::kJournal, first, *segment);
  Put(ledger::Family::kTiles, ledger::TileKey({0, 0}), damaged);
  ASSERT_OK(check.ScrubOnce());
  EXPECT_EQ(check.figures().scrub_passes, 1U);
  EXPECT_EQ(told, 0);

  Put(ledger::Family::kTiles, ledger::TileKey({0, 0}), whole);
  ASSERT_OK(check.ScrubOnce());
  ASSERT_OK(check.ScrubOnce());
  EXPECT_EQ(check.figures().scrub_findings, 0U);
  Put(ledger::Family::kTiles, ledger::TileKey({0, 0}), damaged);
  ASSERT_OK(check.ScrubOnce());
  EXPECT_EQ(told, 1) << "a pass has found nothing between";
}

TEST_F(FindingsTest, WhatTheScrubFindsDuringAVerificationOutlivesIt) {
  const std::string whole = DamageATile();
  ASSERT_OK_AND_ASSIGN(const std::string damaged, ledger::ReadTile(*store_, {0, 0}));
  Put(ledger::Family::kTiles, ledger::TileKey({0, 0}), whole);
  {
    SelfCheck check(Parts());
    ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(2'000));  // Waits amid its moment.
    Put(ledger::Family::kTiles, ledger::TileKey({0, 0}), damaged);
    ASSERT_OK(check.ScrubOnce());
    EXPECT_TRUE(ResultOf(*run).ok());
    EXPECT_EQ(check.figures().scrub_findings, 1U);
  }
  EXPECT_EQ(SelfCheck(Parts()).figures().scrub_findings, 1U);
}

TEST_F(FindingsTest, WhatTheScrubFoundOutlivesAProcessUntilAPassFindsNothing) {
  const std::string whole = DamageATile();
  {
    SelfCheck check(Parts());
    ASSERT_OK(check.ScrubOnce());
    EXPECT_EQ(check.figures().scrub_findings, 1U);
  }
  {
    SelfCheck check(Parts());
    EXPECT_EQ(check.figures().scrub_findings, 1U);
    alerts_.clear();
    check.Start();
    ASSERT_THAT(alerts_, SizeIs(1));
    EXPECT_THAT(alerts_[0], HasSubstr("the scrub found 1 things that do not fit, the first: rec"));
    Put(ledger::Family::kTiles, ledger::TileKey({0, 0}), whole);
    ASSERT_OK(check.ScrubOnce());
    EXPECT_EQ(check.figures().scrub_passes, 1U) << "it went on behind the finding";
    EXPECT_EQ(check.figures().scrub_findings, 1U) << "which this pass has made";
  }
  {
    SelfCheck check(Parts());
    EXPECT_EQ(check.figures().scrub_findings, 1U);
    ASSERT_OK(check.ScrubOnce());
    EXPECT_EQ(check.figures().scrub_findings, 1U);
    ASSERT_OK(check.ScrubOnce());
    EXPECT_EQ(check.figures().scrub_passes, 1U);
    EXPECT_EQ(check.figures().scrub_findings, 0U);
  }
  alerts_.clear();
  SelfCheck check(Parts());
  check.Start();
  EXPECT_EQ(check.figures().scrub_findings, 0U);
  EXPECT_THAT(alerts_, IsEmpty());
}

TEST_F(FindingsTest, WhatWasFoundOutlivesAProcessUntilAVerificationFindsNothing) {
  const std::string whole = DamageATile();
  {
    SelfCheck check(Parts());
    ASSERT_OK(check.ScrubOnce());
    ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0));
    EXPECT_FALSE(ResultOf(*run).ok());
  }
  Put(ledger::Family::kTiles, ledger::TileKey({0, 0}), whole);
  {
    SelfCheck check(Parts());
    EXPECT_EQ(check.figures().verify_findings, 1U);
    EXPECT_EQ(check.figures().scrub_findings, 1U);
    const absl::Time before = check.figures().verified;
    EXPECT_GT(before, absl::InfinitePast());
    alerts_.clear();
    check.Start();
    EXPECT_THAT(alerts_, SizeIs(2));
    ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0));
    EXPECT_TRUE(ResultOf(*run).ok());
    EXPECT_EQ(check.figures().verify_findings, 0U);
    EXPECT_EQ(check.figures().scrub_findings, 0U);
    EXPECT_GE(check.figures().verified, before);
  }
  SelfCheck check(Parts());
  EXPECT_EQ(check.figures().verify_findings, 0U);
  EXPECT_EQ(check.figures().scrub_findings, 0U);
  EXPECT_GT(check.figures().verified, absl::InfinitePast());
}

}  // namespace
}  // namespace puhui::services
