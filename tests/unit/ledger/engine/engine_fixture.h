// SPDX-License-Identifier: Apache-2.0
// NOLINT(size): one fixture, which is read from top to bottom.
// A real engine, with its threads, over a store that a test can look into.
#ifndef PUHUI_TESTS_UNIT_LEDGER_ENGINE_ENGINE_FIXTURE_H_
#define PUHUI_TESTS_UNIT_LEDGER_ENGINE_ENGINE_FIXTURE_H_

#include "ledger/base/status_macros.h"
#include "ledger/engine/engine.h"
#include "ledger/engine/verify.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/fake_clock.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/ledger/engine/gated_log.h"
#include "tests/unit/ledger/engine/ledger_script.h"
#include "tests/unit/ledger/engine/no_chores.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace puhui::testing {

inline constexpr std::uint8_t kToyTimer = 200;

// The ledger's own views, timers that campaigns set and finished issue runs take away, and a table
// of the vault.
class ToyBooks final : public ledger::Fold {
 public:
  explicit ToyBooks(const ledger::Readable* store)
      : set_(store),
        views(&set_, std::size_t{64} << 20),
        secrets_(&set_, {ledger::Table::kIdNumbers, ledger::Family::kVault, "secrets"}, 1 << 20) {}
  absl::Status Apply(const journal::v1::Record& record) override {
    PUHUI_RETURN_IF_ERROR(views.Apply(record));
    if (record.has_campaign_created()) {
      const auto& created = record.campaign_created();
      views.timers.Put(
          {absl::FromUnixMicros(created.terms().expiry_micros()), kToyTimer, created.number()},
          true);
    }
    if (record.has_issue_finished()) {
      const std::uint32_t campaign = record.issue_finished().campaign();
      views.timers.Erase({views.TermsOf(CampaignNumber{campaign}).expiry, kToyTimer, campaign});
    }
    return absl::OkStatus();
  }
  absl::Status EndSegment(Sequence last) override { return views.EndSegment(last); }
  ledger::TableSet& tables() override { return set_; }

 private:
  ledger::TableSet set_;

 public:
  ledger::LedgerViews views;

 private:
  ledger::CachedTable<ledger::Tag, MemberId> secrets_;  // Which no command writes.
};

using Answer = std::future<absl::StatusOr<ledger::Outcome>>;

// One engine at a time over one store in memory; Open again is a restart.
class EngineTest : public ::testing::Test {
 protected:
  EngineTest() : store_(&memory_), key_(ledger::SigningKey::FromSeed(std::string(32, 'k'))) {
    options_.data_directory = directory_.path();
    options_.origin = "puhui.test/ledger";
    options_.key_name = "puhui.test";
    options_.on_failure = [this](const absl::Status& status) {
      if (failures_.fetch_add(1) == 0) failed_with_.set_value(status);
    };
  }
  ~EngineTest() override { engine_.reset(); }

  absl::Status Open() {
    engine_.reset();
    PUHUI_ASSIGN_OR_RETURN(auto log, ledger::LocalLog::Open(store_));
    log_ = std::make_unique<GatedLog>(std::move(log));
    books_ = std::make_unique<ToyBooks>(store_);
    auto engine = ledger::Engine::Open({.clock = &clock_,
                                        .store = store_,
                                        .log = log_.get(),
                                        .fold = books_.get(),
                                        .views = &books_->views,
                                        .chores = chores_},
                                       options_, key_);
    PUHUI_RETURN_IF_ERROR(engine.status());
    engine_ = *std::move(engine);
    return absl::OkStatus();
  }

  Answer Submit(std::unique_ptr<ledger::Command> command,
                ledger::Priority priority = ledger::Priority::kInteractive) {
    auto answer = std::make_shared<std::promise<absl::StatusOr<ledger::Outcome>>>();
    Answer future = answer->get_future();
    auto done = [answer](absl::StatusOr<ledger::Outcome> outcome) {
      answer->set_value(std::move(outcome));
    };
    const absl::Status submitted = priority == ledger::Priority::kBulk
                                       ? engine_->SubmitBulk(std::move(command), done)
                                       : engine_->Submit(std::move(command), done);
    if (!submitted.ok()) answer->set_value(submitted);
    return future;
  }
  absl::StatusOr<ledger::Outcome> Run(std::unique_ptr<ledger::Command> command) {
    return engine_->Run(std::move(command), ledger::Priority::kInteractive);
  }
  // A command with a request id that funds union 1; counts its decisions.
  std::unique_ptr<ledger::Command> Deposit(std::int64_t points) {
    return Always([this, points](ledger::Decision& decision) {
      ++decisions_;
      AddFunding(1, points, decision);
    });
  }
  std::unique_ptr<ledger::Command> Deposit(std::int64_t points, ledger::RequestIdentity request) {
    std::unique_ptr<ledger::Command> command = Deposit(points);
    command->request = std::move(request);
    return command;
  }
  std::int64_t StoredBudget() {
    const auto balance =
        ledger::Find(*engine_->Read(), ledger::kAccountTable,
                     ledger::AccountKey{ledger::AccountKind::kBudget, 1, UnionNumber{1}});
    return balance.ok() ? balance->value_or(0) : -1;
  }
  // With the rebuilt rows written at each step, kept in memory, and written because they are too
  // many to be kept: it finds the same.
  ledger::VerifyReport Verify(const ledger::Promises& promises = {}) {
    const ledger::VerifyReport report = VerifyKeeping(0, promises);
    for (const std::size_t kept : {std::size_t{1}, std::size_t{1} << 30}) {
      const ledger::VerifyReport other = VerifyKeeping(kept, promises);
      if (report.finding_count <= ledger::VerifyReport::kFindingsMax) {
        EXPECT_THAT(other.findings, ::testing::UnorderedElementsAreArray(report.findings)) << kept;
      }
      EXPECT_EQ(other.finding_count, report.finding_count);
      EXPECT_EQ(other.differences.size(), report.differences.size());
      EXPECT_EQ(other.rows_compared, report.rows_compared);
      EXPECT_EQ(other.root, report.root);
    }
    return report;
  }
  ledger::VerifyReport VerifyKeeping(std::size_t bytes, const ledger::Promises& promises) {
    ledger::MemoryStore scratch;
    auto report = ledger::Verify(
        *store_, {.make_fold = [](ledger::Store* into) -> std::unique_ptr<ledger::Fold> {
                    return std::make_unique<ToyBooks>(into);
                  },
                  .scratch = &scratch,
                  .kept_bytes_max = bytes,
                  .promises = promises});
    PUHUI_CHECK_OK(report.status());
    return *std::move(report);
  }
  // Waits for what another thread is about to do.
  static void AwaitTrue(const std::function<bool()>& condition) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up);
      std::this_thread::yield();
    }
  }

  TempDir directory_;
  FakeClock clock_;
  ledger::MemoryStore memory_;
  ledger::Store* store_;
  ledger::SigningKey key_;
  ledger::Engine::Options options_;
  NoChores no_chores_;
  ledger::ChoreSource* chores_ = &no_chores_;
  std::unique_ptr<GatedLog> log_;
  std::unique_ptr<ToyBooks> books_;
  std::unique_ptr<ledger::Engine> engine_;
  std::atomic<int> decisions_{0};
  std::atomic<int> failures_{0};
  std::promise<absl::Status> failed_with_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_UNIT_LEDGER_ENGINE_ENGINE_FIXTURE_H_
