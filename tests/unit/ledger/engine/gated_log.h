// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_LEDGER_ENGINE_GATED_LOG_H_
#define PUHUI_TESTS_UNIT_LEDGER_ENGINE_GATED_LOG_H_

#include "ledger/base/mutex.h"
#include "ledger/journal/commit_log.h"

#include "absl/base/thread_annotations.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::testing {

// The local log behind a gate: while it is shut appends wait, or fail on order.
class GatedLog final : public ledger::CommitLog {
 public:
  explicit GatedLog(std::unique_ptr<ledger::CommitLog> log) : log_(std::move(log)) {}

  AppendResult Append(std::uint64_t epoch, const std::vector<ledger::SealedSegment>& segments,
                      const ledger::WriteBatch& vault) override {
    {
      MutexLock lock(&mutex_);
      ++appends_;
      changed_.NotifyAll();
      while (shut_) changed_.Wait(&mutex_);
      if (!failure_.ok()) return {ledger::AppendOutcome::kUnknown, failure_};
    }
    return log_->Append(epoch, segments, vault);
  }
  Sequence next_sequence() const override { return log_->next_sequence(); }
  absl::Status Read(
      Sequence from,
      absl::FunctionRef<absl::StatusOr<bool>(absl::string_view segment)> visit) const override {
    return log_->Read(from, visit);
  }

  void Shut() {
    MutexLock lock(&mutex_);
    shut_ = true;
  }
  void Open() {
    MutexLock lock(&mutex_);
    shut_ = false;
    changed_.NotifyAll();
  }
  void FailWith(absl::Status failure) {
    MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }
  int appends() const {
    MutexLock lock(&mutex_);
    return appends_;
  }
  // Until the n-th append since the log was made has come in.
  void AwaitAppend(int n) {
    MutexLock lock(&mutex_);
    while (appends_ < n) changed_.Wait(&mutex_);
  }

 private:
  const std::unique_ptr<ledger::CommitLog> log_;
  mutable Mutex mutex_;
  CondVar changed_;
  bool shut_ ABSL_GUARDED_BY(mutex_) = false;
  int appends_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_UNIT_LEDGER_ENGINE_GATED_LOG_H_
