// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/scrub.h"

#include "ledger/journal/journal_reader.h"
#include "ledger/journal/segment.h"
#include "ledger/journal/tile.h"
#include "tests/unit/ledger/engine/filled_ledger.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::testing::scrub_test {
namespace {

using ::testing::HasSubstr;

// 300 records: one tile, and 44 that are in none.
class ScrubTest : public FilledLedgerTest {
 protected:
  void SetUp() override { Fill(); }

  ledger::TreeHead Head() const { return {.size = 300, .root = root_}; }
  // What a whole pass from the first record finds.
  std::vector<ledger::ScrubFinding> Pass(const absl::optional<ledger::TreeHead>& head) {
    ledger::Scrub scrub;
    std::vector<ledger::ScrubFinding> findings;
    for (bool ended = false; !ended;) {
      const auto step = scrub.Next(*store_, head);
      EXPECT_OK(step);
      if (!step.ok()) break;
      findings.insert(findings.end(), step->findings.begin(), step->findings.end());
      ended = step->pass_ended;
    }
    EXPECT_EQ(scrub.position(), 0U);
    return findings;
  }
  std::string Segment(Sequence sequence) {
    std::string found;
    EXPECT_OK(ledger::ReadSegments(*store_, sequence,
                                   [&](absl::string_view bytes) -> absl::StatusOr<bool> {
                                     found = std::string(bytes);
                                     return false;
                                   }));
    return found;
  }
};

TEST_F(ScrubTest, ReadsEveryRecordOnceInAPassAndFindsNothing) {
  ledger::Scrub scrub;
  ASSERT_OK_AND_ASSIGN(const ledger::ScrubStep tile, scrub.Next(*store_, Head()));
  EXPECT_EQ(tile.records, ledger::kTileHashes);
  EXPECT_FALSE(tile.pass_ended);
  EXPECT_EQ(scrub.position(), 1U);
  ASSERT_OK_AND_ASSIGN(const ledger::ScrubStep rest, scrub.Next(*store_, Head()));
  EXPECT_EQ(rest.records, 300 - ledger::kTileHashes);
  EXPECT_TRUE(rest.pass_ended);
  EXPECT_TRUE(tile.findings.empty() && rest.findings.empty());
}

TEST_F(ScrubTest, GoesOnWhereAnEarlierOneStood) {
  ledger::Scrub scrub(1);
  ASSERT_OK_AND_ASSIGN(const ledger::ScrubStep rest, scrub.Next(*store_, Head()));
  EXPECT_TRUE(rest.pass_ended);
  ledger::Scrub beyond(9'999);  // Of a directory that was put back.
  ASSERT_OK_AND_ASSIGN(const ledger::ScrubStep all, beyond.Next(*store_, Head()));
  EXPECT_TRUE(all.pass_ended && all.findings.empty());
}

TEST_F(ScrubTest, NamesTheRecordsWhoseTileIsDamaged) {
  const std::string key = ledger::TileKey({0, 0});
  ASSERT_OK_AND_ASSIGN(const std::string whole, ledger::ReadTile(*store_, {0, 0}));
  for (const Sequence sequence : {Sequence{1}, Sequence{100}, Sequence{256}}) {
    std::string tile = whole;
    char& byte = tile[(sequence - 1) * sizeof(ledger::Hash)];
    byte = static_cast<char>(byte ^ 1);
    Change(ledger::Family::kTiles, key, tile);
    const auto findings = Pass(absl::nullopt);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].sequence, sequence);
    EXPECT_THAT(findings[0].what, HasSubstr(absl::StrCat("record ", sequence, " is not what")));
    EXPECT_EQ(Pass(Head()).size(), 2U) << "the root is another one as well";
  }
  Change(ledger::Family::kTiles, key, whole.substr(1));
  EXPECT_FALSE(Pass(absl::nullopt).empty());
  Change(ledger::Family::kTiles, key, absl::nullopt);
  EXPECT_FALSE(Pass(absl::nullopt).empty());
  Change(ledger::Family::kTiles, key, whole);
  EXPECT_TRUE(Pass(Head()).empty());
}

TEST_F(ScrubTest, NamesADamagedRecordWhereverItIsAndGoesOn) {
  for (const Sequence sequence : {Sequence{9}, Sequence{299}}) {
    const std::string whole = Segment(sequence);
    std::string damaged = whole;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    Change(ledger::Family::kJournal, ledger::SegmentKey(sequence), damaged);
    const auto findings = Pass(Head());
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_THAT(findings[0].what, HasSubstr(absl::StrCat("sequence ", sequence)));
    Change(ledger::Family::kJournal, ledger::SegmentKey(sequence), whole);
  }
  EXPECT_TRUE(Pass(Head()).empty());
}

TEST_F(ScrubTest, FindsAnotherLedgerUnderTheSignedHead) {
  ledger::TreeHead other = Head();
  other.root[31] ^= 1;
  const auto findings = Pass(other);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].what, HasSubstr("not the one of the signed checkpoint"));
}

}  // namespace
}  // namespace puhui::testing::scrub_test
