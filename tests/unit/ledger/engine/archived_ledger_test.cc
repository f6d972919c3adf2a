// SPDX-License-Identifier: Apache-2.0
// A ledger whose first records lie in an archive: what a start needs of it, and what it does not.
#include "ledger/journal/archive_run.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/segment_archive.h"
#include "ledger/storage/archived_store.h"
#include "tests/unit/ledger/engine/filled_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

namespace puhui::testing {
namespace {

using ::testing::HasSubstr;

class ArchivedLedgerTest : public FilledLedgerTest {
 protected:
  ~ArchivedLedgerTest() override {
    engine_.reset();
    books_.reset();
    log_.reset();
  }
  // 300 records, of which the tile of the first 256 is in an archive.
  void FillAndArchive() {
    Fill();
    ASSERT_NO_FATAL_FAILURE(FindArchives());
    ledger::MerkleFrontier tree;
    ASSERT_OK(ledger::ReadRecords(*store_, 1, 256, [&](Sequence, absl::string_view record) {
      tree.Append(ledger::LeafHash(record));
      return absl::StatusOr<bool>(true);
    }));
    const auto report = ledger::ArchiveThrough(
        {.store = store_, .archive = archive_.get(), .last = 256},
        [&tree](std::uint64_t size) -> absl::StatusOr<ledger::Hash> {
          if (size == tree.size()) return tree.Root();
          return absl::InternalError("asked of another size");
        },
        [](std::uint64_t) { return absl::OkStatus(); });
    ASSERT_OK(report);
    ASSERT_EQ(report->held_from, 257U);
  }
  // As a start does.
  void FindArchives() {
    books_.reset();
    log_.reset();
    ASSERT_OK_AND_ASSIGN(auto archive, ledger::SegmentArchive::Open(Folder()));
    archived_ = std::make_unique<ledger::ArchivedStore>(&memory_, archive.get());
    archive_ = std::move(archive);
    store_ = archived_.get();
  }
  void LoseArchives() {
    std::filesystem::remove_all(Folder());
    ASSERT_NO_FATAL_FAILURE(FindArchives());
  }
  std::string Folder() const { return directory_.Join("archive"); }

  std::unique_ptr<ledger::SegmentArchive> archive_;
  std::unique_ptr<ledger::ArchivedStore> archived_;
};

TEST_F(ArchivedLedgerTest, OpensAndVerifiesAsBefore) {
  ASSERT_NO_FATAL_FAILURE(FillAndArchive());
  ASSERT_OK(Open());
  EXPECT_EQ(engine_->recovered().replayed, 0U);
  EXPECT_EQ(engine_->recovered().scanned, 44U);
  ExpectWhole();
}

TEST_F(ArchivedLedgerTest, ViewsAreFoldedAnewFromArchives) {
  ASSERT_NO_FATAL_FAILURE(FillAndArchive());
  ASSERT_OK(store_->ClearFamily(ledger::Family::kMeta));
  ASSERT_OK(Open());
  EXPECT_EQ(engine_->recovered().replayed, 300U);
  ExpectWhole();
}

TEST_F(ArchivedLedgerTest, WithoutItsArchiveItStartsAndWrites) {
  ASSERT_NO_FATAL_FAILURE(FillAndArchive());
  ASSERT_NO_FATAL_FAILURE(LoseArchives());
  ASSERT_OK(Open());
  EXPECT_EQ(engine_->durable().sequence, 300U);
  EXPECT_OK(Run(Deposit(1, RequestOf(300))));
  EXPECT_EQ(StoredBudget(), 301);
  EXPECT_OK(ledger::ReadRecord(*store_, 301));
  const absl::Status missing = ledger::ReadRecord(*store_, 1).status();
  EXPECT_THAT(missing, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(missing.message()), HasSubstr("records 1 to 256 "));
}

TEST_F(ArchivedLedgerTest, WithoutItsArchiveViewsAreNotFoldedAnew) {
  ASSERT_NO_FATAL_FAILURE(FillAndArchive());
  ASSERT_NO_FATAL_FAILURE(LoseArchives());
  ASSERT_OK(store_->ClearFamily(ledger::Family::kMeta));
  const absl::Status refused = Open();
  EXPECT_THAT(refused, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("records 1 to 256 "));
}

}  // namespace
}  // namespace puhui::testing
