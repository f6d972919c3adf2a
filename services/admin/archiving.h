// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_ARCHIVING_H_
#define PUHUI_SERVICES_ADMIN_ARCHIVING_H_

#include "ledger/base/mutex.h"
#include "ledger/core/period.h"
#include "ledger/crypto/signing.h"
#include "ledger/engine/engine.h"
#include "ledger/journal/archive_run.h"
#include "ledger/journal/prover.h"
#include "ledger/journal/segment_archive.h"
#include "ledger/storage/store.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

namespace puhui::services {

// One archiving of a closed period, as it goes on and as it ended.
// Threads: safe.
class ArchivingRun {
 public:
  ArchivingRun(ledger::Period period, Sequence requests_from)
      : period_(period), requests_from_(requests_from) {}

  ledger::Period period() const { return period_; }
  // The first record whose request id is not forgotten: it and those after it stay in the store.
  Sequence requests_from() const { return requests_from_; }
  // Records written so far, and then once more while the file is read back.
  std::uint64_t records_done() const { return done_.load(std::memory_order_relaxed); }
  // What came of it; absl::nullopt while it goes on.
  absl::optional<absl::StatusOr<ledger::ArchiveReport>> result() const {
    MutexLock lock(&mutex_);
    return result_;
  }

 private:
  friend class Archiving;
  const ledger::Period period_;
  const Sequence requests_from_;
  std::atomic<std::uint64_t> done_{0};
  mutable Mutex mutex_;
  absl::optional<absl::StatusOr<ledger::ArchiveReport>> result_ ABSL_GUARDED_BY(mutex_);
};

// Has the segments of closed periods go into archives, one period at a time, on a thread of its
// own, at a bounded speed. It goes on when nobody looks any more. One that the end of the process
// interrupts has changed nothing, or is ended by the next.
// Threads: safe. Borrows: its parts.
class Archiving {
 public:
  struct Parts {
    ledger::Engine* engine;
    ledger::Store* store;  // Over the archive.
    ledger::SegmentArchive* archive;
    ledger::VerifyKey key;                 // Of the engine's checkpoints.
    std::uint64_t records_per_second = 0;  // At most. 0: as fast as it goes.
    std::uint64_t disk_reserve_bytes = 0;  // What stays free where the archives are.
    // How much is free there now. Absent: what the disk says.
    std::function<absl::StatusOr<std::uint64_t>()> free_bytes{};
    std::function<void(absl::string_view)> alert = [](absl::string_view) {};
  };
  explicit Archiving(Parts parts);
  ~Archiving() { Stop(); }

  // Begins to archive what lies before the end of `period` and is asked for by no till any more: a
  // repeated request reads its record, and the forgetting of request ids does. While one goes on,
  // that one, whichever period it is of. Refuses: NOT_FOUND, for a period that is not closed.
  // Fails: kUnavailable after Stop(). The run fails, as ArchiveThrough; with kUnavailable before
  // the first checkpoint; with kResourceExhausted before it gets to the reserve of the disk.
  absl::StatusOr<std::shared_ptr<const ArchivingRun>> Start(ledger::Period period)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Breaks off the one that goes on. Idempotent.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  const ledger::SegmentArchive& archive() const { return *parts_.archive; }
  // The first record in the store itself. Fails: as Store.
  absl::StatusOr<Sequence> HeldFrom() const;

 private:
  void Run(ArchivingRun& run, Sequence last) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<ledger::ArchiveReport> Archive(ArchivingRun& run, Sequence last)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Pace(ArchivingRun& run, std::uint64_t records, absl::Time started)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const Parts parts_;
  ledger::Prover prover_;
  mutable Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::shared_ptr<ArchivingRun> run_ ABSL_GUARDED_BY(mutex_);  // The last.
  std::thread thread_ ABSL_GUARDED_BY(mutex_);                 // Of the last.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_ARCHIVING_H_
