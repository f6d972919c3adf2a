// SPDX-License-Identifier: Apache-2.0
// One fault of the disk at every write of a script of real commands in turn, over the books and the
// vault as puhuid has them. Whatever was answered is there afterwards, repeated calls go on from
// there to the same end, the books balance, and the vault fits the journal.
#include "ledger/engine/account_queries.h"
#include "ledger/engine/engine.h"
#include "ledger/engine/verify.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/rocks_store.h"
#include "services/ledger/books.h"
#include "tests/crash/books_script.h"
#include "tests/crash/impatient_env.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/rounds.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/ledger/engine/no_chores.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace puhui::books_fault_test {
namespace {

using Fault = FaultyFileSystem::Fault;
using ledger::AccountKind;
using testing::BooksScript;

class BooksFaultTest : public ::testing::Test {
 protected:
  // The ledger that each round begins with.
  void SetUp() override {
    Refresh();
    ASSERT_OK(Start());
    ASSERT_OK(script_.Found(*engine_, *books_));
    ASSERT_OK(engine_->Shutdown());
    ASSERT_OK(rocks_->Close());
    Stop();
    founded_ = std::move(data_);
    Refresh();
    ASSERT_OK(Start());
    Play();
    ASSERT_EQ(answered_.size(), script_.steps());
    Stop();
    ASSERT_NO_FATAL_FAILURE(ExpectWhole());
    records_ = engine_->durable().sequence;
  }
  void TearDown() override { Stop(); }

  absl::Status Start() {
    constexpr std::size_t kMib = std::size_t{1} << 20;
    PUHUI_ASSIGN_OR_RETURN(rocks_, ledger::RocksStore::Open({.path = data_->Join("db"),
                                                             .env = env_.get(),
                                                             .block_cache_bytes = kMib,
                                                             .write_buffer_bytes = kMib}));
    PUHUI_ASSIGN_OR_RETURN(log_, ledger::LocalLog::Open(rocks_.get()));
    books_ = std::make_unique<services::Books>(rocks_.get(), kMib);
    ledger::Engine::Options options;
    options.data_directory = data_->path();
    options.origin = "puhui.test/ledger";
    options.key_name = "puhui.test";
    options.on_failure = [](const absl::Status& /*ordered*/) {};
    PUHUI_ASSIGN_OR_RETURN(
        engine_, ledger::Engine::Open({.clock = &clock_,
                                       .store = rocks_.get(),
                                       .log = log_.get(),
                                       .fold = books_.get(),
                                       .views = &books_->views,
                                       .chores = &chores_},
                                      std::move(options),
                                      ledger::SigningKey::FromSeed(std::string(32, 'k'))));
    return absl::OkStatus();
  }
  // As a process that dies: nothing is closed.
  void Stop() {
    engine_.reset();
    books_.reset();
    log_.reset();
    rocks_.reset();
  }
  // A disk without faults, with what was founded on it.
  void Refresh() {
    Stop();
    data_ = std::make_unique<TempDir>();
    if (founded_ != nullptr) {
      std::filesystem::copy(founded_->path(), data_->path(),
                            std::filesystem::copy_options::recursive);
    }
    files_ = std::make_unique<FaultyFileSystem>();
    env_ = std::make_unique<testing::ImpatientEnv>(files_->env());
    answered_.clear();
  }
  // Step by step, until one is not answered; views are written out on the way.
  void Play() {
    for (std::size_t step = 0; step < script_.steps(); ++step) {
      const absl::StatusOr<std::string> bytes = script_.Run(step, *engine_, *books_);
      if (!bytes.ok()) {
        EXPECT_THAT(bytes, HasCode(absl::StatusCode::kUnavailable)) << step;
        break;
      }
      answered_[step] = *bytes;
      if (step == script_.steps() / 2) rocks_->FlushViews(/*wait=*/true).IgnoreError();
    }
    if (engine_->Shutdown().ok()) rocks_->Close().IgnoreError();
  }
  std::int64_t Sum(AccountKind kind) {
    const auto totals = ledger::Totals(*rocks_);
    EXPECT_OK(totals);
    std::int64_t sum = 0;
    if (!totals.ok()) return sum;
    for (const auto& [key, points] : *totals) sum += key.kind == kind ? points : 0;
    return sum;
  }
  void ExpectBalance() {
    constexpr std::int64_t kKept = BooksScript::kPaid - BooksScript::kRefunded;
    EXPECT_EQ(Sum(AccountKind::kPayable) + Sum(AccountKind::kFee), kKept);
    EXPECT_GT(Sum(AccountKind::kFee), 0);
    EXPECT_EQ(Sum(AccountKind::kHeld), 0);
    EXPECT_EQ(Sum(AccountKind::kWallet), 2 * BooksScript::kGranted - kKept);
    ledger::MemoryStore scratch;
    ASSERT_OK_AND_ASSIGN(
        const ledger::VerifyReport report,
        ledger::Verify(*rocks_,
                       {.make_fold = [](ledger::Store* into) -> std::unique_ptr<ledger::Fold> {
                          return std::make_unique<services::Books>(into, 1 << 20);
                        },
                        .scratch = &scratch}));
    EXPECT_TRUE(report.ok()) << report.findings[0];
  }
  // Restarts on the healed disk and asks for everything again.
  void ExpectWhole() {
    ASSERT_OK(Start());
    for (std::size_t step = 0; step < script_.steps(); ++step) {
      ASSERT_OK_AND_ASSIGN(const std::string bytes, script_.Run(step, *engine_, *books_));
      if (answered_.contains(step)) {
        EXPECT_EQ(bytes, answered_[step]) << step;
      }
      ASSERT_OK_AND_ASSIGN(const std::string again, script_.Run(step, *engine_, *books_));
      EXPECT_EQ(bytes, again) << step;
    }
    if (records_ != 0) {
      EXPECT_EQ(engine_->durable().sequence, records_);
    }
    ASSERT_NO_FATAL_FAILURE(ExpectBalance());
    script_.ExpectVault(*rocks_);
  }

  BooksScript script_;
  FakeClock clock_;
  testing::NoChores chores_;
  std::unique_ptr<TempDir> founded_;
  std::unique_ptr<TempDir> data_;
  std::unique_ptr<FaultyFileSystem> files_;
  std::unique_ptr<testing::ImpatientEnv> env_;
  std::unique_ptr<ledger::RocksStore> rocks_;
  std::unique_ptr<ledger::LocalLog> log_;
  std::unique_ptr<services::Books> books_;
  std::unique_ptr<ledger::Engine> engine_;
  std::map<std::size_t, std::string> answered_;
  Sequence records_ = 0;  // After the whole script; 0: not known yet.
};

// In turn the disk fails once, and the ledger is started again; and it is dead from then on, and
// the power fails.
TEST_F(BooksFaultTest, AFaultAtAnyWriteOfRealCommandsLosesNothingThatWasAnswered) {
  bool dead = false;
  int rounds = 0;
  for (std::uint64_t n = 1;; n += std::uint64_t{testing::kOneRoundIn}, dead = !dead, ++rounds) {
    SCOPED_TRACE(n);
    Refresh();
    ASSERT_OK(Start());
    files_->FailAt(n, Fault::kIoError, /*for_good=*/dead);
    Play();
    if (!files_->failed()) break;
    if (dead) files_->CutPower();
    Stop();
    if (dead) files_->RestorePower();
    files_->Heal();
    ExpectWhole();
    if (HasFailure()) return;
  }
  EXPECT_GT(rounds * testing::kOneRoundIn, 20);
}

}  // namespace
}  // namespace puhui::books_fault_test
