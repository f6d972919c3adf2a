// SPDX-License-Identifier: Apache-2.0
#include "services/server/tile_publishing.h"

#include "ledger/base/give_way.h"

#include "absl/strings/str_cat.h"

#include <chrono>
#include <memory>
#include <string>

namespace puhui::services {
namespace {

constexpr std::chrono::milliseconds kBetweenSteps{20};
constexpr std::chrono::seconds kBetweenHeads{1};
constexpr std::chrono::seconds kAfterFailure{60};

}  // namespace

void TilePublishing::Start() {
  thread_ = std::thread([this] {
    GiveWay(Precedence::kLast);
    Run();
  });
}

void TilePublishing::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    stop_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void TilePublishing::Run() {
  std::chrono::microseconds rest{0};
  while (true) {
    {
      MutexLock lock(&mutex_);
      if (!stopping_ && rest.count() > 0) stop_.WaitFor(&mutex_, rest);
      if (stopping_) return;
    }
    rest = kBetweenHeads;
    // The note is read first, so the moment is never before it.
    const std::string note = engine_.checkpoint();
    if (note.empty()) continue;
    const std::unique_ptr<ledger::Readable> store = engine_.Read();
    const absl::StatusOr<bool> reached = publisher_.Step(*store, note);
    if (!reached.ok()) {
      say_(absl::StrCat("tiles are not published: ", std::string(reached.status().message())));
      rest = kAfterFailure;
    } else if (!*reached) {
      rest = kBetweenSteps;
    }
  }
}

}  // namespace puhui::services
