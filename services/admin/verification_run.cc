// SPDX-License-Identifier: Apache-2.0
#include "services/admin/verification_run.h"

#include "ledger/base/give_way.h"
#include "ledger/base/status_macros.h"
#include "services/admin/index_verification.h"
#include "services/admin/verification.h"

#include "absl/time/clock.h"

#include <algorithm>
#include <utility>

namespace puhui::services {

absl::Duration WaitFor(std::uint64_t work, absl::Duration took, std::uint64_t per_second) {
  if (per_second == 0) return absl::ZeroDuration();
  const double seconds = static_cast<double>(work) / static_cast<double>(per_second);
  return std::max(absl::Seconds(seconds) - took, absl::ZeroDuration());
}

VerificationRun::VerificationRun(Wish wish)
    : wish_(std::move(wish)), started_(absl::Now()), thread_([this] { Run(); }) {}

VerificationRun::~VerificationRun() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    stop_.NotifyAll();
  }
  thread_.join();
}

VerificationRun::Progress VerificationRun::progress() const {
  const double took = std::max(absl::ToDoubleSeconds(absl::Now() - started_), 1e-6);
  return {.done = done_.load(std::memory_order_relaxed),
          .all = all_.load(std::memory_order_relaxed),
          .per_second = static_cast<std::uint64_t>(
              static_cast<double>(work_.load(std::memory_order_relaxed)) / took)};
}

absl::optional<absl::StatusOr<ledger::VerifyReport>> VerificationRun::result() const {
  MutexLock lock(&mutex_);
  return result_;
}

absl::optional<audit::IndexReport> VerificationRun::index_report() const {
  MutexLock lock(&mutex_);
  return index_report_;
}

void VerificationRun::Run() {
  GiveWay(Precedence::kLast);
  const bool with_index = wish_.index.has_value() && wish_.index->moment.has_value();
  const std::uint64_t to_come = with_index ? wish_.index->moment->last : 0;
  const auto show = [this, to_come](std::uint64_t done, std::uint64_t all) {
    done_.store(done, std::memory_order_relaxed);
    all_.store(all + to_come, std::memory_order_relaxed);
  };
  absl::StatusOr<ledger::VerifyReport> report =
      VerifyStore(*wish_.moment, {.promises = wish_.promises,
                                  .scratch_directory = wish_.scratch_directory,
                                  .progress = show,
                                  .pace = [this](std::uint64_t work) { return Pace(work); }});
  if (report.ok() && wish_.index.has_value()) {
    const absl::Status status = VerifyIndex(&*report);
    if (!status.ok()) report = status;
  }
  if (!absl::IsCancelled(report.status())) wish_.ended(report, progress());
  MutexLock lock(&mutex_);
  result_ = std::move(report);
}

absl::Status VerificationRun::VerifyIndex(ledger::VerifyReport* report) {
  const absl::optional<audit::IndexMoment>& moment = wish_.index->moment;
  const std::uint64_t before = report->records;
  absl::StatusOr<audit::IndexReport> index =
      VerifyIndexMoment({.index = moment.has_value() ? moment->index.get() : nullptr,
                         .journal = moment.has_value() ? moment->journal.get() : wish_.moment.get(),
                         .scratch_directory = wish_.scratch_directory,
                         .disk_reserve_bytes = wish_.disk_reserve_bytes,
                         .progress =
                             [this, before](std::uint64_t done, std::uint64_t all) {
                               done_.store(before + done, std::memory_order_relaxed);
                               all_.store(before + all, std::memory_order_relaxed);
                             },
                         .pace = [this](std::uint64_t work) { return Pace(work); }});
  PUHUI_RETURN_IF_ERROR(AddIndexFindings(index, report));
  if (!index.ok()) return absl::OkStatus();
  if (!index->ok() && moment.has_value() && wish_.index->differs) wish_.index->differs(*moment);
  MutexLock lock(&mutex_);
  index_report_ = *std::move(index);
  return absl::OkStatus();
}

absl::Status VerificationRun::Pace(std::uint64_t work) {
  const std::uint64_t all = work_.fetch_add(work, std::memory_order_relaxed) + work;
  MutexLock lock(&mutex_);
  while (!stopping_) {
    const absl::Duration wait = WaitFor(all, absl::Now() - started_, wish_.records_per_second);
    if (wait <= absl::ZeroDuration()) return absl::OkStatus();
    stop_.WaitFor(&mutex_, absl::ToChronoMicroseconds(wait));
  }
  return absl::CancelledError("nobody waits for the verification any more");
}

}  // namespace puhui::services
