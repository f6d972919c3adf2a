// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_FAKE_CLOCK_H_
#define PUHUI_TESTS_SUPPORT_FAKE_CLOCK_H_

#include "ledger/base/clock.h"
#include "ledger/base/mutex.h"

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

namespace puhui {

// A clock that is set by hand and stands still in between. Begins at 2025-01-01T00:00:00Z.
// Threads: safe.
class FakeClock final : public Clock {
 public:
  FakeClock() : FakeClock(absl::FromUnixSeconds(1'735'689'600)) {}
  explicit FakeClock(absl::Time now) : now_(now) {}

  absl::Time Now() const override {
    MutexLock lock(&mutex_);
    return now_;
  }
  void Set(absl::Time now) {
    MutexLock lock(&mutex_);
    now_ = now;
  }
  void Advance(absl::Duration by) {
    MutexLock lock(&mutex_);
    now_ += by;
  }

 private:
  mutable Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_FAKE_CLOCK_H_
