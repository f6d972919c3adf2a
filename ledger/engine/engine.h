// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_ENGINE_H_
#define PUHUI_LEDGER_ENGINE_ENGINE_H_

#include "ledger/base/clock.h"
#include "ledger/base/mutex.h"
#include "ledger/core/period.h"
#include "ledger/crypto/signing.h"
#include "ledger/engine/command.h"
#include "ledger/engine/committer.h"
#include "ledger/engine/fold.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/rebuild_note.h"
#include "ledger/engine/recovery.h"
#include "ledger/engine/sequencer.h"
#include "ledger/engine/timers.h"
#include "ledger/journal/commit_log.h"
#include "ledger/journal/high_water.h"
#include "ledger/journal/key_chain.h"
#include "ledger/storage/store.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace puhui::ledger {

// One partition of the ledger: the writer, its views, its timers and its checkpoints.
// Threads: safe. Borrows: the parts, which must outlive it.
class Engine {
 public:
  struct Parts {
    const Clock* clock;
    Store* store;
    CommitLog* log;
    Fold* fold;
    LedgerViews* views;  // Of the fold.
    ChoreSource* chores;
  };
  struct Options {
    std::string data_directory;  // Of the checkpoint and the high-water mark.
    std::string
        origin;  // Names this ledger in its checkpoints, for example "puhui.example/ledger".
    std::string key_name;  // Names the signing key in them.
    absl::Duration checkpoint_interval = absl::Seconds(1);
    // Writes are refused while the disk has less free than this, so that the store never meets a
    // full disk.
    std::uint64_t disk_reserve_bytes = std::uint64_t{256} << 20;
    std::uint64_t flush_records = 250'000;
    // Called once, when nothing can be written until a restart. The default ends the process, and
    // its supervisor starts it again.
    std::function<void(const absl::Status&)> on_failure;
    // Called once when a read has met a damaged view. The ledger goes on; the next start folds all
    // views anew.
    std::function<void(const absl::Status&)> on_damaged_view = {};
    // As Timers::Parts::on_failure.
    std::function<void(absl::optional<std::uint8_t> kind, const absl::Status&)> on_chore_failure =
        {};
    // Whose last is the signing key: the checkpoint that is there may be by an earlier one.
    // absl::nullopt: the signing key was never replaced.
    absl::optional<KeyChain> key_chain = {};
    // Which month a record belongs to.
    PeriodCalendar calendar = {};
  };

  // Recovers, then accepts commands. Views that a RebuildNote says are damaged are folded anew;
  // what becomes known of damage in one from now on leaves such a note. Fails: as Recover;
  // kDataLoss when the checkpoint is signed neither by `key` nor by one before it;
  // kFailedPrecondition when it names another origin.
  static absl::StatusOr<std::unique_ptr<Engine>> Open(const Parts& parts, Options options,
                                                      const SigningKey& key);
  ~Engine();

  // As Sequencer::Submit.
  absl::Status Submit(std::unique_ptr<Command> command, Completion done) {
    return sequencer_->Submit(std::move(command), Priority::kInteractive, Work::kOwn,
                              std::move(done));
  }
  // The same for a thread that calls LendThread when it has submitted all it has.
  absl::Status SubmitLent(std::unique_ptr<Command> command, Completion done) {
    return sequencer_->Submit(std::move(command), Priority::kInteractive, Work::kLent,
                              std::move(done));
  }
  // As Sequencer::LendThread.
  void LendThread() { sequencer_->LendThread(); }
  // For work that can wait behind interactive calls: uploads and imports.
  absl::Status SubmitBulk(std::unique_ptr<Command> command, Completion done) {
    return sequencer_->Submit(std::move(command), Priority::kBulk, Work::kOwn, std::move(done));
  }
  // For callers that may block, such as workers of streams.
  absl::StatusOr<Outcome> Run(std::unique_ptr<Command> command, Priority priority);

  // One durable moment of everything. Readers never block the writer.
  std::unique_ptr<Readable> Read() const { return parts_.store->TakeSnapshot(); }
  const Readable& Latest() const { return *parts_.store; }
  // When a command would be decided that came now. A clock that was set back does not count until
  // it has caught up with the last record, so that readers judge as the writer does.
  absl::Time Now() const {
    return std::max(parts_.clock->Now(), committer_->durable().time + absl::Microseconds(1));
  }

  const PeriodCalendar& calendar() const { return options_.calendar; }
  Position durable() const { return committer_->durable(); }
  // The last signed checkpoint; empty before the first.
  std::string checkpoint() const;
  absl::Status accepting() const { return sequencer_->accepting(); }
  const Recovered& recovered() const { return recovered_; }
  void WakeTimers() { timers_->Wake(); }
  // As Timers::failures.
  std::uint64_t chore_failures() const { return timers_->failures(); }
  // For who finds damage in a view that the store cannot see, such as a wrong tile: what is known
  // of it goes the way of what a read has met.
  void ReportViewDamage(const absl::Status& damage);

  // Refuses new commands, finishes those accepted, writes a last checkpoint and flushes the views.
  // Idempotent.
  absl::Status Shutdown();

 private:
  // Of the data directory: what is kept there, and what it came to.
  struct Kept {
    HighWaterFile high_water;
    std::shared_ptr<RebuildNote> note;
    Recovered recovered;
  };
  Engine(const Parts& parts, Options options, const SigningKey& key, Kept kept);
  void Start();
  void KeepHouse();
  void WatchDisk();
  void WatchViews();
  absl::Status PublishIfGrown();
  void Fail(const absl::Status& status);
  void GiveUp(const absl::Status& status);

  const Parts parts_;
  const Options options_;
  const SigningKey key_;
  HighWaterFile high_water_;
  const std::shared_ptr<RebuildNote> note_;
  const Recovered recovered_;
  std::unique_ptr<Committer> committer_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<Timers> timers_;

  mutable Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool disk_full_ ABSL_GUARDED_BY(mutex_) = false;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
  bool awaits_space_ ABSL_GUARDED_BY(mutex_) = false;  // Failed for want of space alone.
  bool gave_up_ ABSL_GUARDED_BY(mutex_) = false;
  std::string checkpoint_ ABSL_GUARDED_BY(mutex_);
  absl::Status reported_damage_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t published_ = 0;  // The size in it; the housekeeper's.
  bool views_damaged_ = false;   // The note was left; the housekeeper's.
  std::thread housekeeper_;
  bool shut_down_ = false;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_ENGINE_H_
