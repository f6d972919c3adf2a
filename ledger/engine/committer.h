// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_COMMITTER_H_
#define PUHUI_LEDGER_ENGINE_COMMITTER_H_

#include "ledger/base/mutex.h"
#include "ledger/engine/group.h"
#include "ledger/journal/commit_log.h"
#include "ledger/journal/high_water.h"
#include "ledger/storage/store.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>

namespace puhui::ledger {

// Makes groups durable, in order, then visible, then answers them: append and sync, views, answers.
//
// While one group is being made durable the next is decided, and no more: a third would only make
// the wait longer. After a failed append the outcome of everything undecided is unknown. The
// committer answers kUnavailable from then on and tells its owner; only recovery helps. Threads:
// one appends, one answers, for groups that are handed over; Commit, CommitHere and AwaitRoom on
// the thread that is the writer; the rest from any. Borrows: everything it is made with.
class Committer {
 public:
  struct Parts {
    CommitLog* log;
    Store* store;
    HighWaterFile* high_water;
    std::uint64_t epoch = 1;
    // Views are flushed when this many records were applied since the last flush, so that recovery
    // is bounded.
    std::uint64_t flush_records = 250'000;
    // Called once, from the thread that appended, with why. kResourceExhausted: the disk is full;
    // reads may go on.
    std::function<void(const absl::Status&)> on_failure;
  };
  Committer(Parts parts, const Position& start);
  ~Committer();

  void Start();
  // Finishes what was handed over, then ends. Idempotent.
  void Stop();

  // Blocks while a group waits to be made durable.
  void AwaitRoom();
  // Hands the group over to the threads, so that the next can be decided meanwhile.
  // Requires: AwaitRoom returned since the last call.
  void Commit(std::shared_ptr<Group> group);
  // Does it all in this thread, when every group before has been answered: quicker by two
  // hand-overs when there is nothing to decide meanwhile.
  void CommitHere(const std::shared_ptr<Group>& group);

  // Every group up to this one is in the store.
  std::uint64_t retired() const { return retired_.load(std::memory_order_acquire); }
  // What is durable and visible. Its time is that of the last record which may be seen already.
  Position durable() const;
  bool failed() const { return failed_.load(std::memory_order_acquire); }

 private:
  void AppendLoop();
  void AnswerLoop();
  // Durable and visible, or every answer is that the outcome is unknown.
  void Settle(Group& group);
  void AwaitIdle();
  absl::Status MakeDurable(const Group& group);
  void Publish(const Group& group);
  void Deliver(const std::shared_ptr<Group>& group);

  const Parts parts_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::shared_ptr<Group> waiting_ ABSL_GUARDED_BY(mutex_);
  bool appending_ ABSL_GUARDED_BY(mutex_) = false;
  Position durable_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  Mutex answers_mutex_;
  CondVar answers_changed_;
  std::deque<std::shared_ptr<Group>> answers_ ABSL_GUARDED_BY(answers_mutex_);
  bool answering_ ABSL_GUARDED_BY(answers_mutex_) = false;
  bool answers_stopping_ ABSL_GUARDED_BY(answers_mutex_) = false;

  std::atomic<std::uint64_t> retired_{0};
  std::atomic<bool> failed_{false};
  std::uint64_t unflushed_ = 0;  // Records; of the thread that appends, and one does at a time.
  std::thread append_thread_;
  std::thread answer_thread_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_COMMITTER_H_
