// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_INQUIRE_CARD_COMMAND_H_
#define PUHUI_MERCHANT_APP_INQUIRE_CARD_COMMAND_H_

#include "ledger/engine/command.h"
#include "merchant/app/payer.h"
#include "merchant/app/till_call.h"

#include "absl/types/optional.h"

namespace puhui::merchant {

// A terminal asks about a card with which nothing is paid. No record when there is such a card; who
// tries numbers is counted as at a purchase, by a Declined (CARD_NOT_FOUND) of no call. In one
// place with what it counts, so that no more are tried at once than one after the other.
// Refuses: CARDS_BLOCKED.
class InquireCardCommand final : public ledger::Command {
 public:
  // Requires: the terminal was enrolled (checked).
  InquireCardCommand(TillState state, TerminalNumber terminal, const ShownCard& card)
      : state_(state), terminal_(terminal), payer_(card, absl::nullopt) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  const TillState state_;
  const TerminalNumber terminal_;
  Payer payer_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_INQUIRE_CARD_COMMAND_H_
