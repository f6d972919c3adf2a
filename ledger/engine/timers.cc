// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/timers.h"

#include "ledger/base/limits.h"
#include "ledger/storage/typed_reads.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

constexpr std::chrono::microseconds kLookEvery = std::chrono::milliseconds(100);
constexpr std::size_t kRunningMax = 16;
// One group is decided while another is made durable and a third comes together.
constexpr std::size_t kInFlightMax = 3 * kGroupBulkCommandsMax;

}  // namespace

void Timers::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Timers::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void Timers::Wake() {
  MutexLock lock(&mutex_);
  woken_ = true;
  changed_.NotifyAll();
}

void Timers::Run() {
  while (true) {
    BeginStanding();
    BeginDue();
    Feed();
    MutexLock lock(&mutex_);
    if (stopping_) break;
    if (!woken_) changed_.WaitFor(&mutex_, kLookEvery);
    woken_ = false;
  }
  MutexLock lock(&mutex_);
  const auto idle = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (const auto& [name, running] : running_) {
      if (running.in_flight > 0) return false;
    }
    return true;
  };
  while (!idle()) changed_.Wait(&mutex_);
  running_.clear();
}

void Timers::BeginStanding() {
  const auto standing = parts_.source->Standing(*parts_.store);
  if (!standing.ok() || !standing->has_value()) return;
  if ((*standing)->due <= parts_.clock->Now()) Begin(**standing);
}

// A chore whose timer is still there after it ended begins again: it was refused, or the service
// was busy. Each look goes on behind the last, so that those cannot keep the others out.
void Timers::BeginDue() {
  const absl::Time now = parts_.clock->Now();
  const std::string from = looked_at_;
  const auto due =
      List(*parts_.store, kTimerTable, {.from = from, .after_from = true}, kRunningMax);
  if (!due.ok()) return;
  looked_at_.clear();
  for (const Row<TimerKey, bool>& row : *due) {
    if (row.key.due > now) break;
    looked_at_ = EncodeKey(kTimerTable.id, row.key);
    Begin(row.key);
  }
  // At the end: from the beginning again, at once when this look began further on.
  if (looked_at_.empty() && !from.empty()) BeginDue();
}

void Timers::Begin(const TimerKey& timer) {
  const Name name{timer.due, timer.kind, timer.reference};
  {
    MutexLock lock(&mutex_);
    if (stopping_ || running_.size() >= kRunningMax || running_.contains(name)) return;
  }
  absl::StatusOr<std::unique_ptr<Chore>> chore = parts_.source->Begin(timer, *parts_.store);
  if (!chore.ok() || *chore == nullptr) return;
  MutexLock lock(&mutex_);
  running_[name].chore = *std::move(chore);
}

void Timers::Feed() {
  std::vector<Name> names;
  {
    MutexLock lock(&mutex_);
    for (const auto& [name, running] : running_) names.push_back(name);
  }
  for (const Name& name : names) {
    while (GiveNext(name)) {
    }
  }
}

// Returns false when there is nothing to give now.
bool Timers::GiveNext(const Name& name) {
  bool idle = false;
  Chore* const chore = ToAsk(name, &idle);
  if (chore == nullptr) return false;
  absl::StatusOr<std::unique_ptr<Command>> command = chore->Next(*parts_.store);
  MutexLock lock(&mutex_);
  const auto at = running_.find(name);
  Running& running = at->second;
  if (!command.ok() || *command == nullptr) {
    running.over = running.over || !command.ok();
    if (idle) running_.erase(at);
    return false;
  }
  ++running.in_flight;
  const absl::Status submitted = parts_.sequencer->Submit(
      *std::move(command), Priority::kBulk, Work::kOwn,
      [this, name](const absl::StatusOr<Outcome>& outcome) { Ended(name, outcome.status()); });
  if (submitted.ok()) return true;
  --running.in_flight;
  running.over = true;
  if (running.in_flight == 0) running_.erase(at);
  return false;
}

// The chore that may be asked for its next command, or null; one that is over ends here. It is
// asked without the lock: it reads for milliseconds, and those whose commands have ended do not
// wait for that. Nobody but this thread ends a chore. While writes are refused it would read for
// nothing.
Chore* Timers::ToAsk(const Name& name, bool* idle) {
  const bool accepting = parts_.sequencer->accepting().ok();
  MutexLock lock(&mutex_);
  const auto at = running_.find(name);
  if (at == running_.end() || stopping_ || at->second.in_flight >= kInFlightMax) return nullptr;
  *idle = at->second.in_flight == 0;
  if (!at->second.over) return accepting ? at->second.chore.get() : nullptr;
  if (*idle) running_.erase(at);
  return nullptr;
}

void Timers::Ended(const Name& name, const absl::Status& status) {
  MutexLock lock(&mutex_);
  const auto at = running_.find(name);
  if (at == running_.end()) return;
  --at->second.in_flight;
  if (!status.ok()) at->second.over = true;
  woken_ = woken_ || status.ok();
  changed_.NotifyAll();
}

}  // namespace puhui::ledger
