// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_VERIFICATION_RUN_H_
#define PUHUI_SERVICES_ADMIN_VERIFICATION_RUN_H_

#include "audit/index/index_moment.h"
#include "audit/index/index_report.h"
#include "ledger/base/mutex.h"
#include "ledger/engine/recovery.h"
#include "ledger/engine/verify.h"
#include "ledger/storage/store.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace puhui::services {

// How long to wait before more work, when `work` was done in `took` and no more than `per_second`
// are allowed. 0: as fast as it goes.
absl::Duration WaitFor(std::uint64_t work, absl::Duration took, std::uint64_t per_second);

// One verification of a moment of the ledger, on a thread of its own, at a bounded speed. Ends
// early when the last one who looks at it is gone: its answer would be nobody's.
// Threads: safe.
class VerificationRun {
 public:
  struct Progress {
    std::uint64_t done = 0;
    std::uint64_t all = 0;
    std::uint64_t per_second = 0;  // Records and rows, so far.
  };
  // The index of auditors, which is gone over after the ledger.
  struct Index {
    absl::optional<audit::IndexMoment> moment{};  // Absent: there is none.
    // Called on the run's thread when the index does not say what the journal says.
    std::function<void(const audit::IndexMoment&)> differs{};
  };
  struct Wish {
    std::unique_ptr<ledger::Readable> moment;
    absl::optional<Index> index{};  // Absent: the ledger alone.
    ledger::Promises promises{};
    std::string scratch_directory;
    std::uint64_t disk_reserve_bytes = 0;  // Of the rebuilt index's disk: stays free.
    std::uint64_t records_per_second = 0;  // And rows. 0: as fast as it goes.
    // Called on its thread with what came of it, but not when it ended early.
    std::function<void(const absl::StatusOr<ledger::VerifyReport>&, const Progress&)> ended;
  };

  explicit VerificationRun(Wish wish);
  ~VerificationRun();

  Progress progress() const;
  // What came of it; absl::nullopt while it goes on.
  absl::optional<absl::StatusOr<ledger::VerifyReport>> result() const;
  // What became of the index, once there is a result; its findings are in that. absl::nullopt when
  // it was not to be gone over, or could not be.
  absl::optional<audit::IndexReport> index_report() const;

 private:
  void Run();
  // Fails: as VerifyIndexMoment, unless that is a finding.
  absl::Status VerifyIndex(ledger::VerifyReport* report);
  absl::Status Pace(std::uint64_t work);

  const Wish wish_;
  const absl::Time started_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::uint64_t> all_{0};
  std::atomic<std::uint64_t> work_{0};

  mutable Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::optional<absl::StatusOr<ledger::VerifyReport>> result_ ABSL_GUARDED_BY(mutex_);
  absl::optional<audit::IndexReport> index_report_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_VERIFICATION_RUN_H_
