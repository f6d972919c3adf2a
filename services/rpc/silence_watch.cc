// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/silence_watch.h"

#include "ledger/core/refusal.h"

#include <chrono>
#include <utility>

namespace puhui::services {

absl::Status Silent() { return ledger::ToStatus({.reason = ledger::Reason::kDeadlineExceeded}); }

SilenceWatch::SilenceWatch(CallQueue* queue, absl::Duration interval, Duties duties)
    : queue_(*queue), interval_(interval), duties_(std::move(duties)) {}

void SilenceWatch::Start() { Arm(); }

void SilenceWatch::Stop() {
  if (stopped_ || !alarm_.has_value()) return;
  stopped_ = true;
  alarm_->Cancel();
}

void SilenceWatch::Proceed(bool /*ok*/) {
  if (stopped_) return duties_.over();
  if (heard_) {
    heard_ = false;
    return Arm();
  }
  stopped_ = true;
  duties_.silent();
  duties_.over();
}

void SilenceWatch::Arm() {
  alarm_.emplace();
  alarm_->Set(queue_.get(),
              std::chrono::system_clock::now() + absl::ToChronoMicroseconds(interval_), tag());
}

}  // namespace puhui::services
