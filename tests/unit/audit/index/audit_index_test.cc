// SPDX-License-Identifier: Apache-2.0
#include "audit/index/audit_index.h"

#include "audit/index/find_records.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/rocks_store.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/store_files.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/index/random_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace puhui::audit {
namespace {

absl::StatusOr<std::unique_ptr<ledger::Store>> OpenRocks(const std::string& path) {
  absl::StatusOr<std::unique_ptr<ledger::RocksStore>> store =
      ledger::RocksStore::Open({.path = path});
  if (!store.ok()) return store.status();
  return std::unique_ptr<ledger::Store>(*std::move(store));
}

// An index on the disk, over a journal of random records.
class AuditIndexTest : public ::testing::Test {
 protected:
  AuditIndexTest() {
    town_.AppendCommands(30);
    Begin();
  }
  void Begin() { BeginOver(&town_.journal().store()); }
  void BeginOver(const ledger::Store* store) {
    index_ = std::make_unique<AuditIndex>(
        store,
        AuditIndex::Options{.directory = directory_.path(),
                            .open = OpenRocks,
                            .interval = absl::Milliseconds(1),
                            .step_records_max = 200,
                            .say = [this](absl::string_view what) { said_.emplace_back(what); }});
  }
  // As a process that ends and starts again.
  void Restart() {
    index_ = nullptr;
    Begin();
  }
  // Whether it knows all of the journal.
  void ExpectWhole() {
    const auto moment = index_->Read(absl::ZeroDuration());
    ASSERT_OK(moment);
    const Sequence last = town_.journal().records().size();
    EXPECT_EQ(moment->last, last);
    const auto found = FindRecords(
        *moment, {.filter = {.actors = {"/caller/1", "/caller/2", "/caller/3", "/caller/4"}},
                  .records_max = 10'000});
    ASSERT_OK(found);
    EXPECT_EQ(found->records.size(), last);
  }
  // The segments of all records are read by their keys, and none has to be sought.
  void ExpectSegmentsKnown() {
    const auto moment = index_->Read(absl::ZeroDuration());
    ASSERT_OK(moment);
    std::vector<Sequence> all;
    std::vector<Sequence> starts;
    ASSERT_OK(ledger::ReadSegments(
        *moment->journal, 1, [&](absl::string_view bytes) -> absl::StatusOr<bool> {
          const auto segment = ledger::SegmentView::Parse(bytes);
          EXPECT_OK(segment);
          for (Sequence at = segment->first(); at <= segment->last(); ++at) {
            all.push_back(at);
            starts.push_back(segment->first());
          }
          return true;
        }));
    EXPECT_EQ(all.size(), town_.journal().records().size());
    EXPECT_GT(starts.back(), starts.front());
    EXPECT_EQ(moment->segments->Find(all), starts);
  }
  // Of the one that there is.
  std::string IndexPath() {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      paths.push_back(entry.path().string());
    }
    EXPECT_EQ(paths.size(), 1U);
    return paths.empty() ? "" : paths.front();
  }
  bool Said(absl::string_view what) {
    return std::any_of(said_.begin(), said_.end(), [what](const std::string& said) {
      return said.find(std::string(what)) != std::string::npos;
    });
  }

  TempDir directory_;
  RandomJournal town_{11};
  std::vector<std::string> said_;
  std::unique_ptr<AuditIndex> index_;
};

TEST_F(AuditIndexTest, IsNotReadBeforeItKnowsWhatTheLedgerKnows) {
  EXPECT_THAT(index_->Read(absl::ZeroDuration()), Refuses(ledger::Reason::kAuditIndexBehind));
  ASSERT_OK(index_->Follow());
  ExpectWhole();
  town_.AppendCommands(1);
  EXPECT_THAT(index_->Read(absl::Milliseconds(1)), Refuses(ledger::Reason::kAuditIndexBehind));
  ASSERT_OK(index_->Follow());
  ExpectWhole();
}

TEST_F(AuditIndexTest, AQuestionWaitsForTheThreadThatFollows) {
  index_->Start();
  for (int i = 0; i < 5; ++i) {
    const auto moment = index_->Read(absl::Minutes(1));
    ASSERT_OK(moment);
    EXPECT_EQ(moment->last, town_.journal().records().size());
    town_.AppendCommands(2);
  }
}

TEST_F(AuditIndexTest, AfterARestartItGoesOn) {
  ASSERT_OK(index_->Follow());
  said_.clear();
  ExpectSegmentsKnown();
  town_.AppendCommands(5);
  Restart();
  ASSERT_OK(index_->Follow());
  ExpectWhole();
  ExpectSegmentsKnown();
  EXPECT_EQ(index_->figures().rebuilds, 0U);
  EXPECT_FALSE(Said("was built"));
}

TEST_F(AuditIndexTest, DeletedBetweenTwoStartsItIsBuiltAnew) {
  ASSERT_OK(index_->Follow());
  index_ = nullptr;
  std::filesystem::remove_all(directory_.path());
  said_.clear();
  Begin();
  ASSERT_OK(index_->Follow());
  ExpectWhole();
  EXPECT_TRUE(Said("was built"));
}

TEST_F(AuditIndexTest, DeletedWhileItIsOpenItIsBuiltAnew) {
  ASSERT_OK(index_->Follow());
  std::filesystem::remove_all(IndexPath());
  ASSERT_OK(index_->Follow());
  ExpectWhole();
  EXPECT_EQ(index_->figures().rebuilds, 1U);
  EXPECT_TRUE(Said("built anew"));
}

TEST_F(AuditIndexTest, DamagedItIsBuiltAnew) {
  ASSERT_OK(index_->Follow());
  const std::string path = IndexPath();
  index_ = nullptr;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(20);
    file.write("damage", 6);
  }
  Begin();
  ASSERT_OK(index_->Follow().ok() ? absl::OkStatus() : index_->Follow());
  ExpectWhole();
}

// As when the store dropped what it could not read of it, and not yet the rest.
TEST_F(AuditIndexTest, WithoutItsMarkItIsBuiltAnew) {
  ASSERT_OK(index_->Follow());
  const std::string path = IndexPath();
  index_ = nullptr;
  {
    const auto store = OpenRocks(path);
    ASSERT_OK(store);
    ledger::WriteBatch batch;
    ledger::DeleteRow(batch, kMarkTable, std::uint8_t{0});
    ASSERT_OK((*store)->Commit(batch, ledger::Durability::kView));
    ASSERT_OK((*store)->Close());
  }
  Begin();
  ASSERT_OK(index_->Follow());
  ExpectWhole();
  ExpectSegmentsKnown();
  EXPECT_EQ(index_->figures().rebuilds, 1U);
}

TEST_F(AuditIndexTest, WithoutItsManifestItIsBuiltAnew) {
  ASSERT_OK(index_->Follow());
  const std::string path = IndexPath();
  index_ = nullptr;
  std::filesystem::remove(path + "/CURRENT");
  std::ofstream(path + "/CURRENT") << "MANIFEST-999999\n";
  Begin();
  ASSERT_OK(index_->Follow());
  ExpectWhole();
  EXPECT_EQ(index_->figures().rebuilds, 1U);
  EXPECT_NE(IndexPath(), path);
}

TEST_F(AuditIndexTest, OfAnotherLedgerItIsBuiltAnew) {
  ASSERT_OK(index_->Follow());
  index_ = nullptr;
  RandomJournal other(12);
  other.AppendCommands(40);
  BeginOver(&other.journal().store());
  ASSERT_OK(index_->Follow());
  EXPECT_EQ(index_->figures().rebuilds, 1U);
  EXPECT_EQ(index_->figures().sequence, other.journal().records().size());
  index_ = nullptr;
}

TEST_F(AuditIndexTest, WhoeverReadsItGoesOnWhileItIsBuiltAnew) {
  ASSERT_OK(index_->Follow());
  const auto moment = index_->Read(absl::ZeroDuration());
  ASSERT_OK(moment);
  std::filesystem::rename(IndexPath(), directory_.path() + "/elsewhere");
  ASSERT_OK(index_->Follow());
  const auto found = FindRecords(*moment, {.records_max = 5});
  ASSERT_OK(found);
  EXPECT_EQ(found->records.size(), 5U);
  std::filesystem::remove_all(directory_.path() + "/elsewhere");
}

TEST_F(AuditIndexTest, RejectedItIsBuiltAnewOnce) {
  ASSERT_OK(index_->Follow());
  EXPECT_EQ(StoredIndexPath(directory_.path()), IndexPath());
  const auto moment = index_->Read(absl::ZeroDuration());
  ASSERT_OK(moment);
  index_->Reject(*moment);
  ASSERT_OK(index_->Follow());
  ExpectWhole();
  EXPECT_EQ(index_->figures().rebuilds, 1U);
  EXPECT_TRUE(Said("built anew"));
  EXPECT_EQ(StoredIndexPath(directory_.path()), IndexPath());
  index_->Reject(*moment);  // Of an index that is gone.
  ASSERT_OK(index_->Follow());
  EXPECT_EQ(index_->figures().rebuilds, 1U);
}

TEST_F(AuditIndexTest, WhatItCannotOpenStopsNobody) {
  AuditIndex broken(
      &town_.journal().store(),
      {.directory = directory_.path(),
       .open = [](const std::string& /*path*/) -> absl::StatusOr<std::unique_ptr<ledger::Store>> {
         return absl::UnavailableError("no disk");
       }});
  EXPECT_THAT(broken.Follow(), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(broken.Read(absl::ZeroDuration()), Refuses(ledger::Reason::kAuditIndexBehind));
}

}  // namespace
}  // namespace puhui::audit
