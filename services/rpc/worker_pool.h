// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_WORKER_POOL_H_
#define PUHUI_SERVICES_RPC_WORKER_POOL_H_

#include "ledger/base/mutex.h"

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"

#include <cstddef>
#include <deque>
#include <thread>
#include <vector>

namespace puhui::services {

// A fixed number of threads for work that is too long for gRPC's own: scans, uploads, exports. They
// give way to those that answer tills.
// Threads: safe. Owns: its threads; the destructor runs what is queued and joins them, so destroy
// the servers first.
class WorkerPool {
 public:
  using Job = absl::AnyInvocable<void()>;

  // Requires: threads > 0 (checked).
  WorkerPool(std::size_t threads, std::size_t queued_max);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // New work. False when the queue is full; the job is destroyed unrun then.
  [[nodiscard]] bool TrySubmit(Job job);
  // The next step of work that was admitted before: never refused. Each call under way has at most
  // one.
  void Resume(Job job);

 private:
  void Run();

  const std::size_t queued_max_;
  Mutex mutex_;
  CondVar wake_;
  std::deque<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_WORKER_POOL_H_
