// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_SEQUENCER_H_
#define PUHUI_LEDGER_ENGINE_SEQUENCER_H_

#include "ledger/base/clock.h"
#include "ledger/base/mutex.h"
#include "ledger/core/period.h"
#include "ledger/engine/bulk_rest.h"
#include "ledger/engine/command.h"
#include "ledger/engine/committer.h"
#include "ledger/engine/fold.h"
#include "ledger/engine/group.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/pace.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/segment.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>

namespace puhui::ledger {

// Who waits for the answer. A group takes everything interactive that waits, and then one bulk
// command, unless bulk work rests (BulkRest): a run of a million grants delays a purchase by one
// chunk at most. When nobody has asked for anything lately, it takes further bulk commands, up to
// kGroupBulkCommandsMax, until something interactive arrives.
enum class Priority { kInteractive, kBulk };

// Whose thread the writer works in.
enum class Work {
  kOwn,   // The writer's own thread, which is woken.
  kLent,  // The caller's: it calls LendThread when it has submitted all it has.
};

// The one writer: takes what is waiting, decides it on top of what is decided but not yet durable,
// and sees that it becomes durable. One thread at a time is the writer: its own, or one that is
// lent. Threads: Submit, LendThread, Stop from any. Borrows: everything it is made with.
class Sequencer {
 public:
  struct Parts {
    const Clock* clock;
    Fold* fold;
    LedgerViews* views;  // Of the fold.
    Committer* committer;
    std::uint32_t partition = 0;
    std::uint64_t epoch = 1;
    PeriodCalendar calendar{};
  };
  Sequencer(const Parts& parts, const Position& start, MerkleTree tree);
  ~Sequencer();

  void Start();
  // Decides what is waiting, then ends. Idempotent.
  void Stop();

  // OK: `done` will be called. Otherwise it will not be:
  // kResourceExhausted when what is waiting would take longer than kQueuedWorkMax or is more than
  // kQueuedCommandsMax, kUnavailable when writes are refused.
  absl::Status Submit(std::unique_ptr<Command> command, Priority priority, Work work,
                      Completion done);

  // Unless another thread is the writer already, is the writer for what interactive commands are
  // waiting: decides them, makes them durable and answers them, all before it returns. Does so for
  // kLentGroupsMax groups at most and leaves the rest to the writer's own thread.
  void LendThread();

  // Refuses new commands with kUnavailable and `why` until called with OK.
  void SetAccepting(const absl::Status& why);
  absl::Status accepting() const;

 private:
  struct Waiting {
    std::unique_ptr<Command> command;
    Completion done;
  };

  void Run();
  bool TakeWaiting();
  bool TakeForLender();
  void TakeInteractive() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeBulk() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  BulkRest::Clock::duration RestOfBulk() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Requires: no thread is the writer, or this one is.
  bool AnythingWaits() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The writer's work is done for now; the next thread may be it.
  void Leave(BulkRest::Clock::time_point begun, std::size_t commands);
  absl::Status Admit(Priority priority) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::shared_ptr<Group> DecideGroup();
  bool TakeAnotherBulk(const Group& group);
  void DecideOne(Waiting waiting, Group& group);
  bool AnswerReplay(const RequestIdentity& request, Answer& answer);
  void Record(Command& command, const Decision& decision, Group& group);
  void SealSegment(Group& group);

  const Parts parts_;
  mutable Mutex mutex_;
  CondVar arrived_;
  std::deque<Waiting> interactive_ ABSL_GUARDED_BY(mutex_);
  std::deque<Waiting> bulk_ ABSL_GUARDED_BY(mutex_);
  absl::Status accepting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;  // Some thread is the writer.
  Pace pace_ ABSL_GUARDED_BY(mutex_);
  BulkRest rest_ ABSL_GUARDED_BY(mutex_);

  // Of the thread that is the writer.
  std::deque<Waiting> taken_;
  bool takes_bulk_ = false;       // This group has bulk work.
  bool takes_more_bulk_ = false;  // And nothing else, and may have more of it.
  Position end_;
  RunningPeriod period_;
  Hash sealed_root_{};  // Over everything sealed so far.
  MerkleTree tree_;
  SegmentBuilder segment_;
  std::string record_bytes_;
  std::size_t group_bytes_ = 0;
  std::thread thread_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_SEQUENCER_H_
