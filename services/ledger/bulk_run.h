// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_LEDGER_BULK_RUN_H_
#define PUHUI_SERVICES_LEDGER_BULK_RUN_H_

#include "ledger/crypto/hash.h"
#include "ledger/engine/command.h"
#include "ledger/engine/engine.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <future>
#include <memory>

namespace puhui::services {

// The identity of one step of a call that takes many commands. The id follows from what the call
// is, the step and what the step holds, so that a call that was cut goes on where it stopped.
ledger::RequestIdentity StepIdentity(absl::string_view caller, absl::string_view what,
                                     std::uint64_t step, const ledger::Tag& digest);

// Gives bulk commands to the engine, a few ahead of those that are durable, so that the next is
// made while the last is written. Outcomes come in the order of the commands.
// Threads: none. Borrows: the engine.
class BulkRun {
 public:
  static constexpr std::size_t kAheadMax = 4;

  explicit BulkRun(ledger::Engine* engine) : engine_(*engine) {}

  bool empty() const { return waiting_.empty(); }
  bool full() const { return waiting_.size() >= kAheadMax; }
  // Fails: as Engine::SubmitBulk.
  absl::Status Give(std::unique_ptr<ledger::Command> command);
  // Waits for the earliest outcome. Requires: !empty() (checked).
  absl::StatusOr<ledger::Outcome> Take();

 private:
  ledger::Engine& engine_;
  std::deque<std::future<absl::StatusOr<ledger::Outcome>>> waiting_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_BULK_RUN_H_
