// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/follower.h"

#include "ledger/base/give_way.h"

#include <chrono>
#include <string>

namespace puhui::ledger {

void Follower::Start() {
  thread_ = std::thread([this] {
    GiveWay(Precedence::kLast);
    Run();
  });
}

void Follower::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

bool Follower::Stopping() const {
  MutexLock lock(&mutex_);
  return stopping_;
}

void Follower::Wake() {
  MutexLock lock(&mutex_);
  wanted_ = true;
  changed_.NotifyAll();
}

void Follower::Run() {
  using SteadyClock = std::chrono::steady_clock;
  std::string said;
  while (true) {
    {
      MutexLock lock(&mutex_);
      wanted_ = false;
    }
    const absl::Status status = options_.follow();
    if (!status.ok() && !absl::IsCancelled(status) && status.message() != said) {
      said = std::string(status.message());
      options_.failed(status);
    }
    if (status.ok()) said.clear();
    MutexLock lock(&mutex_);
    // Whoever waits wakes it again and again: after a failure that must not be all it does.
    const auto until = SteadyClock::now() + absl::ToChronoMicroseconds(options_.interval);
    while (!stopping_ && (!wanted_ || !status.ok())) {
      const auto left =
          std::chrono::duration_cast<std::chrono::microseconds>(until - SteadyClock::now());
      if (left.count() <= 0) break;
      changed_.WaitFor(&mutex_, left);
    }
    if (stopping_) return;
  }
}

}  // namespace puhui::ledger
