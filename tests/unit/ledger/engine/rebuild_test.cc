// SPDX-License-Identifier: Apache-2.0
// Damage in a view: the start after it was noticed folds all views anew, by itself.
#include "ledger/base/check_report.h"
#include "ledger/engine/rebuild_note.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/tile.h"
#include "tests/unit/ledger/engine/filled_ledger.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace puhui::testing {
namespace {

using ::testing::HasSubstr;

TEST(RebuildNoteTest, TheFirstCauseIsKeptUntilItIsRemoved) {
  const TempDir directory;
  ledger::RebuildNote note(directory.path());
  EXPECT_EQ(*note.Read(), absl::nullopt);
  EXPECT_OK(note.Leave("the first"));
  EXPECT_OK(note.Leave("the second"));
  EXPECT_EQ(*ledger::RebuildNote(directory.path()).Read(), "the first");
  EXPECT_OK(note.Remove());
  EXPECT_EQ(*note.Read(), absl::nullopt);
  EXPECT_OK(note.Remove());
}

TEST(RebuildNoteTest, AnEmptyFileIsANoteToo) {
  const TempDir directory;
  std::ofstream(directory.Join(ledger::RebuildNote::kFileName)).close();
  EXPECT_EQ(*ledger::RebuildNote(directory.path()).Read(), "");
}

class RebuildTest : public FilledLedgerTest {
 protected:
  RebuildTest() : note_(directory_.path()) {}
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(Fill()); }

  absl::optional<std::string> Note() const { return *note_.Read(); }
  static std::string AccountRow(ledger::AccountKind kind) {
    return ledger::EncodeKey(ledger::Table::kAccounts, ledger::AccountKey{kind, 1, UnionNumber{1}});
  }
  static std::string AppliedRow() {
    return ledger::EncodeKey(ledger::Table::kApplied, std::uint8_t{0});
  }
  absl::optional<std::string> Stored(ledger::Family family, const std::string& key) const {
    return *store_->Get(family, key);
  }
  // One start refuses and leaves a note that says `what`; the next makes everything whole.
  void ExpectMendedByTheNextStart(const std::string& what) {
    EXPECT_THAT(Open(), HasCode(absl::StatusCode::kDataLoss));
    EXPECT_THAT(Note().value_or(""), HasSubstr(what));
    ASSERT_OK(Open());
    ExpectRebuilt();
  }
  void ExpectRebuilt() {
    EXPECT_EQ(engine_->recovered().replayed, 300U);
    ExpectWhole();
    EXPECT_EQ(Note(), absl::nullopt);
  }

  static constexpr char kGarbage[] = "\xFF\xFF";
  ledger::RebuildNote note_;
};

// Its rows are other ones, and verification would take them for damage.
TEST_F(RebuildTest, ViewsThatAnEarlierReleaseFoldedAreFoldedAnew) {
  constexpr char kEarlierNumbers[] = "\x01\x10\x11\x12\x13\x14\x15\x16\x17";
  const std::string stand = Stored(ledger::Family::kMeta, AppliedRow()).value_or("");
  for (const char number : absl::string_view(kEarlierNumbers)) {
    std::string earlier = AppliedRow();
    earlier.front() = number;
    ASSERT_OK(store_->ClearFamily(ledger::Family::kMeta));
    Change(ledger::Family::kMeta, earlier, stand);
    ASSERT_OK(Open());
    ASSERT_NO_FATAL_FAILURE(ExpectRebuilt());
    EXPECT_EQ(Stored(ledger::Family::kMeta, earlier), absl::nullopt);
    ASSERT_OK(engine_->Shutdown());
  }
}

TEST_F(RebuildTest, ANoteHasEverythingFoldedAnewOnce) {
  Change(ledger::Family::kState, AccountRow(ledger::AccountKind::kBudget),
         ledger::EncodeValue(std::int64_t{999}));
  Change(ledger::Family::kIndex, "\x09 of nobody", "left over");
  ASSERT_OK(note_.Leave("an operator wants it"));
  ASSERT_OK(Open());
  ASSERT_NO_FATAL_FAILURE(ExpectRebuilt());
  EXPECT_THAT(engine_->recovered().Summary(), HasSubstr("an operator wants it"));
  ASSERT_OK(engine_->Shutdown());
  ASSERT_OK(Open());
  EXPECT_EQ(engine_->recovered().replayed, 0U);
  EXPECT_EQ(engine_->recovered().rebuilt_because, absl::nullopt);
  ExpectWhole();
}

TEST_F(RebuildTest, ASecondNoteHasItDoneASecondTime) {
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK(note_.Leave("once more"));
    ASSERT_OK(Open());
    ASSERT_NO_FATAL_FAILURE(ExpectRebuilt());
    ASSERT_OK(engine_->Shutdown());
  }
}

// Says what the process that ends leaves behind.
std::string* directory_of_the_dying = nullptr;
void SayWithNote(const char* /*file*/, int /*line*/, absl::string_view message) {
  const auto note = ledger::RebuildNote(*directory_of_the_dying).Read();
  std::fprintf(stderr, "%s; noted: %s\n", std::string(message).c_str(),
               note.ok() ? note->value_or("nothing").c_str() : "");
}

TEST_F(RebuildTest, ARowThatTheWriterCannotReadIsNotedBeforeTheProcessEnds) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  std::string directory = directory_.path();
  directory_of_the_dying = &directory;
  const std::string row = AccountRow(ledger::AccountKind::kBudget);
  const std::string what = absl::StrCat("table accounts, row ", ledger::ToHex(row));
  EXPECT_DEATH(
      {
        Change(ledger::Family::kState, row, kGarbage);
        PUHUI_CHECK_OK(Open());
        ReportFailedChecksBy(SayWithNote);
        Run(Deposit(1)).status().IgnoreError();
      },
      absl::StrCat("the writer cannot read ", what, ".*; noted: ", what));
}

TEST_F(RebuildTest, ARowThatCannotBeReadIsFoldedAnew) {
  Change(ledger::Family::kState, AccountRow(ledger::AccountKind::kBudget), kGarbage);
  ASSERT_OK(note_.Leave("as the process that met it"));
  ASSERT_OK(Open());
  ExpectRebuilt();
}

TEST_F(RebuildTest, AnUnreadableAppliedSequenceIsMended) {
  Change(ledger::Family::kMeta, AppliedRow(), kGarbage);
  ExpectMendedByTheNextStart("applied");
}

TEST_F(RebuildTest, AnUnreadableTileIsMended) {
  const std::string tile = ledger::TileKey({.level = 0, .index = 0});
  Change(ledger::Family::kTiles, tile, absl::nullopt);
  ExpectMendedByTheNextStart("tile 0 of level 0 is missing");
}

TEST_F(RebuildTest, ViewsThatTheNextRecordDoesNotFitAreMended) {
  Change(ledger::Family::kMeta, AppliedRow(), ledger::EncodeValue(Sequence{299}));
  Change(ledger::Family::kState, AccountRow(ledger::AccountKind::kFunding),
         ledger::EncodeValue(std::int64_t{5}));  // Never above zero.
  ExpectMendedByTheNextStart("record 300");
}

TEST_F(RebuildTest, NothingIsThrownAwayWhileTheJournalIsDamaged) {
  const std::string segment = ledger::SegmentKey(150);
  const auto bytes = Stored(ledger::Family::kJournal, segment);
  Change(ledger::Family::kJournal, segment, bytes->substr(0, bytes->size() - 1));
  ASSERT_OK(note_.Leave("a view was damaged"));
  for (int start = 0; start < 2; ++start) {
    const absl::Status refused = Open();
    EXPECT_THAT(refused, HasCode(absl::StatusCode::kDataLoss));
    EXPECT_THAT(std::string(refused.message()), HasSubstr("journal at sequence 150"));
    EXPECT_TRUE(Stored(ledger::Family::kMeta, AppliedRow()).has_value());
    EXPECT_TRUE(Note().has_value());
  }
  Change(ledger::Family::kJournal, segment, *bytes);
  ASSERT_OK(Open());
  ExpectRebuilt();
}

TEST_F(RebuildTest, NothingIsThrownAwayWhileTheVaultIsDamaged) {
  const std::string row = ledger::EncodeKey(ledger::Table::kIdNumbers, TagOf(7));
  Change(ledger::Family::kVault, row, kGarbage);
  ASSERT_OK(note_.Leave("a row could not be read"));
  for (int start = 0; start < 2; ++start) {
    const absl::Status refused = Open();
    EXPECT_THAT(refused, HasCode(absl::StatusCode::kDataLoss));
    EXPECT_THAT(std::string(refused.message()), HasSubstr("table secrets"));
    EXPECT_TRUE(Stored(ledger::Family::kMeta, AppliedRow()).has_value());
    EXPECT_TRUE(Note().has_value());
  }
  Change(ledger::Family::kVault, row, ledger::EncodeValue(MemberId(1, 2)));
  ASSERT_OK(Open());
  ExpectRebuilt();
}

TEST_F(RebuildTest, DamageThatAReaderMeetsIsNotedAndToldOnce) {
  std::atomic<int> told = 0;
  options_.on_damaged_view = [&](const absl::Status& /*damage*/) { ++told; };
  ASSERT_OK(Open());
  memory_.SetViewDamage(absl::DataLossError("scan: block checksum mismatch"));
  AwaitTrue([&] { return told.load() > 0; });
  EXPECT_THAT(Note().value_or(""), HasSubstr("block checksum mismatch"));
  EXPECT_OK(Run(Deposit(1, RequestOf(7))));  // It goes on.
  memory_.SetViewDamage(absl::OkStatus());
  ASSERT_OK(engine_->Shutdown());
  EXPECT_EQ(told, 1);
  ASSERT_OK(Open());
  ExpectRebuilt();
}

TEST_F(RebuildTest, DamageThatTheStoreMeetsByItselfIsNoted) {
  ASSERT_OK(Open());
  log_->FailWith(absl::DataLossError("write: block checksum mismatch"));
  EXPECT_THAT(Run(Deposit(1)), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(failed_with_.get_future().get(), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Note().value_or(""), HasSubstr("block checksum mismatch"));
  ASSERT_OK(Open());
  ExpectRebuilt();
}

TEST_F(RebuildTest, AFailureThatIsNoDamageIsNotNoted) {
  ASSERT_OK(Open());
  log_->FailWith(absl::UnavailableError("input/output error"));
  EXPECT_THAT(Run(Deposit(1)), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(failed_with_.get_future().get(), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Note(), absl::nullopt);
}

}  // namespace
}  // namespace puhui::testing
