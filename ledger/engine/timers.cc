// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/timers.h"

#include "ledger/base/limits.h"
#include "ledger/storage/typed_reads.h"

#include <algorithm>
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
constexpr absl::Duration kRestMin = absl::Seconds(1);
constexpr absl::Duration kRestMax = absl::Minutes(5);
// Refusals in a row after which nobody has just taken the work back: it is stuck. Looks may follow
// each other at once, while other work ends, so the second of them and those behind it rest.
constexpr int kRefusedInARowMax = 10;
constexpr absl::Duration kRestRefused = absl::Milliseconds(100);
constexpr std::size_t kTroublesMax = std::size_t{1} << 16;

// Whether a command was refused by a rule. The others are of a service that is busy, or that cannot
// write now, which is known elsewhere.
bool IsRuled(const absl::Status& status) {
  return !absl::IsUnavailable(status) && !absl::IsResourceExhausted(status);
}

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
    AwaitNextLook();
    MutexLock lock(&mutex_);
    if (stopping_) break;
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

// A command that ended in a refusal notifies too, for Stop, and is no reason to look again at once.
void Timers::AwaitNextLook() {
  if (std::exchange(looks_again_, false)) return;
  const auto until = std::chrono::steady_clock::now() + kLookEvery;
  MutexLock lock(&mutex_);
  while (!stopping_ && !woken_) {
    const auto left = until - std::chrono::steady_clock::now();
    if (left <= left.zero()) return;
    changed_.WaitFor(&mutex_, std::chrono::ceil<std::chrono::microseconds>(left));
  }
}

void Timers::BeginStanding() {
  if (Rests(standing_)) return;
  const auto standing = parts_.source->Standing(*parts_.store);
  if (!standing.ok()) return Report(absl::nullopt, standing.status(), standing_);
  standing_ = {};
  if (standing->has_value() && (*standing)->due <= parts_.clock->Now()) Begin(**standing);
}

// A chore whose timer is still there after it ended begins again: it was refused, or the service
// was busy. Each look goes on behind the last, so that those cannot keep the others out.
void Timers::BeginDue() {
  if (Rests(due_)) return;
  const absl::Time now = parts_.clock->Now();
  const std::string from = looked_at_;
  const auto due =
      List(*parts_.store, kTimerTable, {.from = from, .after_from = true}, kRunningMax);
  if (!due.ok()) return Report(absl::nullopt, due.status(), due_);
  due_ = {};
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
  if (Rests(name)) return;
  {
    MutexLock lock(&mutex_);
    if (stopping_ || running_.size() >= kRunningMax || running_.contains(name)) return;
  }
  absl::StatusOr<std::unique_ptr<Chore>> chore = parts_.source->Begin(timer, *parts_.store);
  if (!chore.ok()) return Report(timer.kind, chore.status(), TroubleOf(name));
  if (*chore == nullptr) return;
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
    EndIfOver(name);
  }
}

// Returns false when there is nothing to give now.
bool Timers::GiveNext(const Name& name) {
  bool idle = false;
  Chore* const chore = ToAsk(name, &idle);
  if (chore == nullptr) return false;
  absl::StatusOr<std::unique_ptr<Command>> command = chore->Next(*parts_.store);
  MutexLock lock(&mutex_);
  Running& running = running_.find(name)->second;
  if (command.ok() && *command == nullptr && chore->reads_on()) {
    looks_again_ = true;
    return false;
  }
  if (!command.ok() || *command == nullptr) {
    running.failed = command.status();
    running.over = running.over || idle || !command.ok();
    return false;
  }
  ++running.in_flight;
  const absl::Status submitted = parts_.sequencer->Submit(
      *std::move(command), Priority::kBulk, Work::kOwn,
      [this, name](const absl::StatusOr<Outcome>& outcome) { Ended(name, outcome.status()); });
  if (submitted.ok()) return true;
  --running.in_flight;
  running.over = true;
  return false;
}

// The chore, when it may be asked for its next command, or null. It is asked without the lock: it
// reads for milliseconds, and those whose commands have ended do not wait for that. Nobody but this
// thread ends a chore. While writes are refused it would read for nothing.
Chore* Timers::ToAsk(const Name& name, bool* idle) {
  const bool accepting = parts_.sequencer->accepting().ok();
  MutexLock lock(&mutex_);
  const Running& running = running_.find(name)->second;
  if (!accepting || stopping_ || running.over || running.in_flight >= kInFlightMax) return nullptr;
  *idle = running.in_flight == 0;
  return running.chore.get();
}

void Timers::Ended(const Name& name, const absl::Status& status) {
  MutexLock lock(&mutex_);
  const auto at = running_.find(name);
  if (at == running_.end()) return;
  --at->second.in_flight;
  if (!status.ok()) at->second.over = true;
  if (at->second.refused.ok() && IsRuled(status)) at->second.refused = status;
  woken_ = woken_ || status.ok();
  changed_.NotifyAll();
}

// Ends a chore that has nothing more to give, after the last of its commands.
void Timers::EndIfOver(const Name& name) {
  Running ended;
  {
    MutexLock lock(&mutex_);
    const auto at = running_.find(name);
    if (!at->second.over || at->second.in_flight > 0) return;
    ended = std::move(at->second);
    running_.erase(at);
  }
  const std::uint8_t kind = std::get<1>(name);
  if (!ended.failed.ok()) return Report(kind, ended.failed, TroubleOf(name));
  if (ended.refused.ok()) {
    troubles_.erase(name);
    return;
  }
  Trouble& trouble = TroubleOf(name);
  if (++trouble.refused >= kRefusedInARowMax) return Report(kind, ended.refused, trouble);
  if (trouble.refused == 1) return;
  trouble.since = parts_.clock->Now();
  trouble.rest = kRestRefused;
}

// A clock that was set back makes no rest longer.
bool Timers::Rests(const Trouble& trouble) const {
  const absl::Time now = parts_.clock->Now();
  return trouble.since <= now && now < trouble.since + trouble.rest;
}

bool Timers::Rests(const Name& name) const {
  const auto at = troubles_.find(name);
  return at != troubles_.end() && Rests(at->second);
}

// Some are of timers that are gone. When there are too many, rather all begin again early than that
// they grow for ever.
Timers::Trouble& Timers::TroubleOf(const Name& name) {
  if (troubles_.size() >= kTroublesMax && !troubles_.contains(name)) troubles_.clear();
  return troubles_[name];
}

void Timers::Report(absl::optional<std::uint8_t> kind, const absl::Status& status,
                    Trouble& trouble) {
  trouble.since = parts_.clock->Now();
  trouble.rest = std::clamp(2 * trouble.rest, kRestMin, kRestMax);
  ++failures_;
  if (parts_.on_failure) parts_.on_failure(kind, status);
}

}  // namespace puhui::ledger
