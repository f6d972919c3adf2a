// SPDX-License-Identifier: Apache-2.0
// A ledger over a store on a disk, and what looks at it.
#ifndef PUHUI_TESTS_UNIT_SERVICES_ADMIN_SELF_CHECK_FIXTURE_H_
#define PUHUI_TESTS_UNIT_SERVICES_ADMIN_SELF_CHECK_FIXTURE_H_

#include "audit/index/audit_index.h"
#include "audit/index/index_rows.h"
#include "issuing/app/union_commands.h"
#include "ledger/base/check.h"
#include "ledger/engine/rebuild_note.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/local_log.h"
#include "ledger/journal/tile.h"
#include "ledger/storage/families.h"
#include "ledger/storage/rocks_store.h"
#include "ledger/storage/typed_reads.h"
#include "services/admin/index_verification.h"
#include "services/admin/self_check.h"
#include "services/ledger/books.h"
#include "services/ledger/chores.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace puhui::services {

class SelfCheckTest : public ::testing::Test {
 protected:
  SelfCheckTest() {
    auto opened = ledger::Engine::Open(
        {.clock = &clock_,
         .store = store_.get(),
         .log = log_.get(),
         .fold = &books_,
         .views = &books_.views,
         .chores = &chores_},
        {.data_directory = directory_.path(),
         .origin = "test",
         .key_name = "test",
         .on_failure = [](const absl::Status& status) { ADD_FAILURE() << status; }},
        key_);
    PUHUI_CHECK_OK(opened.status());
    engine_ = *std::move(opened);
  }
  static std::unique_ptr<ledger::RocksStore> OpenStore(const std::string& path) {
    auto store = ledger::RocksStore::Open({.path = path});
    PUHUI_CHECK_OK(store.status());
    return *std::move(store);
  }
  absl::Status CreateUnion(int number) {
    issuing::CreateUnionCommand::Wish wish;
    wish.id = *UnionId::Parse(absl::StrCat("fh-", number), "id");
    wish.time_zone = "Asia/Shanghai";
    return engine_
        ->Run(std::make_unique<issuing::CreateUnionCommand>(&books_.issuing, wish),
              ledger::Priority::kInteractive)
        .status();
  }
  SelfCheck::Parts Parts() {
    return {.engine = engine_.get(),
            .index = index_.get(),
            .key = key_.verify_key(),
            .data_directory = directory_.path(),
            .alert = [this](absl::string_view what) { alerts_.emplace_back(what); }};
  }
  static ledger::VerifyReport ResultOf(const VerificationRun& run) {
    while (!run.result().has_value()) std::this_thread::yield();
    PUHUI_CHECK_OK(run.result()->status());
    return **run.result();
  }
  void Put(ledger::Family family, const std::string& key, const std::string& value) {
    ledger::WriteBatch batch;
    batch.Put(family, key, value);
    ASSERT_OK(store_->Commit(
        batch, ledger::IsView(family) ? ledger::Durability::kView : ledger::Durability::kSynced));
  }

  // 300 records, a signed head over them, and a tile that is not what they say. Returns the tile.
  std::string DamageATile() {
    for (int number = 0; number < 300; ++number) EXPECT_OK(CreateUnion(number));
    const auto covered = [this]() -> std::uint64_t {
      const auto head = ledger::ParseCheckpoint(engine_->checkpoint(), key_.verify_key());
      return head.ok() ? head->size : 0;
    };
    while (covered() < 300) std::this_thread::yield();
    EXPECT_OK(store_->FlushViews(/*wait=*/true));
    const std::string whole = *ledger::ReadTile(*store_, {0, 0});
    std::string tile = whole;
    tile[99 * sizeof(ledger::Hash)] = static_cast<char>(tile[99 * sizeof(ledger::Hash)] ^ 1);
    Put(ledger::Family::kTiles, ledger::TileKey({0, 0}), tile);
    return whole;
  }
  // What the next start folds all views anew for.
  absl::optional<std::string> NoteOfRebuilding() {
    EXPECT_OK(engine_->Shutdown());
    return *ledger::RebuildNote(directory_.path()).Read();
  }
  SelfCheck::Parts PartsThatReport() {
    SelfCheck::Parts parts = Parts();
    parts.on_damaged_tile = [this](const absl::Status& damage) {
      EXPECT_THAT(damage, HasCode(absl::StatusCode::kDataLoss));
      engine_->ReportViewDamage(damage);
    };
    return parts;
  }

  // The index of auditors, followed to the end.
  void FollowIndex() {
    if (index_ == nullptr) {
      index_ = std::make_unique<audit::AuditIndex>(
          store_.get(),
          audit::AuditIndex::Options{.directory = AuditIndexPath(directory_.path()),
                                     .open = [this](const std::string& path) {
                                       auto opened = OpenStore(path);
                                       index_store_ = opened.get();
                                       return absl::StatusOr<std::unique_ptr<ledger::Store>>(
                                           std::move(opened));
                                     }});
    }
    do {
      ASSERT_OK(index_->Follow());
    } while (index_->figures().sequence < engine_->durable().sequence);
  }
  // A posting that the journal knows nothing of.
  static void AddPosting(ledger::Store& index) {
    ledger::WriteBatch batch;
    ledger::PutRow(batch, audit::kPostingsTable, kStranger, audit::PackSequences({kStrangerAt}));
    ASSERT_OK(index.Commit(batch, ledger::Durability::kView));
  }
  std::vector<std::string> ScratchDirectories() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      const std::string name = entry.path().filename().string();
      if (name.rfind("puhui-verify", 0) == 0) names.push_back(name);
    }
    return names;
  }
  audit::IndexReport VerifyClosedIndex() {
    const auto report = VerifyIndexDirectory(directory_.path(), "", {});
    PUHUI_CHECK_OK(report.status());
    EXPECT_THAT(ScratchDirectories(), ::testing::IsEmpty());
    return *report;
  }

  static constexpr Sequence kStrangerAt = 2;
  static constexpr audit::PostingsKey kStranger{
      .list = {.dimension = audit::Dimension::kReason, .low = 999'999}, .first = kStrangerAt};

  const TempDir directory_;
  SystemClock clock_;
  SeededRandom random_{71};
  const ledger::SigningKey key_ = ledger::SigningKey::Generate(random_);
  const std::unique_ptr<ledger::RocksStore> store_ = OpenStore(directory_.Join("store"));
  const std::unique_ptr<ledger::LocalLog> log_ = *ledger::LocalLog::Open(store_.get());
  Books books_{store_.get(), std::size_t{1} << 20};
  Chores chores_{&books_};
  std::unique_ptr<ledger::Engine> engine_;
  std::unique_ptr<audit::AuditIndex> index_;
  ledger::Store* index_store_ = nullptr;  // The one that it opened last.
  std::vector<std::string> alerts_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_ADMIN_SELF_CHECK_FIXTURE_H_
