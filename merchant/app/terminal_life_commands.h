// SPDX-License-Identifier: Apache-2.0
// What becomes of a terminal after it was enrolled. Its state decides whether it is let in, however
// long the certificates are valid that it was ever given.
#ifndef PUHUI_MERCHANT_APP_TERMINAL_LIFE_COMMANDS_H_
#define PUHUI_MERCHANT_APP_TERMINAL_LIFE_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/tables.h"

#include "absl/types/optional.h"

#include <string>
#include <utility>

namespace puhui::merchant {

// ACTIVE ⇄ BLOCKED → RETIRED. To where it stands already changes nothing and is not refused.
// Refuses: NOT_FOUND, TERMINAL_STATE (it was retired, which is for good).
class ChangeTerminalStateCommand final : public ledger::Command {
 public:
  ChangeTerminalStateCommand(Tables* tables, MerchantId merchant, TerminalId id,
                             TerminalState state)
      : tables_(*tables), merchant_(std::move(merchant)), id_(std::move(id)), state_(state) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const MerchantId merchant_;
  const TerminalId id_;
  const TerminalState state_;
};

// Refuses: NOT_FOUND, TERMINAL_NOT_ACTIVE, MERCHANT_NOT_ACTIVE (closed).
class RenewTerminalCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    TerminalId id{};
    std::string certificate_pem{};
  };
  RenewTerminalCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_TERMINAL_LIFE_COMMANDS_H_
