// SPDX-License-Identifier: Apache-2.0
// One fault of the disk, at every operation of a scripted run in turn. Whatever was answered is
// there exactly once afterwards, whatever was not is there wholly or not at all, and the same
// request id gives the same answer again.
#include "ledger/engine/rebuild_note.h"
#include "ledger/storage/rocks_store.h"
#include "tests/crash/impatient_env.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/rounds.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>

namespace puhui::testing {
namespace {

using Fault = FaultyFileSystem::Fault;

constexpr std::uint64_t kRequests = 9;

class FaultTest : public EngineTest {
 protected:
  ~FaultTest() override { Stop(); }

  // As a process that starts; either part may fail.
  absl::Status Start() {
    PUHUI_RETURN_IF_ERROR(OpenStore());
    return Open();
  }
  absl::Status OpenStore() {
    PUHUI_ASSIGN_OR_RETURN(rocks_, ledger::RocksStore::Open({.path = data_->Join("db"),
                                                             .env = env_.get(),
                                                             .block_cache_bytes = 1 << 20,
                                                             .write_buffer_bytes = 1 << 20}));
    store_ = rocks_.get();
    return absl::OkStatus();
  }
  // As a process that dies: nothing is closed.
  void Stop() {
    engine_.reset();
    books_.reset();
    log_.reset();
    rocks_.reset();
  }
  // Request `id`, which deposits in one to three records.
  absl::StatusOr<std::string> RunRequest(std::uint64_t id) {
    std::unique_ptr<ledger::Command> command = Always([id](ledger::Decision& decision) {
      for (std::uint64_t i = 0; i <= id % 3; ++i) {
        AddFunding(1, static_cast<std::int64_t>(id + 1), decision);
      }
    });
    command->request = RequestOf(id);
    PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome, Run(std::move(command)));
    std::string bytes;
    for (const journal::v1::Record* record : outcome.records()) {
      bytes += record->SerializeAsString();
    }
    return bytes;
  }
  // The scripted run; what was answered is in answered_.
  void Play(const std::function<void()>& once_running) {
    if (!Start().ok()) return;
    once_running();
    for (std::uint64_t id = 0; id < kRequests; ++id) {
      if (id == kRequests / 2) store_->FlushViews(/*wait=*/true).IgnoreError();
      const absl::StatusOr<std::string> bytes = RunRequest(id);
      if (bytes.ok()) {
        answered_[id] = *bytes;
      } else {
        EXPECT_THAT(bytes, HasCode(absl::StatusCode::kUnavailable));
      }
    }
    if (engine_->Shutdown().ok()) rocks_->Close().IgnoreError();
  }
  void Refresh() {
    Stop();
    data_ = std::make_unique<TempDir>();
    options_.data_directory = data_->path();
    files_ = std::make_unique<FaultyFileSystem>();
    env_ = std::make_unique<ImpatientEnv>(files_->env());
    answered_.clear();
  }
  // Restarts on the healed disk and asks for everything again.
  void ExpectWhole() {
    ASSERT_OK(Start());
    std::int64_t points = 0;
    for (std::uint64_t id = 0; id < kRequests; ++id) {
      ASSERT_OK_AND_ASSIGN(const std::string bytes, RunRequest(id));
      if (answered_.contains(id)) {
        EXPECT_EQ(bytes, answered_[id]) << id;
      }
      ASSERT_OK_AND_ASSIGN(const std::string again, RunRequest(id));
      EXPECT_EQ(bytes, again) << id;
      points += static_cast<std::int64_t>((id + 1) * (id % 3 + 1));
    }
    EXPECT_EQ(StoredBudget(), points);
    EXPECT_EQ(engine_->durable().sequence, kRequests * 2);
    const ledger::VerifyReport report = Verify();
    EXPECT_TRUE(report.ok()) << report.findings[0];
  }
  // Plays once for each n, or each tenth, until the run ends without meeting the fault that `order`
  // gave; returns how many n met it. With kPowerCut the power fails after the run. The fault then
  // waits until the store is open: the file system that stands in makes renames durable at once,
  // which no real one does before the files that they follow.
  enum class Then { kRestart, kPowerCut };
  int PlayWithEach(const std::function<void(std::uint64_t n)>& order, Then then) {
    for (std::uint64_t n = 1;; n += std::uint64_t{kOneRoundIn}) {
      SCOPED_TRACE(n);
      Refresh();
      if (then == Then::kRestart) order(n);
      Play([&] {
        if (then == Then::kPowerCut) order(n);
      });
      if (!files_->failed()) return static_cast<int>(n - 1);
      if (then == Then::kPowerCut) files_->CutPower();
      Stop();
      if (then == Then::kPowerCut) files_->RestorePower();
      files_->Heal();
      ExpectWhole();
      if (HasFailure()) return static_cast<int>(n);
    }
  }

  // Has the views folded anew with a fault in it, once for each n as above, and again without.
  int RebuildWithEach(const std::function<void(std::uint64_t n)>& order, Then then) {
    Refresh();
    Play([] {});
    for (std::uint64_t n = 1;; n += std::uint64_t{kOneRoundIn}) {
      SCOPED_TRACE(n);
      Stop();
      ledger::RebuildNote note(data_->path());
      PUHUI_CHECK_OK(note.Leave("a view is damaged"));
      EXPECT_OK(OpenStore());
      order(n);
      const absl::Status opened = Open();
      if (!files_->failed()) return static_cast<int>(n - 1);
      if (then == Then::kPowerCut) files_->CutPower();
      Stop();
      if (then == Then::kPowerCut) files_->RestorePower();
      files_->Heal();
      ExpectWhole();
      EXPECT_EQ(*note.Read(), absl::nullopt);
      if (HasFailure()) return static_cast<int>(n);
    }
  }

  std::unique_ptr<TempDir> data_;
  std::unique_ptr<FaultyFileSystem> files_;
  std::unique_ptr<ImpatientEnv> env_;
  std::unique_ptr<ledger::RocksStore> rocks_;
  std::map<std::uint64_t, std::string> answered_;
};

TEST_F(FaultTest, AnIoErrorAtAnyOperationLosesNothingThatWasAnswered) {
  EXPECT_GT(
      PlayWithEach([this](std::uint64_t n) { files_->FailAt(n, Fault::kIoError); }, Then::kRestart),
      40);
}

TEST_F(FaultTest, AFullDiskFromAnyOperationOnLosesNothingThatWasAnswered) {
  EXPECT_GT(PlayWithEach(
                [this](std::uint64_t n) { files_->FailAt(n, Fault::kNoSpace, /*for_good=*/true); },
                Then::kRestart),
            40);
}

TEST_F(FaultTest, AFailedSyncThenAPowerCutLosesNothingThatWasAnswered) {
  EXPECT_GT(PlayWithEach([this](std::uint64_t n) { files_->FailSyncAt(n, Fault::kIoError); },
                         Then::kPowerCut),
            10);
}

TEST_F(FaultTest, ADeadDiskFromAnyOperationOnThenAPowerCutLosesNothingThatWasAnswered) {
  EXPECT_GT(PlayWithEach(
                [this](std::uint64_t n) { files_->FailAt(n, Fault::kIoError, /*for_good=*/true); },
                Then::kPowerCut),
            40);
}

TEST_F(FaultTest, AnIoErrorAtAnyOperationOfARebuildIsMendedByTheNextStart) {
  EXPECT_GT(RebuildWithEach([this](std::uint64_t n) { files_->FailAt(n, Fault::kIoError); },
                            Then::kRestart),
            10);
}

TEST_F(FaultTest, ADeadDiskFromAnyOperationOfARebuildOnThenAPowerCutIsMendedByTheNextStart) {
  EXPECT_GT(RebuildWithEach(
                [this](std::uint64_t n) { files_->FailAt(n, Fault::kIoError, /*for_good=*/true); },
                Then::kPowerCut),
            10);
}

}  // namespace
}  // namespace puhui::testing
