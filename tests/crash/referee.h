// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_CRASH_REFEREE_H_
#define PUHUI_TESTS_CRASH_REFEREE_H_

#include "ledger/base/mutex.h"
#include "tests/support/wire/deployment.h"

#include "absl/base/thread_annotations.h"

#include <cstdint>

namespace puhui::testing {

// Counts the answers of one round and kills the server at one of them, amid the other calls.
// Threads: safe.
class Referee {
 public:
  explicit Referee(Deployment* deployment) : deployment_(*deployment) {}

  void Answered() {
    MutexLock lock(&mutex_);
    if (++answered_ == kill_at_) deployment_.Kill();
    changed_.NotifyAll();
  }
  // Kills it when so many more were given.
  void KillAfter(std::uint64_t more) {
    MutexLock lock(&mutex_);
    kill_at_ = answered_ + more;
  }
  // Returns when so many were given, or when there will be no more.
  void AwaitAnswers(std::uint64_t count) {
    MutexLock lock(&mutex_);
    while (answered_ < count && !over_) changed_.Wait(&mutex_);
  }
  void End() {
    MutexLock lock(&mutex_);
    over_ = true;
    changed_.NotifyAll();
  }

 private:
  Deployment& deployment_;
  Mutex mutex_;
  CondVar changed_;
  std::uint64_t kill_at_ ABSL_GUARDED_BY(mutex_) = UINT64_MAX;
  std::uint64_t answered_ ABSL_GUARDED_BY(mutex_) = 0;
  bool over_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_CRASH_REFEREE_H_
