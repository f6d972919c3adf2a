// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/worker_pool.h"

#include "ledger/base/check.h"
#include "ledger/base/give_way.h"

#include <utility>

namespace puhui::services {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queued_max) : queued_max_(queued_max) {
  PUHUI_CHECK(threads > 0);
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] {
      GiveWay(Precedence::kAfterTills);
      Run();
    });
}

WorkerPool::~WorkerPool() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.NotifyAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::TrySubmit(Job job) {
  MutexLock lock(&mutex_);
  if (jobs_.size() >= queued_max_) return false;
  jobs_.push_back(std::move(job));
  wake_.NotifyOne();
  return true;
}

void WorkerPool::Resume(Job job) {
  MutexLock lock(&mutex_);
  jobs_.push_back(std::move(job));
  wake_.NotifyOne();
}

void WorkerPool::Run() {
  while (true) {
    Job job;
    {
      MutexLock lock(&mutex_);
      while (jobs_.empty() && !stopping_) wake_.Wait(&mutex_);
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace puhui::services
