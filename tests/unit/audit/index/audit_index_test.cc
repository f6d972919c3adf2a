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
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
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
                            .crowded_wait_max = absl::Milliseconds(1),
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
        *moment,
        {.filter = {.actors = {"/caller/1", "/caller/2", "/caller/3", ""}}, .records_max = 10'000});
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
  void AppendMoreThan(std::size_t records) {
    while (town_.journal().records().size() <= records) town_.AppendCommands(10);
  }
  // Asks on a thread of its own, and would wait for longer than a test may take.
  std::future<absl::Status> AskPatiently() {
    return std::async(std::launch::async, [this] { return index_->Read(kPatience).status(); });
  }
  void AwaitWaiting(std::size_t count) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (index_->figures().waiting != count) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up);
      std::this_thread::yield();
    }
  }
  std::vector<std::string> Files() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(IndexPath())) {
      if (entry.path().extension() == ".sst") files.push_back(entry.path().string());
    }
    EXPECT_FALSE(files.empty());
    return files;
  }
  static void Damage(const std::string& path, std::uintmax_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at));
    file.write("damage", 6);
  }
  // While it is open; in every block.
  void DamageFiles() {
    for (const std::string& file : Files()) {
      const std::uintmax_t end = std::filesystem::file_size(file);
      for (std::uintmax_t at = 5; at + 60 < end; at += 1'024) Damage(file, at);
    }
  }
  // Ends it, and begins over one with that change.
  void RestartOver(ledger::WriteBatch change) {
    Restart();
    const auto store = OpenRocks(IndexPath());
    ASSERT_OK(store);
    ASSERT_OK((*store)->Commit(change, ledger::Durability::kView));
    ASSERT_OK((*store)->Close());
  }
  // What reading all of it comes to.
  static absl::Status ReadAll(const ledger::Readable& index) {
    for (const ledger::Family family : {ledger::Family::kIndex, ledger::Family::kState}) {
      const auto cursor = index.NewCursor(family, ledger::CursorUse::kScan);
      for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
      }
      if (!cursor->status().ok()) return cursor->status();
    }
    return absl::OkStatus();
  }
  bool Said(absl::string_view what) {
    return std::any_of(said_.begin(), said_.end(), [what](const std::string& said) {
      return said.find(std::string(what)) != std::string::npos;
    });
  }

  static constexpr absl::Duration kPatience = absl::Minutes(2);
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

TEST_F(AuditIndexTest, AQuestionWaitsHoweverMuchIsMissing) {
  AppendMoreThan(1'000);
  auto asked = AskPatiently();
  ASSERT_NO_FATAL_FAILURE(AwaitWaiting(1));
  ASSERT_OK(index_->Follow());  // Five steps and more.
  EXPECT_OK(asked.get());
  EXPECT_EQ(index_->figures().waiting, 0U);
}

TEST_F(AuditIndexTest, FewWaitAsLongAsTheyLikeAndTheOthersAreRefusedSoon) {
  std::vector<std::future<absl::Status>> patient;
  for (std::size_t i = 0; i < AuditIndex::kWaitingMax; ++i) patient.push_back(AskPatiently());
  ASSERT_NO_FATAL_FAILURE(AwaitWaiting(AuditIndex::kWaitingMax));
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_THAT(index_->Read(kPatience), Refuses(ledger::Reason::kAuditIndexBehind));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, absl::ToChronoSeconds(kPatience));
  EXPECT_EQ(index_->figures().waiting, AuditIndex::kWaitingMax);
  ASSERT_OK(index_->Follow());
  for (auto& asked : patient) EXPECT_OK(asked.get());
  ExpectWhole();
}

TEST_F(AuditIndexTest, NobodyWaitsForOneThatStops) {
  auto asked = AskPatiently();
  ASSERT_NO_FATAL_FAILURE(AwaitWaiting(1));
  index_->Stop();
  EXPECT_THAT(asked.get(), Refuses(ledger::Reason::kAuditIndexBehind));
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
  Restart();
  for (const std::string& file : Files()) Damage(file, 20);
  ASSERT_OK(index_->Follow().ok() ? absl::OkStatus() : index_->Follow());
  ExpectWhole();
}

TEST_F(AuditIndexTest, DamagedSoThatItDoesNotOpenItIsBuiltAnewAndThatIsSaid) {
  ASSERT_OK(index_->Follow());
  Restart();
  for (const std::string& file : Files()) Damage(file, std::filesystem::file_size(file) - 8);
  said_.clear();
  ASSERT_OK(index_->Follow());
  ExpectWhole();
  EXPECT_TRUE(Said("was built"));
}

TEST_F(AuditIndexTest, WhoeverMeetsItsDamageIsToldThatItIsBehindAndItIsBuiltAnew) {
  AppendMoreThan(1'000);
  ASSERT_OK(index_->Follow());
  Restart();  // What it holds is in files then.
  ASSERT_OK(index_->Follow());
  const AuditIndex::Figures before = index_->figures();
  const absl::Status elsewhere = absl::DataLossError("journal at sequence 7");
  EXPECT_EQ(index_->Explain(elsewhere, before), elsewhere);
  const auto moment = index_->Read(absl::ZeroDuration());
  ASSERT_OK(moment);
  DamageFiles();
  const absl::Status damage = ReadAll(*moment->index);
  ASSERT_THAT(damage, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(index_->Explain(damage, before), Refuses(ledger::Reason::kAuditIndexBehind));
  EXPECT_EQ(index_->Explain(absl::CancelledError(), before), absl::CancelledError());
  ASSERT_OK(index_->Follow());
  ExpectWhole();
  EXPECT_EQ(index_->figures().rebuilds, 1U);
  // Who read the one that is gone, and looks only now.
  EXPECT_THAT(index_->Explain(damage, before), Refuses(ledger::Reason::kAuditIndexBehind));
  EXPECT_EQ(index_->Explain(elsewhere, index_->figures()), elsewhere);
}

// Some of it is met at a start: where the lists of segments are, or the last sums.
TEST_F(AuditIndexTest, WhereverItIsDamagedItIsBuiltAnew) {
  AppendMoreThan(1'000);
  ASSERT_OK(index_->Follow());
  std::uintmax_t size = 4'096;  // Of its file, once that was looked for.
  for (std::uintmax_t at = 5; at < size; at += 4'096) {
    const std::string path = IndexPath();
    index_ = nullptr;
    const std::vector<std::string> files = FilesOf(ledger::Family::kIndex, path);
    ASSERT_FALSE(files.empty());
    size = std::filesystem::file_size(files.front());
    Damage(files.front(), std::min(at, size - 60));
    Begin();
    for (int tries = 0; tries < 4; ++tries) {
      index_->Follow().IgnoreError();
      const auto moment = index_->Read(absl::ZeroDuration());
      if (moment.ok() && ReadAll(*moment->index).ok()) break;
    }
    ASSERT_NO_FATAL_FAILURE(ExpectWhole()) << "damaged at " << at;
  }
}

// As when the store dropped what it could not read of it, and not yet the rest.
TEST_F(AuditIndexTest, WithoutItsMarkItIsBuiltAnew) {
  ASSERT_OK(index_->Follow());
  ledger::WriteBatch change;
  ledger::DeleteRow(change, kMarkTable, std::uint8_t{0});
  ASSERT_NO_FATAL_FAILURE(RestartOver(std::move(change)));
  ASSERT_OK(index_->Follow());
  ExpectWhole();
  ExpectSegmentsKnown();
  EXPECT_EQ(index_->figures().rebuilds, 1U);
}

TEST_F(AuditIndexTest, WithSumsThatMakeNoSenseItIsBuiltAnew) {
  ASSERT_OK(index_->Follow());
  ledger::WriteBatch change;
  change.Put(kIndexTotalsTable.family, ledger::EncodeKey(kIndexTotalsTable.id, Sequence{1}),
             "\xff");
  ASSERT_NO_FATAL_FAILURE(RestartOver(std::move(change)));
  ASSERT_OK(index_->Follow());
  ExpectWhole();
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
