// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_REVERSE_COMMAND_H_
#define PUHUI_MERCHANT_APP_REVERSE_COMMAND_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/till_commands.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::merchant {

// Undoes a call by the till's own keys or request id; leaves a tombstone when it has not arrived.
// Of an authorisation: what it holds goes back and it is voided, or, captured meanwhile, what is
// left of the purchase does. Of a capture: what is left of the purchase; the hold ended with the
// capture and is not there again. Of a bill: it is cancelled, or, paid meanwhile, what is left of
// the purchase goes back. Refuses nothing but a refund, a void or a redemption as the original
// (NOT_FOUND), those took no points, and a terminal that was retired (TERMINAL_NOT_ACTIVE).
class ReverseCommand final : public TillCommand {
 public:
  // By the caller's request id when `request_id` is not empty, else by the till's keys.
  struct Original {
    std::string request_id{};  // 16 bytes.
    std::uint32_t batch_number = 0;
    std::uint32_t trace_number = 0;
  };
  ReverseCommand(TillState state, TillCall call, Original original)
      : TillCommand(state, std::move(call)), original_(std::move(original)) {}

 private:
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
  void Describe(journal::v1::Declined& declined) const override;
  // The purchase, authorisation or bill; 0: none has arrived.
  Sequence FindOriginal(const Till& till, bool* is_final);
  Sequence FindByRequest(bool* is_final);
  Sequence FindByKeys(const Till& till, bool* is_final);
  bool IsOf(MerchantNumber merchant, Sequence sequence);
  // Adds what gives back what is left of it. Returns false when nothing is.
  bool Undo(Sequence sequence, const Till& till, absl::Time now, ledger::Decision& decision);
  // Unless it has ended.
  bool CancelBill(Sequence bill, const Till& till, absl::Time now, ledger::Decision& decision);

  const Original original_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_REVERSE_COMMAND_H_
