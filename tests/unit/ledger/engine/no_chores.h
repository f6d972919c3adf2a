// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_LEDGER_ENGINE_NO_CHORES_H_
#define PUHUI_TESTS_UNIT_LEDGER_ENGINE_NO_CHORES_H_

#include "ledger/engine/timers.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::testing {

// Nothing is ever due. Threads: safe.
class NoChores final : public ledger::ChoreSource {
 public:
  absl::StatusOr<std::unique_ptr<ledger::Chore>> Begin(const ledger::TimerKey& /*timer*/,
                                                       const ledger::Readable& /*store*/) override {
    return std::unique_ptr<ledger::Chore>();
  }
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_UNIT_LEDGER_ENGINE_NO_CHORES_H_
