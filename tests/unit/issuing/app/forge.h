// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_ISSUING_APP_FORGE_H_
#define PUHUI_TESTS_UNIT_ISSUING_APP_FORGE_H_

#include "ledger/core/refusal.h"
#include "ledger/engine/command.h"

#include "absl/types/optional.h"

#include <functional>
#include <utility>

namespace puhui::issuing {

// Records that no command of ours would write, decided as they are.
class Forge final : public ledger::Command {
 public:
  explicit Forge(std::function<void(ledger::Decision&)> write) : write_(std::move(write)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& /*context*/,
                                         ledger::Decision& decision) override {
    write_(decision);
    return absl::nullopt;
  }

 private:
  const std::function<void(ledger::Decision&)> write_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_TESTS_UNIT_ISSUING_APP_FORGE_H_
