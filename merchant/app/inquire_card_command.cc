// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/inquire_card_command.h"

#include "ledger/base/check.h"

#include <cstdint>

namespace puhui::merchant {

using ledger::Reason;
using ledger::Refusal;

absl::optional<Refusal> InquireCardCommand::Decide(const ledger::DecideContext& context,
                                                   ledger::Decision& decision) {
  const absl::optional<Refusal> refusal =
      payer_.Find(*state_.tables, *state_.views, terminal_, context.now);
  if (!refusal.has_value() || refusal->reason != Reason::kCardNotFound) return refusal;
  const TerminalRow* terminal = state_.tables->terminals.Find(terminal_);
  PUHUI_CHECK(terminal != nullptr);
  journal::v1::Declined& declined = *decision.Add().mutable_declined();
  declined.mutable_till()->set_merchant(static_cast<std::uint32_t>(terminal->merchant));
  declined.mutable_till()->set_terminal(static_cast<std::uint32_t>(terminal_));
  declined.set_reason(static_cast<std::uint32_t>(refusal->reason));
  payer_.Describe(declined);
  return absl::nullopt;
}

}  // namespace puhui::merchant
