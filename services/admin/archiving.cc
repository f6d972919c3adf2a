// SPDX-License-Identifier: Apache-2.0
#include "services/admin/archiving.h"

#include "ledger/base/give_way.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/engine/period_rows.h"
#include "ledger/journal/archive_file.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/segment.h"
#include "ledger/journal/tile.h"
#include "ledger/storage/typed_reads.h"
#include "services/admin/verification_run.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace puhui::services {

Archiving::Archiving(Parts parts)
    : parts_(std::move(parts)),
      prover_([this](const absl::Status& damage) { parts_.engine->ReportViewDamage(damage); }) {
  // What a process that ended has not finished is nothing, and may be large.
  std::error_code ignored;
  std::filesystem::remove(
      absl::StrCat(parts_.archive->directory(), "/", ledger::kUnfinishedArchiveName), ignored);
}

absl::StatusOr<std::shared_ptr<const ArchivingRun>> Archiving::Start(ledger::Period period) {
  PUHUI_ASSIGN_OR_RETURN(const auto closed,
                         ledger::Find(parts_.engine->Latest(), ledger::kClosedPeriodTable, period));
  if (!closed.has_value()) {
    return NotFound(absl::StrCat("closed period ", ledger::PeriodText(period)));
  }
  PUHUI_ASSIGN_OR_RETURN(
      const auto forgotten,
      ledger::Find(parts_.engine->Latest(), ledger::kForgottenTable, std::uint8_t{0}));
  const Sequence requests_from = forgotten.has_value() ? forgotten->next : 1;
  MutexLock lock(&mutex_);
  if (stopping_) return absl::UnavailableError("the service is stopping");
  if (run_ != nullptr && !run_->result().has_value()) return run_;
  if (thread_.joinable()) thread_.join();  // It has ended.
  run_ = std::make_shared<ArchivingRun>(period, requests_from);
  thread_ = std::thread([this, run = run_, last = std::min(closed->last, requests_from - 1)] {
    GiveWay(Precedence::kLast);
    Run(*run, last);
  });
  return run_;
}

void Archiving::Stop() {
  std::thread ending;
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    stop_.NotifyAll();
    ending = std::move(thread_);
  }
  if (ending.joinable()) ending.join();
}

void Archiving::Run(ArchivingRun& run, Sequence last) {
  absl::StatusOr<ledger::ArchiveReport> report = Archive(run, last);
  if (!report.ok() && !absl::IsCancelled(report.status())) {
    parts_.alert(absl::StrCat("period ", ledger::PeriodText(run.period()),
                              " was not archived: ", report.status().ToString()));
  }
  MutexLock lock(&run.mutex_);
  run.result_ = std::move(report);
}

// Records that are not in a complete tile stay, also of the tree that the views on the disk stand
// at: a restart reads their leaves, and must not need an archive for that.
absl::StatusOr<ledger::ArchiveReport> Archiving::Archive(ArchivingRun& run, Sequence last) {
  const std::string note = parts_.engine->checkpoint();
  if (note.empty()) return absl::UnavailableError("nothing is signed yet");
  PUHUI_ASSIGN_OR_RETURN(const ledger::Checkpoint head, ledger::ParseCheckpoint(note, parts_.key));
  PUHUI_RETURN_IF_ERROR(parts_.store->FlushViews(/*wait=*/true));
  const Sequence in_tiles = head.size - head.size % ledger::kTileHashes;
  const absl::Time started = absl::Now();
  return ledger::ArchiveThrough(
      {.store = parts_.store,
       .archive = parts_.archive,
       .last = std::min(last, in_tiles),
       .disk_reserve_bytes = parts_.disk_reserve_bytes,
       .free_bytes = parts_.free_bytes},
      [&](std::uint64_t size) {
        return prover_.Root(*parts_.engine->Read(), {head.size, head.root}, size);
      },
      [&](std::uint64_t records) { return Pace(run, records, started); });
}

absl::Status Archiving::Pace(ArchivingRun& run, std::uint64_t records, absl::Time started) {
  const std::uint64_t all = run.done_.fetch_add(records, std::memory_order_relaxed) + records;
  MutexLock lock(&mutex_);
  while (!stopping_) {
    const absl::Duration wait = WaitFor(all, absl::Now() - started, parts_.records_per_second);
    if (wait <= absl::ZeroDuration()) return absl::OkStatus();
    stop_.WaitFor(&mutex_, absl::ToChronoMicroseconds(wait));
  }
  return absl::CancelledError("the service is stopping");
}

absl::StatusOr<Sequence> Archiving::HeldFrom() const {
  PUHUI_ASSIGN_OR_RETURN(const std::string key, parts_.store->FirstJournalKey());
  return ledger::SequenceOfKey(key);
}

}  // namespace puhui::services
