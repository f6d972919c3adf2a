// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/terminal_life_commands.h"

#include "ledger/base/check.h"

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ledger::Refusal;

// Null when the merchant has no such terminal.
const TerminalNumber* FindNumber(Tables& tables, const MerchantId& merchant, const TerminalId& id) {
  const MerchantNumber* number = tables.merchant_ids.Find(merchant.text());
  return number == nullptr ? nullptr : tables.terminal_ids.Find({*number, id.text()});
}

Refusal NotFound() {
  return {.reason = Reason::kNotFound, .field = "name", .message = "there is no such terminal"};
}

}  // namespace

absl::optional<Refusal> ChangeTerminalStateCommand::Decide(const ledger::DecideContext& /*context*/,
                                                           ledger::Decision& decision) {
  const TerminalNumber* number = FindNumber(tables_, merchant_, id_);
  if (number == nullptr) return NotFound();
  const TerminalRow* row = tables_.terminals.Find(*number);
  PUHUI_CHECK(row != nullptr);
  if (row->state == TerminalState::kRetired && state_ != TerminalState::kRetired) {
    return Refusal{
        .reason = Reason::kTerminalState, .field = "name", .message = "the terminal was retired"};
  }
  if (state_ == TerminalState::kBlocked) {
    decision.Add().mutable_terminal_blocked()->set_terminal(static_cast<std::uint32_t>(*number));
    return absl::nullopt;
  }
  journal::v1::TerminalStateChanged& changed = *decision.Add().mutable_terminal_state_changed();
  changed.set_terminal(static_cast<std::uint32_t>(*number));
  changed.set_state(static_cast<std::uint32_t>(state_));
  return absl::nullopt;
}

absl::optional<Refusal> RenewTerminalCommand::Decide(const ledger::DecideContext& /*context*/,
                                                     ledger::Decision& decision) {
  const TerminalNumber* number = FindNumber(tables_, wish_.merchant, wish_.id);
  if (number == nullptr) return NotFound();
  const TerminalRow* row = tables_.terminals.Find(*number);
  PUHUI_CHECK(row != nullptr);
  if (row->state != TerminalState::kActive) {
    return Refusal{.reason = Reason::kTerminalNotActive,
                   .field = "name",
                   .message = "the terminal is blocked or retired"};
  }
  const MerchantRow* merchant = tables_.merchants.Find(row->merchant);
  PUHUI_CHECK(merchant != nullptr);
  if (merchant->state == MerchantState::kClosed) {
    return Refusal{.reason = Reason::kMerchantNotActive, .message = "the merchant was closed"};
  }
  journal::v1::TerminalRenewed& renewed = *decision.Add().mutable_terminal_renewed();
  renewed.set_terminal(static_cast<std::uint32_t>(*number));
  renewed.set_certificate_pem(wish_.certificate_pem);
  return absl::nullopt;
}

}  // namespace puhui::merchant
