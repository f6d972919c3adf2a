// SPDX-License-Identifier: Apache-2.0
// What became of a payment, other than the bank's answer said: money that came back, or was paid
// after all. A second person confirms it.
#ifndef PUHUI_MERCHANT_APP_PAYOUT_CORRECTION_COMMANDS_H_
#define PUHUI_MERCHANT_APP_PAYOUT_CORRECTION_COMMANDS_H_

#include "ledger/engine/command.h"
#include "merchant/app/tables.h"

#include "absl/types/optional.h"

#include <string>
#include <utility>

namespace puhui::merchant {

// Records: PaymentCorrectionProposed.
// Refuses: NOT_FOUND, BANK_REFERENCE_USED, STATEMENT_NOT_DUE, PAYMENT_STATE.
class ProposeCorrectionCommand final : public ledger::Command {
 public:
  struct Wish {
    PaymentKey payment{};
    PaymentState state{};  // kReturned, or kPaid.
    std::string bank_reference{};
    std::string reason{};
    std::string person{};  // The person behind the identity.
  };
  ProposeCorrectionCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Posts what came back, payout to payable, or what was paid after all. The bank's reference is good
// once. Records: PaymentCorrectionDecided, then the entries.
// Refuses: SAME_PERSON, NOT_FOUND, BANK_REFERENCE_USED, STATEMENT_NOT_DUE, PAYMENT_STATE,
// BANK_REFERENCE_DIFFERS.
class ConfirmCorrectionCommand final : public ledger::Command {
 public:
  struct Wish {
    PaymentKey payment{};
    std::string bank_reference{};  // As the confirmer has it.
    std::string person{};
  };
  ConfirmCorrectionCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Records: PaymentCorrectionDecided. Refuses: NOT_FOUND, PAYMENT_STATE.
class RejectCorrectionCommand final : public ledger::Command {
 public:
  struct Wish {
    PaymentKey payment{};
    std::string reason{};
    std::string person{};
  };
  RejectCorrectionCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_PAYOUT_CORRECTION_COMMANDS_H_
