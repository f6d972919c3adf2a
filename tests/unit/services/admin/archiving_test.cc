// SPDX-License-Identifier: Apache-2.0
// A ledger on a disk whose closed period goes into an archive, is read from there, and comes back.
#include "services/admin/archiving.h"

#include "issuing/app/union_commands.h"
#include "ledger/base/archive_limits.h"
#include "ledger/base/check.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/engine/period_rows.h"
#include "ledger/engine/rebuild_note.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/local_log.h"
#include "services/admin/archive_calls.h"
#include "services/admin/archive_files.h"
#include "services/admin/open_store.h"
#include "services/admin/self_check.h"
#include "services/admin/verification.h"
#include "services/ledger/books.h"
#include "services/ledger/chores.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

constexpr ledger::Period kJanuary = 202701;

class ArchivingTest : public ::testing::Test {
 protected:
  // 300 records, so that a tile of 256 is complete, and a checkpoint over all of them.
  ArchivingTest() {
    Open();
    for (int i = 0; i < 300; ++i) PUHUI_CHECK_OK(CreateUnion());
    Reopen();
  }
  ~ArchivingTest() override { Close(); }

  void Open() {
    auto stored = OpenStoredLedger({.path = StorePath(directory_.path())}, ArchiveFolder());
    PUHUI_CHECK_OK(stored.status());
    stored_ = *std::move(stored);
    ledger::Store* const store = stored_.store.get();
    auto log = ledger::LocalLog::Open(store);
    PUHUI_CHECK_OK(log.status());
    log_ = *std::move(log);
    books_ = std::make_unique<Books>(store, std::size_t{1} << 20);
    chores_ = std::make_unique<Chores>(books_.get());
    auto engine = ledger::Engine::Open(
        {.clock = &clock_,
         .store = store,
         .log = log_.get(),
         .fold = books_.get(),
         .views = &books_->views,
         .chores = chores_.get()},
        {.data_directory = directory_.path(),
         .origin = "test",
         .key_name = "test",
         .on_failure = [](const absl::Status& status) { ADD_FAILURE() << status; }},
        key_);
    PUHUI_CHECK_OK(engine.status());
    engine_ = *std::move(engine);
    archiving_ = std::make_unique<Archiving>(
        Archiving::Parts{.engine = engine_.get(),
                         .store = store,
                         .archive = stored_.archive.get(),
                         .key = key_.verify_key(),
                         .disk_reserve_bytes = 1'000,
                         .free_bytes = [this] { return absl::StatusOr<std::uint64_t>(free_); },
                         .alert = [this](absl::string_view what) { alerts_.emplace_back(what); }});
  }
  void Close() {
    if (engine_ == nullptr) return;
    archiving_.reset();
    PUHUI_CHECK_OK(engine_->Shutdown());
    engine_.reset();
    PUHUI_CHECK_OK(stored_.store->Close());
    chores_.reset();
    books_.reset();
    log_.reset();
    stored_ = StoredLedger();
  }
  void Reopen() {
    Close();
    Open();
    while (engine_->checkpoint().empty()) std::this_thread::yield();
  }
  std::string ArchiveFolder() const { return ArchivePath(directory_.path()); }

  absl::Status CreateUnion() {
    issuing::CreateUnionCommand::Wish wish;
    wish.id = *UnionId::Parse(absl::StrCat("gh-", ++unions_), "id");
    wish.time_zone = "Asia/Shanghai";
    return engine_
        ->Run(std::make_unique<issuing::CreateUnionCommand>(&books_->issuing, wish),
              ledger::Priority::kInteractive)
        .status();
  }
  // As if January had been closed with the record `last`, and the request ids before
  // `requests_from` were forgotten: the rows are put and taken away again.
  absl::StatusOr<ledger::ArchiveReport> Archive(Sequence last) { return Archive(last, last + 1); }
  absl::StatusOr<ledger::ArchiveReport> Archive(Sequence last, Sequence requests_from) {
    const std::string key = ledger::EncodeKey(ledger::kClosedPeriodTable.id, kJanuary);
    const std::string forgotten = ledger::EncodeKey(ledger::kForgottenTable.id, std::uint8_t{0});
    ledger::WriteBatch batch;
    batch.Put(ledger::kClosedPeriodTable.family, key,
              ledger::EncodeValue(ledger::ClosedPeriodRow{.sequence = last + 1, .last = last}));
    if (requests_from > 1) {
      batch.Put(ledger::kForgottenTable.family, forgotten,
                ledger::EncodeValue(ledger::ForgottenRow{.next = requests_from}));
    }
    PUHUI_CHECK_OK(stored_.store->Commit(batch, ledger::Durability::kView));
    const auto run = archiving_->Start(kJanuary);
    batch.Clear();
    batch.Delete(ledger::kClosedPeriodTable.family, key);
    batch.Delete(ledger::kForgottenTable.family, forgotten);
    PUHUI_CHECK_OK(stored_.store->Commit(batch, ledger::Durability::kView));
    if (!run.ok()) return run.status();
    EXPECT_EQ((*run)->requests_from(), requests_from);
    while (!(*run)->result().has_value()) std::this_thread::yield();
    return *(*run)->result();
  }
  absl::StatusOr<std::vector<std::string>> Records() const {
    std::vector<std::string> records;
    const absl::Status status = ledger::ReadRecords(*engine_->Read(), 1, 1'000,
                                                    [&](Sequence /*at*/, absl::string_view record) {
                                                      records.emplace_back(record);
                                                      return absl::StatusOr<bool>(true);
                                                    });
    if (!status.ok()) return status;
    return records;
  }
  ledger::VerifyReport Verified() {
    const auto checkpoint = ledger::ParseCheckpoint(engine_->checkpoint(), key_.verify_key());
    PUHUI_CHECK_OK(checkpoint.status());
    const auto report = VerifyStore(*engine_->Read(), {.promises = {.checkpoint = *checkpoint},
                                                       .scratch_directory = directory_.path()});
    PUHUI_CHECK_OK(report.status());
    return *report;
  }

  const TempDir directory_;
  SystemClock clock_;
  SeededRandom random_{72};
  const ledger::SigningKey key_ = ledger::SigningKey::Generate(random_);
  StoredLedger stored_;
  std::unique_ptr<ledger::LocalLog> log_;
  std::unique_ptr<Books> books_;
  std::unique_ptr<Chores> chores_;
  std::unique_ptr<ledger::Engine> engine_;
  std::unique_ptr<Archiving> archiving_;
  std::vector<std::string> alerts_;
  std::uint64_t free_ = std::uint64_t{1} << 40;
  int unions_ = 0;
};

TEST_F(ArchivingTest, APeriodThatIsNotClosedIsNotArchived) {
  EXPECT_TRUE(absl::IsNotFound(archiving_->Start(kJanuary).status()));
  v1::ArchivePeriodRequest request;
  request.set_period("2027-1");
  EXPECT_TRUE(absl::IsInvalidArgument(ArchiveCalls(archiving_.get()).Archive(request).status()));
  request.set_period("2027-01");
  EXPECT_TRUE(absl::IsNotFound(ArchiveCalls(archiving_.get()).Archive(request).status()));
}

TEST_F(ArchivingTest, EverythingReadsAndVerifiesAsBefore) {
  ASSERT_OK_AND_ASSIGN(const std::vector<std::string> before, Records());
  const ledger::VerifyReport sound = Verified();
  ASSERT_TRUE(sound.ok());
  ASSERT_OK_AND_ASSIGN(const ledger::ArchiveReport report, Archive(200));
  EXPECT_EQ(report.first, 1U);
  EXPECT_EQ(report.last, 200U);
  ASSERT_OK_AND_ASSIGN(const Sequence held_from, archiving_->HeldFrom());
  EXPECT_EQ(held_from, 201U);
  ASSERT_OK_AND_ASSIGN(const std::vector<std::string> after, Records());
  EXPECT_EQ(after, before);
  const ledger::VerifyReport again = Verified();
  EXPECT_TRUE(again.ok());
  EXPECT_EQ(again.root, sound.root);
  EXPECT_TRUE(alerts_.empty());

  ASSERT_OK_AND_ASSIGN(const v1::ListArchivesResponse list, ArchiveCalls(archiving_.get()).List());
  ASSERT_EQ(list.archives_size(), 1);
  EXPECT_EQ(list.archives(0).last(), 200U);
  EXPECT_EQ(list.held_from(), 201U);
  EXPECT_EQ(list.missing(), "");
}

// A till may repeat its call, and the forgetting of requests goes on from there.
TEST_F(ArchivingTest, WhatATillMayAskForStays) {
  ASSERT_OK_AND_ASSIGN(const ledger::ArchiveReport none, Archive(200, /*requests_from=*/1));
  EXPECT_EQ(none.path, "");
  EXPECT_EQ(none.held_from, 1U);
  ASSERT_OK_AND_ASSIGN(const ledger::ArchiveReport some, Archive(200, /*requests_from=*/101));
  EXPECT_EQ(some.last, 100U);
  EXPECT_EQ(some.held_from, 101U);
  ASSERT_OK_AND_ASSIGN(const ledger::ArchiveReport rest, Archive(200, /*requests_from=*/250));
  EXPECT_EQ(rest.last, 200U);
}

TEST_F(ArchivingTest, TheReserveOfTheDiskIsNotTouched) {
  free_ = 1'000 + kArchiveStoredFrameBytesMax - 1;
  const absl::Status full = Archive(200).status();
  EXPECT_TRUE(absl::IsResourceExhausted(full)) << full;
  ASSERT_EQ(alerts_.size(), 1U);
  EXPECT_TRUE(std::filesystem::is_empty(ArchiveFolder()));
  ASSERT_OK_AND_ASSIGN(const Sequence held_from, archiving_->HeldFrom());
  EXPECT_EQ(held_from, 1U);
  ++free_;
  EXPECT_OK(Archive(200));
}

// The leaves of the tile that is not complete are read by every start.
TEST_F(ArchivingTest, WhatAStartNeedsStays) {
  ASSERT_OK_AND_ASSIGN(const ledger::ArchiveReport report, Archive(299));
  EXPECT_EQ(report.last, 256U);
  EXPECT_EQ(report.held_from, 257U);
}

TEST_F(ArchivingTest, TheViewsAreFoldedAnewFromArchives) {
  ASSERT_OK(Archive(200));
  Close();
  ASSERT_OK(ledger::RebuildNote(directory_.path()).Leave("for a test"));
  Reopen();
  EXPECT_EQ(engine_->recovered().replayed, 300U);
  EXPECT_TRUE(Verified().ok());
}

TEST_F(ArchivingTest, WithoutItsArchivesTheLedgerStartsAndSells) {
  ASSERT_OK(Archive(256));
  Close();
  std::filesystem::rename(ArchiveFolder(), directory_.Join("elsewhere"));
  Reopen();
  EXPECT_OK(CreateUnion());
  const absl::Status missing = Records().status();
  EXPECT_TRUE(absl::IsUnavailable(missing)) << missing;
  EXPECT_TRUE(absl::StrContains(missing.message(), "records 1 to 256 "));
  ASSERT_OK_AND_ASSIGN(const v1::ListArchivesResponse list, ArchiveCalls(archiving_.get()).List());
  EXPECT_TRUE(absl::StrContains(list.missing(), "records 1 to 256 "));
  Close();
  std::filesystem::rename(directory_.Join("elsewhere"), ArchiveFolder());
  Reopen();
  EXPECT_OK(Records());
  EXPECT_TRUE(Verified().ok());
}

// Once per pass it is said what cannot be read, and what is in the store is looked at.
TEST_F(ArchivingTest, WithoutItsArchivesTheScrubGoesOn) {
  ASSERT_OK(Archive(200));
  Close();
  std::filesystem::rename(ArchiveFolder(), directory_.Join("elsewhere"));
  Reopen();
  SelfCheck check({.engine = engine_.get(),
                   .store = stored_.store.get(),
                   .key = key_.verify_key(),
                   .data_directory = directory_.path(),
                   .alert = [this](absl::string_view what) { alerts_.emplace_back(what); }});
  for (std::uint64_t pass = 1; pass <= 2; ++pass) {
    ASSERT_OK(check.ScrubOnce());
    ASSERT_EQ(alerts_.size(), pass);
    EXPECT_TRUE(absl::StrContains(alerts_.back(), "before record 201 ")) << alerts_.back();
    EXPECT_TRUE(absl::StrContains(alerts_.back(), "records 1 to 200 ")) << alerts_.back();
    ASSERT_OK(check.ScrubOnce());
    EXPECT_EQ(check.figures().scrub_passes, pass);
    EXPECT_EQ(check.figures().scrub_findings, 0U);
  }
}

TEST_F(ArchivingTest, IsPutBackToTheSameRoot) {
  ASSERT_OK_AND_ASSIGN(const ledger::ArchiveReport report, Archive(200));
  const ledger::VerifyReport sound = Verified();
  Close();
  ASSERT_OK_AND_ASSIGN(const v1::ArchiveResult file,
                       VerifyArchiveFile(report.path, [](std::uint64_t) {}));
  EXPECT_EQ(file.archive().last(), 200U);
  EXPECT_EQ(file.archive().sha256(), ledger::ToHex(report.digest));
  ASSERT_OK_AND_ASSIGN(const ledger::RestoreReport back,
                       RestoreDataDirectory(directory_.path(), "", [](std::uint64_t) {}));
  EXPECT_EQ(back.last, 200U);
  EXPECT_EQ(back.records, 300U);
  EXPECT_EQ(back.root, sound.root);
  const ledger::VerifyKey key = key_.verify_key();
  std::filesystem::remove_all(ArchiveFolder());
  ASSERT_OK_AND_ASSIGN(
      const ledger::VerifyReport again,
      VerifyDataDirectory(directory_.path(), &key, [](std::uint64_t, std::uint64_t) {}));
  EXPECT_TRUE(again.ok());
  EXPECT_EQ(again.root, sound.root);
}

TEST_F(ArchivingTest, IsVerifiedWithArchivesElsewhere) {
  ASSERT_OK(Archive(200));
  Close();
  const std::string elsewhere = directory_.Join("elsewhere");
  std::filesystem::rename(ArchiveFolder(), elsewhere);
  const ledger::VerifyKey key = key_.verify_key();
  const auto none = [](std::uint64_t, std::uint64_t) {};
  const auto without = VerifyDataDirectory(directory_.path(), &key, none);
  EXPECT_TRUE(absl::IsUnavailable(without.status()))
      << without.status() << (without.ok() && !without->ok() ? without->findings.front() : "");
  ASSERT_OK_AND_ASSIGN(const ledger::VerifyReport report,
                       VerifyDataDirectory(directory_.path(), &key, none, {.archives = elsewhere}));
  EXPECT_TRUE(report.ok());
}

}  // namespace
}  // namespace puhui::services
